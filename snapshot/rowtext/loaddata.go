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
	// EnumZeros is for rows that hold the empty error value of an ENUM. A strict
	// session refuses them (error 1265), so the session's sql_mode must be
	// [LenientSQLMode], without Local. The server then warns once of each such
	// value and of each value that it changed. The statement counts the former in
	// [EnumZerosVariable], which must be set to 0 before: the load was exact if and
	// only if @@warning_count equals it afterwards, and must be undone otherwise.
	EnumZeros bool
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
	targets, set := l.targets(o.EnumZeros)
	b.WriteString(strings.Join(targets, ", "))
	b.WriteByte(')')
	if len(set) > 0 {
		b.WriteString(" SET " + strings.Join(set, ", "))
	}
	return b.String()
}

// targets returns what a line's fields are read into, and how the columns are
// set that cannot be read directly.
func (l Layout) targets(enumZeros bool) (targets, set []string) {
	if len(l.Columns) == 0 {
		return []string{"@h0"}, nil
	}
	for i, c := range l.Columns {
		// A name of our own: the column's might need quotes.
		variable, value := fmt.Sprintf("@h%d", i), ""
		if c.Hex {
			value = "UNHEX(" + variable + ")"
		}
		if c.EnumZero && enumZeros {
			if value == "" {
				value = variable
			}
			value = fmt.Sprintf("IF(%[1]s = '', IF(%[2]s := %[2]s + 1, '', ''), %[3]s)", variable, EnumZerosVariable, value)
		}
		if value == "" {
			targets = append(targets, quoteName(c.Name))
			continue
		}
		targets = append(targets, variable)
		set = append(set, quoteName(c.Name)+" = "+value)
	}
	return targets, set
}

func quoteName(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }

func quote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", "''").Replace(s) + "'"
}
