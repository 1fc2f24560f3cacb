package annotations

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadRulesReportsEveryMistake(t *testing.T) {
	_, err := ReadRules("r.yaml", []byte(unindent(`
		tables:
		  a:
		    row: none
		    columns:
		      x: emial
		      X: email
		      y: {kind: email, domian: d}
		      z:
		      n: 12
		      o: {kind: public, override: true}
		      p: {kind: constant}
		      q: {kind: email, value: v}
		      r: [{when: a = 1, kind: email}]
		      s: {kind: json, paths: {owner: email}}
		      t: [{when: a LIKE b, kind: email}, {kind: string, format: 3}]
		  b: {rows: 2}
		  b: {rows: {where: a, keep: none}}
		  c: [1]
		tabels: {}
	`)))
	want := strings.Join([]string{
		`r.yaml:3: unknown key "row" of a table; did you mean "rows"?`,
		`r.yaml:5: unknown kind "emial"; did you mean "email"?`,
		`r.yaml:6: "X" is given twice, first at line 5`,
		`r.yaml:7: unknown option "domian"; did you mean "domain"?`,
		`r.yaml:8: no kind is filled in`,
		`r.yaml:9: a treatment must be a kind, a mapping or a list, not a number`,
		`r.yaml:10: override needs a reason`,
		`r.yaml:11: kind constant, and no other, takes the option value`,
		`r.yaml:12: kind constant, and no other, takes the option value`,
		`r.yaml:13: the last treatment of a list must have no condition: it is for every other row`,
		`r.yaml:14: a JSON path begins with $`,
		`r.yaml:15: condition is not understood: LIKE wants text in quotes`,
		`r.yaml:15: option format must be a mapping, not a number`,
		`r.yaml:16: rows must be none, all, a fraction between 0 and 1, or a mapping with where`,
		`r.yaml:17: "b" is given twice, first at line 16`,
		`r.yaml:17: rows need exactly one of where and keep`,
		`r.yaml:18: a table must be a mapping, not a list`,
		`r.yaml:19: unknown key "tabels" of the file; did you mean "tables"?`,
	}, "\n")
	if err == nil {
		t.Fatal("no error")
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s", diff)
	}
}

func TestReadRulesForms(t *testing.T) {
	m := rules(t, unindent(`
		tables:
		  a: &a
		    rows: 0.25
		    columns:
		      token: null
		      "on": {kind: constant, value: 5}
		      j: {kind: json, paths: {"$.a": email, "$.b": {kind: uuid, domain: d}}}
		      v:
		        - {when: k = 1, kind: email}
		        - string
		  b: *a
	`))
	var got []string
	for _, mark := range m.Marks {
		got = append(got, mark.Table+"."+mark.Column+" "+mark.Spec.describe())
	}
	want := []string{
		"a.token null", `a.on constant value="5"`, "a.j json $.a=email $.b=uuid(domain=d)", "a.v conditions",
		"b.token null", `b.on constant value="5"`, "b.j json $.a=email $.b=uuid(domain=d)", "b.v conditions",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("marks (-want +got):\n%s", diff)
	}
	if c := m.Marks[3].Spec.Cases; len(c) != 2 || c[0].When != "k = 1" || c[1].Treatment.Kind != "string" {
		t.Errorf("cases: %+v", c)
	}
	if len(m.Rows) != 2 || m.Rows[0].Spec.Fraction != 0.25 {
		t.Errorf("rows: %+v", m.Rows)
	}
}

func TestReadRulesRefusesOtherText(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"not YAML":        {"tables: [", "r.yaml:1: not YAML: "},
		"two documents":   {"tables: {}\n---\ntables: {}\n", "a second document"},
		"merge keys":      {"tables: {a: {<<: {rows: none}}}", "r.yaml:1: merge keys are not read"},
		"tags":            {"tables: {a: {rows: !!str none}}", "this kind of YAML is not read"},
		"endless aliases": {"tables: &t {a: *t}", "r.yaml:1: rules nest too deep"},
		// The parser's memory grows with the square of the depth: these took tens of gigabytes.
		"brackets": {"\ntables: " + strings.Repeat("[", 200_000), "r.yaml:2: brackets nest more than 64 deep"},
		"words":    {"tables: [" + strings.Repeat("a, ", 300_000) + "]", "r.yaml: more than 500000 words and signs; split the file"},
		"a blank reason": {
			"tables: {a: {columns: {x: {kind: public, override: true, reason: ' '}}}}", "r.yaml:1: reason must be text that is not empty",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := ReadRules("r.yaml", []byte(test.text)); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
	if m, err := ReadRules("r.yaml", []byte("\ufefftables: {a: {columns: {x: email}}}")); err != nil || len(m.Marks) != 1 {
		t.Errorf("a file with a byte order mark: %v", err)
	}
	if m, err := ReadRules("r.yaml", nil); err != nil || len(m.Marks) != 0 {
		t.Errorf("an empty file: %v", err)
	}
}

func TestStub(t *testing.T) {
	tables := dump(t, "", usersAndPosts+"\n\nCREATE TABLE `odd name` (`null` enum('a','b'), `x: y` decimal(10,2))")
	r, err := Resolve(tables, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := r.WriteStub(&b); err != nil {
		t.Fatal(err)
	}
	want := unindent(`
		tables:
		  users:
		    columns:
		      name:  # varchar(80)
		      email:  # varchar(255)
		  posts:
		    columns:
		      # author: follows users.email
		      body:  # text
		  "odd name":
		    columns:
		      "null":  # enum(2 members)
		      "x: y":  # decimal(10,2)
	`)
	_, body, _ := strings.Cut(b.String(), "tables:")
	_, body, _ = strings.Cut(body, "\n  users")
	if diff := cmp.Diff(want, "tables:\n  users"+body); diff != "" {
		t.Errorf("stub (-want +got):\n%s", diff)
	}
	_, err = ReadRules("stub.yaml", []byte(b.String()))
	if err == nil || strings.Count(err.Error(), "no kind is filled in") != 5 {
		t.Errorf("a stub that is not filled in: %v", err)
	}
	filled := strings.ReplaceAll(b.String(), ":  #", ": redact  #")
	r, err = Resolve(tables, []*Markup{rules(t, filled)}, Options{})
	if err != nil || len(r.Undecided()) != 0 {
		t.Errorf("filled in, %d columns are undecided (error %v)", len(r.Undecided()), err)
	}
}

func TestStubOfSeveralDatabases(t *testing.T) {
	tables := append(dump(t, "n", "CREATE TABLE a (x varchar(9))"), dump(t, "k", "CREATE TABLE a (x varchar(9))")...)
	r, err := Resolve(tables, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := r.WriteStub(&b); err != nil {
		t.Fatal(err)
	}
	r, err = Resolve(tables, []*Markup{rules(t, strings.ReplaceAll(b.String(), ":  #", ": redact  #"))}, Options{})
	if err != nil || len(r.Undecided()) != 0 {
		t.Errorf("filled in, %d columns are undecided (error %v):\n%s", len(r.Undecided()), err, b.String())
	}
}

func TestMatches(t *testing.T) {
	for _, test := range []struct {
		pattern, name string
		want          bool
	}{
		{"*", "", true},
		{"*", "a", true},
		{"a*", "b", false},
		{"*_log", "a_log", true},
		{"*_log", "_logs", false},
		{"a?c", "abc", true},
		{"a?c", "ac", false},
		{"*a*b*", "xxaxxbxx", true},
		{"*ab", "aab", true},
		{"", "", true},
		{"", "a", false},
	} {
		if got := matches(test.pattern, test.name); got != test.want {
			t.Errorf("matches(%q, %q) = %v", test.pattern, test.name, got)
		}
	}
}

// FuzzRules: rules never panic, and what is read has positions and kinds.
func FuzzRules(f *testing.F) {
	for _, seed := range []string{
		"tables:\n  a: {rows: none, columns: {x: email}}\n",
		"databases: {d: {tables: {a: {columns: {'*': [{when: a, kind: null}, string]}}}}}",
		"tables: &a {b: *a}", "<<: {}", "tables: {a: {columns: {x: {kind: json, paths: {$.a: {kind: constant, value: 1}}}}}}", "a: !!x\n", "- ", "? :", "tables: {a: {columns: {x: ~}}}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ReadRules("r.yaml", []byte(text))
		if err != nil {
			return
		}
		for _, mark := range m.Marks {
			if mark.Position.Line == 0 || mark.Spec.describe() == "" {
				t.Errorf("mark without position or kind: %+v", mark)
			}
		}
		if _, err := ResolveModels([]*Markup{m}, Options{}); err != nil {
			_ = err.Error()
		}
	})
}

func TestRulesAcknowledge(t *testing.T) {
	m, err := ReadRules("rules.yaml", []byte("acknowledge:\n  v: only a status\n  t.c: product names\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []Acknowledgement{
		{Object: "v", Reason: "only a status", Position: Position{File: "rules.yaml", Line: 2}},
		{Object: "t.c", Reason: "product names", Position: Position{File: "rules.yaml", Line: 3}},
	}
	if !slices.Equal(m.Acknowledged, want) {
		t.Errorf("acknowledged %+v, want %+v", m.Acknowledged, want)
	}
	for _, without := range []string{"acknowledge: {v: }", "acknowledge: {v: ' '}", "acknowledge: [v]"} {
		if _, err := ReadRules("rules.yaml", []byte(without)); err == nil {
			t.Errorf("%q was taken without a reason", without)
		}
	}
}

// A rule without a database holds for every database: a stub for one of several must name it.
func TestStubNamesTheDatabaseOfADumpOfSeveral(t *testing.T) {
	sql := "CREATE TABLE user (id int AUTO_INCREMENT PRIMARY KEY, name varchar(9))"
	tables := append(dump(t, "ks", sql), dump(t, "nova", sql)...)
	m := model(t, "user", "name: username", "name")
	m.SetDatabase("ks")
	r, err := Resolve(tables, []*Markup{m}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := r.WriteStub(&b); err != nil {
		t.Fatal(err)
	}
	want := "databases:\n  nova:\n    tables:\n      user:\n        columns:\n          name:"
	if !strings.Contains(b.String(), want) {
		t.Errorf("stub does not name its database:\n%s", b.String())
	}
}

func TestRulesForColumnsThatOnlyTheDumpHas(t *testing.T) {
	r, err := ResolveModels([]*Markup{
		model(t, "a", "x: email", "x"), rules(t, "tables: {a: {columns: {since: public}}}"),
	}, Options{})
	if err != nil {
		t.Fatalf("rules that a dump may need were refused: %v", err)
	}
	if len(r.Problems) != 1 || r.Problems[0].Severity != Warning {
		t.Errorf("problems %v, want one warning", r.Problems)
	}
}
