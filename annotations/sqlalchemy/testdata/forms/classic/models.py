"""One of every form that SQLAlchemy 1.4 takes."""
from functools import partial
from typing import TYPE_CHECKING

import sqlalchemy
import sqlalchemy as sa
from sqlalchemy import Column as C, ForeignKey as FK, MetaData, Table, orm
from sqlalchemy import Integer, String
from sqlalchemy.dialects import mysql
from sqlalchemy.ext.associationproxy import association_proxy
from sqlalchemy.ext.declarative import declared_attr
from sqlalchemy.ext.hybrid import hybrid_property

from classic import base, counted, names
from classic.base import Abstract, Base, HasId
from classic.names import *

Required = partial(C, nullable=False)
IDENTIFIER = 'identifier'


class Keeper(HasId, Base):
    """Somebody who keeps things."""
    _name = C('name', String(names.LONG), comment='as typed')
    mail = sqlalchemy.Column(sqlalchemy.types.Unicode(length=names.SHORT + 4))
    host = (C(names.Hostname(200)))
    extra = orm.deferred(C(names.Packed))
    blob = orm.deferred(C('packed', names.Compressed(), nullable=True), group='big')
    upper = orm.column_property(sa.func.upper(mail))
    score = orm.column_property(C(sa.Numeric(10, 2)))
    state = C(sa.Enum(*names.STATES, name='states'))
    tiny = C(mysql.TINYINT(1))
    twice = C(Integer, sa.Computed('tiny * 2'))
    code = Required(IDENTIFIER, String(8))
    a = b = C(String(3))
    active = names.flag(default=True)
    medium = C(medium())
    x, y = C(Integer), C('why', Integer)
    first_at, last_at = names.pair()
    p, (q) = [C(String(5)) for _ in range(2)]
    (lone) = C(Integer)
    things = orm.relationship('Thing', foreign_keys='Thing.keeper_id')
    codes = association_proxy('things', 'code')
    if names.SHORT < 10:
        tight = C(sa.Boolean)
    elif names.SHORT > 10:
        roomy = C(sa.Boolean)
    else:
        cramped = C(sa.Boolean)
    for _n in ('first', 'second'):
        locals()['line_' + _n] = C(String(40))
    del _n

    @hybrid_property
    def name(self):
        return self._name


class Thing(base.Owned, Abstract):
    keeper2 = names.reference('acme_keepers.id')
    other_id = C(Integer, FK(Keeper.id))
    third_id = C('third', FK('acme_keepers.id'))
    place_a = C(Integer)
    place_b = C(Integer)
    __table_args__ = (
        sa.ForeignKeyConstraint(['place_a', place_b], ['places.a', 'places.b']),
        sa.UniqueConstraint('owner'),
        {'comment': 'what is kept'},
    )
    __mapper_args__ = {'polymorphic_on': 'kind', 'polymorphic_identity': 'thing'}
    kind = C(String(8))


class Book(Thing):
    """Joined-table inheritance; the name is computed for it as well."""
    id = C(FK(Thing.id), primary_key=True)
    isbn = C(sa.CHAR(13))
    __mapper_args__ = {'polymorphic_identity': 'book'}
    __table_args__ = ()


class Cup(Thing):
    """Several models of a table have one column."""
    __tablename__ = None
    __table_args__ = None
    __mapper_args__ = {'polymorphic_identity': 'cup'}

    @declared_attr
    def volume(cls):
        return Thing.__table__.c.get('volume', C(sa.Float))


class Vase(Thing):
    """Single-table inheritance."""
    __tablename__ = None
    height = C(sa.Float)
    if TYPE_CHECKING:
        width = C(sa.Float)

    @declared_attr
    def volume(cls):
        return Thing.__table__.c.get('volume', C(sa.Float))
    __table_args__ = None
    __mapper_args__ = {'polymorphic_identity': 'vase'}


class Node(base.SelfReferring, HasId, Base):
    __tablename__ = 'nodes'
    label = C(String(5))


places = Table(
    'places', Base.metadata,
    C('a', Integer, primary_key=True),
    C('b', Integer),
    C('keeper', FK('acme_keepers.id')),
    *stamps(),
    sa.PrimaryKeyConstraint('a', 'b'),
    mysql_engine='InnoDB')

Table('loose', Base.metadata, C('id', Integer, primary_key=True), C('thing', FK('acme_things.id')))

for _left in ('keeper', 'thing'):
    Table(f'{_left}_tags', Base.metadata,
          C(f'{_left}_id', FK(f'acme_{_left}s.id'), primary_key=True), C('tag', String(9), primary_key=True))


class Place(Base):
    __table__ = places
    full = orm.column_property(places.c.a + places.c.b)


class Late(HasId, Base):
    __tablename__ = 'late_' + 'models'


Late.added = C(String(7))
Late.keeper_id = C(Integer, FK(Keeper.id))
setattr(Late, 'also', C('also_added', sa.Date))
Late.__table__.append_column(C('appended', sa.Time))
for _i in range(1, 3):
    setattr(Late, 'number_%d' % _i, C(Integer))




def model(title, size):
    class Made(HasId, Base):
        __tablename__ = 'made_%s' % title
        text = C(String(size))
    return Made


Small = model('small', 10)
Large = model('large', size=1000)

other = MetaData(schema='elsewhere')
archive = Table('archive', other, C('id', Integer, primary_key=True), C('node', FK('nodes.id')), schema='attic')
plain = Table('plain', other, C('id', Integer, primary_key=True), C('self', FK('elsewhere.plain.id')))


class Renamed(HasId, Base):
    __tablename__ = 'renamed'
    __table_args__ = (sa.Index('i', 'id'), {'schema': 'attic'})
    archive = C(Integer, FK('attic.archive.id'))

    @declared_attr
    def computed(cls):
        return C('computed_' + cls.__name__.lower(), Integer)


class Bare:
    """Mapped by hand."""


orm.registry().map_imperatively(Bare, Table('bare', Base.metadata, C('id', Integer, primary_key=True), C('word', String(1))))


class Holder:
    tables = Base.metadata
    held = Table('held', tables, C('id', Integer, primary_key=True))


Housed = orm.declarative_base(metadata=other)


if TYPE_CHECKING:
    class Housed:
        unreal = C(Integer)


class Room(Housed):
    __tablename__ = 'rooms'
    id = C(Integer, primary_key=True)


class Shelf(Housed):
    __tablename__ = 'shelves'
    __table_args__ = {'schema': None}
    id = C(FK('elsewhere.rooms.id'), primary_key=True)


class Attic(orm.registry(metadata=MetaData(schema='attic')).generate_base()):
    __tablename__ = 'rooms'
    id = C(FK(Room.id), primary_key=True)
    __table_args__ = ()


Table('boxes', Attic.metadata, C('id', Integer, primary_key=True))
Table('bins', other, C('id', Integer, primary_key=True), schema=sa.BLANK_SCHEMA)


class Cascading:
    @declared_attr.cascading
    def id(cls):
        if orm.has_inherited_table(cls):
            return C(FK('cascades.id'), primary_key=True)
        return C(Integer, primary_key=True)


class Cascade(Cascading, Base):
    __tablename__ = 'cascades'


class Cascaded(Cascade):
    __tablename__ = 'cascaded'


class Mapped:
    __tablename__ = 'mapped'
    id = C(Integer, primary_key=True)


orm.registry().map_declaratively(Mapped)
