package detect

import "strings"

// byHead judges heads whose meaning depends on the words before them, the table and the type: name, value, key, code, hash, id,
// address.
func (d *Detector) byHead(s *surroundings, c *column) (finding, bool) {
	switch c.name.head {
	case "name":
		return d.nameOf(s, c), true
	case "value":
		return d.valueOf(s, c)
	case "key", "code", "hash":
		return d.keyOf(s, c)
	case "id":
		return d.idOf(s, c), true
	case "address":
		return d.addressOf(s, c), true
	}
	return finding{}, false
}

// phraseOf gives what a phrase of several words that includes the head says.
func (d *Detector) phraseOf(s *surroundings, c *column) (finding, bool) {
	p := d.lexicon.find(c.name.words, c.name.head)
	if p == nil || len(p.words) == 1 {
		return finding{}, false
	}
	return d.inTable(s, p.finding), true
}

// nameOf judges names: of people, of machines, of kinds of things, of things.
func (d *Detector) nameOf(s *surroundings, c *column) finding {
	last := c.name.last()
	if f, ok := d.phraseOf(s, c); ok {
		if f.class == Label && last == "display" && (s.people || s.reachable) {
			f.class = Person
		}
		return f
	}
	switch {
	case s.dns && (last == "" || last == "reverse"):
		return finding{Hostname, Must, 0.85, "name with a time to live"}
	case last == "" && s.keyed:
		return harmless("name of a value")
	case last == "" && s.people:
		return finding{Person, Must, 0.85, "name in a table of people"}
	case last == "" && s.catalog:
		return harmless("name of a kind of thing")
	case last == "" && has([]string{s.head}, "server host node machine domain endpoint"):
		return finding{Hostname, Should, 0.7, "name in a table of machines"}
	case last == "" && s.reachable && !s.network && !has(s.words, "project organization company shop store supplier list team group"):
		return finding{Person, Must, 0.8, "name beside an e-mail address"}
	case last == "":
		return finding{Label, Should, 0.62, "name that somebody gave"}
	case d.lexicon.people[last]:
		return finding{Person, Must, 0.85, "name of a person"}
	case d.lexicon.harmless[last], d.lexicon.catalogs[last], has(c.name.mods, "class field model method function cookie content header param task param"):
		return harmless("name of a " + last)
	}
	return finding{Label, Should, 0.55, "name that somebody gave"}
}

// valueOf judges the values of names that another column holds.
func (d *Detector) valueOf(s *surroundings, c *column) (finding, bool) {
	if !c.typ.holdsText() && !c.typ.open() {
		return finding{}, false
	}
	if f, ok := d.phraseOf(s, c); ok {
		return f, true
	}
	for _, w := range c.name.mods {
		if !d.lexicon.containers[w] {
			return finding{}, false
		}
	}
	switch {
	case has(s.words, "spec quota limit constraint enum translation choice lookup rate metric"):
		return harmless("values of a catalog"), true
	case s.secrets, has(s.words, "sensitive private"):
		return finding{Secret, Must, 0.75, "values that belong to secrets"}, true
	case s.keyed, has(s.words, "metadata property attribute data setting config preference option extra tag"):
		return finding{Text, Must, 0.75, "values of any name"}, true
	}
	return finding{Text, Should, 0.6, "values of any kind"}, true
}

// keyOf judges keys, codes and hashes: secret where the words before them, the table or a neighbour speak of secrets.
func (d *Detector) keyOf(s *surroundings, c *column) (finding, bool) {
	head := c.name.head
	if f, ok := d.phraseOf(s, c); ok {
		return f, true
	}
	switch {
	case !c.typ.holdsText():
		return harmless("a " + head), true
	case len(c.name.mods) > 0 && head == "hash":
		return finding{}, false // of what the words before say
	case len(c.name.mods) > 0:
		return harmless("a " + head), true
	case s.keyed:
		return harmless("name of a value"), true
	case s.secrets, has(s.siblings, "secret"):
		return finding{Secret, Must, 0.8, head + " beside secrets"}, true
	}
	return harmless("a " + head), true
}

// idOf judges identifiers that are no numbers.
func (d *Detector) idOf(s *surroundings, c *column) finding {
	if c.typ.class == numberType {
		if f, ok := d.phraseOf(s, c); ok && f.class == NationalID && strings.HasSuffix(f.reason, " id") { // an "id card", but no card's id
			return f
		}
		return finding{}
	}
	f, found := d.phraseOf(s, c)
	last := c.name.last()
	switch {
	case found && f.class != ID:
		return f
	case last == "" && has(s.words, "session token") && c.typ.chars != uuidChars && c.typ.class != uuidType:
		return finding{Secret, Must, 0.75, "id in a table of sessions"}
	case c.typ.class == uuidType, c.typ.chars == uuidChars, c.typ.chars == uuidHexChars && has(c.typ.words, "char"):
		return finding{UUID, Should, 0.8, "identifier by its type"}
	case c.typ.class == bytesType && c.typ.chars >= uuidBytes:
		return finding{ID, Should, 0.7, "identifier that is no number"}
	case last == "" && s.catalog && !c.referred:
		return harmless("id of a kind of thing")
	case last == "":
		return finding{ID, Should, 0.62, "identifier that is no number"}
	case d.lexicon.people[last]:
		return finding{ID, Should, 0.8, "identifies a person"}
	case found:
		return f
	case d.lexicon.harmless[last], d.lexicon.catalogs[last], c.typ.chars > 0 && c.typ.chars < 8:
		return harmless("id of a " + last)
	}
	return finding{ID, Should, 0.6, "identifier that is no number"}
}

// addressOf judges addresses by the words before them, the type, and the table.
func (d *Detector) addressOf(s *surroundings, c *column) finding {
	if f, ok := d.phraseOf(s, c); ok {
		return f
	}
	mods := c.name.mods
	switch {
	case c.typ.chars == macChars || c.typ.chars == macChars+1:
		return finding{MAC, Must, 0.85, "address of a card, by its length"}
	case c.typ.class == addressType, has(c.typ.words, "ip mac"), ipLength(c.typ.chars):
		return finding{IP, Must, 0.9, "address of the network, by its type"}
	case s.hardware, has(mods, hardwareWords):
		return harmless("address in hardware")
	case s.places && has(s.siblings, "street zip city postal"):
		return finding{Postal, Must, 0.85, "address beside a city"}
	case has(mods, "email card cc bcc"):
		return finding{Email, Must, 0.8, "address of e-mail"}
	case s.people, has(s.words, "order customer shop store delivery invoice shipment shipping billing place location"), s.places && !s.network:
		return finding{Postal, Must, 0.85, "address of a person"}
	case s.network:
		return finding{IP, Must, 0.85, "address in a table about networks"}
	}
	return finding{Postal, Must, 0.7, "address"}
}

// ipLength reports whether a text of that length was probably declared for IP addresses or networks.
func ipLength(chars int) bool {
	switch chars {
	case 15, 39, 43, 45, 46, 49:
		return true
	}
	return false
}
