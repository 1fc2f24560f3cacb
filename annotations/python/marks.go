package python

import (
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/internal/nearest"
)

// A Table is a table of a model, for the markup of its class.
type Table struct {
	Markup         *annotations.Markup // where the marks go
	Database, Name string
	Has            func(column string) bool
}

// A markID tells marks apart: classes that share a table, or a base, repeat them.
type markID struct {
	markup                  *annotations.Markup
	database, table, column string
	at                      annotations.Position
}

// Mark adds the markup of a class to its table, merged along the bases: what a derived class says about a column replaces what
// its bases say. Lineage is the classes whose columns are in the table; of the markup of other bases only that counts
// which is for columns that the table has. InColumns gives the marks that stand beside the columns of one class of the
// lineage, with the names of the columns; they must agree with that class's own; nil gives none.
func (p *Project) Mark(t Table, c *Class, lineage []*Class, inColumns func(k *Class) []annotations.Mark) {
	own := map[*Class]bool{}
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
			if !done[name] && (own[k] || t.Has(mark.Column)) {
				p.AddMark(t, mark, k != c)
			}
		}
		if own[k] && inColumns != nil {
			for _, mark := range inColumns(k) {
				p.inColumn(t, c, mark, k != c, here, done)
			}
		}
		for name := range here {
			done[name] = true
		}
		if own[k] && !rows {
			for _, r := range k.Rows {
				r.Database, r.Table = t.Database, t.Name
				t.Markup.Rows = append(t.Markup.Rows, r)
				rows = true
			}
		}
		p.used[k] = true
	}
}

// inColumn adds a mark that stands beside a column, which must agree with what __confidential__ of the same class says.
func (p *Project) inColumn(t Table, c *Class, mark annotations.Mark, inherited bool, here map[string]annotations.Mark, done map[string]bool) {
	name := strings.ToLower(mark.Column)
	if done[name] {
		return
	}
	other, twice := here[name]
	if !twice {
		here[name] = mark
		p.AddMark(t, mark, inherited)
		return
	}
	if !other.Spec.Equal(mark.Spec) {
		p.Report(c.Module(), annotations.Problem{
			Position: mark.Position, Severity: annotations.Error,
			Msg: "info of column " + mark.Column + " disagrees with " + other.Position.String(),
		})
	}
}

// AddMark adds a mark to a table, once.
func (p *Project) AddMark(t Table, mark annotations.Mark, inherited bool) {
	mark.Database, mark.Table, mark.Inherited = t.Database, t.Name, inherited
	id := markID{t.Markup, t.Database, t.Name, strings.ToLower(mark.Column), mark.Position}
	if p.marked[id] {
		return // from a class that shares the table
	}
	p.marked[id] = true
	t.Markup.Marks = append(t.Markup.Marks, mark)
}

// misspelt reports the attributes of a class that are almost __confidential__.
func (p *Project) misspelt(c *Class) {
	for _, b := range c.Bindings() {
		if strings.HasPrefix(b.Name, "_") && b.Name != Confidential && nearest.Word(b.Name, []string{Confidential}) != "" {
			p.Fail(c.Module(), b.Node, "unknown attribute %s of class %s; did you mean %s?", b.Name, c.Name, Confidential)
		}
	}
}
