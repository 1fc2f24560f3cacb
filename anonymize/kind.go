package anonymize

import "slices"

// The canonical names of the kinds.
const (
	kindUUID     = "uuid"
	kindIP       = "ip_address"
	kindCIDR     = "cidr"
	kindMAC      = "mac"
	kindHex      = "hexstring"
	kindHostname = "hostname"
	kindEmail    = "email"
	kindURL      = "url"
	kindPhone    = "phone"
	kindPath     = "pathname"
	kindEC2      = "ec2_id"
	kindSSHKey   = "ssh_key"
	kindString   = "string"
	kindDigits   = "digits"
	kindText     = "text"
	kindJSON     = "json"
	kindInteger  = "integer"
	kindDecimal  = "decimal"
	kindDatetime = "datetime"
	kindEnum     = "enum"
	kindBlob     = "blob"
	kindSecret   = "secret"
	kindRedact   = "redact"
	kindConstant = "constant"
	kindNull     = "null"
	kindPublic   = "public"
)

// Kind is a way of treating values.
type Kind struct {
	// Name is the canonical name; Aliases mean exactly the same.
	Name    string   `json:"name"`
	Aliases []string `json:"aliases,omitempty"`
	// Summary says in one line what becomes of a value.
	Summary string `json:"summary"`
	// Identifier: the mapping is a bijection, so that distinct values stay
	// distinct (see the package's documentation for the exact promise).
	Identifier bool `json:"identifier"`
	// Keyed: the result depends on the key, and takes a domain.
	Keyed bool `json:"keyed"`
	// Before is a synthetic value and After what becomes of it under a fixed
	// example key, computed.
	Before string `json:"before"`
	After  string `json:"after"`
}

// KindByName returns the kind that name, or an alias, means; the example is left
// empty.
func KindByName(name string) (Kind, bool) {
	for _, k := range kindTable() {
		if k.Name == name || slices.Contains(k.Aliases, name) {
			k.Before = ""
			return k, true
		}
	}
	return Kind{}, false
}

// leaf reports whether the kind can treat a part of a JSON document.
func (k Kind) leaf() bool {
	switch k.Name {
	case kindEnum, kindBlob, kindSSHKey:
		return false
	default:
		return true
	}
}

// kindTable is the fixed table of kinds, in the order of `fuzzy kinds`.
func kindTable() []Kind {
	return []Kind{
		{Name: kindUUID, Identifier: true, Keyed: true, Before: "6ba7b811-9dad-41d1-80b4-00c04fd430c8", Summary: "32 hexadecimal digits, with or without dashes; version and variant are kept"},
		{Name: kindIP, Aliases: []string{"ip_address_v4", "ip_address_v6"}, Identifier: true, Keyed: true, Before: "10.21.3.142", Summary: "IPv4 and IPv6 addresses; private, link-local and multicast ranges and netmasks are kept"},
		{Name: kindCIDR, Identifier: true, Keyed: true, Before: "203.0.113.0/24", Summary: "networks; the prefix length and zero host bits are kept"},
		{Name: kindMAC, Identifier: true, Keyed: true, Before: "fa:16:3e:4c:2c:30", Summary: "hardware addresses; the local and group bits are kept"},
		{Name: kindHostname, Identifier: true, Keyed: true, Before: "db-01.prod.example.com", Summary: "host names; the top-level domain becomes one that nobody has"},
		{Name: kindEmail, Identifier: true, Keyed: true, Before: "Jane.Doe@example.org", Summary: "e-mail addresses; the top-level domain becomes one that nobody has"},
		{Name: kindURL, Identifier: true, Keyed: true, Before: "https://db-01.example.com:8080/v2/servers?limit=10", Summary: "URLs; scheme, port and separators are kept, the host is treated as hostname, percent-encoded bytes are replaced"},
		{Name: kindPhone, Identifier: true, Keyed: true, Before: "+49 30 901820", Summary: "telephone numbers, digit by digit; leading zeros are kept"},
		{Name: kindPath, Identifier: true, Keyed: true, Before: "/var/lib/images/6ba7b811-9dad-41d1-80b4-00c04fd430c8/disk.qcow2", Summary: "path names; separators are kept, components such as uuids are treated as those"},
		{Name: kindEC2, Identifier: true, Keyed: true, Before: "i-0000002a", Summary: "EC2 identifiers; the prefix is kept"},
		{Name: kindHex, Identifier: true, Keyed: true, Before: "c0ffee1234", Summary: "hexadecimal digits, with or without 0x"},
		{Name: kindDigits, Identifier: true, Keyed: true, Before: "A-1234-567", Summary: "digits only are replaced, everything else is kept"},
		{Name: kindString, Aliases: []string{"varchar", "key_name", "username", "name"}, Identifier: true, Keyed: true, Before: "Jane Doe-42", Summary: "letter by letter, digit by digit; a whole value that is a uuid, an address, an e-mail address or a URL is treated as that"},
		{Name: kindText, Aliases: []string{"mediumtext", "free_text"}, Keyed: true, Before: "Call Jane, jane@example.org, from 10.21.3.142", Summary: "free text, keyed by the whole value; uuids, addresses, e-mail addresses and URLs in it are treated as those"},
		{Name: kindJSON, Keyed: true, Before: `{"owner": "Jane", "size": 12, "ip": "10.21.3.142"}`, Summary: "structure and keys are kept, every leaf is replaced except true, false and null; paths says otherwise"},
		{Name: kindSSHKey, Keyed: true, Before: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE8Uo3nZ6yPq0Vh1dmnZC8zYtqg0z2JYh3m9Q1o2bXcD jane@laptop", Summary: "public SSH keys; the type and the comment's shape are kept"},
		{Name: kindInteger, Aliases: []string{"bigint", "tinyint", "int", "long"}, Identifier: true, Keyed: true, Before: "48151", Summary: "whole numbers; sign, number of digits and zero are kept"},
		{Name: kindDecimal, Aliases: []string{"float"}, Identifier: true, Keyed: true, Before: "-273.15", Summary: "numbers; sign, digits before and after the point and exponent are kept"},
		{Name: kindDatetime, Aliases: []string{"date"}, Identifier: true, Keyed: true, Before: "2014-02-14 10:31:22", Summary: "dates and times; year and month are kept, zero dates stay"},
		{Name: kindEnum, Identifier: true, Keyed: true, Before: "small", Summary: "the members of the ENUM or SET change places; some may stay where they are"},
		{Name: kindBlob, Keyed: true, Before: "\x01\x02\x03\x04", Summary: "bytes, keyed by the whole value; the length is kept; up to 16 bytes, and BIT, are permuted, so that distinct ones stay distinct"},
		{Name: kindSecret, Before: "s3cr3t-Token", Summary: "random, never the same twice; length and character classes are kept"},
		{Name: kindRedact, Before: "Jane Doe, 42", Summary: "letters become x, digits 0, other characters *; numbers become 0, true becomes false; but in unique indexes and foreign keys, at both ends, a pseudonym"},
		{Name: kindConstant, Before: "anything", Summary: "the text given as value"},
		{Name: kindNull, Before: "anything", Summary: "NULL"},
		{Name: kindPublic, Before: "m1.small", Summary: "kept as it is"},
	}
}
