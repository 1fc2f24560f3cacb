"""Prints, as JSON, the tables that SQLAlchemy makes of the models in the modules named as arguments.

A line of a column is: name, type, =the library's own type where that has another name, (length), pk, counted up, generated,
-> target.
"""
import gc
import importlib
import json
import sys
import warnings

warnings.simplefilter('ignore')

import sqlalchemy
from sqlalchemy import orm, types


def unwrap(kind):
    """The type below a variant for some database."""
    while type(kind).__name__ == 'Variant':
        kind = kind.impl
    return kind


def library(kind):
    """The library's own type that a type comes down to."""
    kind = unwrap(kind)
    while isinstance(kind, types.TypeDecorator) and not type(kind).__module__.split('.')[0] == 'sqlalchemy':
        kind = unwrap(kind.impl)
    for cls in type(kind).__mro__:
        if cls.__module__.split('.')[0] == 'sqlalchemy':
            return kind, '' if cls.__name__ in ('UserDefinedType', 'TypeEngine', 'NullType') else cls.__name__
    return kind, ''


def describe(column):
    name = type(unwrap(column.type)).__name__
    kind, impl = library(column.type)
    line = column.name + ' ' + ('' if name == 'NullType' else name)
    if impl not in ('', name):
        line += '=' + impl
    if isinstance(kind, (types.String, types._Binary)) and not isinstance(kind, types.Enum) and kind.length:
        line += '(%d)' % kind.length
    if column.primary_key:
        line += ' pk'
    if column.table._autoincrement_column is column and issubclass(column.type._type_affinity, types.Integer):
        line += ' counted up'
    if column.computed is not None:
        line += ' generated'
    for target in sorted(f.target_fullname for f in column.foreign_keys):
        line += ' -> ' + target
    return line


def main():
    for name in sys.argv[1:]:
        importlib.import_module(name)
    orm.configure_mappers()
    tables = {}
    inner = getattr(sys.modules.get('sqlalchemy.dialects.mssql.information_schema'), 'ischema', None)
    for metadata in [o for o in gc.get_objects() if isinstance(o, sqlalchemy.MetaData) and o is not inner]:
        for table in metadata.tables.values():
            tables.setdefault(table.fullname, set()).update(describe(c) for c in table.columns)
    json.dump({name: sorted(columns) for name, columns in tables.items()}, sys.stdout)


main()
