package annotations

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/anonymize"
)

// Public is the kind that leaves values as they are.
const Public = "public"

// A Spec is a treatment as it was written.
type Spec struct {
	Treatment anonymize.Treatment // zero when Cases decide
	Cases     []CaseSpec          // first match wins; the last has no condition
}

// A CaseSpec is the treatment of the rows that meet a condition.
type CaseSpec struct {
	When      string // an SQL condition over the row's columns; "" on the last case
	Treatment anonymize.Treatment
}

// IsPublic reports whether every value is left as it is.
func (s Spec) IsPublic() bool { return len(s.Cases) == 0 && canonicalKind(s.Treatment.Kind) == Public }

// Equal reports whether two specs treat values alike.
func (s Spec) Equal(t Spec) bool {
	return s.Treatment.Equal(t.Treatment) && slices.EqualFunc(s.Cases, t.Cases, func(a, b CaseSpec) bool {
		return a.When == b.When && a.Treatment.Equal(b.Treatment)
	})
}

// strength orders specs by how much they leave of a value: a smaller one weakens a larger one.
func (s Spec) strength() int {
	if len(s.Cases) == 0 {
		return strength(s.Treatment)
	}
	least := strength(s.Cases[0].Treatment)
	for _, c := range s.Cases[1:] {
		least = min(least, strength(c.Treatment))
	}
	return least
}

const (
	keepsValues    = iota // public
	keepsParts            // some paths of a JSON document are public
	pseudonymizes         // values can be recognised as equal
	removesOrigins        // nothing of a value is left, not even equality
)

func strength(t anonymize.Treatment) int {
	switch canonicalKind(t.Kind) {
	case Public:
		return keepsValues
	case "redact", "null", "constant", "secret":
		return removesOrigins
	}
	for _, p := range t.Paths {
		if strength(p) < pseudonymizes {
			return keepsParts
		}
	}
	return pseudonymizes
}

// canonicalKind resolves an alias; an unknown name stays.
func canonicalKind(name string) string {
	if k, ok := anonymize.KindByName(name); ok {
		return k.Name
	}
	return name
}

// kindNames gives every name that a kind may be called by.
func kindNames() []string {
	var names []string
	for _, k := range anonymize.Kinds() {
		names = append(append(names, k.Name), k.Aliases...)
	}
	return names
}

// DescribeOptions writes the options of a treatment for a listing, such as `domain=keystone.user $.size=public`.
func DescribeOptions(t anonymize.Treatment) string {
	var parts []string
	if t.Domain != "" {
		parts = append(parts, "domain="+t.Domain)
	}
	if t.Value != nil {
		parts = append(parts, fmt.Sprintf("value=%q", *t.Value))
	}
	if t.Prefix != "" {
		parts = append(parts, "prefix="+t.Prefix)
	}
	if t.Range != nil {
		parts = append(parts, fmt.Sprintf("range=%s..%s", t.Range.Min, t.Range.Max))
	}
	if t.Format != nil && t.Format.First > 0 {
		parts = append(parts, fmt.Sprintf("first=%d", t.Format.First))
	}
	if t.Format != nil && t.Format.Last > 0 {
		parts = append(parts, fmt.Sprintf("last=%d", t.Format.Last))
	}
	for _, path := range slices.Sorted(maps.Keys(t.Paths)) {
		sub := t.Paths[path]
		text := path + "=" + sub.Kind
		if more := DescribeOptions(sub); more != "" {
			text += "(" + more + ")"
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, " ")
}

// describe names a spec in an error message.
func (s Spec) describe() string {
	if len(s.Cases) > 0 {
		return "conditions"
	}
	return strings.TrimSpace(s.Treatment.Kind + " " + DescribeOptions(s.Treatment))
}

// A RowsSpec says which rows of a table are kept; the zero value keeps all.
type RowsSpec struct {
	None     bool    // no row is kept
	Fraction float64 // between 0 and 1, both excluded: this share is kept; 0 when absent
	Where    string  // rows that meet this SQL condition are kept; "" when absent
	// Children says what becomes of rows that refer to rows that are not kept.
	Children anonymize.Children
}

// treatment gives what package anonymize calls it.
func (r RowsSpec) treatment() anonymize.RowsTreatment {
	switch {
	case r.None:
		return anonymize.NoRows
	case r.Fraction > 0, r.Where != "":
		return anonymize.SomeRows
	}
	return anonymize.AllRows
}

// describe names a spec in a listing.
func (r RowsSpec) describe() string {
	text := cmp.Or(r.Where, "all")
	switch {
	case r.None:
		text = "none"
	case r.Fraction > 0:
		text = fmt.Sprintf("%g", r.Fraction)
	case r.Where != "":
		text = "where " + r.Where
	}
	if r.Children != anonymize.FailChildren {
		text += ", children " + r.Children.String()
	}
	return text
}

// Position is a place in a source of markup.
type Position = anonymize.Position
