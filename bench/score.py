#!/usr/bin/env python3
"""How good the proposals of fuzzy annotate are: bench/score.py [--columns] [--heldout] [SCHEMA...]

Prints, for every schema that people judged (annotations/detect/testdata/gold_*.csv: each column must, should or need not be
treated, and what it holds), how many of the columns are proposed, how many of the proposals are not harmless, and how many of these
got a kind that fits what the column holds; then the same by what the columns hold and by what they were taken for; then each
miss. Names and types alone are known, no values. A schema whose Python package is installed is read from its models, foreign keys
and docstrings included, any other from its columns' names and types; --columns reads all so.

Schemas in testdata/heldout were judged before the rules met them, and rules are never made for them: their misses, which would
tempt, are printed with --heldout only. Whoever mends a rule after that moves the schema among the others and judges a new one.

Exit status 1: of a schema not held out fewer than 97 of a hundred columns that must be treated are proposed (95 where there are
fewer than 30, of which one is a large share), or more than 15 of a hundred proposals are for harmless columns.
"""
import collections
import csv
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

here = os.path.dirname(os.path.abspath(__file__))
fuzzy = os.path.join(here, '..', 'bin', 'fuzzy')
packages = '/usr/lib/python3/dist-packages'
models = {
    'nova': ['nova/db/main/models.py', 'nova/db/api/models.py'],
    'neutron': ['neutron/db', 'neutron/plugins', 'neutron/services', 'neutron/ipam'],
    'heat': ['heat/db'], 'keystone': ['keystone'], 'cinder': ['cinder/db'], 'glance': ['glance/db'],
    'barbican': ['barbican/model'], 'jupyterhub': ['jupyterhub'], 'mailman': ['mailman/model'],
}
testdata = os.path.join(here, '..', 'annotations', 'detect', 'testdata')

# The kinds (of package anonymize) that do for what a column holds, as the judges called it.
text, ids = 'text string redact', 'string uuid digits integer username secret'
fitting = {
    'address': text + ' digits integer', 'bank': 'string digits integer', 'birthdate': 'datetime date string integer', 'blob': 'blob json text redact',
    'card': 'digits string datetime integer secret redact', 'cert': text, 'cidr': 'cidr ip_address', 'date': 'datetime', 'email': 'email',
    'enum': 'enum string redact integer', 'fingerprint': 'string secret', 'free_text': text + ' json name', 'geo': 'decimal string redact',
    'health': text + ' enum decimal integer json datetime name', 'hostname': 'hostname ip_address', 'id': ids + ' blob', 'ip': 'ip_address cidr',
    'json': 'json text blob redact', 'json_pii': 'json text blob redact', 'label': text + ' name hostname username', 'mac': 'mac',
    'national_id': 'string digits integer', 'path': 'pathname string url', 'person': 'name username', 'phone': 'phone', 'project_id': ids,
    'salary': 'decimal integer string', 'secret': 'secret redact text string blob json', 'ssh_key': 'ssh_key string text', 'token': 'secret redact string text',
    'url': 'url', 'url_creds': 'url secret', 'user_data': 'json text string blob', 'user_id': ids, 'username': 'username name', 'uuid': 'uuid string',
}
Judged = collections.namedtuple('Judged', 'schema table column type tier kind')


def judgements(path):
    schema = os.path.basename(path)[len('gold_'):-len('.csv')]
    with open(path, newline='', encoding='utf-8') as f:
        return schema, [Judged(schema, r['table'], r['column'], r['column_type'], r['tier'], r['kind']) for r in csv.DictReader(f)]


def as_models(judged):
    """Source of models with the judged columns."""
    tables = collections.OrderedDict()
    for j in judged:
        tables.setdefault(j.table, []).append(j)
    lines = ['from sqlalchemy import Column, MetaData, Table', 'from sqlalchemy.dialects.mysql import *', 'metadata = MetaData()']
    for i, (table, columns) in enumerate(tables.items()):
        lines.append('t%d = Table(%r, metadata,' % (i, table))
        for c in columns:
            name, arguments = re.match(r'(\w*)(\(.*\))?', c.type).groups()
            lines.append('    Column(%r%s),' % (c.column, ', %s%s' % (name.upper(), arguments or '()') if name else ''))
        lines.append(')')
    return '\n'.join(lines) + '\n'


def proposals(schema, judged, columns):
    """({(table, column): proposal}, {(table, column)} that the models have, where from)."""
    paths = [os.path.join(packages, p) for p in models.get(schema, [])]
    with tempfile.TemporaryDirectory() as tmp:
        source = 'models'
        if columns or not paths or not all(map(os.path.exists, paths)):
            source = 'columns'
            paths = [os.path.join(tmp, 'models.py')]
            with open(paths[0], 'w', encoding='utf-8') as f:
                f.write(as_models(judged))
        found = json.loads(run('annotate', '--json', *paths))
        known = {(e['table'], e.get('column')) for e in json.loads(run('rules', '--json', *paths))}
    return {(p['table'], p['column']): p for p in found}, known, source


def run(*arguments):
    done = subprocess.run([fuzzy, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit('fuzzy %s: %s' % (' '.join(arguments), done.stderr))
    return done.stdout


def share(part, whole):
    return '%3d/%-3d %5.1f %%' % (part, whole, 100 * part / whole) if whole else '  -'


def main():
    wanted = [a for a in sys.argv[1:] if not a.startswith('--')]
    columns, heldout = '--columns' in sys.argv, '--heldout' in sys.argv
    by_kind = collections.defaultdict(lambda: [0, 0, 0])
    by_class = collections.defaultdict(lambda: [0, 0])
    misses, low = [], []
    heading = '%-11s %-8s %-8s %-16s %-16s %-16s %s' % ('schema', 'rules', 'from', 'must: proposed', 'should: proposed', 'not harmless', 'kind fits')
    print(heading)
    sums = {}
    for path in sorted(glob.glob(os.path.join(testdata, 'gold_*.csv'))) + sorted(glob.glob(os.path.join(testdata, 'heldout', 'gold_*.csv'))):
        schema, judged = judgements(path)
        if wanted and schema not in wanted:
            continue
        rules = 'held out' if os.path.basename(os.path.dirname(path)) == 'heldout' else 'tuned'
        proposed, known, source = proposals(schema, judged, columns)
        n = collections.Counter()
        for j in judged:
            if (j.table, j.column) not in known:
                continue
            p = proposed.get((j.table, j.column))
            fits = p is not None and j.tier != 'no' and treats(p['kind'], j)
            n.update({j.tier: 1, j.tier + ' proposed': p is not None, 'proposed': p is not None, 'fits': fits})
            if j.tier != 'no':
                for i, x in enumerate((1, p is not None, fits)):
                    by_kind[j.tier, j.kind][i] += x
            if p:
                by_class[p['class']][0] += 1
                by_class[p['class']][1] += j.tier != 'no'
            if rules == 'tuned' or heldout:
                misses += miss(schema, j, p, fits)
        sums.setdefault(rules, collections.Counter()).update(n)
        report(schema, rules, source, n)
        if rules == 'tuned':
            low += too_low(schema, n)
    print()
    for rules, n in sums.items():
        report('together', rules, '', n)
    print('\n%-8s %-14s %-16s %s' % ('judged', 'holds', 'proposed', 'kind fits'))
    for (tier, kind), (n, hits, fits) in sorted(by_kind.items()):
        print('%-8s %-14s %-16s %s' % (tier, kind, share(hits, n), share(fits, hits)))
    print('\n%-23s %s' % ('taken for', 'not harmless'))
    for name, (n, right) in sorted(by_class.items()):
        print('%-23s %s' % (name, share(right, n)))
    print('\n' + '\n'.join(misses))
    if low:
        sys.exit('\n' + '\n'.join(low))


def too_low(schema, n):
    least = 0.97 if n['must'] >= 30 else 0.95
    if n['must proposed'] < least * n['must']:
        yield '%s: of the columns that must be treated fewer than %.0f %% are proposed' % (schema, 100 * least)
    if n['no proposed'] > 0.15 * n['proposed']:
        yield '%s: more than 15 %% of the proposals are for harmless columns' % schema


def report(schema, rules, source, n):
    right = n['proposed'] - n['no proposed']
    print('%-11s %-8s %-8s %-16s %-16s %-16s %s' % (
        schema, rules, source, share(n['must proposed'], n['must']), share(n['should proposed'], n['should']),
        share(right, n['proposed']), share(n['fits'], right)))


def treats(kind, j):
    """Whether a kind does for what a column holds; text in a column of bytes is bytes."""
    return kind in fitting[j.kind].split() or kind == 'blob' and re.search('blob|binary', j.type) is not None


def miss(schema, j, p, fits):
    """What is wrong with the proposal for a judged column, in a line; none if nothing is."""
    at = '%s: %s.%s %s:' % (schema, j.table, j.column, j.type)
    if j.tier != 'no' and not p:
        yield '%s %s (%s) is not proposed' % (at, j.tier, j.kind)
    elif j.tier == 'no' and p:
        yield '%s harmless (%s), but proposed as %s %.2f: %s' % (at, j.kind, p['class'], p['confidence'], p['reason'])
    elif p and not fits:
        yield '%s %s (%s), but gets kind %s as %s: %s' % (at, j.tier, j.kind, p['kind'], p['class'], p['reason'])


main()
