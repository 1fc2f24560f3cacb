"""One of everything."""
from typing import Annotated, Optional

import sqlalchemy as sql
from sqlalchemy import Column as C, MetaData, Table
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from project.db import base
from project.db.base import Base, Owned
from . import base as b

metadata = MetaData()
LABEL = 'label'
pk = Annotated[int, mapped_column(primary_key=True)]


class Zone(base.Base):
    id: Mapped[pk]
    name: Mapped[str] = mapped_column('zone' '_name', sql.String(10), info={
        # a comment
        'widget': object(),
        'confidential': "host\x6eame",
    })
    open: Mapped[Optional[bool]]
    people: Mapped[list["Person"]] = relationship()


class Person(b.Timestamps, Owned, Base):
    """A docstring naming __confidential__."""
    __tablename__ = 'people'
    __table_args__ = (
        sql.ForeignKeyConstraint(['a', 'b'], ['pairs.a', 'pairs.b']),
        {'mysql_engine': 'InnoDB'},
    )
    __confidential__: dict = {
        'note': {'kind': 'redact', 'reason': r'never \needed'},
        """e_mail""": u'email',
        'extra': {'kind': 'json', 'paths': {'$.size': 'public'}},
        'value': [{'when': "`a` = 'x'", 'kind': 'email'}, 'string'],
        '__rows__': {'where': 'a = 0'},
        '*': 'public',
    }

    _id = C('id', sql.BigInteger, primary_key=True)
    _email = (C('e_mail', sql.Unicode(100), nullable=False))
    extra = deferred(sql.Column(sql.JSON))
    value = label = sql.Column(sql.Text)
    label = C(LABEL, sql.Text)
    a = C(sql.Integer)
    b = C(sql.Integer)
    parent = C(sql.ForeignKey(_id))
    if metadata:
        admin = C(sql.Boolean())
    else:
        admin = C('is_admin', sql.Boolean)
    zone = relationship(Zone)

    @property
    def created_at(self):
        return None


class Employee(Person):
    __tablename__ = 'employees'
    id = C(sql.ForeignKey(Person._id), primary_key=True)
    salary = C(sql.Numeric(10, 2), info={'confidential': 'decimal'})


class Boss(Employee):
    __confidential__ = {'car': 'string'}
    __tablename__ = None
    car = C(sql.String(9))


pairs = Table(
    'pairs', metadata,
    C('a', sql.Integer, primary_key=True),
    C('b', sql.Integer, primary_key=True),
    C('secret', sql.String(5), info={'confidential': 'secret'}),
    C('twice', sql.Integer, sql.Computed('a * 2')),
    schema='other',
)


class Pair(Base):
    __table__ = pairs
    __confidential__ = {'a': 'int'}


class Abstract(Base):
    __abstract__ = True
    __tablename__ = 'nothing'
