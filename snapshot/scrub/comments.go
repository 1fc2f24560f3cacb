package scrub

import (
	"bytes"
	"regexp"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
)

// keptComments are the comment lines that dump programs write and that name schema objects only. They are compared whole: in a
// damaged dump a comment may have grown by what followed it.
var keptComments = regexp.MustCompile("^-- (?:" +
	"-{5,}" +
	"|(?:MySQL|MariaDB) dump [0-9.]+[-+.~,() /0-9A-Za-z_]{0,100}" +
	"|Server version\t[0-9.]+[-+.~:0-9A-Za-z_]{0,80}" +
	"|(?:Table structure for table|Dumping data for table|Sequence structure for|Temporary (?:table|view) structure for view" +
	"|Final view structure for view|Current Database:) `(?:[^`\n]|``){1,64}`" +
	"|Dump completed(?: on [-0-9: ]{8,20})?)$")

// replacedComments name a host or a database: they stay as lines, because dump readers look for them, without the name.
var replacedComments = []struct{ prefix, replacement []byte }{
	{[]byte("-- Host: "), []byte("-- Host: -    Database: -")},
	{[]byte("-- Dumping events for database "), []byte("-- Dumping events")},
	{[]byte("-- Dumping routines for database "), []byte("-- Dumping routines")},
}

// cleanComments returns blanks and comments, which is all that text holds, with only the lines that dump programs write and
// that name nobody.
func cleanComments(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for len(text) > 0 {
		line := text
		if i := bytes.IndexByte(text, '\n'); i >= 0 {
			line = text[:i+1]
		}
		text = text[len(line):]
		out = appendCleanLine(out, line)
	}
	return out
}

func appendCleanLine(out, line []byte) []byte {
	trimmed := bytes.TrimSpace(line)
	if len(trimmed) == 0 || bytes.Equal(trimmed, []byte("--")) || keptComments.Match(trimmed) {
		return append(out, line...)
	}
	for _, r := range replacedComments {
		if bytes.HasPrefix(trimmed, r.prefix) {
			return append(append(out, r.replacement...), '\n')
		}
	}
	return out
}

// cleanSQL returns the SQL of a statement without rows, without DEFINER and plain comments. Comments stay in the bodies of stored objects,
// which servers keep as written.
func cleanSQL(st *mysqldump.Statement) []byte {
	sql := ddl.StripDefiner(st.SQL, st.Session.Mode())
	switch st.Kind {
	case mysqldump.CreateTrigger, mysqldump.CreateRoutine, mysqldump.CreateEvent:
		return sql
	default:
		return withoutComments(sql, st.Session.Mode())
	}
}

// withoutComments returns a statement's text with a blank in place of every plain comment. Text without one is returned as it is.
func withoutComments(sql []byte, m ddl.Mode) []byte {
	var out []byte
	copied := 0
	lex := ddl.NewLexer(sql, m)
	lex.Comments = true
	for t := lex.Next(); t.Kind != ddl.EOF; t = lex.Next() {
		if t.Kind == ddl.Comment {
			out = append(append(out, sql[copied:t.Start]...), ' ')
			copied = t.End
		}
	}
	if out == nil {
		return sql
	}
	return append(out, sql[copied:]...)
}
