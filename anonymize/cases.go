package anonymize

import (
	"errors"
	"fmt"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// Case is the treatment of a column's values in the rows that meet a condition.
type Case struct {
	// When is the condition (see Condition); "" in the last case, which is for every other row.
	When      string    `json:"when,omitempty"`
	Treatment Treatment `json:"treatment"`
}

// kindCases stands for cases where a kind is asked for: nothing is known of what they keep distinct.
const kindCases = "conditions"

// validate reports the mistakes of what was decided about a treated column.
func (d Decision) validate() error {
	if len(d.Cases) == 0 {
		return d.Treatment.Validate()
	}
	var errs []error
	if d.Treatment.Kind != "" {
		errs = append(errs, errors.New("there are cases and a treatment"))
	}
	for i, c := range d.Cases {
		last := i == len(d.Cases)-1
		switch {
		case last && c.When != "":
			errs = append(errs, errors.New("the last case must have no condition"))
		case !last && c.When == "":
			errs = append(errs, errors.New("only the last case may lack a condition"))
		case !last:
			_, err := ParseCondition(c.When)
			errs = append(errs, err)
		}
		errs = append(errs, c.Treatment.Validate())
	}
	return errors.Join(errs...)
}

// canonical spells what becomes of values in one way only.
func (d Decision) canonical() string {
	if len(d.Cases) == 0 {
		return d.Treatment.canonical()
	}
	var b strings.Builder
	for _, c := range d.Cases {
		fmt.Fprintf(&b, "when=%q (%s) ", c.When, c.Treatment.canonical())
	}
	return strings.TrimSpace(b.String())
}

// columnCase is a compiled Case. treatment is nil for the kind public; when is nil in the last.
type columnCase struct {
	when      *bound
	treatment *column
}

// cases compiles a column that is treated by conditions. What other rows become is not known to one row, so such a column cannot be
// part of what must stay distinct or equal across rows.
func (c *tableCompiler) cases(col *ddl.Column, cases []Case) (*column, error) {
	if c.inForeignKey(col) {
		return nil, errors.New("a column of a foreign key cannot be treated by conditions: the row that it refers to is another")
	}
	out := &column{ddl: col}
	for _, one := range cases {
		var compiled columnCase
		if one.When != "" {
			cond, err := ParseCondition(one.When)
			if err != nil {
				return nil, err
			}
			if compiled.when, err = c.a.collations.bind(cond, c.rows.table); err != nil {
				return nil, err
			}
			c.rows.read(compiled.when.reads...)
		}
		kind, _ := KindByName(one.Treatment.Kind)
		t := one.Treatment
		t.Kind = kind.Name
		if t.Kind != kindPublic {
			var err error
			if compiled.treatment, err = c.compile(col, t, false); err != nil {
				return nil, err
			}
		}
		out.cases = append(out.cases, compiled)
	}
	return out, nil
}

// choose finds the treatment of each column that has cases, before any value is replaced: conditions are about the original row.
func (r *Rows) choose(row []Value) error {
	for n, i := range r.cased {
		r.chosen[n] = nil
		for _, one := range r.columns[i].cases {
			if one.when == nil {
				r.chosen[n] = one.treatment
				break
			}
			holds, err := one.when.holds(row)
			if err != nil {
				return r.fail(i, err)
			}
			if holds {
				r.chosen[n] = one.treatment
				break
			}
		}
	}
	return nil
}

// applyCases treats the values of columns that have cases, as choose found.
func (r *Rows) applyCases(row []Value) error {
	for n, i := range r.cased {
		if r.chosen[n] == nil {
			continue
		}
		if err := r.applyColumn(r.chosen[n], &row[i]); err != nil {
			return r.fail(i, err)
		}
	}
	return nil
}
