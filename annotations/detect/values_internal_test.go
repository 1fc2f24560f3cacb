package detect

import (
	"cmp"
	"hash/maphash"
	"math/rand/v2"
	"testing"
)

const madeRows = 400

// profiled counts values as ProfileDump does, and proposes for a column with them and a name.
func profiled(d *Detector, c made, column string) (Proposal, bool) {
	m := &maker{rand.New(rand.NewPCG(1, uint64(len(c.name))))}
	counted, seed := newCounts(), maphash.MakeSeed()
	for range madeRows {
		counted.note(d, seed, []byte(c.value(m)))
	}
	typ := cmp.Or(c.typ, "varchar(255)")
	profile := &ColumnProfile{Column: column, Type: typ}
	counted.fill(profile)
	found := d.Propose([]Table{{Name: "t1", RowsAbout: madeRows, Columns: []Column{{Name: column, Type: typ, Profile: profile}}}})
	if len(found) == 0 {
		return Proposal{}, false
	}
	return found[0], true
}

// Values give away what they are where the names of columns say nothing.
func TestValuesTell(t *testing.T) {
	d := New()
	for _, c := range sensitiveColumns() {
		for _, column := range []string{"c1", "data", "value"} {
			t.Run(c.name+" in "+column, func(t *testing.T) {
				p, ok := profiled(d, c, column)
				if !ok {
					t.Fatalf("no proposal, want %s", c.classes)
				}
				if !has([]string{string(p.Class)}, c.classes) {
					t.Errorf("class %s (%s), want %s", p.Class, p.Reason, c.classes)
				}
			})
		}
	}
}

func TestHarmlessValues(t *testing.T) {
	d := New()
	for _, c := range harmlessColumns() {
		t.Run(c.name, func(t *testing.T) {
			if p, ok := profiled(d, c, "c1"); ok {
				t.Errorf("taken for %s: %s", p.Class, p.Reason)
			}
		})
	}
}

// What values alone cannot tell from a token, a title that somebody gave or an address is proposed, unless the name says better.
func TestNamesTellHarmlessValues(t *testing.T) {
	d := New()
	for column, c := range map[string]made{
		"commit_sha":   {"hash of a commit", "char(40)", "", func(m *maker) string { return m.hex(20) }},
		"file_md5":     {"digest", "char(64)", "", func(m *maker) string { return m.hex(32) }},
		"product_type": {"product", "", "", func(m *maker) string { return "USB cable type " + m.digits(3) }},
		"city_count":   {"number", "", "", func(m *maker) string { return "0" + m.digits(9) }},
	} {
		t.Run(column, func(t *testing.T) {
			if p, ok := profiled(d, c, column); ok {
				t.Errorf("taken for %s: %s", p.Class, p.Reason)
			}
			if _, ok := profiled(d, c, "c1"); !ok {
				t.Error("not proposed where the name says nothing")
			}
		})
	}
}
