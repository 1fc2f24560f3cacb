package annotations

import (
	"strings"
	"testing"
)

// TestUnreached: markup that applies to nothing says why. It is safe, since its columns stay undecided, but nobody could tell why
// marks that are there do not count.
func TestUnreached(t *testing.T) {
	const users = "CREATE TABLE users (name varchar(9))"
	limited := func(database, table string) func(t *testing.T) *Markup {
		return func(t *testing.T) *Markup {
			m := model(t, table, "name: username", "name")
			m.Tables[0].Position = Position{File: "models.py", Line: 7}
			if database != "" {
				m.SetDatabase(database)
			}
			return m
		}
	}
	schema := func(t *testing.T) *Markup { // as MetaData(schema='nova') says it
		m := limited("nova", "users")(t)
		m.Database = ""
		return m
	}
	written := func(text string) func(t *testing.T) *Markup {
		return func(t *testing.T) *Markup { return rules(t, text) }
	}
	const nova = "databases: {nova: {tables: {users: {columns: {name: username}}, gone: {rows: none}}}}"
	for name, test := range map[string]struct {
		dumped  string // the database of the dump's table
		markup  func(t *testing.T) *Markup
		want    string // the warnings
		decided bool
	}{
		"a database, and a dump that names none": {"", limited("nova", "users"), "models.py:1: markup for database nova applies to no table: the dump names no database; leave out nova= before the path, or make the dump with --databases", false},
		"a schema, and a dump that names none":   {"", schema, "models.py:1: markup for database nova applies to no table: the dump names no database; mark its tables in rules, under tables:, or make the dump with --databases", false},
		"rules, and a dump that names none":      {"", written(nova), "rules.yaml:1: markup for database nova applies to no table: the dump names no database; put it under tables:, or make the dump with --databases", false},
		"a database that is misspelt":            {"nova", limited("noav", "users"), "models.py:1: markup for database noav applies to no table: the dump has no such database; did you mean \"nova\"?", false},
		"rules of another database":              {"keystone", written(nova), "rules.yaml:1: markup for database nova applies to no table: the dump has no such database, only keystone", false},
		"models of another dump":                 {"", limited("", "people"), "models.py:1: the dump has none of the models' tables, so that their marks apply to nothing", false},
		"a pattern":                              {"", written("tables: {'*_audit': {rows: none, columns: {'*': redact}}}"), "rules.yaml:1: no pattern of these rules matches a table of the dump", false},
		"the database of the dump":               {"nova", limited("nova", "users"), "", true},
		"models of every database":               {"nova", limited("", "users"), "", true},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Resolve(dump(t, test.dumped, users), []*Markup{test.markup(t)}, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := r.Problems.Error(); got != test.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, test.want)
			}
			if decided := len(r.Undecided()) == 0; decided != test.decided {
				t.Errorf("decided: %v", decided)
			}
		})
	}
}

// TestUnreachedWithoutDump: rules may be for tables that models do not have, but rules of a database that the models do not name would be
// lost silently.
func TestUnreachedWithoutDump(t *testing.T) {
	users := model(t, "users", "{}", "name")
	for name, test := range map[string]struct{ rules, want string }{
		"of a database":      {"databases: {nova: {tables: {users: {columns: {name: username}}}}}", "rules.yaml:1: markup for database nova applies to no table: give the path of its models as nova=PATH"},
		"of another's table": {"databases: {keystone: {tables: {user: {columns: {name: username}}}}}", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := ResolveModels([]*Markup{users, rules(t, test.rules)}, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := r.Problems.Error(); got != test.want || strings.Contains(got, "did you mean") {
				t.Errorf("got:\n%s\nwant:\n%s", got, test.want)
			}
		})
	}
}
