package annotations

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/anonymize"
)

// RowsKey is the key beside the columns that says which rows of the table are kept.
const RowsKey = "__rows__"

// CatchAll is the column name that stands for every column that nothing more specific decides.
const CatchAll = "*"

// grammar reads literals as markup and collects the mistakes.
type grammar struct {
	rules    bool // the source is a rules file: override is understood
	problems Problems
}

func (g *grammar) errorf(p Position, format string, args ...any) {
	g.problems = append(g.problems, Problem{Position: p, Severity: Error, Msg: fmt.Sprintf(format, args...)})
}

// ReadConfidential reads the literal that a model keeps in __confidential__: a mapping from database column names (and
// "*" and "__rows__") to treatments. The marks name no table yet. Every mistake is found in one go.
func ReadConfidential(l Literal) ([]Mark, []RowsMark, Problems) {
	g := &grammar{}
	if l.Kind != MapLiteral {
		g.errorf(l.Position, "__confidential__ must be a mapping of columns to kinds, not %s", l.Kind)
		return nil, nil, g.problems
	}
	var marks []Mark
	var rows []RowsMark
	g.unique(l.Pairs, "column")
	for _, pair := range l.Pairs {
		if pair.Key == RowsKey {
			r := g.rows(pair.Value)
			r.Position, r.Source = pair.Position, Models
			rows = append(rows, r)
			continue
		}
		m := g.column(pair.Value)
		m.Column, m.Position, m.Source = pair.Key, pair.Position, Models
		marks = append(marks, m)
	}
	return marks, rows, g.problems
}

// ReadColumn reads the literal that a model keeps for one column, as in info={'confidential': …}. The mark names neither
// table nor column yet.
func ReadColumn(l Literal) (Mark, Problems) {
	g := &grammar{}
	m := g.column(l)
	m.Position, m.Source = l.Position, Models
	return m, g.problems
}

// unique complains about keys that differ at most in case.
func (g *grammar) unique(pairs []Pair, what string) {
	seen := make(map[string]Position, len(pairs))
	for _, p := range pairs {
		key := strings.ToLower(p.Key)
		if first, ok := seen[key]; ok {
			g.errorf(p.Position, "%s %q is given twice, first at line %d", what, p.Key, first.Line)
			continue
		}
		seen[key] = p.Position
	}
}

// column reads the treatment of one column, with its reason and, in rules, its override.
func (g *grammar) column(l Literal) Mark {
	var m Mark
	switch l.Kind {
	case TextLiteral, NullLiteral:
		m.Spec.Treatment.Kind = g.kind(l)
		g.needsValue(l)
	case ListLiteral:
		m.Spec = g.cases(l)
	case MapLiteral:
		m = g.columnMap(l)
	default:
		g.errorf(l.Position, "a treatment must be a kind, a mapping or a list, not %s", l.Kind)
	}
	return m
}

// columnMap reads {'kind': …, 'domain': …, 'reason': …}.
func (g *grammar) columnMap(l Literal) Mark {
	var m Mark
	g.unique(l.Pairs, "option")
	for _, p := range l.Pairs {
		switch p.Key {
		case "reason":
			m.Reason = g.text(p)
		case "override":
			m.Override = g.override(p)
		case "cases":
			if p.Value.Kind != ListLiteral {
				g.errorf(p.Value.Position, "cases must be a list, not %s", p.Value.Kind)
				continue
			}
			m.Spec = g.cases(p.Value)
		}
	}
	if m.Override && m.Reason == "" {
		g.errorf(l.Position, "override needs a reason")
	}
	rest := l
	rest.Pairs = nil
	for _, p := range l.Pairs {
		if p.Key != "reason" && p.Key != "override" && p.Key != "cases" {
			rest.Pairs = append(rest.Pairs, p)
		}
	}
	switch {
	case m.Spec.Cases == nil:
		m.Spec.Treatment = g.treatment(rest)
	case len(rest.Pairs) > 0:
		g.errorf(rest.Pairs[0].Position, "%s stands beside cases: it belongs into each case", rest.Pairs[0].Key)
	}
	return m
}

// treatment reads a kind with its options.
func (g *grammar) treatment(l Literal) anonymize.Treatment {
	before := len(g.problems)
	kind := ""
	options := make(map[string]any)
	for _, p := range l.Pairs {
		switch p.Key {
		case "kind":
			kind = g.kind(p.Value)
		case "domain":
			options[p.Key] = g.text(p)
		case "value":
			options[p.Key] = g.constant(p)
		case "paths":
			options[p.Key] = g.paths(p)
		case "prefix":
			options[p.Key] = g.text(p)
		case "range", "format":
			options[p.Key] = g.scalars(p)
		default:
			g.option(p)
		}
	}
	if !hasKey(l.Pairs, "kind") {
		g.errorf(l.Position, "a treatment needs a kind")
	}
	if len(g.problems) > before {
		return anonymize.Treatment{}
	}
	t, err := anonymize.NewTreatment(kind, options)
	if err != nil {
		g.errorf(l.Position, "%s", strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	return t
}

// option complains about an option that is not known, or stands in the wrong place.
func (g *grammar) option(p Pair) {
	switch p.Key {
	case "children":
		g.errorf(p.Position, "option children belongs to rows")
	case "prefix", "range", "format", "paths":
		g.errorf(p.Position, "option %s is for whole columns, not for a path", p.Key)
	case "when":
		g.errorf(p.Position, "a condition belongs into a list of treatments, the last of which has none")
	default:
		known := []string{"kind", "domain", "paths", "value", "prefix", "range", "format", "reason", "override", "when"}
		g.errorf(p.Position, "unknown option %q%s", p.Key, hint(p.Key, known))
	}
}

// scalars reads a mapping of words to texts and numbers, such as the limits of a range.
func (g *grammar) scalars(p Pair) map[string]any {
	if p.Value.Kind != MapLiteral {
		g.errorf(p.Value.Position, "option %s must be a mapping, not %s", p.Key, p.Value.Kind)
		return nil
	}
	g.unique(p.Value.Pairs, "option")
	values := make(map[string]any, len(p.Value.Pairs))
	for _, q := range p.Value.Pairs {
		values[q.Key] = g.constant(q)
	}
	return values
}

// condition reads a condition over the columns of a row; what package anonymize does not understand is an error.
func (g *grammar) condition(p Pair) string {
	text := strings.TrimSpace(g.text(p))
	if text == "" {
		return ""
	}
	if _, err := anonymize.ParseCondition(text); err != nil {
		g.errorf(p.Value.Position, "%v", err)
	}
	return text
}

// cases reads an ordered list of treatments with conditions.
func (g *grammar) cases(l Literal) Spec {
	var s Spec
	if len(l.Items) == 0 {
		g.errorf(l.Position, "a list of treatments must not be empty")
	}
	for i, item := range l.Items {
		c, ok := g.oneCase(item)
		last := i == len(l.Items)-1
		if ok && last && c.When != "" {
			g.errorf(item.Position, "the last treatment of a list must have no condition: it is for every other row")
		}
		if ok && !last && c.When == "" {
			g.errorf(item.Position, "only the last treatment of a list may lack a condition")
		}
		s.Cases = append(s.Cases, c)
	}
	return s
}

// oneCase reads one entry of a list; not ok when it is neither a kind nor a mapping.
func (g *grammar) oneCase(l Literal) (c CaseSpec, ok bool) {
	switch l.Kind {
	case TextLiteral, NullLiteral:
		c.Treatment.Kind = g.kind(l)
		g.needsValue(l)
		return c, true
	case MapLiteral:
		g.unique(l.Pairs, "option")
		rest := l
		rest.Pairs = nil
		for _, p := range l.Pairs {
			if p.Key != "when" {
				rest.Pairs = append(rest.Pairs, p)
				continue
			}
			c.When = g.condition(p)
		}
		c.Treatment = g.treatment(rest)
		return c, true
	default:
		g.errorf(l.Position, "a treatment in a list must be a kind or a mapping, not %s", l.Kind)
		return c, false
	}
}

// rows reads which rows are kept.
func (g *grammar) rows(l Literal) RowsMark {
	var m RowsMark
	switch l.Kind {
	case TextLiteral, NumberLiteral:
		m.Spec = g.keep(l)
	case MapLiteral:
		g.unique(l.Pairs, "option")
		told := 0
		for _, p := range l.Pairs {
			switch p.Key {
			case "where":
				m.Spec.Where = g.condition(p)
				told++
			case "keep":
				keep := g.keep(p.Value)
				m.Spec.None, m.Spec.Fraction = keep.None, keep.Fraction
				told++
			case "children":
				m.Spec.Children = g.children(p)
			case "reason":
				m.Reason = g.text(p)
			case "override":
				m.Override = g.override(p)
			default:
				g.errorf(p.Position, "unknown option %q of rows%s", p.Key, hint(p.Key, []string{"where", "keep", "children", "reason", "override"}))
			}
		}
		if m.Override && m.Reason == "" {
			g.errorf(l.Position, "override needs a reason")
		}
		if told != 1 {
			g.errorf(l.Position, "rows need exactly one of where and keep")
		}
		if told == 1 && m.Spec.Children != anonymize.FailChildren && m.Spec.treatment() == anonymize.AllRows && m.Spec.Where == "" {
			g.errorf(l.Position, "all rows are kept, so nothing is to be said of children")
		}
	default:
		g.errorf(l.Position, "rows must be none, all, a fraction or a mapping with where, not %s", l.Kind)
	}
	return m
}

// children reads what becomes of rows that refer to rows that are not kept.
func (g *grammar) children(p Pair) anonymize.Children {
	word := p.Value.Text
	if p.Value.Kind != TextLiteral && p.Value.Kind != NullLiteral {
		word = ""
	}
	c, err := anonymize.ParseChildren(word)
	if err != nil {
		g.errorf(p.Value.Position, "%v", err)
	}
	return c
}

// keep reads none, all or a fraction.
func (g *grammar) keep(l Literal) RowsSpec {
	switch {
	case l.Kind == TextLiteral && l.Text == "none":
		return RowsSpec{None: true}
	case l.Kind == TextLiteral && l.Text == "all":
		return RowsSpec{}
	}
	f, err := strconv.ParseFloat(l.Text, 64)
	if err != nil || l.Kind != TextLiteral && l.Kind != NumberLiteral || !(f > 0 && f < 1) {
		g.errorf(l.Position, "rows must be none, all, a fraction between 0 and 1, or a mapping with where")
		return RowsSpec{None: true}
	}
	return RowsSpec{Fraction: f}
}

func (g *grammar) kind(l Literal) string {
	if l.Kind == NullLiteral && strings.EqualFold(l.Text, "null") {
		return "null" // YAML's own word for nothing is a kind, too
	}
	if l.Kind == NullLiteral {
		g.errorf(l.Position, "no kind is filled in")
		return ""
	}
	if l.Kind != TextLiteral {
		g.errorf(l.Position, "a kind must be text, not %s", l.Kind)
		return ""
	}
	if _, ok := anonymize.KindByName(l.Text); !ok {
		g.errorf(l.Position, "unknown kind %q%s", l.Text, hint(l.Text, kindNames()))
		return ""
	}
	return l.Text
}

// needsValue complains about kind constant without its option.
func (g *grammar) needsValue(l Literal) {
	if canonicalKind(l.Text) == "constant" {
		g.errorf(l.Position, "kind constant needs a value: {kind: constant, value: …}")
	}
}

func (g *grammar) text(p Pair) string {
	if p.Value.Kind != TextLiteral || strings.TrimSpace(p.Value.Text) == "" {
		g.errorf(p.Value.Position, "%s must be text that is not empty", p.Key)
		return ""
	}
	return p.Value.Text
}

func (g *grammar) override(p Pair) bool {
	if !g.rules {
		g.errorf(p.Position, "override belongs into rules files only")
		return false
	}
	if p.Value.Kind != BoolLiteral {
		g.errorf(p.Value.Position, "override must be true or false, not %s", p.Value.Kind)
	}
	return p.Value.Kind == BoolLiteral && p.Value.Text == "true"
}

func (g *grammar) constant(p Pair) string {
	switch p.Value.Kind {
	case TextLiteral, NumberLiteral:
		return p.Value.Text
	default:
		g.errorf(p.Value.Position, "value must be text or a number, not %s", p.Value.Kind)
		return ""
	}
}

func (g *grammar) paths(p Pair) map[string]any {
	if p.Value.Kind != MapLiteral {
		g.errorf(p.Value.Position, "paths must be a mapping of JSON paths to kinds, not %s", p.Value.Kind)
		return nil
	}
	paths := make(map[string]any)
	for _, q := range p.Value.Pairs {
		if !strings.HasPrefix(q.Key, "$") {
			g.errorf(q.Position, "a JSON path begins with $")
		}
		if _, twice := paths[q.Key]; twice {
			g.errorf(q.Position, "path %q is given twice", q.Key)
		}
		paths[q.Key] = g.path(q.Value)
	}
	return paths
}

// path reads the treatment of one JSON path as package anonymize takes it.
func (g *grammar) path(l Literal) any {
	if l.Kind != MapLiteral {
		return g.kind(l)
	}
	g.unique(l.Pairs, "option")
	options := make(map[string]any)
	for _, p := range l.Pairs {
		switch p.Key {
		case "kind":
			options[p.Key] = g.kind(p.Value)
		case "domain":
			options[p.Key] = g.text(p)
		case "value":
			options[p.Key] = g.constant(p)
		default:
			g.option(p)
		}
	}
	return options
}

func hasKey(pairs []Pair, key string) bool {
	for _, p := range pairs {
		if p.Key == key {
			return true
		}
	}
	return false
}
