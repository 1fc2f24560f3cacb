package anonymize

import (
	"github.com/turbo-hipster/turbo-hipster/anonymize/permute"
	"github.com/turbo-hipster/turbo-hipster/anonymize/recognize"
)

// family is a set of values with bijections of its own. Kinds that share a family
// give equal values equal pseudonyms.
type family uint8

const (
	familyString family = iota
	familyUUID
	familyHex
	familyIP
	familyMAC
	familyHost
	familyTLD
	familyEmail
	familyURL
	familyPhone
	familyPath
	familyEC2
	familyDigits
	familyNumber
	familyDate
	familyText
	familyEnum
	familyBlob
	familyPrefix
	familyFormat
	familyRange
	families // their number
)

func (f family) String() string {
	return [...]string{
		"string", "uuid", "hexstring", "ip", "mac", "hostname", "tld", "email", "url", "phone",
		"pathname", "ec2_id", "digits", "number", "date", "text", "enum", "blob", "prefix", "format", "range",
	}[f]
}

// domain holds the bijections of one explicit domain (or of the common one, "") for
// one goroutine. Its methods append the pseudonym of a value to dst.
type domain struct {
	key       Key
	name      string
	chars     *charTable
	permuters [families]*permute.Permuter
	s         scratch
	topLevels map[string][]byte // by lower-case label; bounded
}

// scratch is reused from value to value. A method that uses it calls no other one
// that does before it is done with it.
type scratch struct {
	radix, digits []uint16
	low, step     []uint16 // of places: smallest value, distance
	shape         []byte
	masked        []byte // components
	mapped        []byte
}

func newDomain(key Key, name string, chars *charTable) *domain {
	return &domain{key: key, name: name, chars: chars, topLevels: map[string][]byte{}}
}

// perm returns the permuter of a family, keyed by (domain, family).
func (d *domain) perm(f family) *permute.Permuter {
	if d.permuters[f] == nil {
		d.permuters[f] = permute.New(d.key.derive("family", d.name, f.String()))
	}
	return d.permuters[f]
}

// identifier maps a value that recognize.Whole found to be of kind k to another of
// that kind.
func (d *domain) identifier(dst, v []byte, k recognize.Kind) []byte {
	switch k {
	case recognize.UUID:
		return d.uuid(dst, v)
	case recognize.IPv4:
		return d.ipv4(dst, v, noPrefix)
	case recognize.IPv6:
		return d.ipv6(dst, v, noPrefix)
	case recognize.CIDR:
		return d.cidr(dst, v)
	case recognize.MAC:
		return d.mac(dst, v)
	case recognize.Email:
		return d.email(dst, v)
	case recognize.URL:
		return d.url(dst, v)
	case recognize.None:
	}
	return append(dst, v...)
}

// splitSpaces cuts the trailing spaces off, which PAD SPACE collations do not see.
func splitSpaces(v []byte) (text, spaces []byte) {
	n := len(v)
	for n > 0 && v[n-1] == ' ' {
		n--
	}
	return v[:n], v[n:]
}

// maxIdentifier is the longest value in bytes that is permuted; indexes hold at most
// 3072 bytes. A longer one is keyed by its whole, in less memory.
const maxIdentifier = 16 << 10

// shapeKind is a kind with a set of its own: accepts tells whether a value belongs to
// it, apply maps the set onto itself.
type shapeKind struct {
	accepts func(v []byte) bool
	apply   func(d *domain, dst, v []byte) []byte
}

// whole treats a value of an identifier kind: a self-delimiting identifier as that, a
// value of the kind's own shape by the kind, everything else as string, which never
// leads into either set.
func (d *domain) whole(dst, v []byte, k *shapeKind) []byte {
	v, spaces := splitSpaces(v)
	switch found := recognize.Whole(v); {
	case found != recognize.None:
		dst = d.identifier(dst, v, found)
	case len(v) > maxIdentifier:
		dst = d.text(dst, v)
	case k != nil && k.accepts(v):
		dst = k.apply(d, dst, v)
	default:
		dst = d.permuteChars(dst, v, familyString, charRule{}, nil, func(out []byte) bool {
			return recognize.Whole(out) == recognize.None && (k == nil || !k.accepts(out))
		})
	}
	return append(dst, spaces...)
}

// notWhole reports whether out is no self-delimiting identifier.
func notWhole(out []byte) bool { return recognize.Whole(out) == recognize.None }
