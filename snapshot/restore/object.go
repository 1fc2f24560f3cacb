package restore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-sql-driver/mysql"

	"github.com/turbo-hipster/turbo-hipster/snapshot"
)

// ObjectError is the server's refusal to create an object.
type ObjectError struct {
	Object string // "view b"
	Code   uint16 // the server's error number
	Msg    string
}

// Error names the object and says what the server said.
func (e *ObjectError) Error() string {
	return fmt.Sprintf("create %s: %s (server error %d)", e.Object, e.Msg, e.Code)
}

func describe(o snapshot.Object) string {
	if o.Database == "" {
		return fmt.Sprintf("%s %q", o.Kind, o.Name)
	}
	return fmt.Sprintf("%s %q", o.Kind, o.Database+"."+o.Name)
}

// createObjects creates objects in order. Views that need what does not exist
// yet are put off and tried again, for as long as that helps.
func (r *run) createObjects(ctx context.Context, objects []snapshot.Object) error {
	for {
		var later []snapshot.Object
		var reason error
		for i, o := range objects {
			if o.Kind == snapshot.ObjectDatabase || o.Kind == snapshot.ObjectStandIn && replaced(o, objects[i:]) {
				continue
			}
			err := r.createObject(ctx, o)
			switch {
			case err == nil:
			case o.Kind == snapshot.ObjectView && needsMore(err):
				later = append(later, o)
				if reason == nil {
					reason = err
				}
			default:
				return err
			}
		}
		if len(later) == 0 || len(later) == len(objects) {
			return reason
		}
		objects = later
	}
}

// replaced reports whether one of the objects is the view that a stand-in stands
// for. Views are put off instead.
func replaced(standIn snapshot.Object, objects []snapshot.Object) bool {
	return slices.ContainsFunc(objects, func(o snapshot.Object) bool {
		return o.Kind == snapshot.ObjectView && o.Database == standIn.Database && o.Name == standIn.Name
	})
}

// needsMore reports whether a view was refused for something that is missing.
func needsMore(err error) bool {
	var refused *ObjectError
	return errors.As(err, &refused) &&
		slices.Contains([]uint16{errNoSuchTable, errNoSuchRoutine, errInvalidView}, refused.Code)
}

func (r *run) createObject(ctx context.Context, o snapshot.Object) error {
	db := r.server.DB(r.targets.of(o.Database))
	defer func() { _ = db.Close() }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("create %s: %w", describe(o), err)
	}
	defer func() { _ = conn.Close() }()
	text, err := r.textOf(ctx, conn, o)
	if err != nil {
		return fmt.Errorf("create %s: %w", describe(o), err)
	}
	back, err := r.lendCollation(ctx, conn, o)
	if err != nil {
		return objectError(ctx, o, err)
	}
	for _, stmt := range append(r.session(o), text) {
		if _, err := conn.ExecContext(ctx, stmt); err != nil {
			return objectError(ctx, o, err)
		}
	}
	if err := r.noteWarnings(ctx, conn, o); err != nil {
		return err
	}
	if back != "" {
		if _, err := conn.ExecContext(ctx, back); err != nil {
			return objectError(ctx, o, err)
		}
	}
	return nil
}

// lendCollation gives the database the collation that it had when the object was
// created, which the object remembers, and returns the statement that undoes it;
// "" when there is nothing to undo.
func (r *run) lendCollation(ctx context.Context, conn *sql.Conn, o snapshot.Object) (back string, err error) {
	wanted := r.mapName(o.DatabaseCollation)
	if wanted == "" {
		return "", nil
	}
	var has string
	if err := conn.QueryRowContext(ctx, "SELECT @@collation_database").Scan(&has); err != nil {
		return "", err
	}
	if strings.EqualFold(has, wanted) {
		return "", nil
	}
	alter := "ALTER DATABASE " + ddlName(r.targets.of(o.Database)) + " COLLATE = "
	_, err = conn.ExecContext(ctx, alter+ddlName(wanted))
	return alter + ddlName(has), err
}

// session returns the statements that set an object's session up.
func (r *run) session(o snapshot.Object) []string {
	mode := o.SQLMode
	if o.Kind == snapshot.ObjectTable {
		// A table in another engine than its own would be another table.
		mode = strings.TrimPrefix(mode+",NO_ENGINE_SUBSTITUTION", ",")
	}
	out := []string{"SET foreign_key_checks = 0, unique_checks = 0, sql_mode = " + literal(mode)}
	if o.TimeZone != "" {
		out = append(out, "SET time_zone = "+literal(o.TimeZone))
	}
	if o.CollationConnection != "" {
		out = append(out, "SET collation_connection = "+literal(r.mapName(o.CollationConnection)))
	}
	if o.CharacterSetClient != "" {
		// The last one: from here on the server reads our text so.
		out = append(out, "SET character_set_client = "+literal(o.CharacterSetClient))
	}
	return out
}

// literal quotes a setting so that every sql_mode reads it alike.
func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// textOf returns an object's statement in the character set of its session. A
// snapshot's text is UTF-8, and a program remembers the character set that its
// client spoke.
func (r *run) textOf(ctx context.Context, conn *sql.Conn, o snapshot.Object) (string, error) {
	text := r.mapped(o.SQL, o.SQLMode)
	charset := strings.ToLower(o.CharacterSetClient)
	if slices.Contains([]string{"", "utf8", "utf8mb3", "utf8mb4", "binary"}, charset) || ascii(text) {
		return text, nil
	}
	var same bool
	var converted []byte
	query := fmt.Sprintf("SELECT CAST(CONVERT(t USING %s) AS BINARY), CAST(CONVERT(CONVERT(t USING %[1]s) USING utf8mb4) AS BINARY) = CAST(t AS BINARY) FROM (SELECT CONVERT(X'%X' USING utf8mb4) AS t) AS one",
		ddlName(charset), text)
	if err := conn.QueryRowContext(ctx, query).Scan(&converted, &same); err != nil {
		return "", fmt.Errorf("convert to character set %s: %w", charset, err)
	}
	if !same {
		return "", fmt.Errorf("text does not fit in character set %s", charset)
	}
	return string(converted), nil
}

// noteWarnings keeps what the server says about an event that it changed or did
// not keep because its time has passed.
func (r *run) noteWarnings(ctx context.Context, conn *sql.Conn, o snapshot.Object) error {
	if o.Kind != snapshot.ObjectEvent {
		return nil
	}
	w, err := warnings(ctx, conn)
	if err != nil {
		return fmt.Errorf("create %s: %w", describe(o), err)
	}
	for _, warning := range w {
		switch warning.Number {
		case errEventDropped:
			r.note(describe(o) + ": its time has passed, and the server did not keep it")
		case errEventDisabled:
			r.note(describe(o) + ": its time has passed, and the server disabled it")
		}
	}
	return nil
}

// objectError tells what is wrong with a definition. The server's message may be
// shown, since it is about a definition, but not the piece of it that a syntax
// error quotes.
func objectError(ctx context.Context, o snapshot.Object, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("create %s: %w", describe(o), context.Cause(ctx))
	}
	var refused *mysql.MySQLError
	if !errors.As(err, &refused) {
		return fmt.Errorf("create %s: %w", describe(o), err)
	}
	e := &ObjectError{Object: describe(o), Code: refused.Number, Msg: refused.Message}
	if reason, ok := reasons[refused.Number]; ok {
		e.Msg = reason
	}
	if refused.Number == errSyntax {
		e.Msg = syntaxReason(refused.Message)
	}
	return e
}

// syntaxReason is what may be shown of the server's message about a syntax error: the line, and no text.
func syntaxReason(message string) string {
	if i := strings.LastIndex(message, " at line "); i >= 0 {
		return "syntax error" + message[i:]
	}
	return "syntax error"
}

func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}
