package restore

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
)

// statement carries one statement of the dump out, or leaves it out where that is
// what the package's documentation says.
func (d *dumpLoad) statement(ctx context.Context, s *mysqldump.Statement) error {
	switch s.Kind {
	case mysqldump.Comment, mysqldump.Sandbox, mysqldump.Delimiter, mysqldump.Replication:
		return nil
	case mysqldump.Use:
		return d.from(s, s.Name)
	case mysqldump.CreateDatabase:
		return d.createDatabase(ctx, s)
	case mysqldump.AlterDatabase:
		return d.alterDatabase(ctx, s)
	case mysqldump.Insert:
		return d.insertRows(ctx, s)
	case mysqldump.CreateTable:
		return d.createTable(ctx, s)
	case mysqldump.Drop:
		if secondWord(s).IsOneOf("DATABASE", "SCHEMA") {
			return d.from(s, s.Name)
		}
		delete(d.tables, s.Name)
	case mysqldump.Maintenance:
		if lex := ddl.NewLexer(s.SQL, s.Session.Mode()); !lex.Next().Is("ANALYZE") {
			return nil
		}
	case mysqldump.Set:
		if setsTheServer(s) {
			return nil
		}
	default:
	}
	_, err := d.run(ctx, s, d.text(s))
	return err
}

// text is a statement's text as it is run: without DEFINER, with the collations
// that the caller wants.
func (d *dumpLoad) text(s *mysqldump.Statement) string {
	mode := s.Session.Mode()
	switch s.Kind {
	case mysqldump.CreateView, mysqldump.CreateTrigger, mysqldump.CreateRoutine, mysqldump.CreateEvent:
		return MapCollations(string(ddl.StripDefiner(s.SQL, mode)), mode, d.collations)
	case mysqldump.CreateTable, mysqldump.CreateDatabase, mysqldump.AlterDatabase:
		return MapCollations(string(s.SQL), mode, d.collations)
	case mysqldump.Set:
		return d.mappedConnection(MapCollations(string(s.SQL), mode, d.collations), mode)
	default:
		return string(s.SQL)
	}
}

// mappedConnection applies the caller's mapping to SET collation_connection.
func (d *dumpLoad) mappedConnection(text string, mode ddl.Mode) string {
	if len(d.collations) == 0 {
		return text
	}
	lex := ddl.NewLexer([]byte(text), mode)
	for t := lex.Next(); t.Kind != ddl.EOF && t.Kind != ddl.Bad; t = lex.Next() {
		if !t.Is("COLLATION_CONNECTION") {
			continue
		}
		if t = lex.Next(); !t.IsPunct('=') {
			continue
		}
		t = lex.Next()
		if to, ok := d.collations[strings.ToLower(strings.Trim(t.Name(), `'"`))]; ok {
			return text[:t.Start] + ddlName(to) + text[t.End:]
		}
	}
	return text
}

// from notes what the dump calls its database. It can be of one only, since it
// goes into one.
func (d *dumpLoad) from(s *mysqldump.Statement, name string) error {
	if d.source == "" {
		d.source = name
	}
	if d.source != name {
		return &StatementError{
			Offset: s.Offset, Line: s.Line, Statement: s.Kind.String(),
			Err: &SeveralDatabasesError{First: d.source, Second: name},
		}
	}
	return nil
}

// createDatabase gives our database the defaults that the dump's has.
func (d *dumpLoad) createDatabase(ctx context.Context, s *mysqldump.Statement) error {
	if err := d.from(s, s.Name); err != nil {
		return err
	}
	charset, collation := defaultsOf(d.text(s))
	d.told = charset != "" || collation != ""
	return d.setDefaults(ctx, s, charset, collation)
}

func (d *dumpLoad) setDefaults(ctx context.Context, s *mysqldump.Statement, charset, collation string) error {
	alter := "ALTER DATABASE " + ddlName(d.database)
	if charset != "" {
		alter += " CHARACTER SET " + ddlName(charset)
	}
	if collation != "" {
		alter += " COLLATE " + ddlName(collation)
	}
	if charset == "" && collation == "" {
		return nil
	}
	_, err := d.run(ctx, s, alter)
	return err
}

// alterDatabase runs ALTER DATABASE on our database: dumps have it around stored objects that were created when the database
// had another collation, which they remember. The last one sets back what the database itself has.
func (d *dumpLoad) alterDatabase(ctx context.Context, s *mysqldump.Statement) error {
	if err := d.from(s, s.Name); err != nil {
		return err
	}
	d.told = true
	text := d.text(s)
	lex := ddl.NewLexer([]byte(text), s.Session.Mode())
	lex.Next() // ALTER
	lex.Next() // DATABASE
	name := lex.Next()
	_, err := d.run(ctx, s, text[:name.Start]+ddlName(d.database)+text[name.End:])
	return err
}

// createTable creates a table and, as long as the dump has not said what they are, gives the database the defaults that most
// tables have.
func (d *dumpLoad) createTable(ctx context.Context, s *mysqldump.Statement) error {
	delete(d.tables, s.Name)
	if err := d.define(ctx, s); err != nil || s.StandIn || s.Table == nil {
		return err
	}
	delete(d.withAddresses, s.Name)
	if slices.ContainsFunc(s.Table.Columns, func(c ddl.Column) bool { return mysqldump.IsAddress(c.Type) }) {
		d.withAddresses[s.Name] = s.Table
	}
	collation := s.Table.Collation
	if to, ok := d.collations[strings.ToLower(collation)]; ok {
		collation = to
	}
	if d.told || !d.defaults.add(s.Table.Charset, collation) {
		return nil
	}
	return d.setDefaults(ctx, s, d.defaults.best.charset, d.defaults.best.collation)
}

// define runs a CREATE TABLE, with what must stand around it, and notes what the server says.
func (d *dumpLoad) define(ctx context.Context, s *mysqldump.Statement) error {
	before, after := mysqldump.AroundDefinition(s)
	if before != "" {
		if _, err := d.run(ctx, s, before); err != nil {
			return err
		}
	}
	if _, err := d.run(ctx, s, d.text(s)); err != nil {
		return err
	}
	if !s.StandIn && s.Table != nil {
		if err := d.noteEngine(ctx, s); err != nil {
			return err
		}
	}
	if after == "" {
		return nil
	}
	_, err := d.run(ctx, s, after)
	return err
}

// addresses returns the types of the values of an INSERT's rows where a server would not take the text of a UUID, INET4 or INET6 among
// them for what it is, else nil.
func (d *dumpLoad) addresses(s *mysqldump.Statement) []ddl.Type {
	table := d.withAddresses[s.Name]
	if table == nil || !s.Session.Binary() {
		return nil
	}
	types := []ddl.Type{}
	for _, name := range s.Columns {
		var t ddl.Type // of a column that the server will not find
		if i := table.ColumnIndex(name); i >= 0 {
			t = table.Columns[i].Type
		}
		types = append(types, t)
	}
	for _, c := range table.Columns {
		if s.Columns == nil && !c.Invisible {
			types = append(types, c.Type)
		}
	}
	return types
}

// errOtherEngine is the number of the server's warning that a table has another
// engine than the definition asks for.
const errOtherEngine = 1266

// noteEngine keeps the server's warning about a table that it created in another engine, which the sql_mode of dumps lets it do.
func (d *dumpLoad) noteEngine(ctx context.Context, s *mysqldump.Statement) error {
	var count int64
	if err := d.conn.QueryRowContext(ctx, "SELECT @@warning_count").Scan(&count); err != nil || count == 0 {
		return err
	}
	list, err := warnings(ctx, d.conn)
	if err != nil {
		return err
	}
	for _, w := range list {
		if w.Number == errOtherEngine {
			d.result.Notes = append(d.result.Notes, fmt.Sprintf("table %q: the server lacks its storage engine and took another", s.Name))
		}
	}
	return nil
}

// sum completes the result.
func (d *dumpLoad) sum(ctx context.Context) error {
	d.result.Digest, d.result.Bytes = d.stored.digest(), d.stored.bytes
	db := d.server.DB(d.database) // not the dump's session, which may speak any character set
	defer func() { _ = db.Close() }()
	for _, name := range slices.Sorted(maps.Keys(d.tables)) {
		l := d.tables[name]
		if l.inexact {
			if err := db.QueryRowContext(ctx, "SELECT COUNT(*) FROM "+ddlName(name)).Scan(&l.rows); err != nil {
				return fmt.Errorf("count rows of table %q: %w", name, err)
			}
		}
		d.result.Rows += l.rows
		if l.warnings > 0 {
			d.result.Notes = append(d.result.Notes, fmt.Sprintf("table %q: %d warnings of the server while rows were loaded, which may have changed them; the first: %s",
				name, l.warnings, reasonOf(l.warning)))
		}
	}
	err := db.QueryRowContext(ctx,
		"SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')").
		Scan(&d.result.Tables)
	if err != nil {
		return fmt.Errorf("count tables: %w", err)
	}
	return nil
}

// secondWord is the second token of a statement: what is created or dropped.
func secondWord(s *mysqldump.Statement) ddl.Token {
	lex := ddl.NewLexer(s.SQL, s.Session.Mode())
	lex.Next()
	return lex.Next()
}

// setsTheServer reports whether a SET changes nothing but the server's global variables, which a dump has no business with, or
// the binary log, which there is none of. Dumps of MySQL 8 and of servers with GTIDs have such.
func setsTheServer(s *mysqldump.Statement) bool {
	lex := ddl.NewLexer(s.SQL, s.Session.Mode())
	lex.Next() // SET
	depth, target, found := 0, true, false
	for t := lex.Next(); t.Kind != ddl.EOF && t.Kind != ddl.Bad; t = lex.Next() {
		switch {
		case t.IsPunct('('):
			depth++
		case t.IsPunct(')'):
			depth--
		case t.IsPunct(',') && depth == 0:
			target = true
			continue
		}
		if !target {
			continue
		}
		if t.IsOneOf("SESSION", "LOCAL") {
			continue
		}
		if !ofTheServer(t) {
			return false
		}
		target, found = false, true
	}
	return found
}

func ofTheServer(t ddl.Token) bool {
	name := strings.ToLower(string(t.Text))
	if t.Kind != ddl.Variable {
		return t.IsOneOf("GLOBAL", "PERSIST", "PERSIST_ONLY", "SQL_LOG_BIN")
	}
	name, system := strings.CutPrefix(name, "@@")
	scope, variable, scoped := strings.Cut(name, ".")
	if !scoped {
		scope, variable = "session", name
	}
	return system && (slices.Contains([]string{"global", "persist", "persist_only"}, scope) || variable == "sql_log_bin")
}
