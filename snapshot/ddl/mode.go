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

// modes are the words that sql_mode can hold in MySQL 5.5 to 8.4 and MariaDB to 11.
// https://dev.mysql.com/doc/refman/8.4/en/sql-mode.html, https://mariadb.com/kb/en/sql-mode/
const modes = " ALLOW_INVALID_DATES ANSI ANSI_QUOTES DB2 EMPTY_STRING_IS_NULL ERROR_FOR_DIVISION_BY_ZERO HIGH_NOT_PRECEDENCE" +
	" IGNORE_BAD_TABLE_OPTIONS IGNORE_SPACE MAXDB MSSQL MYSQL323 MYSQL40 NO_AUTO_CREATE_USER NO_AUTO_VALUE_ON_ZERO" +
	" NO_BACKSLASH_ESCAPES NO_DIR_IN_CREATE NO_ENGINE_SUBSTITUTION NO_FIELD_OPTIONS NO_KEY_OPTIONS NO_TABLE_OPTIONS" +
	" NO_UNSIGNED_SUBTRACTION NO_ZERO_DATE NO_ZERO_IN_DATE ONLY_FULL_GROUP_BY ORACLE PAD_CHAR_TO_FULL_LENGTH PIPES_AS_CONCAT" +
	" POSTGRESQL REAL_AS_FLOAT SIMULTANEOUS_ASSIGNMENT STRICT_ALL_TABLES STRICT_TRANS_TABLES TIME_ROUND_FRACTIONAL" +
	" TIME_TRUNCATE_FRACTIONAL TRADITIONAL "

// KnownMode reports whether every word of a value of the variable sql_mode is one that a server knows. Another could change the
// grammar in a way that this package does not follow.
func KnownMode(sqlMode string) bool {
	for flag := range strings.SplitSeq(sqlMode, ",") {
		flag = strings.ToUpper(strings.TrimSpace(flag))
		if flag != "" && (strings.Contains(flag, " ") || !strings.Contains(modes, " "+flag+" ")) {
			return false
		}
	}
	return true
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
