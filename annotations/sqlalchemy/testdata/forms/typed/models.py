"""One of every form that SQLAlchemy 2.0 adds."""
from __future__ import annotations

import datetime
import decimal
import enum
import typing
import uuid
from typing import Annotated, List, Literal, Optional

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String, orm
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, declared_attr, mapped_column, relationship

pk = Annotated[int, mapped_column(primary_key=True)]
short = Annotated[str, 30]
stamp = Annotated[datetime.datetime, mapped_column(sa.DateTime, nullable=False)]


class Colour(enum.Enum):
    red = 'red'


class Base(DeclarativeBase):
    type_annotation_map = {
        short: String(30),
        dict: sa.JSON(),
        decimal.Decimal: sa.Numeric(20, 4),
    }

    @declared_attr.directive
    def __tablename__(cls) -> str:
        return cls.__name__.removesuffix('Model').lower()


class Stamped:
    created: Mapped[stamp]
    changed: Mapped[Optional[datetime.datetime]] = mapped_column('changed_at')

    @declared_attr
    def editor_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey('person.id'))


class PersonModel(Base):
    id: Mapped[pk]
    name: Mapped[short]
    nick: Mapped[typing.Optional[str]] = mapped_column(String(9))
    mail: orm.Mapped[str | None]
    quoted: Mapped["str"]
    born: Mapped[datetime.date]
    wage: Mapped[decimal.Decimal]
    token: Mapped[uuid.UUID]
    photo: Mapped[bytes]
    extra: Mapped[dict]
    likes: Mapped[bool] = mapped_column('fond', default=False)
    colour: Mapped[Colour]
    size: Mapped[Literal['s', 'l']]
    untyped = mapped_column(sa.Text)
    pets: Mapped[List["Pet"]] = relationship(back_populates='person', foreign_keys='Pet.person_id')

    __allow_unmapped__ = True


class Pet(Stamped, Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey('person.id'))
    second_id = mapped_column(ForeignKey(PersonModel.id))
    person: Mapped[PersonModel] = relationship(back_populates='pets', foreign_keys=[person_id])


class Data(MappedAsDataclass, Base):
    __tablename__ = 'records'
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    text: Mapped[str] = mapped_column(sa.String(12), default='x')


registry = orm.registry()


@registry.mapped
class Decorated:
    __tablename__ = 'decorated'
    id = mapped_column(sa.Integer, primary_key=True)
