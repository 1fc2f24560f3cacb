package detect

import (
	"fmt"
	"strings"
)

// A sign is what it means that values of a column have a shape.
type sign struct {
	shapes string
	finding
	least  float64 // the share from which it means that
	strong bool    // no name makes such values harmless
}

// signs are in the order of how much they say.
func signs() []sign {
	return []sign{
		{"private_key", finding{Secret, Must, 0.98, "private keys"}, 0.01, true},
		{"url_with_credentials", finding{URLSecret, Must, 0.97, "URLs with credentials"}, 0.01, true},
		{"email", finding{Email, Must, 0.98, "e-mail addresses"}, 0.3, true},
		{"card_number", finding{Card, Must, 0.96, "numbers of payment cards"}, 0.5, true},
		{"iban", finding{Bank, Must, 0.97, "numbers of bank accounts"}, 0.3, true},
		{"national_number", finding{NationalID, Must, 0.9, "numbers that states give to persons"}, 0.5, true},
		{"geo_position", finding{Geo, Must, 0.95, "positions on a map"}, 0.5, true},
		{"mac", finding{MAC, Must, 0.97, "MAC addresses"}, 0.5, true},
		{"ssh_key", finding{SSHKey, Must, 0.98, "SSH keys"}, 0.3, true},
		{"ip_address", finding{IP, Must, 0.96, "IP addresses"}, 0.5, true},
		{"cidr", finding{Network, Should, 0.96, "networks"}, 0.5, true},
		{"phone", finding{Phone, Must, 0.94, "telephone numbers"}, 0.5, true},
		{"json_personal", finding{Document, Must, 0.93, "JSON with keys about persons or secrets"}, 0.02, true},
		{"phone phone_digits", finding{Phone, Must, 0.65, "telephone numbers, some of digits alone"}, 0.8, false},
		{"certificate", finding{Certificate, Must, 0.95, "certificates"}, 0.3, true},
		{"token", finding{Secret, Must, 0.85, "random words"}, 0.5, false},
		{"uuid", finding{UUID, Should, 0.9, "uuids"}, 0.5, false},
		{"person_name", finding{Person, Must, 0.75, "two words or more with capitals, as names have"}, 0.6, false},
		{"text_identifying", finding{Text, Must, 0.85, "text with addresses or identifiers in it"}, 0.05, false},
		{"url", finding{URL, Should, 0.85, "URLs"}, 0.3, false},
		{"hostname", finding{Hostname, Should, 0.85, "names of hosts"}, 0.5, false},
		{"json", finding{Document, Should, 0.8, "JSON"}, 0.3, false},
		{"path", finding{Path, Should, 0.75, "paths"}, 0.5, false},
		{"text text_identifying person_name", finding{Text, Should, 0.7, "text"}, 0.3, false},
		{"hex", finding{Secret, Should, 0.62, "long hexadecimal words"}, 0.5, false},
		{"email", finding{Text, Must, 0.8, "some e-mail addresses"}, 0.01, true},
		{"card_number", finding{Text, Must, 0.7, "some numbers of payment cards"}, 0.2, true},
		{"iban national_number", finding{Text, Must, 0.7, "some numbers of accounts or persons"}, 0.05, true},
		{"ip_address cidr mac phone", finding{Text, Should, 0.65, "some addresses or telephone numbers"}, 0.05, false},
		{"token ssh_key certificate", finding{Secret, Must, 0.75, "some keys or random words"}, 0.05, false},
	}
}

// byValues judges a column by what its values look like. named is what its name says.
func (d *Detector) byValues(c *column, named finding) finding {
	p := c.Profile
	if p == nil || len(p.Shapes) == 0 || c.typ.class == enumType || c.typ.class == dateType || c.typ.class == boolType {
		return finding{}
	}
	var best finding
	for _, s := range d.signs {
		if !s.strong && (named.harmless() || fewDifferent(c)) {
			continue
		}
		if got := p.shareOf(s.shapes); got >= s.least {
			f := s.finding
			f.reason = percent(got) + " of the values look like " + f.reason
			if f = d.fitting(c, f); f.class != "" && (best.class == "" || f.better(best)) {
				best = f
			}
		}
	}
	return best
}

// enough rows with few different values tell a list of choices.
const enough = 256

// fewDifferent reports whether values are chosen from a short list.
func fewDifferent(c *column) bool {
	p := c.Profile
	return p != nil && p.DistinctAbout > 0 && p.DistinctAbout <= fewDistinct && c.rowsAbout >= enough
}

// chosen drops a weak guess about a column whose values come from a short list of words or numbers.
func (d *Detector) chosen(c *column, f finding) finding {
	if f.tier != Should || f.confidence >= 0.7 || !fewDifferent(c) || c.Profile.shareOf("word number date") < 0.95 {
		return f
	}
	switch f.class {
	case Label, Text, ID, Document, Bytes, Health:
		return harmless("few different words")
	default:
		return f
	}
}

// shareOf adds up the shares of shapes.
func (p *ColumnProfile) shareOf(shapes string) float64 {
	sum := 0.0
	for s := range strings.FieldsSeq(shapes) {
		sum += p.Shapes[Shape(s)]
	}
	return min(sum, 1)
}

// percent writes a share for a reason.
func percent(share float64) string { return fmt.Sprintf("about %.0f %%", 100*share) }
