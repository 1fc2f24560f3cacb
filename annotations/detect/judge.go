package detect

// judge weighs all evidence about one column.
func (d *Detector) judge(s *surroundings, c *column) finding {
	named := d.fitting(c, d.byName(s, c))
	best := named
	for _, f := range []finding{d.byType(s, c, named), d.byComment(c)} {
		if f = d.fitting(c, f); f.class != "" && f.better(best) {
			best = f
		}
	}
	best = d.chosen(c, best)
	if f := d.byValues(c, named); f.class != "" && (f.better(best) || f.confidence > best.confidence) {
		best = f
	}
	return best
}

// typeOf reads the type of a column: that of the dump where somebody looked at one, which says more than a type of the model's own.
func (d *Detector) typeOf(c *Column) columnType {
	t := d.types.parse(c.Type)
	if t.class == unknownType && c.Stored != "" {
		words := t.words
		t = d.types.parse(c.Stored)
		t.words = append(words, t.words...)
	}
	if t.chars == 0 {
		t.setLength(c.Length)
	}
	if c.Profile == nil || c.Profile.Type == "" {
		return t
	}
	stored := d.types.parse(c.Profile.Type)
	stored.words = append(stored.words, t.words...)
	if t.class == jsonType && stored.class == longText {
		stored.class = jsonType
	}
	return stored
}

// sureNumber is the confidence that a number needs: most count, measure or link rows.
const sureNumber = 0.9

// fitting drops a finding that the column's type cannot hold.
func (d *Detector) fitting(c *column, f finding) finding {
	switch {
	case f.class == "":
		return f
	case !fits(f.class, c.typ):
		return finding{}
	case f.confidence < sureNumber && (c.typ.class == numberType || c.typ.class == fractionType) && f.class != Health:
		return finding{}
	}
	return f
}

// byType judges a column by its type; what its name says goes before where the type is no more than a length.
func (d *Detector) byType(s *surroundings, c *column, named finding) finding {
	t := c.typ
	switch {
	case t.class == uuidType:
		return finding{UUID, Should, 0.75, "type of uuids"}
	case t.class == addressType && has(t.words, "mac"):
		return finding{MAC, Must, 0.9, "type of MAC addresses"}
	case t.class == addressType && has(t.words, "cidr"):
		return finding{Network, Should, 0.9, "type of networks"}
	case t.class == addressType:
		return finding{IP, Must, 0.9, "type of addresses"}
	case has(t.words, "encrypted password secret"):
		return finding{Secret, Must, 0.85, "type of secrets"}
	case has(t.words, "email"):
		return finding{Email, Must, 0.9, "type of e-mail addresses"}
	case has(t.words, "phone"):
		return finding{Phone, Must, 0.9, "type of telephone numbers"}
	case has(t.words, "url"):
		return finding{URL, Should, 0.7, "type of URLs"}
	case t.class == shortText && has(t.words, "field") && has(t.words, "file image"):
		return finding{Path, Should, 0.6, "type of files"}
	case named.harmless():
		return finding{}
	case t.class == shortText && (ipLength(t.chars) && t.chars > 15 || has(t.words, "ip")):
		return finding{IP, Should, 0.7, "length of addresses"}
	case t.class == shortText && t.chars == uuidChars:
		return finding{UUID, Should, 0.65, "length of uuids"}
	}
	return d.byOpenType(s, c)
}

// byOpenType judges a column that may hold anything, or that is in a table about patients.
func (d *Detector) byOpenType(s *surroundings, c *column) finding {
	switch {
	case c.typ.class == jsonType:
		return finding{Document, Should, 0.55, "document that may hold anything"}
	case c.typ.class == longText && !s.catalog:
		return finding{Text, Should, 0.52, "text of any length"}
	case c.typ.class == bytesType:
		return finding{Bytes, Should, 0.5, "bytes of any kind"}
	case s.health && c.typ.class == shortText && (c.typ.chars == 0 || c.typ.chars >= 20):
		return finding{Health, Should, 0.5, "text about a patient"}
	}
	return finding{}
}

// byComment looks for words in a comment that leave little doubt.
func (d *Detector) byComment(c *column) finding {
	words := d.lexicon.speller.words(c.Comment)
	if len(words) == 0 || !c.typ.holdsText() && !c.typ.open() {
		return finding{}
	}
	var best finding
	for _, w := range words {
		p := d.lexicon.find(words, w)
		if p == nil || p.tier != Must || p.confidence < 0.9 {
			continue
		}
		switch p.class {
		case Email, Phone, NationalID, Card, Bank, Secret, MAC, SSHKey, Birth, Health:
			if f := (finding{p.class, Should, 0.6, "comment says " + p.reason}); f.better(best) {
				best = f
			}
		default:
		}
	}
	return best
}
