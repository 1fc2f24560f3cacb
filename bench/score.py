#!/usr/bin/env python3
"""How good the proposals of fuzzy annotate are: bench/score.py [SCHEMA...]

Prints, for every schema that people judged (annotations/detect/testdata/gold_*.csv: each column must, should or need not be
treated), how many of the columns are proposed and how many of the proposals are harmless; then the same by what the columns
hold and by what they were taken for; then each miss. Names and types alone are known, no values. A schema whose Python
package is installed is read from its models, foreign keys and docstrings included, any other from its columns' names and types.
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
Judged = collections.namedtuple('Judged', 'schema table column type tier kind')


def judgements(path):
    schema = os.path.basename(path)[len('gold_'):-len('.csv')]
    with open(path, newline='') as f:
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


def proposals(schema, judged):
    """({(table, column): proposal}, {(table, column)} that the models have, where from)."""
    paths = [os.path.join(packages, p) for p in models.get(schema, [])]
    with tempfile.TemporaryDirectory() as tmp:
        source = 'models'
        if not paths or not all(map(os.path.exists, paths)):
            source = 'columns'
            paths = [os.path.join(tmp, 'models.py')]
            with open(paths[0], 'w') as f:
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
    wanted = sys.argv[1:]
    by_kind = collections.defaultdict(lambda: [0, 0])
    by_class = collections.defaultdict(lambda: [0, 0])
    misses = []
    print('%-11s %-8s %-16s %-16s %s' % ('schema', 'from', 'must: proposed', 'should: proposed', 'proposals: not harmless'))
    for path in sorted(glob.glob(os.path.join(here, '..', 'annotations', 'detect', 'testdata', 'gold_*.csv'))):
        schema, judged = judgements(path)
        if wanted and schema not in wanted:
            continue
        proposed, known, source = proposals(schema, judged)
        judged = [j for j in judged if (j.table, j.column) in known]
        count, hit = collections.Counter(), collections.Counter()
        for j in judged:
            p = proposed.get((j.table, j.column))
            count[j.tier] += 1
            hit[j.tier] += p is not None
            if j.tier != 'no':
                by_kind[j.tier, j.kind][0] += 1
                by_kind[j.tier, j.kind][1] += p is not None
            if p:
                by_class[p['class']][0] += 1
                by_class[p['class']][1] += j.tier != 'no'
            if j.tier != 'no' and not p:
                misses.append('%s: %s.%s %s: %s (%s) is not proposed' % (schema, j.table, j.column, j.type, j.tier, j.kind))
            elif j.tier == 'no' and p:
                misses.append('%s: %s.%s %s: harmless (%s), but proposed as %s %.2f: %s' % (
                    schema, j.table, j.column, j.type, j.kind, p['class'], p['confidence'], p['reason']))
        total = sum(hit.values())
        print('%-11s %-8s %-16s %-16s %s' % (schema, source, share(hit['must'], count['must']), share(hit['should'], count['should']),
                                              share(total - hit['no'], total)))
    print('\n%-8s %-14s %s' % ('judged', 'holds', 'proposed'))
    for (tier, kind), (n, hits) in sorted(by_kind.items()):
        print('%-8s %-14s %s' % (tier, kind, share(hits, n)))
    print('\n%-23s %s' % ('taken for', 'not harmless'))
    for name, (n, right) in sorted(by_class.items()):
        print('%-23s %s' % (name, share(right, n)))
    print('\n' + '\n'.join(misses))


main()
