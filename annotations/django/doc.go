// Package django reads Django models, and the markup beside them, from Python source without running it.
//
// Package python reads the source and works out what expressions stand for; here is what they mean to Django. Tables are
//
//   - of models, classes that extend django.db.models.Model and are neither abstract nor proxies: Meta.db_table, or else the label
//     of the app and the name of the class, as APP_MODEL, cut to 64 characters as Django does for MySQL;
//   - of many-to-many fields without a model of their own (through).
//
// The label of the app is Meta.app_label, that of the AppConfig in the apps.py nearest above the module, or the name of the package
// that has the module models.
//
// Columns are
//
//   - fields: of the model itself and of its abstract bases, in Python's order of look-up; db_column, or the name of the field, with
//     _id for a foreign key. Fields of classes that are no models do not count, but hide others;
//   - the primary key id, where no field is one, and the link to a parent that has a table of its own (PARENT_ptr_id);
//   - _order, for Meta.order_with_respect_to.
//
// A field is what is called a field in django.db.models, or is made by a class that extends one. The user model is what
// AUTH_USER_MODEL says in a settings module among the files, or else auth.User.
//
// Markup is the class attribute __confidential__, a literal dict merged along the base classes; package annotations defines the
// grammar. Keys are names of columns in the database. That of a proxy counts for the table that it stands for.
//
// Nothing is guessed, and no markup is lost silently: see package sqlalchemy. What cannot be resolved is a warning that says
// Unresolved: a base class, a field or a metaclass that was not read, a name that is computed, a label that nothing tells.
//
// What the package is not: sure of what methods of fields and metaclasses that were read do when a class is made. Where their source
// says that they add fields, or change a column, it reports that; otherwise it takes them to change nothing. Whether __init__ of a
// field sets db_column, primary_key or to_field is reported unless the field says it where it is used.
package django
