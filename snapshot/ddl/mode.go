package ddl

import "strings"

// Mode is what sql_mode changes in the grammar of SQL text. Its zero value is
// the grammar of a server's default sql_mode, and of every dump that does not
// say otherwise.
type Mode struct {
	// ANSIQuotes: a double quote encloses an identifier, not a string.
	ANSIQuotes bool
	// NoBackslashEscapes: a backslash inside a string is an ordinary character.
	NoBackslashEscapes bool
}

// ParseMode finds what a value of the variable sql_mode means for the grammar.
// Case and spaces around the flags do not matter; combination modes (ANSI,
// ORACLE, …) imply ANSI_QUOTES as the manual says.
func ParseMode(sqlMode string) Mode {
	var m Mode
	for flag := range strings.SplitSeq(sqlMode, ",") {
		switch strings.ToUpper(strings.TrimSpace(flag)) {
		case "ANSI_QUOTES", "ANSI", "DB2", "MAXDB", "MSSQL", "ORACLE", "POSTGRESQL":
			m.ANSIQuotes = true
		case "NO_BACKSLASH_ESCAPES":
			m.NoBackslashEscapes = true
		}
	}
	return m
}
