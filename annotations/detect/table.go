package detect

import "github.com/turbo-hipster/turbo-hipster/annotations"

// A Table is what is known about a table.
type Table struct {
	Database, Name string
	Class          string // of its model; "" without one
	Comment        string // docstring of the model, comment of the table
	Columns        []Column
}

// A Column is what is known about a column. Only Name is needed.
type Column struct {
	Name    string
	Type    string // as SQL or the model writes it
	Comment string
	// PrimaryKey is part of the primary key; Unique is in any unique index, the primary key included: its values must stay
	// distinct.
	PrimaryKey, Unique bool
	Generated          bool
	References         []annotations.ModelReference
}

// FromModel takes over what a model says.
func FromModel(m annotations.ModelTable) Table {
	t := Table{Database: m.Database, Name: m.Name, Class: m.Class}
	for _, c := range m.Columns {
		typ := c.TypeText
		if typ == "" {
			typ = c.Type
		}
		t.Columns = append(t.Columns, Column{
			Name: c.Name, Type: typ, PrimaryKey: c.PrimaryKey, Unique: c.PrimaryKey,
			Generated: c.Generated, References: c.ForeignKeys,
		})
	}
	return t
}

// surroundings are what a table says about each of its columns.
type surroundings struct {
	words    []string // of the table's name
	head     string
	siblings []string // all words of the columns' names

	people, catalog, network, health, places, secrets, hardware bool // what the table is about
	keyed                                                       bool // a column holds names, another their values
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
	s.places = s.places || has(s.siblings, "street zip city postal")
	s.keyed = has(alone, "value") && has(alone, "key name option property attribute field setting parameter item") ||
		has(s.siblings, "value") && has(s.siblings, "key") && has(s.words, "metadata attribute property option setting")
	return s
}
