package rowtext

import (
	"fmt"
	"strings"
)

// LoadOptions says where a load reads its rows.
type LoadOptions struct {
	// File is the path of the rows: on the server's machine (a FIFO will do), or
	// on the client's with Local.
	File string
	// Local makes it LOAD DATA LOCAL. The server then treats errors as warnings,
	// even in a strict session: the caller must count warnings and rows.
	Local bool
	// Database qualifies the table; empty is the session's database.
	Database string
}

// LoadData returns the statement that loads rows of this layout into a table.
// It means the same under every sql_mode but for a backslash in the file name,
// which is escaped for a session without NO_BACKSLASH_ESCAPES; for exact values
// the session's sql_mode must be [LoadSQLMode].
//
// Hex columns pass through the user variables @h0, @h1, …, which are the
// session's and hold the last row's values afterwards. A layout without columns
// reads one empty field per line and lets the server make the row.
func (l Layout) LoadData(table string, o LoadOptions) string {
	var b strings.Builder
	b.WriteString("LOAD DATA ")
	if o.Local {
		b.WriteString("LOCAL ")
	}
	fmt.Fprintf(&b, "INFILE %s INTO TABLE ", quote(o.File))
	if o.Database != "" {
		b.WriteString(quoteName(o.Database) + ".")
	}
	b.WriteString(quoteName(table))
	// Hexadecimal literals, since what '\t' means depends on sql_mode.
	b.WriteString(" CHARACTER SET utf8mb4 FIELDS TERMINATED BY 0x09 ESCAPED BY 0x5C LINES TERMINATED BY 0x0A (")
	b.WriteString(strings.Join(l.targets(), ", "))
	b.WriteByte(')')
	if set := l.assignments(); len(set) > 0 {
		b.WriteString(" SET " + strings.Join(set, ", "))
	}
	return b.String()
}

// targets are what a line's fields are read into.
func (l Layout) targets() []string {
	if len(l.Columns) == 0 {
		return []string{"@h0"}
	}
	out := make([]string, len(l.Columns))
	for i, c := range l.Columns {
		out[i] = quoteName(c.Name)
		if c.indirect() {
			out[i] = variable(i)
		}
	}
	return out
}

// assignments set the columns that cannot be read directly.
func (l Layout) assignments() []string {
	var out []string
	for i, c := range l.Columns {
		if !c.indirect() {
			continue
		}
		value := variable(i)
		if c.Hex {
			value = "UNHEX(" + value + ")"
		}
		if c.EnumZero != "" {
			value = fmt.Sprintf("IF(%s = '', '%s', %s)", variable(i), c.EnumZero, value)
		}
		out = append(out, quoteName(c.Name)+" = "+value)
	}
	return out
}

// indirect reports whether a field must pass through a user variable.
func (c Column) indirect() bool { return c.Hex || c.EnumZero != "" }

// variable names the user variable of field i; a column's own name might need
// quotes, or be one that the session uses.
func variable(i int) string { return fmt.Sprintf("@h%d", i) }

func quoteName(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }

func quote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", "''").Replace(s) + "'"
}
