"""Bases and mixins, with markup that models merge."""
import sqlalchemy as sa
from sqlalchemy.ext.declarative import declared_attr
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    @declared_attr
    def __tablename__(cls):
        return cls.__name__.lower() + 's'


class Owned:
    __confidential__ = {'owner': 'username', 'note': 'text'}

    owner = sa.Column(sa.String(64))
    note = sa.Column(sa.Text)


class Timestamps(object):
    created_at = sa.Column(sa.DateTime)

    @declared_attr
    def zone_id(cls):
        return sa.Column(sa.Integer, sa.ForeignKey('zones.id'))
