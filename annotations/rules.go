package annotations

import "strings"

// ReadRules reads a file of YAML rules, as the package documentation describes them. Path is only used to name positions.
// The error is of type Problems and holds every mistake of the file.
func ReadRules(path string, data []byte) (*Markup, error) {
	root, problems := parseYAML(path, data)
	if err := problems.err(); err != nil {
		return nil, err
	}
	r := &rulesReader{grammar: grammar{rules: true}, markup: &Markup{Source: Rules}}
	r.file(root)
	r.problems.Sort()
	if err := r.problems.err(); err != nil {
		return nil, err
	}
	return r.markup, nil
}

// rulesReader walks a file of rules.
type rulesReader struct {
	grammar
	markup *Markup
}

func (r *rulesReader) file(l Literal) {
	r.fields(l, "the file", map[string]func(Pair){
		"tables": func(p Pair) { r.tables("", p.Value) },
		"acknowledge": func(p Pair) {
			for _, a := range r.entries(p.Value, "acknowledge") {
				r.acknowledge(a)
			}
		},
		"databases": func(p Pair) {
			for _, d := range r.entries(p.Value, "databases") {
				r.fields(d.Value, "a database", map[string]func(Pair){
					"tables": func(p Pair) { r.tables(d.Key, p.Value) },
				})
			}
		},
	})
}

// acknowledge reads one entry of the literals that were reviewed.
func (r *rulesReader) acknowledge(p Pair) {
	if p.Value.Kind != TextLiteral || strings.TrimSpace(p.Value.Text) == "" {
		r.errorf(p.Position, "%q is acknowledged without a reason; say why its literals are nobody's data", p.Key)
		return
	}
	r.markup.Acknowledged = append(r.markup.Acknowledged, Acknowledgement{Object: p.Key, Reason: p.Value.Text, Position: p.Position})
}

func (r *rulesReader) tables(database string, l Literal) {
	for _, t := range r.entries(l, "tables") {
		r.fields(t.Value, "a table", map[string]func(Pair){
			"rows": func(p Pair) {
				m := r.rows(p.Value)
				m.Database, m.Table, m.Position, m.Source = database, t.Key, p.Position, Rules
				r.markup.Rows = append(r.markup.Rows, m)
			},
			"columns": func(p Pair) {
				for _, c := range r.entries(p.Value, "columns") {
					m := r.column(c.Value)
					m.Database, m.Table, m.Column, m.Position, m.Source = database, t.Key, c.Key, c.Position, Rules
					r.markup.Marks = append(r.markup.Marks, m)
				}
			},
		})
	}
}

// entries gives the pairs of a mapping with keys of any name, none of which may be given twice.
func (r *rulesReader) entries(l Literal, what string) []Pair {
	if l.Kind == NullLiteral {
		return nil
	}
	if l.Kind != MapLiteral {
		r.errorf(l.Position, "%s must be a mapping, not %s", what, l.Kind)
		return nil
	}
	seen := make(map[string]int, len(l.Pairs))
	for _, p := range l.Pairs {
		key := p.Key
		if what == "columns" {
			key = strings.ToLower(key)
		}
		if first, ok := seen[key]; ok {
			r.errorf(p.Position, "%q is given twice, first at line %d", p.Key, first)
			continue
		}
		seen[key] = p.Position.Line
	}
	return l.Pairs
}

// fields reads a mapping whose keys are known.
func (r *rulesReader) fields(l Literal, what string, known map[string]func(Pair)) {
	names := make([]string, 0, len(known))
	for name := range known {
		names = append(names, name)
	}
	for _, p := range r.entries(l, what) {
		if read, ok := known[p.Key]; ok {
			read(p)
			continue
		}
		r.errorf(p.Position, "unknown key %q of %s%s", p.Key, what, hint(p.Key, names))
	}
}
