// Package ddl reads the text of table definitions as MySQL and MariaDB write
// them, without a server.
//
// # Terms
//
// A definition is the text of one CREATE TABLE statement. A Table is what is
// known from it: columns, indexes, foreign keys, checks and options. The Mode
// says which grammar the text is in: sql_mode changes what a double quote and
// a backslash mean. A token is the smallest piece that has a meaning of its
// own; a Lexer splits text into tokens.
//
// # Accepted
//
// ParseCreateTable reads what SHOW CREATE TABLE answers on MySQL 5.5 to 8.4
// and MariaDB 5.5 to 11, and definitions written by hand with the usual
// synonyms (INTEGER, BOOL, SERIAL, NUMERIC, CHARACTER VARYING, …).
//
// Conditional comments are read as if they were not comments, whatever their
// version:
//
//	/*!50100 PARTITION BY … */    a MySQL conditional comment
//	/*M!100301 COMPRESSED*/       a MariaDB conditional comment
//	/* … */, -- …, # …            a plain comment, skipped
//
// # What it is not
//
// It does not validate: a definition that no server accepts may parse. It does
// not know a server's defaults: a charset or a collation that the text does not
// name stays empty. It does not write definitions; text goes through unchanged
// but for StripDefiner. CREATE TABLE … LIKE and CREATE TABLE … SELECT are
// refused, because their columns are not in the text.
//
// Errors name tables, columns, offsets and keywords, never a literal.
package ddl
