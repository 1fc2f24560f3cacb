package annotations

import (
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// dump parses CREATE TABLE statements, separated by empty lines; database names the one they are in.
func dump(t *testing.T, database, text string) []DumpTable {
	t.Helper()
	var tables []DumpTable
	for statement := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		table, err := ddl.ParseCreateTable([]byte(statement), ddl.Mode{})
		if err != nil {
			t.Fatalf("parse %s: %v", statement, err)
		}
		tables = append(tables, DumpTable{Database: database, Table: table})
	}
	return tables
}

func rules(t *testing.T, text string) *Markup {
	t.Helper()
	m, err := ReadRules("rules.yaml", []byte(text))
	if err != nil {
		t.Fatalf("read rules: %v", err)
	}
	return m
}

// model makes what a reader of models makes of a class with these columns; __confidential__ is written as YAML.
func model(t *testing.T, table, confidential string, columns ...string) *Markup {
	t.Helper()
	l, problems := parseYAML("models.py", []byte(confidential))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	marks, rows, problems := ReadConfidential(l)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	m := &Markup{Source: Models, Marks: marks, Rows: rows}
	for i := range m.Marks {
		m.Marks[i].Table = table
	}
	for i := range m.Rows {
		m.Rows[i].Table = table
	}
	mt := ModelTable{Name: table, Class: "C"}
	for _, c := range columns {
		mt.Columns = append(mt.Columns, ModelColumn{Name: c, Attribute: "_" + c})
	}
	m.Tables = []ModelTable{mt}
	return m
}

// lines writes entries as "table.column status kind options (origin position: reason)".
func lines(entries []Entry) string {
	var b strings.Builder
	for _, e := range entries {
		name := strings.TrimPrefix(e.Database+"."+e.Table+"."+e.Column, ".")
		text := strings.Join(strings.Fields(strings.Join([]string{name, e.Status, e.Kind, e.Options, e.Origin, e.Position}, " ")), " ")
		if e.Reason != "" {
			text += ": " + e.Reason
		}
		b.WriteString(text + "\n")
	}
	return b.String()
}

// unindent takes the indentation of the first line off every line.
func unindent(text string) string {
	text = strings.TrimPrefix(text, "\n")
	indent := text[:len(text)-len(strings.TrimLeft(text, "\t"))]
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(strings.TrimPrefix(line, indent))
	}
	return strings.TrimRight(b.String(), "\t")
}
