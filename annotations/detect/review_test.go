package detect_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/annotations/detect"
	"github.com/turbo-hipster/turbo-hipster/anonymize"
)

// models is what a reader of models gives for a few tables.
func models(tables ...annotations.ModelTable) *annotations.Markup {
	return &annotations.Markup{Source: annotations.Models, Tables: tables}
}

func text(name string, refs ...annotations.ModelReference) annotations.ModelColumn {
	return annotations.ModelColumn{Name: name, Type: "String", TypeText: "String(255)", ForeignKeys: refs, Position: annotations.Position{File: "m.py", Line: 7}}
}

func mark(table, column, kind string) annotations.Mark {
	return annotations.Mark{
		Table: table, Column: column, Source: annotations.Models, Position: annotations.Position{File: "m.py", Line: 3},
		Spec: annotations.Spec{Treatment: anonymize.Treatment{Kind: kind}},
	}
}

// marked gives the marks as "table.column=kind".
func marked(marks []detect.ModelMarks) []string {
	var out []string
	for _, m := range marks {
		for _, k := range m.Marks {
			out = append(out, m.Table.Name+"."+k.Column+"="+k.Spec.Treatment.Kind)
		}
	}
	return out
}

func TestReview(t *testing.T) {
	m := models(
		annotations.ModelTable{Name: "people", Columns: []annotations.ModelColumn{
			{Name: "id", Type: "Integer", PrimaryKey: true, Integer: true, AutoIncrement: true},
			text("email"), text("shelf"), text("phone"), text("origin"),
			{Name: "pregnant", Type: "Boolean", Boolean: true},
			{Name: "sum", Type: "String", Generated: true},
		}},
		annotations.ModelTable{Name: "orders", Columns: []annotations.ModelColumn{
			text("buyer", annotations.ModelReference{Table: "people", Column: "email"}),
			text("unread", annotations.ModelReference{Table: "nowhere", Column: "password"}),
		}},
		annotations.ModelTable{Name: "closed", Columns: []annotations.ModelColumn{text("email"), text("phone"), text("shelf")}},
		annotations.ModelTable{Name: "dropped", Columns: []annotations.ModelColumn{text("email")}},
	)
	m.Marks = []annotations.Mark{mark("people", "phone", "phone"), mark("closed", "*", "public"), mark("closed", "email", "public")}
	m.Rows = []annotations.RowsMark{{Table: "dropped", Spec: annotations.RowsSpec{None: true}, Source: annotations.Models}}
	review, err := detect.New().Review([]*annotations.Markup{m}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range review.Open {
		kind := "-"
		if o.Proposal != nil {
			kind = o.Proposal.Kind
		}
		got = append(got, fmt.Sprintf("%s.%s %s %s", o.Table, o.Column, o.Why, kind))
	}
	want := []string{
		"people.email undecided email", "people.shelf undecided -", "people.origin undecided -", "people.pregnant public as is redact",
		"orders.buyer undecided email", "orders.unread undecided -",
		"closed.phone public as * phone",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("open columns (-want +got):\n%s", diff)
	}
	for _, tt := range []struct {
		public bool
		want   []string
	}{
		{false, []string{"people.email=email", "people.pregnant=redact", "closed.phone=phone"}},
		{true, []string{"people.email=email", "people.shelf=public", "people.origin=public", "people.pregnant=redact", "orders.unread=public", "closed.phone=phone"}},
	} {
		marks, conflicts, err := review.Marks(tt.public)
		if err != nil || len(conflicts) > 0 {
			t.Fatalf("conflicts %v, error %v", conflicts, err)
		}
		if diff := cmp.Diff(tt.want, marked(marks)); diff != "" {
			t.Errorf("marks with public %t (-want +got):\n%s", tt.public, diff)
		}
	}
}

// With the marks that a review asks for, nothing is left.
func TestReviewIsDoneOnce(t *testing.T) {
	for _, file := range []string{"testdata/gold_nova.csv", "testdata/gold_mixed.csv"} {
		m := &annotations.Markup{Source: annotations.Models}
		for _, table := range asTables(readJudged(t, file)) {
			mt := annotations.ModelTable{Name: table.Name}
			for _, c := range table.Columns {
				mt.Columns = append(mt.Columns, annotations.ModelColumn{Name: c.Name, TypeText: c.Type})
			}
			m.Tables = append(m.Tables, mt)
		}
		review, err := detect.New().Review([]*annotations.Markup{m}, nil)
		if err != nil {
			t.Fatal(err)
		}
		marks, _, err := review.Marks(true)
		if err != nil {
			t.Fatal(err)
		}
		for _, mm := range marks {
			m.Marks = append(m.Marks, mm.Marks...)
		}
		again, err := detect.New().Review([]*annotations.Markup{m}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(again.Open) > 0 || len(review.Open) == 0 {
			t.Errorf("%s: %d columns are open, then %d", file, len(review.Open), len(again.Open))
		}
	}
}

// A column with two foreign keys, one to a column that somebody decided about: marking the other one would contradict that, so it
// is said, and everything else is marked.
func TestMarksThatContradict(t *testing.T) {
	m := models(
		annotations.ModelTable{Name: "a", Columns: []annotations.ModelColumn{text("email")}},
		annotations.ModelTable{Name: "b", Columns: []annotations.ModelColumn{text("email"), text("phone")}},
		annotations.ModelTable{Name: "c", Columns: []annotations.ModelColumn{
			text("email", annotations.ModelReference{Table: "a", Column: "email"}, annotations.ModelReference{Table: "b", Column: "email"}),
		}},
	)
	m.Marks = []annotations.Mark{mark("a", "email", "public")}
	review, err := detect.New().Review([]*annotations.Markup{m}, nil)
	if err != nil {
		t.Fatal(err)
	}
	marks, conflicts, err := review.Marks(false)
	if err != nil {
		t.Fatal(err)
	}
	if got := marked(marks); !slices.Equal(got, []string{"b.phone=phone"}) {
		t.Errorf("marks %q", got)
	}
	if len(conflicts) != 1 || conflicts[0].Open.Table != "b" || conflicts[0].Open.Column != "email" {
		t.Errorf("conflicts %+v", conflicts)
	}
}

// Of a class that nobody decided about by a mistake in the markup there is no review.
func TestReviewOfWrongMarkup(t *testing.T) {
	m := models(annotations.ModelTable{Name: "a", Columns: []annotations.ModelColumn{text("email")}})
	m.Marks = []annotations.Mark{mark("a", "emial", "email")}
	if _, err := detect.New().Review([]*annotations.Markup{m}, nil); err == nil {
		t.Error("a mark for a column that does not exist is accepted")
	}
}
