"""Prints, as JSON, the tables that Django makes of the models of apps.

The first argument names the apps to install, the second those whose tables are printed, both separated by commas.
A line of a column is: name, type, =the type of Django's own where that has another name, (length), pk, -> target.
"""
import json
import sys
import warnings

warnings.simplefilter('ignore')

import django
from django.apps import apps
from django.conf import settings
from django.db.backends.sqlite3.operations import DatabaseOperations


def describe(field):
    name, internal = type(field).__name__, field.get_internal_type()
    if internal == name: # a class that does not say what it behaves as
        internal = next(c.__name__ for c in type(field).__mro__ if c.__module__.startswith('django.'))
    line = field.column + ' ' + name
    if internal != name:
        line += '=' + internal
    if field.max_length:
        line += '(%d)' % field.max_length
    if field.primary_key:
        line += ' pk'
    if field.remote_field:
        target = field.target_field
        line += ' -> %s.%s' % (target.model._meta.db_table, target.column)
    return line


def main():
    installed, wanted = sys.argv[1].split(','), sys.argv[2].split(',')
    DatabaseOperations.max_name_length = lambda self: 64  # as MySQL's
    settings.configure(
        INSTALLED_APPS=installed, SECRET_KEY='-', SITE_ID=1, USE_TZ=True,
        DATABASES={'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': ':memory:'}})
    django.setup()
    tables = {}
    for models in apps.all_models.values():
        for model in models.values():
            wanted_here = any(model.__module__ == app or model.__module__.startswith(app + '.') for app in wanted)
            if wanted_here and not model._meta.proxy:
                tables[model._meta.db_table] = sorted(describe(f) for f in model._meta.local_concrete_fields)
    json.dump(tables, sys.stdout)


main()
