package scrub

import (
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/anonymize"
	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// Literal is a place in a definition where a person's data may stand, because it is written out as SQL text.
type Literal struct {
	// Object is what to acknowledge by: "table.column" for a part of a table's definition, else the stored object's name;
	// with "database." in front when the dump names databases.
	Object string `json:"object"`
	// Where is "default", "enum", "check", "generated", "index", "partitions", or the kind of the stored object: "view",
	// "trigger", "routine", "event". Under "generated" the column is the one that the literal is compared or combined with.
	Where string `json:"where"`
}

// Literals lists the literals that no treatment of rows reaches: those that a treated column's definition writes out, and the string
// literals in the bodies of stored objects.
func (s *Survey) Literals(policy *anonymize.Policy) []Literal {
	var out []Literal
	for _, d := range s.Tables {
		out = append(out, tableLiterals(d, policy.Table(d.Database, d.Table.Name))...)
	}
	for _, o := range s.WithLiterals {
		out = append(out, Literal{Object: dotted(o.Database, o.Name), Where: o.Kind})
	}
	return out
}

func tableLiterals(d Definition, t *anonymize.TablePolicy) []Literal {
	if t == nil {
		return nil
	}
	var out []Literal
	sql := definitionText{d.Mode}
	partitions := sql.partitions(d.SQL)
	for _, c := range d.Table.Columns {
		if t.Column(c.Name).Status != anonymize.Treated {
			continue
		}
		for where, found := range map[string]bool{
			"default":    sql.hasText(c.Default) || sql.hasText(c.OnUpdate),
			"enum":       (c.Type.Class() == ddl.Enum || c.Type.Class() == ddl.Set) && len(c.Type.Members) > 0,
			"check":      sql.hasText(c.Check) || slices.ContainsFunc(checks(d.Table), sql.about(c.Name)),
			"generated":  slices.ContainsFunc(expressions(d.Table), sql.about(c.Name)),
			"index":      slices.ContainsFunc(indexed(d.Table), sql.about(c.Name)),
			"partitions": sql.mentions(partitions, c.Name) && len(ddl.Literals([]byte(partitions), d.Mode)) > 0,
		} {
			if found {
				out = append(out, Literal{Object: dotted(d.Database, d.Table.Name) + "." + c.Name, Where: where})
			}
		}
	}
	slices.SortFunc(out, func(a, b Literal) int { return strings.Compare(a.Object+"\x00"+a.Where, b.Object+"\x00"+b.Where) })
	return out
}

// checks are the CHECK constraints of a table, those of its columns included.
func checks(t *ddl.Table) []string {
	var out []string
	for _, k := range t.Checks {
		out = append(out, k.Expression)
	}
	for _, c := range t.Columns {
		out = append(out, c.Check)
	}
	return out
}

// expressions are what a table's columns are computed with: always, or when no value is given.
func expressions(t *ddl.Table) []string {
	var out []string
	for _, c := range t.Columns {
		out = append(out, c.Expression, c.Default)
	}
	return out
}

// indexed are the expressions in a table's indexes.
func indexed(t *ddl.Table) []string {
	var out []string
	for _, index := range t.Indexes {
		for _, part := range index.Parts {
			out = append(out, part.Expression)
		}
	}
	return out
}

// definitionText looks into parts of a definition, which were written under a mode.
type definitionText struct{ mode ddl.Mode }

// hasText reports whether SQL text holds a string or hexadecimal literal that is not empty.
func (d definitionText) hasText(sql string) bool {
	return slices.ContainsFunc(ddl.Literals([]byte(sql), d.mode), isText)
}

func isText(l ddl.Literal) bool {
	return (l.Kind == ddl.String || l.Kind == ddl.Hex) && len(l.Value) > 0
}

// about returns a test for SQL text that names a column and holds a literal.
func (d definitionText) about(column string) func(sql string) bool {
	return func(sql string) bool { return d.hasText(sql) && d.mentions(sql, column) }
}

// mentions reports whether SQL text names a column.
func (d definitionText) mentions(sql, column string) bool {
	lex := ddl.NewLexer([]byte(sql), d.mode)
	for t := lex.Next(); t.Kind != ddl.EOF; t = lex.Next() {
		if t.IsName() && strings.EqualFold(t.Name(), column) {
			return true
		}
	}
	return false
}

// partitions returns a CREATE TABLE's text from PARTITION BY on, or "".
func (d definitionText) partitions(sql string) string {
	lex := ddl.NewLexer([]byte(sql), d.mode)
	for t := lex.Next(); t.Kind != ddl.EOF; t = lex.Next() {
		if !t.Is("PARTITION") {
			continue
		}
		if by := lex.Next(); by.Is("BY") {
			return sql[by.End:]
		}
	}
	return ""
}

func dotted(database, name string) string {
	if database == "" {
		return name
	}
	return database + "." + name
}
