// Package python reads Python source without running it: modules, classes, and what expressions stand for as far as that is
// certain.
//
// It knows no library. What declares tables is known to a Framework (annotations/sqlalchemy, annotations/django), which Read
// asks about the same modules; both see the markup that a class keeps in __confidential__.
//
// # Values
//
// An expression stands for a Value: a constant, a list or dict of values, a class, function or module that was read, an External
// name that no module read explains, a Call that nobody worked out. So in
//
//	import sqlalchemy as sa
//	from project.db import helpers
//
//	NAMES = ('a', 'b')
//
//	class Model(Base):
//	    name = helpers.text(NAMES[0])      # def text(n, size=255): return sa.Column(n, sa.String(size))
//
// name stands for a Call of the External "sqlalchemy.Column" with the arguments 'a' and a Call of "sqlalchemy.String".
//
//	eval(expression):
//	    a name              → the last binding before it, in the class, the function, the module, or what a wildcard imports
//	    an import           → a module among those asked for, or beside them; else External
//	    a call of a function that was read → its body, with the arguments in place of the parameters
//	    any other call      → a Call, but for text methods and some of Python's own functions on constants
//	    what only running would tell → a Choice of the possible values, or Unknown with the reason
//
// Loops over known items are unrolled, conditions on known values decided, of unknown ones both branches followed. Attributes
// that are set after a class, by assignment, by setattr or by a function that decorates it, belong to it.
//
// # Modules
//
// Imports are looked for among the files that were asked for (by their place, or by the end of their path when that is the only
// one), then on disk: from above the outermost package of the importing module, and in virtual environments beside that. What
// is found on disk explains names; what it declares itself is not reported. Packages that a framework knows itself are
// never read.
//
// What the package is not: a Python interpreter. Generators, instances, exceptions and anything at run time are Unknown; so is
// what takes too many steps. Metaclasses, and decorators that were not read, are taken to change no attribute.
package python
