// Package sqlalchemy reads SQLAlchemy models, and the markup beside them, from Python source without running it.
//
// A model is a class that has a __tablename__ (its own, or one that a base computes) and may be mapped, or a call of Table
// with a literal name outside of functions. Its columns are what SQLAlchemy itself would see:
//
//   - calls whose name, with imports spelled out, ends in Column or mapped_column, under any alias; in deferred and
//     column_property; partial(Column, …) and Annotated[…, mapped_column(…)] by name; bare Mapped[…] annotations;
//   - in the class or its bases, in Python's order of look-up (C3), here or in any file read with it; functions with
//     declared_attr; both branches of conditionals; Class.attribute = Column(…) after the class;
//   - not those of a base that has a table of its own, and for single-table inheritance in the table of that base.
//
// The mixins that OpenStack's projects take from oslo.db and neutron-lib are known (library.go).
//
// Markup is the class attribute __confidential__, a literal dict merged along the base classes, and
// info={'confidential': …} on a column; package annotations defines the grammar. Keys are names of columns in the database.
//
// Nothing is guessed, and no markup is lost silently. Source that is not Python is a SyntaxError. Markup that is not literal,
// that is set or changed by code, that stands in a condition, or whose table or column has no name that can be resolved
// is an error among the problems of the result. What loses no markup (a base class that was not read, a foreign key
// to something unknown) is a warning; a column with arguments that cannot be read is uncertain, and "*" does not decide about it.
//
// What the package is not: a Python interpreter. Names of tables are computed from literals, cls.__name__, +, f-strings,
// lower() and upper() only.
package sqlalchemy
