"""Imports models of which changed copies lie below a directory, and prints the columns of the tables that SQLAlchemy makes of
them, as JSON.

Arguments: that directory, which has links to everything else too; the modules.
"""
import gc
import importlib
import json
import sys
import warnings

warnings.simplefilter('ignore')
directory, modules = sys.argv[1], sys.argv[2:]
sys.path.insert(0, directory)

import sqlalchemy
from sqlalchemy import orm

for name in modules:
    module = importlib.import_module(name)
    if not module.__file__.startswith(directory):
        sys.exit('%s was imported from %s' % (name, module.__file__))
orm.configure_mappers()
tables = {}
for metadata in [o for o in gc.get_objects() if isinstance(o, sqlalchemy.MetaData)]:
    for table in metadata.tables.values():
        tables.setdefault(table.fullname, set()).update(c.name for c in table.columns)
json.dump({name: sorted(columns) for name, columns in tables.items()}, sys.stdout, sort_keys=True)
