package sqlalchemy

import (
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations"
)

// classMarks adds the markup of a class, merged along its bases: what a derived class says about a column replaces what
// its bases say.
func (b *builder) classMarks(key tableKey, c *class, lineage []*class) {
	own := map[*class]bool{}
	for _, k := range lineage {
		own[k] = true
	}
	done := map[string]bool{}
	rows := false
	for _, k := range b.project.linear(c) {
		here := map[string]annotations.Mark{}
		for _, mark := range k.marks {
			name := strings.ToLower(mark.Column)
			here[name] = mark
			switch {
			case done[name], !own[k] && !b.known(key, mark.Column):
			default:
				b.mark(key, mark.Column, mark, k != c)
			}
		}
		if own[k] {
			for _, col := range attributes([]*class{k}) {
				if col.mark != nil {
					b.infoMark(key, k, c, col, here, done)
				}
			}
		}
		for name := range here {
			done[name] = true
		}
		if own[k] && !rows {
			for _, r := range k.rows {
				r.Database, r.Table = key.schema, key.name
				b.out.Rows = append(b.out.Rows, r)
				rows = true
			}
		}
		b.use(k)
	}
}

// infoMark adds the markup in a column's info, which must agree with what __confidential__ of the same class says.
func (b *builder) infoMark(key tableKey, k, c *class, col *column, here map[string]annotations.Mark, done map[string]bool) {
	name := strings.ToLower(col.Name)
	if done[name] {
		return
	}
	other, twice := here[name]
	if !twice {
		here[name] = *col.mark
		b.mark(key, col.Name, *col.mark, k != c)
		return
	}
	if !other.Spec.Equal(col.mark.Spec) {
		b.out.Problems = append(b.out.Problems, annotations.Problem{
			Position: col.mark.Position, Severity: annotations.Error,
			Msg: "info of column " + col.Name + " disagrees with " + other.Position.String(),
		})
	}
}

// known reports whether a table has a column of that name: the marks of a base with a table of its own count only for
// such columns, and its "*" does not.
func (b *builder) known(key tableKey, name string) bool { return b.tables[key].Column(name) >= 0 }

func (b *builder) mark(key tableKey, column string, mark annotations.Mark, inherited bool) {
	mark.Database, mark.Table, mark.Column = key.schema, key.name, column
	mark.Inherited = inherited
	id := markID{key, strings.ToLower(column), mark.Position}
	if b.marked[id] {
		return // from a class that shares the table
	}
	b.marked[id] = true
	b.out.Marks = append(b.out.Marks, mark)
}

func (b *builder) use(c *class) {
	if b.used == nil {
		b.used = map[*class]bool{}
	}
	b.used[c] = true
}

// A markID tells marks apart: classes that share a table, or a base, repeat them.
type markID struct {
	table  tableKey
	column string
	at     annotations.Position
}
