package detect

import (
	"maps"
	"slices"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/anonymize"
)

// A ModelMarks is the marks to add to one table of a model.
type ModelMarks struct {
	Table *annotations.ModelTable
	Marks []annotations.Mark // in the order of the columns
}

// Marks gives the marks that carry the proposals out; with public, also those that leave every other undecided column alone,
// which is for whoever reviewed them. Columns that follow another one, by a foreign key, get none of their own when that one's mark
// decides about them. Together with the markup that is there the marks contradict nothing: those that would are given apart.
func (r *Review) Marks(public bool) ([]ModelMarks, []Conflict, error) {
	p := &planner{review: r, chosen: map[int]string{}}
	steps := []func(*Open) string{
		func(o *Open) string { return proposedFor(o, false) },
		func(o *Open) string { return proposedFor(o, true) },
	}
	if public {
		steps = append(steps,
			func(o *Open) string { return publicFor(o, false) },
			func(o *Open) string { return publicFor(o, true) },
		)
	}
	for _, kindOf := range steps {
		if err := p.step(kindOf); err != nil {
			return nil, nil, err
		}
	}
	return p.marks(), p.conflicts, nil
}

// A Conflict is a mark that contradicts the markup that is there.
type Conflict struct {
	Open *Open
	Err  error
}

func proposedFor(o *Open, followers bool) string {
	if o.Proposal == nil || o.follows() != followers {
		return ""
	}
	return o.Proposal.Kind
}

func publicFor(o *Open, followers bool) string {
	if o.Why != Undecided || o.follows() != followers {
		return ""
	}
	return annotations.Public
}

// A planner chooses marks in steps, each with what those before decide.
type planner struct {
	review    *Review
	chosen    map[int]string // the kinds, by index of the open column
	conflicts []Conflict
}

// step marks the open columns that are not decided by now and for which kindOf gives a kind. Where that contradicts something, they
// are tried one by one.
func (p *planner) step(kindOf func(*Open) string) error {
	undecided, err := p.undecided()
	if err != nil {
		return err
	}
	added := map[int]string{}
	for i := range p.review.Open {
		o := &p.review.Open[i]
		if _, done := p.chosen[i]; done || o.Why == Undecided && !undecided[keyOf(o.Entry)] {
			continue
		}
		if kind := kindOf(o); kind != "" {
			added[i] = kind
		}
	}
	maps.Copy(p.chosen, added)
	if _, err := p.undecided(); err == nil {
		return nil
	}
	for i := range added {
		delete(p.chosen, i)
	}
	for _, i := range slices.Sorted(maps.Keys(added)) {
		p.chosen[i] = added[i]
		if _, err := p.undecided(); err != nil {
			delete(p.chosen, i)
			p.conflicts = append(p.conflicts, Conflict{&p.review.Open[i], err})
		}
	}
	return nil
}

// undecided gives the columns that are undecided with the marks chosen so far.
func (p *planner) undecided() (map[columnKey]bool, error) {
	added := &annotations.Markup{Source: annotations.Models}
	for _, m := range p.marks() {
		added.Marks = append(added.Marks, m.Marks...)
	}
	all := append([]*annotations.Markup{added}, p.review.markups...)
	resolution, err := annotations.ResolveModels(all, annotations.Options{})
	if err != nil {
		return nil, err
	}
	open := map[columnKey]bool{}
	for _, e := range resolution.Undecided() {
		open[keyOf(e)] = true
	}
	return open, nil
}

// marks gives what was chosen, by table.
func (p *planner) marks() []ModelMarks {
	var out []ModelMarks
	for i := range p.review.Open {
		kind, ok := p.chosen[i]
		if !ok {
			continue
		}
		o := &p.review.Open[i]
		if len(out) == 0 || out[len(out)-1].Table != o.table {
			out = append(out, ModelMarks{Table: o.table})
		}
		last := &out[len(out)-1]
		last.Marks = append(last.Marks, annotations.Mark{
			Database: o.Database, Table: o.Table, Column: o.Column, Source: annotations.Models, Position: o.table.Position,
			Spec: annotations.Spec{Treatment: anonymize.Treatment{Kind: kind}},
		})
	}
	return out
}
