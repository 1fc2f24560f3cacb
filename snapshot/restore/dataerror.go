package restore

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-sql-driver/mysql"

	"github.com/turbo-hipster/turbo-hipster/snapshot/rowtext"
)

// Numbers of the server's errors.
const (
	errNotNull          = 1048
	errSyntax           = 1064
	errNoSuchTable      = 1146
	errDuringCommit     = 1180
	errTruncated        = 1265
	errUnknownCollation = 1273
	errUnknownTimeZone  = 1298
	errNoSuchRoutine    = 1305
	errInvalidView      = 1356
	errEventDisabled    = 1544
	errEventDropped     = 1588
)

// reasons says in our words what the server says about rows, because its words
// quote values.
var reasons = map[uint16]string{ //nolint:gochecknoglobals // a constant table
	1022:           "duplicate key",
	errNotNull:     "NULL in a column that is NOT NULL",
	1062:           "duplicate key",
	1114:           "the server's disk or the table is full",
	1261:           "too few fields",
	1262:           "too many fields",
	1263:           "NULL in a column that is NOT NULL",
	1264:           "number out of range",
	1265:           "value does not fit the column's type",
	1292:           "not a valid value of the column's type",
	1300:           "text is not valid in its character set",
	1364:           "column has no default value",
	1366:           "not a valid value of the column's type",
	1406:           "value is too long",
	1411:           "not a valid value of the column's type",
	1416:           "not a valid geometry",
	1452:           "no row that the foreign key refers to",
	1526:           "no partition for the row",
	1586:           "duplicate key",
	1690:           "number out of range",
	1748:           "row is in another partition",
	3140:           "not valid JSON",
	3819:           "CHECK constraint violated",
	3854:           "not a valid geometry",
	4025:           "CHECK constraint violated",
	4078:           "not a valid value of the column's type",
	errSyntax:      "syntax error",
	1180:           "duplicate key or failed commit",
	1301:           "value is larger than max_allowed_packet",
	1118:           "row is too large",
	1071:           "key is too long",
	1197:           "transaction is too large",
	1205:           "lock wait timeout",
	1213:           "deadlock",
	1030:           "storage engine error",
	1026:           "error writing a file",
	3:              "error writing a file",
	28:             "no space left on the server's disk",
	1021:           "no space left on the server's disk",
	1136:           "number of columns differs",
	1054:           "unknown column",
	errNoSuchTable: "table does not exist",
}

// DataError is the server's refusal of a row, without its values.
type DataError struct {
	Database, Table string
	Row             int64  // ordinal in the table, from 1; 0 when the server does not say
	Column          string // "" when the server does not say
	Index           string // the unique index, of a duplicate
	Constraint      string // the CHECK constraint
	Code            uint16 // the server's error number
	Reason          string
}

// Error says where and why.
func (e *DataError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "load table %q", e.Table)
	if e.Row > 0 {
		fmt.Fprintf(&b, ", row %d", e.Row)
	}
	for _, part := range []struct{ what, name string }{{"column", e.Column}, {"index", e.Index}, {"constraint", e.Constraint}} {
		if part.name != "" {
			fmt.Fprintf(&b, ", %s %q", part.what, part.name)
		}
	}
	fmt.Fprintf(&b, ": %s (server error %d)", e.Reason, e.Code)
	return b.String()
}

var (
	rowAtEnd   = regexp.MustCompile(`at row (\d+)$`)
	rowAtStart = regexp.MustCompile(`^Row (\d+) `)
)

// dataError translates the server's refusal of rows. A message may hold a value
// anywhere, so of its words only those are taken that are numbers, or names
// that the table is known to have.
func dataError(l *load, refused *mysql.MySQLError, names tableNames) *DataError {
	e := &DataError{Database: l.target, Table: l.table.Name, Code: refused.Number, Reason: reasons[refused.Number]}
	if e.Reason == "" {
		e.Reason = "the server refused the rows"
	}
	msg := refused.Message
	m := rowAtEnd.FindStringSubmatch(msg)
	if m != nil {
		msg = strings.TrimSpace(strings.TrimSuffix(msg, m[0]))
	} else if refused.Number == 1261 || refused.Number == 1262 {
		m = rowAtStart.FindStringSubmatch(msg)
	}
	if m != nil {
		e.Row, _ = strconv.ParseInt(m[1], 10, 64)
	}
	switch refused.Number {
	case 1062, 1586, 1022:
		e.Index = nameAtEnd(msg, names.indexes)
	case 4025:
		e.Constraint = nameWithin(msg, names.constraints)
	case errNotNull:
		e.Column = nameWithin(msg, names.columns)
	default:
		e.Column = nameAtEnd(msg, names.columns)
	}
	return e
}

// tableNames are the names that a message about a table may show.
type tableNames struct{ columns, indexes, constraints []string }

func columnNames(l rowtext.Layout) []string {
	if len(l.Columns) == 0 {
		return nil
	}
	out := make([]string, len(l.Columns))
	for i, c := range l.Columns {
		out[i] = c.Name
	}
	return out
}

// nameAtEnd returns the longest of the names that ends the message, in quotes.
func nameAtEnd(msg string, names []string) string {
	found := ""
	for _, name := range names {
		for _, end := range []string{"'" + name + "'", "." + name + "'", "`" + name + "`"} {
			if strings.HasSuffix(msg, end) && len(name) > len(found) {
				found = name
			}
		}
	}
	return found
}

// nameWithin returns the longest of the names that is anywhere in the message,
// in quotes. It is for messages without values.
func nameWithin(msg string, names []string) string {
	found := ""
	for _, name := range names {
		if len(name) > len(found) && (strings.Contains(msg, "'"+name+"'") || strings.Contains(msg, "`"+name+"`") || strings.Contains(msg, "."+name+"`")) {
			found = name
		}
	}
	return found
}
