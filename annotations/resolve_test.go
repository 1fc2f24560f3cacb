package annotations

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/anonymize"
)

const usersAndPosts = `
CREATE TABLE users (id int NOT NULL AUTO_INCREMENT, name varchar(80), email varchar(255), admin tinyint(1), PRIMARY KEY (id), UNIQUE KEY (email))

CREATE TABLE posts (id int NOT NULL AUTO_INCREMENT, author varchar(255), user_id int, body text, words int GENERATED ALWAYS AS (char_length(body)), PRIMARY KEY (id),
 CONSTRAINT posts_author FOREIGN KEY (author) REFERENCES users (email), CONSTRAINT posts_user FOREIGN KEY (user_id) REFERENCES users (id))`

func TestResolve(t *testing.T) {
	tests := map[string]struct {
		dump    string
		rules   string
		models  []*Markup
		options Options
		want    string
	}{
		"without markup only structure is public": {
			dump: usersAndPosts,
			want: `
				users.id public builtin: surrogate key
				users.name undecided
				users.email undecided
				users.admin public builtin: boolean
				posts.id public builtin: surrogate key
				posts.author undecided: follows users.email
				posts.user_id public inherited: foreign key to users.id
				posts.body undecided
				posts.words public builtin: generated column, never written
			`,
		},
		"a foreign key inherits the treatment, domain and position included": {
			dump:   usersAndPosts,
			models: []*Markup{model(t, "users", "email: {kind: email, domain: people}\n'*': public", "id", "name", "email", "admin")},
			rules:  "tables:\n  posts: {columns: {body: text}}",
			want: `
				users.id public builtin: surrogate key
				users.name public models models.py:2
				users.email treated email domain=people models models.py:1
				users.admin public models models.py:2
				posts.id public builtin: surrogate key
				posts.author treated email domain=people inherited models.py:1: foreign key to users.email
				posts.user_id public inherited: foreign key to users.id
				posts.body treated text rules rules.yaml:2
				posts.words public builtin: generated column, never written
			`,
		},
		"a model's * covers no column that the model does not declare": {
			dump:   "CREATE TABLE a (known varchar(9), added varchar(9))",
			models: []*Markup{model(t, "a", "'*': public", "known")},
			want: `
				a.known public models models.py:1
				a.added undecided
			`,
		},
		"rules go before models before comments": {
			dump: "CREATE TABLE a (x varchar(9) COMMENT 'confidential: email', y varchar(9) COMMENT 'free; Confidential: email', z varchar(9) COMMENT 'confidential: email')",
			models: []*Markup{
				model(t, "a", "x: hostname\ny: hostname", "x", "y"),
			},
			rules: "tables: {a: {columns: {x: {kind: string, reason: because}}}}",
			want: `
				a.x treated string rules rules.yaml:1: because
				a.y treated hostname models models.py:2
				a.z treated email ddl: comment of the column
			`,
		},
		"exact names go before patterns, patterns before *": {
			dump:  "CREATE TABLE a_log (user_ip varchar(9), peer_ip varchar(9), note varchar(9))",
			rules: "tables:\n  '*_log': {columns: {'*_ip': ip_address, user_ip: hostname, '*': redact}}\n  a_log: {columns: {User_IP: cidr}}",
			want: `
				a_log.user_ip treated cidr rules rules.yaml:3
				a_log.peer_ip treated ip_address rules rules.yaml:2
				a_log.note treated redact rules rules.yaml:2
			`,
		},
		"* that redacts replaces weaker marks of models, but leaves keys whole": {
			dump:   usersAndPosts,
			models: []*Markup{model(t, "users", "name: string\nemail: email", "id", "name", "email", "admin")},
			rules:  "tables: {'*': {columns: {'*': redact}}}",
			want: `
				users.id public builtin: surrogate key
				users.name treated redact rules rules.yaml:1
				users.email treated redact rules rules.yaml:1
				users.admin treated redact rules rules.yaml:1
				posts.id public builtin: surrogate key
				posts.author treated redact inherited rules.yaml:1: foreign key to users.email
				posts.user_id public inherited: foreign key to users.id
				posts.body treated redact rules rules.yaml:1
				posts.words public builtin: generated column, never written
			`,
		},
		"* public in rules leaves the model's marks alone": {
			dump:   "CREATE TABLE a (x varchar(9), y varchar(9))",
			models: []*Markup{model(t, "a", "x: hostname", "x", "y")},
			rules:  "tables: {a: {columns: {'*': public}}}",
			want: `
				a.x treated hostname models models.py:1
				a.y public rules rules.yaml:1
			`,
		},
		"override and a reason weaken a model": {
			dump:   "CREATE TABLE a (x varchar(9))",
			models: []*Markup{model(t, "a", "x: hostname", "x")},
			rules:  "tables: {a: {columns: {x: {kind: public, override: true, reason: product names}}}}",
			want:   "a.x public rules rules.yaml:1: product names\n",
		},
		"shadow tables take the markup of what they shadow": {
			dump:   "CREATE TABLE a (id int NOT NULL, x varchar(9), PRIMARY KEY (id))\n\nCREATE TABLE shadow_a (id int NOT NULL, x varchar(9), y varchar(9), PRIMARY KEY (id))",
			models: []*Markup{model(t, "a", "x: hostname\n__rows__: all", "id", "x")},
			want: `
				a. rows all models models.py:2
				a.id public builtin: surrogate key
				a.x treated hostname models models.py:1
				shadow_a. rows all models models.py:2
				shadow_a.id public builtin: surrogate key
				shadow_a.x treated hostname models models.py:1: as a.x
				shadow_a.y undecided
			`,
		},
		// Nova's shadow_migrate_version is no table of sqlalchemy-migrate: nobody said what stands in it.
		"what is public without markup is not so in a shadow table": {
			dump: "CREATE TABLE migrate_version (repository_id varchar(250) NOT NULL, version int, PRIMARY KEY (repository_id))\n\n" +
				"CREATE TABLE shadow_migrate_version (repository_id varchar(250) NOT NULL, version int, PRIMARY KEY (repository_id))\n\n" +
				"CREATE TABLE a (id int NOT NULL, b tinyint(1), PRIMARY KEY (id))\n\nCREATE TABLE shadow_a (id int, b varchar(9))\n\n" +
				"CREATE TABLE c (id int NOT NULL, PRIMARY KEY (id))\n\nCREATE TABLE shadow_c (id varchar(9))",
			want: `
				migrate_version.repository_id public builtin: bookkeeping table
				migrate_version.version public builtin: bookkeeping table
				shadow_migrate_version.repository_id undecided
				shadow_migrate_version.version undecided
				a.id public builtin: surrogate key
				a.b public builtin: boolean
				shadow_a.id public builtin: as a.id
				shadow_a.b undecided
				c.id public builtin: surrogate key
				shadow_c.id undecided
			`,
		},
		"a shadow table takes markup of a bookkeeping table": {
			dump:  "CREATE TABLE schema_version (script varchar(9))\n\nCREATE TABLE shadow_schema_version (script varchar(9))",
			rules: "tables: {schema_version: {columns: {script: pathname}}}",
			want: `
				schema_version.script treated pathname rules rules.yaml:1
				shadow_schema_version.script treated pathname rules rules.yaml:1: as schema_version.script
			`,
		},
		"tables without rows need no decisions": {
			dump:  "CREATE TABLE django_session (session_key varchar(9), data text)",
			rules: "tables: {django_session: {rows: none}}",
			want:  "django_session. rows none rules rules.yaml:1\n",
		},
		"bookkeeping is public, names of people in it are not": {
			dump: "CREATE TABLE migrate_version (repository_id varchar(250) NOT NULL, repository_path text, version int, PRIMARY KEY (repository_id))\n\n" +
				"CREATE TABLE flyway_schema_history (version varchar(50), installed_by varchar(100))",
			want: `
				migrate_version.repository_id public builtin: bookkeeping table
				migrate_version.repository_path public builtin: bookkeeping table
				migrate_version.version public builtin: bookkeeping table
				flyway_schema_history.version public builtin: bookkeeping table
				flyway_schema_history.installed_by undecided
			`,
		},
		"chains, self references and circles of foreign keys": {
			dump: "CREATE TABLE a (k varchar(9), parent varchar(9), b varchar(9), PRIMARY KEY (k), CONSTRAINT f1 FOREIGN KEY (parent) REFERENCES a (k), CONSTRAINT f2 FOREIGN KEY (b) REFERENCES b (k))\n\n" +
				"CREATE TABLE b (k varchar(9), PRIMARY KEY (k), CONSTRAINT f3 FOREIGN KEY (k) REFERENCES c (k))\n\n" +
				"CREATE TABLE c (k varchar(9), PRIMARY KEY (k), CONSTRAINT f4 FOREIGN KEY (k) REFERENCES b (k))",
			rules: "tables: {a: {columns: {k: uuid}}, c: {columns: {k: hexstring}}}",
			want: `
				a.k treated uuid rules rules.yaml:1
				a.parent treated uuid inherited rules.yaml:1: foreign key to a.k
				a.b treated hexstring inherited rules.yaml:1: foreign key to b.k
				b.k treated hexstring inherited rules.yaml:1: foreign key to c.k
				c.k treated hexstring rules rules.yaml:1
			`,
		},
		"a composite foreign key goes column by column": {
			dump: "CREATE TABLE a (x varchar(9), y varchar(9), PRIMARY KEY (x, y))\n\n" +
				"CREATE TABLE b (p varchar(9), q varchar(9), CONSTRAINT f FOREIGN KEY (p, q) REFERENCES a (x, y))",
			rules: "tables: {a: {columns: {x: uuid, y: public}}}",
			want: `
				a.x treated uuid rules rules.yaml:1
				a.y public rules rules.yaml:1
				b.p treated uuid inherited rules.yaml:1: foreign key to a.x
				b.q public inherited rules.yaml:1: foreign key to a.y
			`,
		},
		"undecided columns can be redacted, keys along with them": {
			dump:    "CREATE TABLE a (k varchar(9), PRIMARY KEY (k))\n\nCREATE TABLE b (k varchar(9), CONSTRAINT f FOREIGN KEY (k) REFERENCES a (k))",
			options: Options{Undecided: Redact},
			want: `
				a.k treated redact flag: nothing decided about it
				b.k treated redact inherited: foreign key to a.k
			`,
		},
		// The numbers are those of a.emp_no, whatever the key is called.
		"a key that refers to an undecided one is no surrogate": {
			dump: "CREATE TABLE a (emp_no int NOT NULL, PRIMARY KEY (emp_no))\n\n" +
				"CREATE TABLE b (id int NOT NULL, PRIMARY KEY (id), CONSTRAINT f FOREIGN KEY (id) REFERENCES a (emp_no))\n\n" +
				"CREATE TABLE c (id int NOT NULL, PRIMARY KEY (id), CONSTRAINT g FOREIGN KEY (id) REFERENCES b (id))",
			want: `
				a.emp_no undecided
				b.id undecided: follows a.emp_no
				c.id undecided: follows b.id
			`,
		},
		"surrogate keys in a circle": {
			dump: "CREATE TABLE a (id int NOT NULL, PRIMARY KEY (id), CONSTRAINT f FOREIGN KEY (id) REFERENCES b (id))\n\n" +
				"CREATE TABLE b (id int NOT NULL, PRIMARY KEY (id), CONSTRAINT g FOREIGN KEY (id) REFERENCES a (id))",
			want: `
				a.id public inherited: foreign key to b.id
				b.id public builtin: surrogate key
			`,
		},
		"natural keys are no surrogates": {
			dump: "CREATE TABLE a (emp_no int NOT NULL, PRIMARY KEY (emp_no))\n\nCREATE TABLE b (id varchar(36) NOT NULL, PRIMARY KEY (id))\n\nCREATE TABLE c (id int NOT NULL, n int NOT NULL, PRIMARY KEY (id, n))",
			want: `
				a.emp_no undecided
				b.id undecided
				c.id undecided
				c.n undecided
			`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			tables := dump(t, "", test.dump)
			markups := append([]*Markup{FromDDL(tables)}, test.models...)
			if test.rules != "" {
				markups = append(markups, rules(t, test.rules))
			}
			r, err := Resolve(tables, markups, test.options)
			if err != nil {
				t.Fatalf("resolve: %v", err)
			}
			if diff := cmp.Diff(unindent(test.want), lines(r.Entries)); diff != "" {
				t.Errorf("decisions (-want +got):\n%s", diff)
			}
			if len(r.Policy.Undecided()) != len(r.Undecided()) {
				t.Errorf("policy has %d undecided columns, the listing %d", len(r.Policy.Undecided()), len(r.Undecided()))
			}
		})
	}
}

func TestResolveRefuses(t *testing.T) {
	const table = "CREATE TABLE a (name varchar(9), x varchar(9), `key` varchar(9))"
	tests := map[string]struct {
		dump   string
		rules  []string
		models []*Markup
		want   []string
	}{
		"weakening without override": {
			dump: table, rules: []string{"tables: {a: {columns: {x: public}}}"},
			models: []*Markup{model(t, "a", "x: hostname", "x")},
			want:   []string{"rules.yaml:1: public weakens hostname of a.x, as models.py:1 says"},
		},
		"deterministic in place of random": {
			dump: table, rules: []string{"tables: {a: {columns: {x: string}}}"},
			models: []*Markup{model(t, "a", "x: secret", "x")},
			want:   []string{"string weakens secret of a.x"},
		},
		"two rules of one rank": {
			dump: table, rules: []string{"tables:\n  'a*': {columns: {x: uuid}}\n  '*a': {columns: {x: email}}"},
			want: []string{"rules.yaml:3: email for a.x disagrees with uuid at rules.yaml:2"},
		},
		"two models of one table": {
			dump:   table,
			models: []*Markup{model(t, "a", "x: uuid", "x"), model(t, "a", "\nx: email", "x")},
			want:   []string{"models.py:2: email for a.x disagrees with uuid at models.py:1"},
		},
		"unknown column": {
			dump: table, rules: []string{"tables:\n  a:\n    columns:\n      nam: name"},
			want: []string{`rules.yaml:4: table a has no column nam; did you mean "name"?`},
		},
		"attribute in place of the column": {
			dump:   table,
			models: []*Markup{model(t, "a", "_x: uuid", "x")},
			want:   []string{"models.py:1: table a has no column _x; attribute _x is column x"},
		},
		"a condition over no column": {
			dump:   table,
			models: []*Markup{model(t, "a", "x: [{when: \"kay = 'e'\", kind: email}, string]", "x")},
			want:   []string{`models.py:1: a condition names column kay, which table a does not have; did you mean "key"?`},
		},
		"rows by a condition over no column": {
			dump: table, rules: []string{"tables: {a: {rows: {where: deleted = 0}, columns: {'*': public}}}"},
			want: []string{"rules.yaml:1: a condition names column deleted, which table a does not have"},
		},
		"more rows than the model keeps": {
			dump: table, rules: []string{"tables: {a: {rows: all}}"},
			models: []*Markup{model(t, "a", "__rows__: none", "x")},
			want:   []string{"rows all weakens rows none of a"},
		},
		"the two ends of a foreign key differ": {
			dump:  "CREATE TABLE a (k varchar(9), PRIMARY KEY (k))\n\nCREATE TABLE b (k varchar(9), CONSTRAINT f FOREIGN KEY (k) REFERENCES a (k))",
			rules: []string{"tables:\n  a: {columns: {k: uuid}}\n  b: {columns: {k: public}}"},
			want:  []string{"rules.yaml:3: b.k is public (rules.yaml:3), but its foreign key refers to a.k, which is uuid (rules.yaml:2)"},
		},
		"misspelt markup in a comment": {
			dump: "CREATE TABLE a (x varchar(9) COMMENT 'confidental: email')",
			want: []string{`comment of column a.x: markup begins with "confidential:", this has almost that`},
		},
		"unknown kind in a comment": {
			dump: "CREATE TABLE a (x varchar(9) COMMENT 'confidential: emial')",
			want: []string{`comment of column a.x: unknown kind "emial"; did you mean "email"?`},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			tables := dump(t, "", test.dump)
			markups := append([]*Markup{FromDDL(tables)}, test.models...)
			for _, text := range test.rules {
				markups = append(markups, rules(t, text))
			}
			_, err := Resolve(tables, markups, Options{})
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error\n%v\nlacks %q", err, want)
				}
			}
		})
	}
}

func TestResolveWarns(t *testing.T) {
	tables := dump(t, "prod", "CREATE TABLE Users (name varchar(9))\n\nCREATE TABLE hosts (x varchar(9))")
	r, err := Resolve(tables, []*Markup{rules(t, "tables:\n  users: {columns: {name: string}}\n  hots: {columns: {x: string}}\n  'log_*': {columns: {x: string}}")}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := "rules.yaml:2: table users is taken for prod.Users, which differs in case\n" +
		"rules.yaml:3: no table hots; did you mean \"hosts\"?"
	if got := r.Problems.Error(); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	if got := r.Policy.Table("prod", "Users").Column("name").Treatment.Kind; got != "string" {
		t.Errorf("prod.Users.name is treated as %q", got)
	}
}

func TestResolveSeveralDatabases(t *testing.T) {
	tables := append(dump(t, "nova", "CREATE TABLE users (name varchar(9))"), dump(t, "keystone", "CREATE TABLE users (name varchar(9))")...)
	keystone := model(t, "users", "name: username", "name")
	keystone.SetDatabase("keystone")
	r, err := Resolve(tables, []*Markup{keystone, rules(t, "databases: {nova: {tables: {users: {columns: {name: {kind: public, reason: products}}}}}}")}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := "nova.users.name public rules rules.yaml:1: products\nkeystone.users.name treated username models models.py:1\n"
	if got := lines(r.Entries); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestKeepIsUnsafe(t *testing.T) {
	tables := dump(t, "", "CREATE TABLE a (x varchar(9))")
	r, err := Resolve(tables, nil, Options{Undecided: Keep})
	if err != nil || !r.Unsafe() || len(r.Undecided()) != 0 {
		t.Errorf("unsafe %v, undecided %v, error %v", r.Unsafe(), r.Undecided(), err)
	}
	r, err = Resolve(tables, []*Markup{rules(t, "tables: {a: {columns: {x: public}}}")}, Options{Undecided: Keep})
	if err != nil || r.Unsafe() {
		t.Errorf("nothing was undecided, yet unsafe %v (error %v)", r.Unsafe(), err)
	}
}

func TestResolveModels(t *testing.T) {
	m := &Markup{Source: Models, Tables: []ModelTable{
		{Name: "users", Columns: []ModelColumn{
			{Name: "id", PrimaryKey: true, Integer: true, AutoIncrement: true, TypeText: "Integer"}, {Name: "email", TypeText: "String(80)"}, {Name: "admin", Boolean: true},
		}},
		{Name: "posts", Columns: []ModelColumn{
			{Name: "user", ForeignKeys: []ModelReference{{Table: "users", Column: "email"}}}, {Name: "n", Integer: true},
		}},
	}, Marks: []Mark{{Table: "users", Column: "email", Spec: Spec{Treatment: rules(t, "tables: {a: {columns: {a: email}}}").Marks[0].Spec.Treatment}, Source: Models, Position: Position{File: "m.py", Line: 3}}}}
	r, err := ResolveModels([]*Markup{m}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := unindent(`
		users.id public builtin: surrogate key
		users.email treated email models m.py:3
		users.admin public builtin: boolean
		posts.user treated email inherited m.py:3: foreign key to users.email
		posts.n undecided
	`)
	if diff := cmp.Diff(want, lines(r.Entries)); diff != "" {
		t.Errorf("decisions (-want +got):\n%s", diff)
	}
}

// A generated column is public because nobody writes it; a column that copies its values is written.
func TestCopiesOfGeneratedColumnsAreUndecided(t *testing.T) {
	tables := dump(t, "", `
CREATE TABLE users (email varchar(9) COMMENT 'confidential: email', low varchar(9) AS (lower(email)) STORED UNIQUE)

CREATE TABLE orders (low varchar(9), FOREIGN KEY (low) REFERENCES users (low))

CREATE TABLE shadow_users (email varchar(9), low varchar(9))`)
	r, err := Resolve(tables, []*Markup{FromDDL(tables)}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range r.Undecided() {
		got = append(got, e.Table+"."+e.Column)
	}
	if diff := cmp.Diff([]string{"orders.low", "shadow_users.low"}, got); diff != "" {
		t.Errorf("undecided (-want +got):\n%s", diff)
	}
}

// TestResolveConditions: conditions, chosen rows and the options of kinds arrive in the policy as they were written.
func TestResolveConditions(t *testing.T) {
	tables := dump(t, "", "CREATE TABLE a (x varchar(9), `key` varchar(9), n int, deleted int)\n\nCREATE TABLE shadow_a (x varchar(9), `key` varchar(9), deleted int)\n\nCREATE TABLE b (n int)")
	m := model(t, "a", "x: [{when: \"`key` = 'e'\", kind: email}, {when: x IS NULL, kind: public}, string]\nkey: {kind: string, prefix: preserve}\n"+
		"n: {kind: integer, range: {min: 1, max: 9}}\ndeleted: public\n__rows__: {where: deleted = 0, children: drop}", "x", "key", "n", "deleted")
	r, err := Resolve(tables, []*Markup{m, rules(t, "tables: {b: {rows: {keep: 0.5, children: null}, columns: {n: {kind: digits, format: {first: 1}}}}}")}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := unindent(`
		a rows where deleted = 0, children drop models models.py:5
		a.x treated email when ` + "`key`" + ` = 'e'; public when x IS NULL; string models models.py:1
		a.key treated string prefix=preserve models models.py:2
		a.n treated integer range=1..9 models models.py:3
		a.deleted public models models.py:4
		shadow_a rows where deleted = 0, children drop models models.py:5
		shadow_a.x treated email when ` + "`key`" + ` = 'e'; public when x IS NULL; string models models.py:1: as a.x
		shadow_a.key treated string prefix=preserve models models.py:2: as a.key
		shadow_a.deleted public models models.py:4: as a.deleted
		b rows 0.5, children null rules rules.yaml:1
		b.n treated digits first=1 rules rules.yaml:1
	`)
	if diff := cmp.Diff(want, strings.ReplaceAll(lines(r.Entries), ". rows", " rows")); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	a := r.Policy.Table("", "a")
	if d := a.Column("x"); len(d.Cases) != 3 || d.Cases[0].When != "`key` = 'e'" || d.Cases[2].Treatment.Kind != "string" || d.Treatment.Kind != "" {
		t.Errorf("cases: %+v", d)
	}
	if a.Rows != anonymize.SomeRows || a.Where != "deleted = 0" || a.Children != anonymize.DropChildren || a.RowsPosition.Line != 5 {
		t.Errorf("rows: %+v", a)
	}
	if b := r.Policy.Table("", "b"); b.Fraction != 0.5 || b.Children != anonymize.NullChildren {
		t.Errorf("rows: %+v", b)
	}
}
