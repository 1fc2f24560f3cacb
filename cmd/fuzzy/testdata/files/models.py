from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Text
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class User(Base):
    __tablename__ = 'users'
    __confidential__ = {'name': 'name', 'token': 'secret'}
    id = Column(Integer, primary_key=True)
    name = Column(String(40), unique=True)
    email = Column(String(80), info={'confidential': 'email'})
    token = Column(String(40))
    admin = Column(Boolean)


class Post(Base):
    __tablename__ = 'posts'
    id = Column(Integer, primary_key=True)
    author = Column(String(40), ForeignKey('users.name'))
    body = Column(Text, info={'confidential': 'text'})
