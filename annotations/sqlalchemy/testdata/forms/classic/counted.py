"""Keys that SQLAlchemy lets the database count up, and keys that it does not."""
import sqlalchemy as sa
from sqlalchemy import Column as C, ForeignKey as FK, Integer

metadata = sa.MetaData()
NEVER = False
PEOPLE = 'counted_people.number'


def pk(*args, **kwargs):
    return C('number', *args, primary_key=True, **kwargs)


sa.Table('counted_people', metadata, pk(Integer, autoincrement=False))  # as in a national register
sa.Table('counted_alone', metadata, pk(Integer))
sa.Table('counted_auto', metadata, pk(sa.BigInteger, autoincrement='auto'))
sa.Table('counted_always', metadata, pk(sa.SmallInteger, autoincrement=True))
sa.Table('counted_by_name', metadata, pk(Integer, autoincrement=NEVER))
sa.Table('counted_none', metadata, pk(Integer, autoincrement=None))
sa.Table('counted_one', metadata, pk(Integer, autoincrement=1))
sa.Table('counted_key', metadata, pk(Integer, FK(PEOPLE)))
sa.Table('counted_key_auto', metadata, pk(Integer, FK(PEOPLE), autoincrement='auto'))
sa.Table('counted_key_ignored', metadata, pk(Integer, FK(PEOPLE), autoincrement='ignore_fk'))
sa.Table('counted_key_always', metadata, pk(Integer, FK(PEOPLE), autoincrement=True))
sa.Table('counted_constraint', metadata, pk(Integer), sa.ForeignKeyConstraint(['number'], [PEOPLE]))
sa.Table('counted_primary', metadata, C('number', Integer), sa.PrimaryKeyConstraint('number'))
sa.Table('counted_primary_never', metadata, C('number', Integer, autoincrement=False), sa.PrimaryKeyConstraint('number'))
sa.Table('counted_two', metadata, pk(Integer), C('part', Integer, primary_key=True))
sa.Table('counted_two_always', metadata, pk(Integer, autoincrement=True), C('part', Integer, primary_key=True))
sa.Table('counted_two_ignored', metadata, pk(Integer, FK(PEOPLE), autoincrement='ignore_fk'), C('part', Integer, primary_key=True))
sa.Table('counted_two_identity', metadata, pk(Integer, sa.Identity()), C('part', Integer, primary_key=True))
sa.Table('counted_sequence', metadata, pk(Integer, sa.Sequence('numbers')))
sa.Table('counted_identity', metadata, pk(Integer, sa.Identity(start=7)))
sa.Table('counted_default', metadata, pk(Integer, default=lambda: 7))
sa.Table('counted_default_none', metadata, pk(Integer, default=None, server_default=None))
sa.Table('counted_default_sequence', metadata, pk(Integer, default=sa.Sequence('more_numbers')))
sa.Table('counted_default_always', metadata, pk(Integer, default=7, autoincrement=True))
sa.Table('counted_default_ignored', metadata, pk(Integer, FK(PEOPLE), default=7, autoincrement='ignore_fk'))
sa.Table('counted_server', metadata, pk(Integer, server_default='7'))
sa.Table('counted_server_clause', metadata, pk(Integer, sa.DefaultClause('7')))
sa.Table('counted_fetched', metadata, pk(Integer, sa.FetchedValue()))
sa.Table('counted_computed', metadata, pk(Integer, sa.Computed('part + 1')), C('part', Integer))
sa.Table('counted_boolean', metadata, pk(sa.Boolean))
sa.Table('counted_text', metadata, pk(sa.String(11)))
sa.Table('counted_other', metadata, C('id', Integer, primary_key=True), C('number', Integer, autoincrement=True))
