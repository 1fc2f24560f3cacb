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
	// Where is "default", "enum", "check", "partitions", "comment", or the kind of the stored object: "view", "trigger",
	// "routine", "event".
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
	partitions := partitionClause(d.SQL)
	for _, c := range d.Table.Columns {
		if t.Column(c.Name).Status != anonymize.Treated {
			continue
		}
		for where, found := range map[string]bool{
			"default":    hasString(c.Default),
			"enum":       (c.Type.Class() == ddl.Enum || c.Type.Class() == ddl.Set) && len(c.Type.Members) > 0,
			"check":      hasString(c.Check) || slices.ContainsFunc(d.Table.Checks, func(k ddl.Check) bool { return hasString(k.Expression) && mentions(k.Expression, c.Name) }),
			"partitions": mentions(partitions, c.Name) && len(ddl.Literals([]byte(partitions), ddl.Mode{})) > 0,
		} {
			if found {
				out = append(out, Literal{Object: dotted(d.Database, d.Table.Name) + "." + c.Name, Where: where})
			}
		}
	}
	slices.SortFunc(out, func(a, b Literal) int { return strings.Compare(a.Object+"\x00"+a.Where, b.Object+"\x00"+b.Where) })
	return out
}

// hasString reports whether SQL text holds a string or hexadecimal literal that is not empty.
func hasString(sql string) bool {
	return slices.ContainsFunc(ddl.Literals([]byte(sql), ddl.Mode{}), func(l ddl.Literal) bool {
		return (l.Kind == ddl.String || l.Kind == ddl.Hex) && len(l.Value) > 0
	})
}

// mentions reports whether SQL text names a column.
func mentions(sql, column string) bool {
	lex := ddl.NewLexer([]byte(sql), ddl.Mode{})
	for t := lex.Next(); t.Kind != ddl.EOF; t = lex.Next() {
		if t.IsName() && strings.EqualFold(t.Name(), column) {
			return true
		}
	}
	return false
}

// partitionClause returns a CREATE TABLE's text from PARTITION BY on, or "".
func partitionClause(sql string) string {
	lex := ddl.NewLexer([]byte(sql), ddl.Mode{})
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
