package detect

import (
	"cmp"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations"
)

// A Table is what is known about a table.
type Table struct {
	Database, Name string
	Class          string // of its model; "" without one
	Comment        string // docstring of the model, comment of the table
	Columns        []Column
	RowsAbout      int64 // as TableProfile has it; 0 when unknown
}

// A Column is what is known about a column. Only Name is needed.
type Column struct {
	Name    string
	Type    string // as SQL or the model writes it
	Stored  string // the type that a model's own type comes down to; "" when unknown
	Length  int    // in characters or bytes, where Type does not say; 0 when unknown
	Comment string
	// PrimaryKey is part of the primary key; Unique is in any unique index, the primary key included: its values must stay
	// distinct.
	PrimaryKey, Unique bool
	Generated          bool
	References         []annotations.ModelReference
	Profile            *ColumnProfile // nil when nobody looked at values
}

// FromModel takes over what a model says. What its docstring says of a column in a line of its own, such as "email: where to
// write to", counts as that column's comment.
func FromModel(m annotations.ModelTable) Table {
	t := Table{Database: m.Database, Name: m.Name, Class: m.Class, Comment: m.Doc}
	for _, c := range m.Columns {
		t.Columns = append(t.Columns, Column{
			Name: c.Name, Type: cmp.Or(c.TypeText, c.Type), Stored: c.Impl, Length: c.Length,
			Comment:    cmp.Or(c.Comment, documented(m.Doc, c.Name), documented(m.Doc, c.Attribute)),
			PrimaryKey: c.PrimaryKey, Unique: c.PrimaryKey, Generated: c.Generated, References: c.ForeignKeys,
		})
	}
	return t
}

// documented gives what a docstring says of a column: "name: text", ":param name: text", "name (str): text", "name -- text".
func documented(doc, name string) string {
	if name == "" {
		return ""
	}
	for line := range strings.SplitSeq(doc, "\n") {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, ":") { // :ivar str name: text
			field, text, _ := strings.Cut(line[1:], ":")
			if words := strings.Fields(field); len(words) > 1 && words[len(words)-1] == name {
				return strings.TrimSpace(text)
			}
			continue
		}
		rest, ok := strings.CutPrefix(strings.TrimLeft(line, "-*• `"), name)
		rest = strings.TrimLeft(rest, " `")
		if ok && strings.HasPrefix(rest, "(") {
			_, rest, _ = strings.Cut(rest, ")")
		}
		if text, cut := strings.CutPrefix(rest, ":"); ok && cut {
			return strings.TrimSpace(text)
		}
		if text, cut := strings.CutPrefix(rest, "--"); ok && cut {
			return strings.TrimSpace(text)
		}
	}
	return ""
}

// surroundings are what a table says about each of its columns.
type surroundings struct {
	words    []string // of the table's name
	head     string
	siblings []string // all words of the columns' names

	people, catalog, network, health, places, secrets, hardware bool // what the table is about
	keyed                                                       bool // a column holds names, another their values
	dns                                                         bool // of names with a time to live
	reachable                                                   bool // rows have an e-mail address
}

func (d *Detector) surroundings(t *Table) surroundings {
	l := d.lexicon
	words := l.speller.words(t.Name)
	s := surroundings{words: words}
	for len(words) > 1 && (isNumber(words[len(words)-1]) || has(words[len(words)-1:], "entity name contact detail info data profile")) {
		words = words[:len(words)-1] // "person_name", "customer_entity" are tables of people
	}
	if len(words) > 0 {
		s.head = words[len(words)-1]
	}
	s.people = l.people[s.head]
	s.catalog = l.catalogs[s.head] && !s.people
	s.network = has(words, networkWords)
	s.health = has(words, healthWords)
	s.secrets = has(words, secretWords)
	s.hardware = has(words, hardwareWords)
	s.places = has(words, placeWords)
	var alone []string
	for _, c := range t.Columns {
		w := l.speller.words(c.Name)
		s.siblings = append(s.siblings, w...)
		if len(w) == 1 {
			alone = append(alone, w[0])
		}
	}
	for _, c := range t.Columns {
		d.neighbour(&s, l.speller.words(c.Name))
	}
	s.network = s.network || has(s.siblings, "ip mac cidr subnet")
	s.places = s.places || has(s.siblings, "street zip city postal")
	s.dns = has(alone, "ttl") && has(words, "domain zone record recordset dns")
	s.keyed = has(alone, "value") && has(alone, "key name keyword option property attribute field setting parameter item") ||
		has(s.siblings, "value") && has(s.siblings, "key") && has(s.words, "metadata attribute property option setting")
	return s
}

// neighbour takes over what one column says about the others: what has an owner is no catalog of the product's, what has a last
// name or a birth date is a person.
func (d *Detector) neighbour(s *surroundings, words []string) {
	if len(words) == 0 {
		return
	}
	switch p := d.lexicon.find(words, words[len(words)-1]); {
	case p == nil:
	case p.class == Person && has(p.words, "first last given family") && len(words) == 2, p.class == Birth && len(words) < 3 && has(words, "birth born"):
		s.people, s.catalog = true, false
	case p.class == Email && len(words) < 3:
		s.reachable, s.catalog = true, false
	case p.class == ID && has(words, "user project owner customer account"):
		s.catalog = false
	}
}
