package scrub

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/snapshot"
	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
	"github.com/turbo-hipster/turbo-hipster/snapshot/mydumper"
	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
)

// Definition is a table of the dump.
type Definition struct {
	Database string // "" when the dump names none
	Table    *ddl.Table
	SQL      string // the CREATE TABLE statement, in UTF-8
	Mode     ddl.Mode
}

// StoredObject is a view, trigger, routine or event of the dump whose body holds string literals.
type StoredObject struct {
	Kind           string // "view", "trigger", "routine", "event"
	Database, Name string
}

// Survey is what a dump holds besides its rows.
type Survey struct {
	// Format is what wrote the dump: "mysqldump", "mariadb-dump", "mydumper", or "sql" when that is not known.
	Format string
	Header mysqldump.Header
	Tables []Definition
	// WithLiterals are the stored objects with a string literal in their body, where a person's data may stand.
	WithLiterals []StoredObject
	// Charset is the character set the dump's text is in, TimeZone the one its TIMESTAMPs are in.
	Charset, TimeZone string

	rows    map[mydumper.Table]int64
	byTable map[[2]string]int // where in Tables, by database and name
}

// ReadSurvey reads the definitions of a dump and checks that the dump is whole, by the numbers of
// rows too where the source knows them. progress, which may be nil, is told the
// number of bytes read of the stored form. Errors are *mysqldump.SyntaxError, or the source's.
func ReadSurvey(ctx context.Context, src Source, progress func(bytes int64)) (*Survey, error) {
	text, read, err := src.Open()
	if err != nil {
		return nil, err
	}
	defer text.Close()
	r := mysqldump.NewReader(text)
	s := &Survey{rows: map[mydumper.Table]int64{}}
	for {
		if err := ctx.Err(); err != nil {
			return nil, context.Cause(ctx)
		}
		if progress != nil {
			progress(read.Load())
		}
		st, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = s.note(st)
		}
		if err != nil {
			return nil, InFile(text, err)
		}
	}
	if known, ok := src.(interface {
		CheckRows(read map[mydumper.Table]int64) error
	}); ok {
		if err := known.CheckRows(s.rows); err != nil {
			return nil, err
		}
	}
	s.Header = r.Header()
	s.Format = formatOf(src, s.Header)
	return s, nil
}

// formatOf says what wrote a dump: the source knows, or the dump's header.
func formatOf(src Source, h mysqldump.Header) string {
	if known, ok := src.(interface{ Format() string }); ok {
		return known.Format()
	}
	switch {
	case strings.HasPrefix(h.Tool, "MariaDB"):
		return "mariadb-dump"
	case h.Tool != "":
		return "mysqldump"
	}
	return "sql"
}

// note records what one statement defines.
func (s *Survey) note(st *mysqldump.Statement) error {
	switch st.Kind {
	case mysqldump.CreateTable:
		if !st.StandIn {
			return s.addTable(st)
		}
		s.noteLiterals(st, snapshot.ObjectView) // in whose place the table stands
	case mysqldump.CreateView, mysqldump.CreateTrigger, mysqldump.CreateRoutine, mysqldump.CreateEvent:
		s.noteLiterals(st, objectKinds[st.Kind])
	case mysqldump.Insert:
		return s.noteRows(st)
	case mysqldump.InsertEnd:
		s.rows[mydumper.Table{Database: st.Database, Name: st.Name}] += st.Rows
	case mysqldump.Set:
		if st.Odd != "" {
			return &mysqldump.SyntaxError{Offset: st.Offset, Line: st.Line, Statement: st.Kind.String(), Msg: st.Odd}
		}
	default:
	}
	return nil
}

func (s *Survey) noteLiterals(st *mysqldump.Statement, kind snapshot.ObjectKind) {
	if hasText(st) {
		s.WithLiterals = append(s.WithLiterals, StoredObject{Kind: string(kind), Database: st.Database, Name: st.Name})
	}
}

func (s *Survey) addTable(st *mysqldump.Statement) error {
	if s.Table(st.Database, st.Name) != nil {
		return &mysqldump.SyntaxError{
			Offset: st.Offset, Line: st.Line, Statement: st.Kind.String(), Table: st.Name,
			Msg: "the table is defined a second time; split the dump",
		}
	}
	sql, _ := st.Session.UTF8(st.SQL) // as the reader found it can be
	if s.byTable == nil {
		s.byTable = map[[2]string]int{}
	}
	s.byTable[[2]string{st.Database, st.Name}] = len(s.Tables)
	s.Tables = append(s.Tables, Definition{Database: st.Database, Table: st.Table, SQL: string(sql), Mode: st.Session.Mode()})
	return nil
}

// noteRows checks that rows belong to a table already defined and that one charset and time zone hold for all of them.
func (s *Survey) noteRows(st *mysqldump.Statement) error {
	fail := func(msg string) error {
		return &mysqldump.SyntaxError{Offset: st.Offset, Line: st.Line, Statement: st.Kind.String(), Table: st.Name, Msg: msg}
	}
	if s.Table(st.Database, st.Name) == nil {
		return fail("rows for a table whose definition was not seen; dump with definitions (without --no-create-info)")
	}
	if s.Charset == "" {
		s.Charset, s.TimeZone = st.Session.CharacterSetClient, st.Session.TimeZone
	}
	if s.Charset != st.Session.CharacterSetClient {
		return fail(fmt.Sprintf("the character set changes from %s to %s between rows; split the dump", s.Charset, st.Session.CharacterSetClient))
	}
	if s.TimeZone != st.Session.TimeZone {
		return fail("the time zone changes between rows; split the dump")
	}
	return nil
}

// Table returns a table of the survey, or nil.
func (s *Survey) Table(database, name string) *ddl.Table {
	if d := s.definition(database, name); d != nil {
		return d.Table
	}
	return nil
}

func (s *Survey) definition(database, name string) *Definition {
	if i, ok := s.byTable[[2]string{database, name}]; ok {
		return &s.Tables[i]
	}
	return nil
}

// hasText reports whether a statement holds a string or hexadecimal literal that is not empty.
func hasText(st *mysqldump.Statement) bool {
	sql := st.SQL
	if st.Kind == mysqldump.CreateEvent {
		sql = withoutSchedule(sql, st.Session.Mode())
	}
	return slices.ContainsFunc(ddl.Literals(sql, st.Session.Mode()), isText)
}

// withoutSchedule returns a CREATE EVENT without the times of its schedule, which every event has and which are nobody's data.
func withoutSchedule(sql []byte, m ddl.Mode) []byte {
	out := bytes.Clone(sql)
	lex := ddl.NewLexer(sql, m)
	for t := lex.Next(); t.Kind != ddl.EOF && !t.Is("DO"); t = lex.Next() {
		if !t.IsOneOf("AT", "STARTS", "ENDS") {
			continue
		}
		if time := lex.Next(); time.Kind == ddl.String && isTime(time.Unquote(m)) {
			copy(out[time.Start:time.End], bytes.Repeat([]byte{' '}, time.End-time.Start))
		}
	}
	return out
}

// isTime reports whether text has nothing but what dates and times are written with.
func isTime(text string) bool { return strings.Trim(text, "0123456789-:. ") == "" }
