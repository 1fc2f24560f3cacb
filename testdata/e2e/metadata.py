"""metadata.py DIRECTORY MODULE...: the tables that SQLAlchemy makes of models, as it would create them.

Imports the modules, which must come from DIRECTORY, and prints the statements that create their tables and indexes.
"""
import importlib
import sys
import warnings

warnings.simplefilter("ignore")
directory, modules = sys.argv[1], sys.argv[2:]
sys.path.insert(0, directory)

from sqlalchemy import orm, schema
from sqlalchemy.dialects import mysql

for name in modules:
    module = importlib.import_module(name)
    assert module.__file__.startswith(directory + "/"), "%s was imported from %s" % (name, module.__file__)
    orm.configure_mappers()
    for table in module.BASE.metadata.sorted_tables:
        for create in [schema.CreateTable(table)] + sorted(map(schema.CreateIndex, table.indexes), key=str):
            print(create.compile(dialect=mysql.dialect()))
