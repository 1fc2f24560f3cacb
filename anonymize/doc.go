// Package anonymize turns rows into safe rows: it replaces confidential values by
// pseudonyms, as a policy says.
//
// # Terms
//
// A kind is a way of treating values ("email", "integer"); a treatment is a kind with
// its options. A policy says for every column of every table whether it is treated,
// public or undecided. A pseudonym is what a value becomes: it depends on the key, the
// domain and the value, so equal values stay equal across columns, tables and dumps.
// A family is a set of kinds that share their bijections; a domain is an explicit name
// that separates columns from the rest, or joins some. The shape of a value is what is
// kept of it: length in characters and bytes, the class of each character, separators,
// letter case, sign and number of digits, year and month.
//
// # What is promised
//
// Identifier kinds are bijections among values of the same shape (package permute says
// by which construction). For values of printable ASCII the bijection acts on the value
// in lower case without trailing spaces, so that unique keys stay unique by construction
// under binary, general, root Unicode and 0900 collations. By construction does not hold for the following;
// Rows.UniqueKeys gives what to compare rows by that have them:
//
//   - values with other characters: characters outside ASCII are replaced within classes
//     of the same length and script, but collations take some of a class for equal, and
//     characters of no class share places;
//   - hexadecimal values that differ only in letter case (uuid, hexstring, MAC,
//     percent-encoded bytes);
//   - host names and e-mail addresses under top-level domains that toplevel.go does not
//     list: their last label is replaced by one of a smaller, undelegated set;
//   - values over 16 KiB, which are keyed by the whole value, as are the kinds text, json and ssh_key
//     (refused where a unique index relies on them) and blob over 16 bytes (too long to collide);
//   - DOUBLE and FLOAT values that use all digits of their precision.
//
// # One mapping for all
//
// Self-delimiting identifiers (package recognize) get the same pseudonym wherever they
// are found: as a whole value under any identifier kind, and inside text and JSON:
//
//	whole(v):
//	    v, spaces = v without trailing spaces, those spaces
//	    if v is a uuid, IP, CIDR, MAC, e-mail address or URL: its bijection
//	    else if v has the shape of the column's kind: the kind's bijection
//	    else: the bijection of its characters, repeated until the result is
//	          neither of the two (cycle walking)
//
// Each bijection maps its set onto itself, so the whole is one. Kinds that have no shape
// of their own (string, username, key_name, name, uuid, email, …) are thus one function.
// Separators (- _ . / : @ " \), white space, control characters and marks stay.
//
// Kept on purpose, so that data stays usable: NULL, the empty value, zero, the nil uuid,
// loopback and unspecified addresses, netmasks, private ranges as ranges, prefix lengths,
// URL schemes and ports, zero and partly zero dates, midnight, days next to the limits of
// TIMESTAMP, keys, booleans and null in JSON. In a column of a unique index or a foreign
// key, or to which a foreign key refers, the kind redact gives pseudonyms, because one
// constant would break the key.
//
// # Conditions and rows
//
// A column may have several treatments, chosen by conditions over the original row (Condition), and a table may keep some of its rows
// only. Conditions are evaluated exactly as servers do, or refused: text under a collation is told apart by which characters the
// collation takes for ASCII (folds.txt), which decides about every comparison with a literal of such characters. Which rows are kept is
// one row's business until a foreign key refers to a table that loses rows; then a Selection, made of the keys of those tables, finds
// the largest set of rows in which no foreign key to them refers to nothing:
//
//	kept = the rows that their tables' own rules keep
//	while a kept row's foreign key, to a table whose children are dropped, refers to no kept row:
//	    kept = kept without that row
//
// A foreign key's column must be treated as the column it refers to. Generated columns
// are never treated: who writes rows leaves them out.
//
// # What it is not
//
// This is pseudonymisation. It does not hide frequencies, lengths, or which rows
// belong together; who knows a row recognizes it; who has the key can undo it; a shape
// with few values (a two-digit number) hides little, which FewValued says of columns. It does not
// evaluate CHECK constraints, or know the dump's time zone: a TIMESTAMP in a zone with
// summer time may become one of the local times that a year skips.
package anonymize
