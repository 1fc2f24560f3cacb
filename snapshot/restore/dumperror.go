package restore

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/go-sql-driver/mysql"

	"github.com/turbo-hipster/turbo-hipster/snapshot"
	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
)

// StatementError is the refusal of one statement of a dump.
type StatementError struct {
	Offset    int64  // in the decompressed dump, in bytes, of what comes before the statement
	Line      int    // from 1
	Statement string // its kind, such as CREATE TABLE
	Name      string // of the object; "" when there is none
	Code      uint16 // the server's error number; 0 when the server was not asked
	Reason    string // without values

	// Err says more where there is more to say: a *DataError with the row in the statement, a *CollationError, a
	// *SeveralDatabasesError; else nil.
	Err error
}

// Error says where and why.
func (e *StatementError) Error() string {
	where := fmt.Sprintf("line %d, offset %d, %s", e.Line, e.Offset, e.Statement)
	if e.Err != nil {
		return where + ": " + e.Err.Error()
	}
	if e.Name != "" {
		where += " " + ddl.ShownName(e.Name)
	}
	return fmt.Sprintf("%s: %s (server error %d)", where, e.Reason, e.Code)
}

// Unwrap returns Err.
func (e *StatementError) Unwrap() error { return e.Err }

// SeveralDatabasesError means that a dump is of more than one database.
type SeveralDatabasesError struct{ First, Second string }

// Error names two of the databases.
func (e *SeveralDatabasesError) Error() string {
	return fmt.Sprintf("the dump has databases %s and %s, which do not go into one", ddl.ShownName(e.First), ddl.ShownName(e.Second))
}

// Hint says what to do next.
func (e *SeveralDatabasesError) Hint() string {
	return "make one dump of each database: without --databases and --all-databases"
}

const (
	errEnumTwice        = 1291
	errBadVariableValue = 1231
)

// reasonOf says in our words what a number of the server's means.
func reasonOf(code uint16) string {
	switch code {
	case errEnumTwice:
		return "an ENUM or SET lists a value twice"
	case errBadVariableValue:
		return "a variable cannot have this value"
	}
	if reason, ok := reasons[code]; ok {
		return reason
	}
	return fmt.Sprintf("server error %d", code)
}

var unknownCollation = regexp.MustCompile(`^Unknown collation: '(\w+)'`)

// refused makes an error of a statement that failed one that tells where, and shows no value.
func (d *dumpLoad) refused(ctx context.Context, s *mysqldump.Statement, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	e := &StatementError{Offset: s.Offset, Line: s.Line, Statement: s.Kind.String(), Name: s.Name}
	var server *mysql.MySQLError
	if !errors.As(err, &server) {
		e.Err = err
		return e
	}
	e.Code, e.Reason = server.Number, server.Message
	_, named := reasons[server.Number]
	switch {
	case s.Kind == mysqldump.Insert:
		l := &load{target: d.database, table: &snapshot.TableInfo{Name: s.Name}}
		row := rowOf(ctx, d.conn, server)
		data := dataError(l, server, namesOf(ctx, d.server, l))
		if data.Row == 0 {
			data.Row = row
		}
		e.Reason, e.Err = data.Reason, data
	case server.Number == errUnknownCollation:
		e.Reason = "unknown collation"
		if m := unknownCollation.FindStringSubmatch(server.Message); m != nil {
			e.Err = &CollationError{Unknown: m[1:], Object: strings.TrimSpace(s.Kind.String() + " " + ddl.ShownName(s.Name))}
		}
	case server.Number == errSyntax:
		e.Reason = syntaxReason(server.Message)
	case named, server.Number == errEnumTwice, server.Number == errBadVariableValue:
		e.Reason = reasonOf(server.Number)
	}
	return e
}
