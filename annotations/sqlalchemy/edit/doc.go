// Package edit writes markup into model source, changing nothing else.
//
// # Terms
//
// A place is where the markup of a table goes: the statement of its class, or its call of Table. A mark is a column and a kind.
//
//	class User(Base):                                   users = Table(
//	    __tablename__ = 'users'                             'users', metadata,
//	+   __confidential__ = {                            -   Column('email', String(255)),
//	+       'email': 'email',                           +   Column('email', String(255), info={'confidential': 'email'}),
//	+   }                                               )
//
// A class gets __confidential__ behind its docstring and the names with double underscores that it begins with; where it has one
// already, the entries are added to it, before a last "*". A class on one line is split behind its colon. A Table gets info on each of its columns.
//
// # Style
//
// Only insertions are made: every byte that was there stays. What is inserted looks like the file: its line ends, its quotes, the
// indentation of the class, a comma behind the last entry where other lists that end on a line of their own have one, and lines
// no longer than those that are there.
//
// # Promise
//
// The new source is read again before it is given back, and has the marks asked for, or the place is refused. What cannot be
// written is refused with its position and never guessed: markup under a condition, a column that a function makes.
//
// What the package is not: it reads no file and writes none, decides nothing, and never changes or removes markup.
package edit
