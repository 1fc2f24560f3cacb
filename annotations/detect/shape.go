package detect

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"

	"github.com/turbo-hipster/turbo-hipster/anonymize/recognize"
)

// A Shape is what one value looks like. Profiles count shapes.
type Shape string

// The shapes. Each value has one, the first that it fits.
const (
	shapeUUID       Shape = "uuid"
	shapeIP         Shape = "ip_address"
	shapeCIDR       Shape = "cidr"
	shapeMAC        Shape = "mac"
	shapeEmail      Shape = "email"
	shapeURLSecret  Shape = "url_with_credentials"
	shapeURL        Shape = "url"
	shapePrivateKey Shape = "private_key"
	shapeCert       Shape = "certificate" // and other armoured documents
	shapeSSHKey     Shape = "ssh_key"
	shapePersonal   Shape = "json_personal" // JSON with a key that speaks of a person or a secret
	shapeJSON       Shape = "json"
	shapeToken      Shape = "token"
	shapeHex        Shape = "hex" // 32 digits or more: a token as likely as a checksum
	shapeCard       Shape = "card_number"
	shapePhone      Shape = "phone"
	shapeNumber     Shape = "number"
	shapeDate       Shape = "date"
	shapePath       Shape = "path"
	shapeHost       Shape = "hostname"
	shapePerson     Shape = "person_name"
	shapeTelling    Shape = "text_identifying" // text with an address, a uuid, an e-mail address … in it
	shapeText       Shape = "text"             // several words
	shapeWord       Shape = "word"
	shapeBytes      Shape = "bytes" // not UTF-8
)

// lookedAt bounds the bytes of a value that its shape is told by.
const lookedAt = 16 << 10

// shapeOf tells the shape of a value that is not empty.
func (d *Detector) shapeOf(v []byte) Shape {
	v = bytes.TrimSpace(v)
	if len(v) > lookedAt {
		v = v[:lookedAt]
		for len(v) > lookedAt-utf8.UTFMax && !utf8.Valid(v[len(v)-1:]) {
			v = v[:len(v)-1]
		}
	}
	if !utf8.Valid(v) || bytes.IndexByte(v, 0) >= 0 {
		return shapeBytes
	}
	if s := delimited(v); s != "" {
		return s
	}
	if len(v) > 1 && (v[0] == '{' || v[0] == '[') {
		if s := d.documentShape(v); s != "" {
			return s
		}
	}
	switch {
	case isArmoured(v, "PRIVATE KEY"):
		return shapePrivateKey
	case isArmoured(v, ""):
		return shapeCert
	case isSSHKey(v):
		return shapeSSHKey
	case isDate(v):
		return shapeDate
	case isCard(v):
		return shapeCard
	case isPhone(v):
		return shapePhone
	case isToken(v):
		return shapeToken
	}
	return wordsShape(v)
}

// delimited tells the shapes that package recognize knows.
func delimited(v []byte) Shape {
	switch recognize.Whole(v) {
	case recognize.UUID:
		return shapeUUID
	case recognize.IPv4, recognize.IPv6:
		if bytes.IndexByte(v, '.') < 0 && len(v) < 4 {
			return "" // "::"
		}
		return shapeIP
	case recognize.CIDR:
		return shapeCIDR
	case recognize.MAC:
		return shapeMAC
	case recognize.Email:
		return shapeEmail
	case recognize.URL:
		if hasCredentials(v) {
			return shapeURLSecret
		}
		return shapeURL
	case recognize.None:
	}
	if hasCredentials(v) {
		return shapeURLSecret
	}
	return ""
}

// hasCredentials reports whether v is one word with "://", a name, a colon and a password before an "@".
func hasCredentials(v []byte) bool {
	_, rest, ok := bytes.Cut(v, []byte("://"))
	if !ok || bytes.ContainsAny(v, " \t\n") {
		return false
	}
	authority, _, _ := bytes.Cut(rest, []byte("/"))
	user, _, ok := bytes.Cut(authority, []byte("@"))
	return ok && bytes.IndexByte(user, ':') >= 0
}

// documentShape tells JSON, and whether a key of it speaks of persons or secrets. Long documents were cut and are judged by their keys.
func (d *Detector) documentShape(v []byte) Shape {
	keys, ok := jsonKeys(v)
	if !ok {
		return ""
	}
	for _, key := range keys {
		words := d.lexicon.speller.words(key)
		if len(words) == 0 {
			continue
		}
		p := d.lexicon.find(words, words[len(words)-1])
		if p == nil || p.tier != Must || p.confidence < 0.9 {
			continue
		}
		return shapePersonal
	}
	return shapeJSON
}

// mostKeys bounds the keys of a document that are looked at.
const mostKeys = 200

// jsonKeys gives the first keys of a JSON document at any depth; not ok when it is none.
func jsonKeys(v []byte) (keys []string, ok bool) {
	dec := json.NewDecoder(bytes.NewReader(v))
	var stack []json.Delim
	expectKey := false
	for len(keys) < mostKeys {
		tok, err := dec.Token()
		if err != nil { // the end: of a document, or of what was looked at
			return keys, len(stack) == 0 && dec.InputOffset() > 0 || len(v) >= lookedAt-utf8.UTFMax
		}
		switch t := tok.(type) {
		case json.Delim:
			if t == '{' || t == '[' {
				stack = append(stack, t)
			} else {
				stack = stack[:len(stack)-1]
			}
			expectKey = len(stack) > 0 && stack[len(stack)-1] == '{'
			continue
		case string:
			if expectKey {
				keys = append(keys, t)
				expectKey = false
				continue
			}
		}
		expectKey = len(stack) > 0 && stack[len(stack)-1] == '{'
	}
	return keys, true
}

// isArmoured reports whether v begins like PEM or PGP's armour, with words in its title.
func isArmoured(v []byte, words string) bool {
	line, _, _ := bytes.Cut(v, []byte("\n"))
	return bytes.HasPrefix(line, []byte("-----BEGIN ")) && bytes.Contains(line, []byte(words))
}

// isSSHKey reports whether v is a public key as ~/.ssh/authorized_keys has them.
func isSSHKey(v []byte) bool {
	name, rest, ok := bytes.Cut(v, []byte(" "))
	return ok && len(rest) > 60 && (bytes.HasPrefix(name, []byte("ssh-")) || bytes.HasPrefix(name, []byte("ecdsa-")) || bytes.HasPrefix(name, []byte("sk-")))
}

// isDate reports whether v begins like 2014-02-28, alone or with a time.
func isDate(v []byte) bool {
	if len(v) < 10 || len(v) > 35 || v[4] != '-' || v[7] != '-' {
		return false
	}
	for i, c := range v[:10] {
		if i != 4 && i != 7 && (c < '0' || c > '9') {
			return false
		}
	}
	return len(v) == 10 || v[10] == ' ' || v[10] == 'T'
}

// digitsOf gives the digits of v, and whether all else is one of the signs.
func digitsOf(v []byte, signs string) (digits []byte, ok bool) {
	for _, c := range v {
		switch {
		case c >= '0' && c <= '9':
			digits = append(digits, c)
		case bytes.IndexByte([]byte(signs), c) < 0:
			return nil, false
		}
	}
	return digits, true
}

// isCard reports whether v is the number of a payment card: 13 to 19 digits that begin as a brand's do, with a right check digit.
func isCard(v []byte) bool {
	if len(v) < 13 || len(v) > 23 {
		return false
	}
	digits, ok := digitsOf(v, " -")
	if !ok || len(digits) < 13 || len(digits) > 19 || digits[0] < '2' || digits[0] > '6' {
		return false
	}
	sum := 0 // Luhn, ISO/IEC 7812-1
	for i := range digits {
		n := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}

// isPhone reports whether v is a telephone number beyond doubt: with a plus, or grouped as people group them.
func isPhone(v []byte) bool {
	if len(v) < 7 || len(v) > 24 {
		return false
	}
	digits, ok := digitsOf(v, "+ -./()")
	if !ok || len(digits) < 7 || len(digits) > 15 || len(digits) == len(v) {
		return false
	}
	if v[0] == '+' {
		return true
	}
	// "1.5", "2014-02", "10.0.0.1" and "1-2-3" are none: groups have two digits or more, and there are two at least.
	groups := bytes.FieldsFunc(v, func(r rune) bool { return r < '0' || r > '9' })
	for _, g := range groups {
		if len(g) < 2 {
			return false
		}
	}
	if len(groups) == 3 && len(groups[0]) == 2 && len(groups[1]) == 2 && len(groups[2]) == 4 {
		return false // a date
	}
	return len(groups) > 1 && (v[0] == '0' || v[0] == '(' || len(groups) > 2) && bytes.IndexByte(v, '.') < 0
}
