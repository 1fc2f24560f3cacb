"""Bases and mixins."""
import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.ext.declarative import declared_attr
try:
    from sqlalchemy.orm import declarative_base
except ImportError:
    from sqlalchemy.ext.declarative import declarative_base

from . import names


class NamedByClass:
    """Names the tables of its models."""

    __table_args__ = {'mysql_engine': 'InnoDB'}

    @declared_attr
    def __tablename__(cls):
        return '%s_%ss' % (names.PREFIX, names.camel_to_snake(cls.__name__))


Base = declarative_base(cls=NamedByClass)


class HasId:
    id = sa.Column(sa.Integer, primary_key=True)


class Owned(object):
    owner = sa.Column(sa.String(names.LONG))

    @declared_attr
    def keeper_id(cls):
        return sa.Column(sa.ForeignKey('%s.id' % 'acme_keepers'))

    @declared_attr
    def keeper(cls):
        return orm.relationship('Keeper', foreign_keys=[cls.keeper_id])


class Abstract(HasId, Base):
    __abstract__ = True
    note = sa.Column(names.medium())

    @property
    def label(self):
        return self.note


class SelfReferring:
    @declared_attr
    def parent_id(cls):
        return sa.Column(sa.Integer, sa.ForeignKey(cls.__tablename__ + '.id'))
