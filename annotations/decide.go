package annotations

import (
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/anonymize"
)

// A decision is what was found out about one column so far.
type decision struct {
	status   anonymize.Status
	spec     Spec
	origin   string
	position Position
	reason   string
}

func (d decision) alike(e decision) bool {
	if d.status != e.status {
		return false
	}
	return d.status != anonymize.Treated || d.spec.Equal(e.spec)
}

func (d decision) describe() string {
	if d.status == anonymize.Public {
		return Public
	}
	return d.spec.describe()
}

// where names the decision in an error message.
func (d decision) where() string {
	if d.position.File != "" {
		return d.position.String()
	}
	return strings.TrimSpace(d.origin + " " + d.reason)
}

func fromMark(m *Mark) decision {
	d := decision{status: anonymize.Treated, spec: m.Spec, origin: m.Source.String(), position: m.Position, reason: m.Reason}
	if m.Spec.IsPublic() {
		d.status, d.spec = anonymize.Public, Spec{}
	}
	return d
}

// originBuiltin is the origin of decisions that need no markup.
const originBuiltin = "builtin"

func builtin(reason string) decision {
	return decision{status: anonymize.Public, origin: originBuiltin, reason: reason}
}

// decider decides about the columns of a catalog.
type decider struct {
	*catalog
	opts       Options
	marks      []*tracked
	tableOf    map[*tableInfo][]*tracked
	unsafe     bool
	modelsOnly bool            // there is no dump
	missing    map[string]bool // tables that rules name and that were warned about
	elsewhere  map[string]bool // databases that markup names, and that no table is of
}

// run decides about every column. First what is said about columns themselves, then what follows from it: columns with
// foreign keys after those that they refer to, and what is left over last.
func (d *decider) run() {
	d.tableOf = make(map[*tableInfo][]*tracked, len(d.tables))
	for _, t := range d.tables {
		d.tableOf[t] = marksOf(d.marks, d.catalog, t)
	}
	for _, t := range d.tables {
		for _, c := range t.columns {
			d.explicit(c)
		}
	}
	for _, t := range d.tables {
		for _, c := range t.columns {
			d.settle(c)
		}
	}
	for changed := true; changed; { // foreign keys in a circle
		changed = false
		for _, t := range d.tables {
			for _, c := range t.columns {
				if c.status == anonymize.Undecided && d.inherit(c) {
					changed = true
				}
			}
		}
	}
}

// explicit decides what needs no other column: marks, generated columns, bookkeeping, surrogate keys.
func (d *decider) explicit(c *columnInfo) {
	mark := d.mark(c)
	switch {
	case c.generated:
		c.set(builtin("generated column, never written"))
	case mark != nil:
		c.set(fromMark(&mark.Mark))
	case c.table.bookkeeping && !slices.Contains(c.table.personal, strings.ToLower(c.name)):
		c.set(builtin("bookkeeping table"))
	case c.surrogate && len(c.targets) == 0:
		c.set(builtin("surrogate key"))
	}
}

func (c *columnInfo) set(d decision) { c.decision, c.settled = d, true }

// mark gives the mark that decides about a column, other than "*" for the other columns.
func (d *decider) mark(c *columnInfo) *tracked {
	rules, models, comment := d.pick(c, Rules, false), d.pick(c, Models, false), d.pick(c, DDL, false)
	lower := models
	if lower == nil {
		lower = comment
	}
	if rules == nil {
		return d.everyOther(c, lower)
	}
	if models != nil && rules.Spec.strength() < models.Spec.strength() && !rules.Override {
		d.errorf(rules.Position, "%s weakens %s of %s, as %s says; override: true and a reason are needed",
			rules.Spec.describe(), models.Spec.describe(), c, models.where())
	}
	return rules
}

// everyOther gives the mark of a model or a comment, unless "*" in the rules replaces it: a "*" that leaves less of the
// values does, and one that overrides; where foreign keys and surrogate keys hold tables together it does not.
func (d *decider) everyOther(c *columnInfo, lower *tracked) *tracked {
	rest := d.pick(c, Rules, true)
	if lower == nil || rest == nil || len(c.targets) > 0 || c.surrogate {
		return lower
	}
	if rest.Override || rest.Spec.strength() > lower.Spec.strength() {
		return rest
	}
	return lower
}

// pick gives the most specific mark of a source for a column; with rest, the "*" for the other columns. Marks that are
// equally specific must agree.
func (d *decider) pick(c *columnInfo, s Source, rest bool) *tracked {
	var best *tracked
	for _, m := range d.tableOf[c.table] {
		if m.Source != s || (m.Column == CatchAll) != rest || !rest && !m.matchesColumn(c.name) {
			continue
		}
		switch {
		case best == nil || m.specific() > best.specific():
			best = m
		case m.specific() == best.specific() && !m.Spec.Equal(best.Spec):
			d.errorf(m.Position, "%s for %s disagrees with %s at %s", m.Spec.describe(), c, best.Spec.describe(), best.where())
		}
	}
	return best
}

// settle decides about a column after those that it refers to.
func (d *decider) settle(c *columnInfo) {
	if c.settled || c.visiting {
		return
	}
	c.visiting = true
	for _, t := range c.targets {
		d.settle(t.column)
	}
	original := d.original(c)
	if original != nil {
		d.settle(original)
		if !c.copies(original) {
			original = nil
		}
	}
	c.visiting = false
	if d.inherit(c) || d.rest(c, original) {
		c.settled = true
		return
	}
	c.settled = true
	if len(c.targets) > 0 {
		c.reason = "follows " + c.targets[0].column.String()
	}
	if original != nil {
		c.reason = "follows " + original.String()
	}
	switch d.opts.Undecided {
	case Redact:
		spec := Spec{Treatment: anonymize.Treatment{Kind: "redact"}}
		c.decision = decision{status: anonymize.Treated, spec: spec, origin: OriginFlag, reason: "nothing decided about it"}
	case Keep:
		d.unsafe = d.unsafe || c.table.listed
		c.decision = decision{status: anonymize.Public, origin: OriginFlag, reason: "nothing decided about it"}
	case Fail:
	}
}

// original gives the column of X for a column of shadow_X, or nil.
func (d *decider) original(c *columnInfo) *columnInfo {
	if c.table.original == nil {
		return nil
	}
	if o := c.table.original.column(c.name); o != nil && !o.generated {
		return o // a generated column is never written, its copy in shadow_X is
	}
	return nil
}

// copies reports whether what was decided about a column of X holds for the one of shadow_X. Markup does, and that its numbers
// are only the database's. That a migration tool keeps X for itself says nothing about a table of another name, and a type
// nothing about another type.
func (c *columnInfo) copies(original *columnInfo) bool {
	return original.origin != originBuiltin || original.surrogate && original.typ == c.typ
}

// inherit gives a column what was decided about the one that its foreign key refers to, and reports whether there was any.
func (d *decider) inherit(c *columnInfo) bool {
	for _, t := range c.targets {
		from := t.column
		if from.status == anonymize.Undecided || !from.settled || from.generated {
			continue // that nobody writes a generated column says nothing about values that are written here
		}
		c.decision = decision{status: from.status, spec: from.spec, origin: "inherited", position: from.position, reason: "foreign key to " + from.String()}
		return true
	}
	return false
}

// rest decides by what is said about every other column, and by the column's type. Of surrogate keys only those in a circle of
// foreign keys are left to decide here.
func (d *decider) rest(c, original *columnInfo) bool {
	rules, models := d.pick(c, Rules, true), d.pick(c, Models, true)
	if known := c.table.modelColumn(c.name); known == nil || known.Uncertain {
		models = nil // nobody reviewed a column that the model does not know
	}
	if rules != nil && models != nil && rules.Spec.strength() < models.Spec.strength() && !rules.Override {
		d.errorf(rules.Position, "%s weakens %s of %s, as %s says; override: true and a reason are needed",
			rules.Spec.describe(), models.Spec.describe(), c, models.where())
	}
	switch {
	case c.surrogate && !slices.ContainsFunc(c.targets, func(t target) bool { return t.column.settled || !t.column.surrogate }):
		c.decision = builtin("surrogate key")
	case original != nil && original.status != anonymize.Undecided && !d.stronger(rules, original):
		c.decision = original.decision
		c.reason = "as " + original.String()
	case rules != nil:
		c.decision = fromMark(&rules.Mark)
	case models != nil:
		c.decision = fromMark(&models.Mark)
	case c.boolean:
		c.decision = builtin("boolean")
	default:
		return false
	}
	return true
}

// stronger reports whether a mark leaves less of the values than what was decided about a column.
func (d *decider) stronger(m *tracked, c *columnInfo) bool {
	if m == nil {
		return false
	}
	if c.status == anonymize.Public {
		return m.Spec.strength() > keepsValues
	}
	return m.Spec.strength() > c.spec.strength()
}

// agree reports foreign keys between columns about which different things are decided: joins would break, or the values
// of one be read from the other.
func (d *decider) agree() {
	for _, t := range d.tables {
		for _, c := range t.columns {
			for _, ref := range c.targets {
				to := ref.column
				if c.generated || to.generated || c.status == anonymize.Undecided || to.status == anonymize.Undecided || c.alike(to.decision) {
					continue
				}
				d.errorf(c.position, "%s is %s (%s), but its foreign key refers to %s, which is %s (%s)",
					c, c.describe(), c.decision.where(), to, to.describe(), to.decision.where())
			}
		}
	}
}
