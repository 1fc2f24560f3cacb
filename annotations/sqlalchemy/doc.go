// Package sqlalchemy reads SQLAlchemy models, and the markup beside them, from Python source without running it.
//
// Package python reads the source and works out what expressions stand for; here is what they mean to SQLAlchemy. Tables are
//
//   - models: classes that a declarative base, a decorator or a metaclass makes models, and that have a __tablename__ (their own,
//     or one that a base computes with declared_attr), a __table__, or a base with a table whose they are (single-table
//     inheritance);
//   - calls of Table(name, metadata, …), outside of functions or in functions that the module calls;
//   - in files that are no step of Alembic's or sqlalchemy-migrate's.
//
// Columns are what SQLAlchemy itself would see:
//
//   - calls of what is called Column or mapped_column, with imports spelled out, or of a class that extends Column; in deferred,
//     column_property and composite; made by functions, partial(Column, …) and loops over what is known; Mapped[…] with or
//     without a value, Annotated[…] and type_annotation_map included;
//   - in the class or its bases, in Python's order of look-up (C3); by declared_attr functions, worked out for each class; both
//     branches of conditions that are not known; set after the class, by assignment or setattr;
//   - not those of a base that has a table of its own.
//
// A column without a type has that of the column that it refers to. Types of the project's own come down to SQLAlchemy's by
// what they extend, or by the impl of a TypeDecorator.
//
// Markup is the class attribute __confidential__, a literal dict merged along the base classes, and
// info={'confidential': …} on a column; package annotations defines the grammar. Keys are names of columns in the database.
//
// Nothing is guessed, and no markup is lost silently. Source that is not Python is a python.SyntaxError. Markup that is not literal,
// that is set or changed by code, that stands in a condition, or whose table or column has no name that can be resolved
// is an error among the problems of the result. What loses no markup is a warning that says Unresolved: a base class that was not
// read, arguments that cannot be read, a foreign key to something unknown, an attribute that may be a column, a table that
// only the database knows. A column with arguments that cannot be read is uncertain, and "*" does not decide about it.
//
// What the package is not: sure of what metaclasses, class decorators that were not read and event listeners do. It takes them
// to add no column.
package sqlalchemy
