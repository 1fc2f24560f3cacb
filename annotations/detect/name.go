package detect

import (
	"slices"
	"strings"
)

// A name is a column's name, taken apart.
type name struct {
	first string   // the first word as written, in lower case
	words []string // without what qualifies any name at its end
	head  string
	mods  []string // the words before the head
}

// read takes a column's name apart.
func (d *Detector) read(text string) name {
	words := reorder(d.lexicon.speller.words(text))
	for len(words) > 1 {
		last := words[len(words)-1]
		if !isNumber(last) && !d.lexicon.qualifies[last] && !(has(words[len(words)-2:len(words)-1], "email phone fax address") && has([]string{last}, contactQualifiers)) {
			break
		}
		words = words[:len(words)-1]
	}
	n := name{words: words}
	if parts := split(unmarked(text)); len(parts) > 1 && d.lexicon.speller.headToEnd(parts)[0] == parts[0] { // "num_secu" is no count
		n.first = parts[0]
	}
	if len(words) > 0 {
		n.head, n.mods = words[len(words)-1], words[:len(words)-1]
	}
	return n
}

// reorder turns "date of birth" into "birth date".
func reorder(words []string) []string {
	i := slices.Index(words, "of")
	if i < 1 || i+1 >= len(words) {
		return words
	}
	if words[i-1] == "next" { // "next of kin phone" is the phone of whom
		return append(slices.Clone(words[:i]), words[i+1:]...)
	}
	return append(slices.Clone(words[i+1:]), words[:i]...)
}

// last gives the word before the head, or "".
func (n name) last() string {
	if len(n.mods) == 0 {
		return ""
	}
	return n.mods[len(n.mods)-1]
}

// byName judges a column by its name and what its table is about. A finding without a class and with a reason says that the
// name is one of a harmless column.
func (d *Detector) byName(s *surroundings, c *column) finding {
	n := c.name
	if len(n.words) == 0 || has([]string{n.first}, switches) {
		return finding{}
	}
	for _, judge := range []func(*surroundings, *column) (finding, bool){d.preposition, d.byPlace, d.byHead, d.known, d.container, d.wrapped} {
		if f, ok := judge(s, c); ok {
			return f
		}
	}
	if !d.lexicon.harmless[n.head] {
		return d.unknown(s, c)
	}
	if f, ok := d.digested(s, c); ok {
		return f
	}
	if p := d.lexicon.findAny(n.mods); p != nil && (p.class == Health || p.class == Demographic) && p.tier == Must && c.typ.holdsText() {
		return d.inTable(s, finding{p.class, Should, 0.6, p.reason + " " + n.head}) // even its kind tells
	}
	if c.typ.class == longText && c.typ.chars == 0 && !s.catalog && has([]string{n.head}, longAnyway) {
		return finding{Text, Should, 0.5, "text of any length, too long for a " + n.head}
	}
	return harmless("a " + n.head)
}

// longAnyway are heads of harmless columns that hold words of a list, unless somebody declared texts of any length.
const longAnyway = "event action operation status state result reason source destination resource queue step stage phase plan policy"

// preposition judges names that end in one: created_by, assigned_to.
func (d *Detector) preposition(_ *surroundings, c *column) (finding, bool) {
	head, mods := c.name.head, c.name.mods
	if head == "id" && len(mods) > 1 && c.typ.class != uuidType && c.typ.chars != uuidChars { // created_by_id
		head, mods = mods[len(mods)-1], mods[:len(mods)-1]
	}
	if len(mods) == 0 {
		return finding{}, false
	}
	switch {
	case head == "by" && has(mods, "order group sort sorted ordered grouped divided needed required"):
		return harmless("an order"), true
	case head == "by":
		return finding{Username, Should, 0.72, "who did something"}, true
	case (head == "to" || head == "from") && has(mods[len(mods)-1:], "assigned sent reply shared delegated granted issued addressed forward forwarded"):
		return finding{Person, Should, 0.65, "to or from whom"}, true
	}
	return finding{}, false
}

// byPlace judges words that only the table gives a meaning: the line of an address, the month of a card, the title of a person.
func (d *Detector) byPlace(s *surroundings, c *column) (finding, bool) {
	head := c.name.head
	alone := len(c.name.words) == 1
	switch {
	case s.places && alone && head == "line":
		return finding{Postal, Must, 0.85, "line of an address"}, true
	case s.places && (head == "state" || head == "region") && c.typ.holdsText() && !has(s.words, "status"),
		s.places && head == "name" && c.name.last() == "state":
		return finding{Postal, Should, 0.6, "part of an address"}, true
	case has(s.words, "card") && alone && (head == "month" || head == "year" || head == "expiry" || head == "number"):
		return finding{Card, Must, 0.8, head + " of a card"}, true
	case has(s.words, "card") && alone && head == "name":
		return finding{Person, Must, 0.85, "name of a card's holder"}, true
	case s.places && alone && has([]string{head}, "cap cp uf"):
		return finding{Postal, Must, 0.7, "postal code or state beside addresses"}, true
	case s.people && alone && (head == "title" || head == "prefix" || head == "suffix"):
		return finding{Demographic, Should, 0.6, head + " of a person"}, true
	case s.people && head == "title":
		return harmless("title of a function"), true
	case s.health && has([]string{head}, "height weight temperature systolic diastolic pulse glucose saturation"):
		return finding{Health, Should, 0.6, "measure of a patient"}, true
	case s.health && len(c.name.mods) > 0 && has([]string{c.name.last()}, "height weight"):
		return finding{Health, Should, 0.6, "measure of a patient"}, true
	case s.network && has(s.words, "route") && alone && (head == "destination" || head == "source" || head == "prefix"):
		return finding{Network, Should, 0.75, head + " of a route"}, true
	case s.keyed && alone && head == "keyword":
		return harmless("name of a value"), true
	case c.typ.class == unknownType && (head == "at" || head == "on"):
		return harmless("a time"), true
	}
	return finding{}, false
}

// known judges by the longest phrase of the lexicon that includes the head.
func (d *Detector) known(s *surroundings, c *column) (finding, bool) {
	p := d.lexicon.find(c.name.words, c.name.head)
	if p == nil || len(p.words) == 1 && d.lexicon.harmless[c.name.head] {
		return finding{}, false
	}
	return d.inTable(s, p.finding), true
}

// container judges documents that may hold anything.
func (d *Detector) container(s *surroundings, c *column) (finding, bool) {
	n := c.name
	switch {
	case !d.lexicon.containers[n.head]:
		return finding{}, false
	case c.typ.class == shortText || c.typ.class == unknownType:
		if has([]string{n.head}, "data extra metadata payload argument") && d.lexicon.findAny(n.mods) == nil {
			return finding{Text, Should, 0.55, "may hold anything"}, true
		}
		return finding{}, false
	case !c.typ.open():
		return finding{}, false
	case has(n.mods, harmlessContents):
		return harmless("document about " + n.mods[0]), true
	}
	if f, ok := d.wrapped(s, c); ok && (f.tier == Must || f.class == Person || f.class == Username) {
		return finding{Document, Must, 0.8, "document: " + f.reason}, true
	}
	if s.catalog && !has([]string{n.head}, "extra metadata") {
		return finding{Document, Should, 0.5, "document of a kind of thing"}, true
	}
	return finding{Document, Should, 0.65, "document that may hold anything"}, true
}

// wrapped judges heads that say nothing themselves by the words before them.
func (d *Detector) wrapped(s *surroundings, c *column) (finding, bool) {
	if !d.lexicon.wraps[c.name.head] && !d.lexicon.containers[c.name.head] {
		return finding{}, false
	}
	p := d.lexicon.findAny(c.name.mods)
	if p == nil {
		return finding{}, false
	}
	f := d.inTable(s, p.finding)
	if f.class == "" || f.class == ID || f.class == Label || f.class == Text {
		return finding{}, false
	}
	if head := c.name.head; head != "number" && head != "id" && head != "code" { // these are what they are the number of
		f.confidence -= 0.1
	}
	return f, true
}

// digested judges digests of what is confidential: the salted or plain MD5 of a password opens as many doors, that of an e-mail
// address is found by trying.
func (d *Detector) digested(s *surroundings, c *column) (finding, bool) {
	if !has([]string{c.name.head}, "md5 sha sha1 sha256 sha512 crc digest checksum") || !c.typ.holdsText() {
		return finding{}, false
	}
	p := d.lexicon.findAny(c.name.mods)
	if p == nil || p.tier != Must || p.confidence < sureNumber {
		return finding{}, false
	}
	f := d.inTable(s, p.finding)
	f.confidence -= 0.1
	if f.class != Secret {
		f.class, f.tier = ID, Should
	}
	f.reason += " " + c.name.head
	return f, true
}

// unknown judges heads that nobody knows: after words for what is confidential without doubt, they are more likely part of it
// than harmless.
func (d *Detector) unknown(s *surroundings, c *column) finding {
	p := d.lexicon.findAny(c.name.mods)
	if p == nil || p.tier != Must || p.confidence < 0.9 || p.class == Username || !c.typ.holdsText() {
		return finding{}
	}
	f := d.inTable(s, p.finding)
	f.tier, f.confidence, f.reason = Should, 0.55, "begins with "+f.reason
	return f
}

// inTable weighs a phrase by the table it stands in.
func (d *Detector) inTable(s *surroundings, f finding) finding {
	switch f.class {
	case Text, Label:
		switch {
		case s.catalog && f.class == Label:
			return harmless("name of a kind of thing")
		case s.catalog && has(s.words, "product category plan country currency language unit"):
			return harmless("text about a product")
		case s.catalog:
			return finding{f.class, Should, 0.5, f.reason + " of a kind of thing"}
		case s.hardware && f.class == Label:
			return harmless("name of hardware")
		}
	case URL, Path:
		if s.catalog {
			return harmless("place of a product")
		}
	case Health:
		if strings.HasPrefix(f.reason, "health") && !s.health && !s.people {
			return harmless("health of a machine")
		}
	default:
	}
	return f
}
