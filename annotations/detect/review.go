package detect

import (
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/anonymize"
)

// Why a column is open.
const (
	Undecided = "undecided"    // nobody said anything about it
	Rest      = "public as *"  // only "*" says that it is public, and it looks confidential
	Boolean   = "public as is" // its type alone makes it public, and it looks confidential
)

// An Open is a column that somebody should decide about.
type Open struct {
	annotations.Entry
	Why      string
	Proposal *Proposal // nil when nothing speaks for treating it
	// Declared is where the column is declared.
	Declared annotations.Position
	table    *annotations.ModelTable
}

// follows reports whether the column would take over what is decided about another one.
func (o *Open) follows() bool { return strings.HasPrefix(o.Reason, "follows ") }

// A Review is what is left to decide about the columns that models declare.
type Review struct {
	Open     []Open               // in the order of the tables and of their columns
	Problems annotations.Problems // that do not stop anything
	Columns  int                  // how many were looked at
	markups  []*annotations.Markup
}

// Review looks for columns of the models among the markups that nobody decided about, and for columns that are public without
// anybody having named them although they look confidential. profile may be nil. The error is what annotations.ResolveModels gives.
func (d *Detector) Review(markups []*annotations.Markup, profile *Profile) (*Review, error) {
	resolution, err := annotations.ResolveModels(markups, annotations.Options{})
	if err != nil {
		return nil, err
	}
	named, _ := annotations.ResolveModels(withoutRest(markups), annotations.Options{})
	decided := map[columnKey]annotations.Entry{}
	for _, e := range named.Entries {
		decided[keyOf(e)] = e
	}
	models := byTable(markups)
	proposals := d.proposalsFor(models, profile)
	r := &Review{Problems: resolution.Problems, markups: markups}
	for _, e := range resolution.Entries {
		if e.Column == "" {
			continue
		}
		r.Columns++
		k := keyOf(e)
		why := open(e, decided[k], proposals[k])
		t := models.tables[k.tableKey]
		if why == "" || t == nil {
			continue
		}
		r.Open = append(r.Open, Open{Entry: e, Why: why, Proposal: proposals[k], Declared: t.Columns[t.Column(e.Column)].Position, table: t})
	}
	return r, nil
}

// open tells why a column is open, or gives "". named is what was decided about it without "*".
func open(e, named annotations.Entry, p *Proposal) string {
	public := e.Status == anonymize.Public.String()
	switch {
	case e.Status == anonymize.Undecided.String():
		return Undecided
	case !public || p == nil:
		return ""
	case e.Origin == "builtin" && e.Reason == "boolean":
		return Boolean
	case (e.Origin == annotations.Models.String() || e.Origin == annotations.Rules.String()) && (named.Status != e.Status || named.Origin != e.Origin):
		return Rest
	}
	return ""
}

type columnKey struct {
	tableKey
	column string
}

func keyOf(e annotations.Entry) columnKey {
	return columnKey{tableKey{e.Database, e.Table}, strings.ToLower(e.Column)}
}

// withoutRest gives the markups without what they say about every other column.
func withoutRest(markups []*annotations.Markup) []*annotations.Markup {
	out := make([]*annotations.Markup, 0, len(markups))
	for _, m := range markups {
		c := *m
		c.Marks = slices.DeleteFunc(slices.Clone(m.Marks), func(m annotations.Mark) bool { return m.Column == annotations.CatchAll })
		out = append(out, &c)
	}
	return out
}

// A modelSet is the tables that models declare, each once.
type modelSet struct {
	tables map[tableKey]*annotations.ModelTable
	order  []tableKey
}

func byTable(markups []*annotations.Markup) *modelSet {
	s := &modelSet{tables: map[tableKey]*annotations.ModelTable{}}
	for _, m := range markups {
		for _, t := range m.Tables {
			k := tableKey{t.Database, t.Name}
			known := s.tables[k]
			if known == nil {
				t.Columns = slices.Clone(t.Columns)
				s.tables[k] = &t
				s.order = append(s.order, k)
				continue
			}
			for _, c := range t.Columns {
				if known.Column(c.Name) < 0 {
					known.Columns = append(known.Columns, c)
				}
			}
		}
	}
	return s
}

// proposalsFor makes proposals for all columns of the models.
func (d *Detector) proposalsFor(models *modelSet, profile *Profile) map[columnKey]*Proposal {
	tables := make([]Table, 0, len(models.order))
	for _, k := range models.order {
		tables = append(tables, FromModel(*models.tables[k]))
	}
	if profile != nil {
		profile.Apply(tables)
	}
	out := map[columnKey]*Proposal{}
	for _, p := range d.Propose(tables) {
		out[columnKey{tableKey{p.Database, p.Table}, strings.ToLower(p.Column)}] = &p
	}
	return out
}
