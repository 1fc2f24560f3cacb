package sqlalchemy

import (
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/annotations/python"
	"github.com/turbo-hipster/turbo-hipster/internal/nearest"
)

// classMarks adds the markup of a class, merged along its bases: what a derived class says about a column replaces what
// its bases say.
func (r *reader) classMarks(key tableKey, c *python.Class, lineage []*python.Class) {
	own := map[*python.Class]bool{}
	for _, k := range lineage {
		own[k] = true
	}
	done := map[string]bool{}
	rows := false
	for _, k := range c.MRO() {
		here := map[string]annotations.Mark{}
		for _, mark := range k.Marks {
			name := strings.ToLower(mark.Column)
			here[name] = mark
			switch {
			case done[name], !own[k] && !r.known(key, mark.Column):
			default:
				r.mark(key, mark.Column, mark, k != c)
			}
		}
		if own[k] {
			for _, col := range r.attributes(c, []*python.Class{k}) {
				if col.mark != nil {
					r.inColumn(key, k, c, col, here, done)
				}
			}
		}
		for name := range here {
			done[name] = true
		}
		if own[k] && !rows {
			for _, row := range k.Rows {
				row.Database, row.Table = key.schema, key.name
				key.markup.Rows = append(key.markup.Rows, row)
				rows = true
			}
		}
		r.project.Use(k)
	}
}

// inColumn adds the markup in a column's info, which must agree with what __confidential__ of the same class says.
func (r *reader) inColumn(key tableKey, k, c *python.Class, col *column, here map[string]annotations.Mark, done map[string]bool) {
	name := strings.ToLower(col.Name)
	if done[name] {
		return
	}
	other, twice := here[name]
	if !twice {
		here[name] = *col.mark
		r.mark(key, col.Name, *col.mark, k != c)
		return
	}
	if !other.Spec.Equal(col.mark.Spec) {
		r.project.Report(c.Module(), annotations.Problem{
			Position: col.mark.Position, Severity: annotations.Error,
			Msg: "info of column " + col.Name + " disagrees with " + other.Position.String(),
		})
	}
}

// known reports whether a table has a column of that name: the marks of a base with a table of its own count only for
// such columns, and its "*" does not.
func (r *reader) known(key tableKey, name string) bool { return r.tables[key].Column(name) >= 0 }

func (r *reader) mark(key tableKey, column string, mark annotations.Mark, inherited bool) {
	mark.Database, mark.Table, mark.Column = key.schema, key.name, column
	mark.Inherited = inherited
	id := markID{key, strings.ToLower(column), mark.Position}
	if r.marked[id] {
		return // from a class that shares the table
	}
	r.marked[id] = true
	key.markup.Marks = append(key.markup.Marks, mark)
}

// A markID tells marks apart: classes that share a table, or a base, repeat them.
type markID struct {
	table  tableKey
	column string
	at     annotations.Position
}

// misspelt reports attributes of a model that are almost __confidential__.
func (r *reader) misspelt(c *python.Class) {
	for _, b := range c.Bindings() {
		if strings.HasPrefix(b.Name, "_") && b.Name != python.Confidential && nearest.Word(b.Name, []string{python.Confidential}) != "" {
			r.project.Fail(c.Module(), b.Node, "unknown attribute %s of class %s; did you mean %s?", b.Name, c.Name, python.Confidential)
		}
	}
}
