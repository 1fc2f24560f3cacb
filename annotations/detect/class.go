package detect

import "fmt"

// A Class is what a column's values are about.
type Class string

// The classes.
const (
	Email       Class = "email"
	Phone       Class = "phone"
	Person      Class = "person_name"
	Username    Class = "username"
	Postal      Class = "postal_address"
	NationalID  Class = "personal_number" // passport, tax, insurance, licence plate
	Birth       Class = "birth_date"
	Demographic Class = "demographic" // gender, religion, nationality
	Health      Class = "health"
	Bank        Class = "bank_account"
	Card        Class = "payment_card"
	Income      Class = "income"
	Geo         Class = "geo_position"
	IP          Class = "ip_address"
	Network     Class = "network"
	MAC         Class = "mac_address"
	Hostname    Class = "hostname"
	URL         Class = "url"
	URLSecret   Class = "url_with_credentials"
	Path        Class = "path"
	SSHKey      Class = "ssh_key"
	Certificate Class = "certificate"
	Secret      Class = "secret" // password, key, token
	UUID        Class = "uuid"
	ID          Class = "identifier"
	Text        Class = "free_text"
	Label       Class = "label" // a name that somebody gave to a thing
	Document    Class = "document"
	Bytes       Class = "bytes"
)

// A Tier says how much a class matters.
type Tier int

// The tiers. The zero value is for columns that nothing speaks against.
const (
	No     Tier = iota
	Should      // helps to identify, or may hold anything
	Must        // personal or secret itself
)

// String gives "no", "should" or "must".
func (t Tier) String() string {
	switch t {
	case No:
		return "no"
	case Should:
		return "should"
	case Must:
		return "must"
	}
	return fmt.Sprintf("tier %d", int(t))
}

// MarshalText gives the word for the tier, for JSON.
func (t Tier) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// A finding is one piece of evidence about a column.
type finding struct {
	class      Class
	tier       Tier
	confidence float64
	reason     string
}

// better reports whether a finding says more than another.
func (f finding) better(g finding) bool {
	if (f.confidence >= threshold) != (g.confidence >= threshold) {
		return f.confidence > g.confidence
	}
	if f.tier != g.tier {
		return f.tier > g.tier
	}
	return f.confidence > g.confidence
}

// threshold is the least confidence that makes a proposal. It was set where, over the judged schemas, a lower one adds more
// harmless columns than sensitive ones.
const threshold = 0.5

// harmless is the finding that a column holds nobody's data.
func harmless(reason string) finding { return finding{reason: reason} }

// harmless reports whether a finding says that a column is harmless.
func (f finding) harmless() bool { return f.class == "" && f.reason != "" }
