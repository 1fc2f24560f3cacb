// Package rowtext is the row format of a snapshot: how one row of a table is
// spelled as one line of text. Scrub writes it, restore feeds it to LOAD DATA,
// export reads it back. There is one codec so that the three cannot disagree.
//
// # Terms
//
// A layout is the ordered list of a table's insertable columns: all its columns
// but the generated ones. A row is one line, a field is one column's part of
// it. A field is either null, text or hex; which of text and hex is decided by
// the column, never by the value.
//
// # Grammar
//
//	rows   = { row } .
//	row    = [ field { TAB field } ] LF .          one field per column of the layout
//	field  = null | text | hex .
//	null   = "\N" .
//	text   = { plain | escape } .                  a text column; may be empty
//	escape = "\\" | "\t" | "\n" | "\0" .           backslash, 0x09, 0x0A, 0x00
//	plain  = any byte but backslash, 0x09, 0x0A, 0x00 .
//	hex    = { digit digit } .                     a hex column; may be empty
//	digit  = "0" … "9" | "A" … "F" .
//
// TAB is the byte 0x09 and LF the byte 0x0A; an escape is two bytes, a backslash
// and a letter. Carriage return needs no escape, since lines end in LF alone,
// and is plain. A layout without columns has empty lines, one per row.
//
// # One spelling
//
// A value has exactly one spelling, because digests and chunk boundaries are
// taken over these bytes: the four escapes are mandatory and no other exists,
// hex digits are upper case. The reading side refuses any other spelling.
//
//	value                         column       field
//	NULL                          any          \N
//	''                            text, hex    (empty)
//	'\N' (two characters)         text         \\N
//	'a', TAB, 'b', LF             text         a\tb\n
//	-12.50                        DECIMAL      -12.50
//	0x00FF                        BLOB         00FF
//	b'101'                        BIT(10)      0005
//
// A text field holds the value as SQL text in utf8mb4, whatever the column's
// own character set is: numbers, dates, ENUM and SET members, JSON, UUID, INET4
// and INET6 as a dump writes them. A TIMESTAMP is in the time zone of the
// snapshot's provenance. A YEAR has four digits: the year 0 is 0000, since the
// server takes the text 0 for 2000. Hex fields are BINARY, VARBINARY, the BLOBs, BIT,
// spatial columns (the server's own form: 4 bytes of SRID, then WKB), VECTOR,
// columns whose character set is binary and columns of a type we do not know.
// BIT(n) has ceil(n/8) bytes, BINARY(n) has n bytes, see [Column.AppendValue].
//
// # Loading
//
// The format is what this statement reads (see [Layout.LoadData]):
//
//	LOAD DATA INFILE 'rows' INTO TABLE `db`.`t` CHARACTER SET utf8mb4
//	  FIELDS TERMINATED BY '\t' ESCAPED BY '\\' LINES TERMINATED BY '\n'
//	  (`id`, @h0, `name`) SET `picture` = UNHEX(@h0)
//
// in a session whose sql_mode is [LoadSQLMode]. UNHEX(NULL) is NULL and
// UNHEX(”) is ”, so null and empty stay apart. An ENUM may hold the empty
// "error" value, which a strict session refuses as text; see [Column].EnumZero.
//
// # Not here
//
// The package knows no compression, no chunks and no server, and does not check
// that a field's text suits its column's type: the server does.
package rowtext
