"""Constants and helpers that models in other modules use."""
import re

import sqlalchemy as sql
from sqlalchemy import types

SHORT = 16
LONG = SHORT * 4
PREFIX = 'acme'
STATES = ['new', 'old']


def camel_to_snake(name):
    return re.sub(r'(?<!^)(?=[A-Z])', '_', name).lower()


def reference(target, **kwargs):
    """A column that refers to another one."""
    kwargs.setdefault('nullable', False)
    return sql.Column(sql.String(SHORT), sql.ForeignKey(target, ondelete='CASCADE'), **kwargs)


def flag(default=False):
    return sql.Column(sql.Boolean(), default=default)


def medium():
    return sql.Text().with_variant(sql.String(LONG), 'sqlite')


def pair():
    return sql.Column(sql.DateTime), sql.Column(sql.DateTime)


def stamps():
    return [sql.Column('created_at', sql.DateTime), sql.Column('updated_at', sql.DateTime)]


class Packed(types.TypeDecorator):
    impl = sql.Text
    cache_ok = True


class Compressed(Packed):
    impl = types.LargeBinary


class Hostname(sql.String):
    pass
