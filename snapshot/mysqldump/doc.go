// Package mysqldump reads the SQL text that mysqldump and mariadb-dump write:
// dump, statements, rows, values; and writes single values the same way.
//
// # Terms
//
// A dump is a sequence of statements, each ended by the delimiter (";" unless a
// DELIMITER line changes it). An Insert (INSERT or REPLACE … VALUES) is split: its head, its rows, and its end. A row is what stands
// in one pair of parentheses; its values are literals. The session is what SET
// statements have made of the variables that change what text means: sql_mode,
// charsets, time zone.
//
//	r := NewReader(text)
//	for each s := r.Next()
//		if s.Kind == Insert
//			for each block := r.NextRows()           may be scanned elsewhere, in parallel
//				for each row := RowScanner.Next()
//
// # Lossless
//
// The texts of all statements, and the rows between them, concatenated in order
// are the input, byte for byte.
//
// # Accepted
//
// All layouts of mysqldump 5.5 to 8.4 and mariadb-dump to 11: one statement or one
// row a line, --complete-insert, --skip-extended-insert, --hex-blob, --insert-ignore, --replace, --databases,
// --compact, triggers, routines, events, views and their stand-ins, sequences. Statements end
// where the command-line client ends them:
//
//   - quotes, backticks and comments hide the delimiter; under NO_BACKSLASH_ESCAPES
//     and ANSI_QUOTES as these say;
//   - a conditional comment (/*!50003 … */, /*M!100301 … */) counts as its content, whatever
//     its version; the delimiter inside one is refused, because clients would end
//     the statement there;
//   - the sandbox line of mariadb-dump has no delimiter; a byte order mark is
//     skipped.
//
// Until the dump sets them, sql_mode is empty, the charset utf8mb4 and the time
// zone "SYSTEM" (InitialSession).
//
// # Refused
//
// The reader fails closed: what it cannot account for is a *SyntaxError with the
// position and never with a value.
//
//   - statements that carry or change rows in another way: INSERT … SELECT and … SET,
//     LOAD DATA, UPDATE, DELETE, CALL, PREPARE, EXECUTE, rows in conditional comments;
//   - values that are expressions, strings side by side, commands of the client
//     (\!, \., source);
//   - statements with something after their end, which may be the rows of an INSERT: the delimiter between was lost; the word
//     DELIMITER in a body, which clients take for their command;
//   - comments between statements that hold an INSERT, or something after what a dump program writes in them: the line
//     break between was lost, and clients would miss the statement without a word;
//   - delimiters that start like a comment or stand in rows (#, --, a comma, a parenthesis);
//   - strings over several lines outside rows and bodies, where servers write \n: a quote may be lost; strings and comments in
//     bodies that go over a DELIMITER line;
//   - names of more than 64 characters or with a line break, which lost a quote; errors show no name with signs that SQL text has;
//   - statements that no dump has, and definitions outside CREATE (ALTER TABLE … ADD);
//   - accounts and their passwords (the schema mysql, CREATE USER, GRANT, SET PASSWORD, CREATE SERVER, tables and partitions with CONNECTION=…, OPTION_LIST=… or by FEDERATED and SPIDER);
//   - a charset in which a byte of a character may look like a backslash (gbk, sjis,
//     big5, …) or a letter is one (swe7), by name; rows in another of several bytes a character than UTF-8;
//   - rows of the past of system-versioned tables (mariadb-dump --dump-history), which would become rows of today;
//   - sql_mode, client charset or time zone set to what is not known;
//   - a truncated dump (ErrTruncated): it ends inside a statement, without the
//     "-- Dump completed" that its header comment promises, with tables locked, with a
//     delimiter or one of the header's @OLD_… variables not set back. A compact dump of an empty database is nothing but
//     a first line, and is refused with these;
//   - what is no dump at all (ErrNotDump).
//
// # Memory
//
// The reader holds one block of rows (1 MiB) and its read-ahead, or, when that is
// longer, one row or one statement without rows, up to MaxUnitBytes; twice that
// while it grows. What a server has no room for is refused: more values in a row, or columns in a list, than a table can have.
//
// # What it is not
//
// It does not check rows against definitions, nor decode values: they come as
// the bytes that the dump has, but names as UTF-8. It runs nothing, and knows no server's defaults.
package mysqldump
