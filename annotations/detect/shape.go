package detect

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"
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
	shapeIBAN       Shape = "iban"
	shapeNational   Shape = "national_number" // of some countries: with a check digit, or in a form of its own
	shapeGeo        Shape = "geo_position"
	shapePhone      Shape = "phone"
	shapeDigits     Shape = "phone_digits" // digits after one zero: a telephone number, or a number filled up
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
	}
	if s := numberShape(v); s != "" {
		return s
	}
	if isToken(v) || isPassword(v) {
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

// isSSHKey reports whether v is a public key as ~/.ssh/authorized_keys has them, options before it included.
func isSSHKey(v []byte) bool {
	for field := range bytes.FieldsSeq(v) {
		if bytes.HasPrefix(field, []byte("ssh-")) || bytes.HasPrefix(field, []byte("ecdsa-")) || bytes.HasPrefix(field, []byte("sk-")) {
			_, rest, _ := bytes.Cut(v, field)
			return len(rest) > 60 && rest[0] == ' ' && bytes.IndexByte(rest[1:61], ' ') < 0
		}
	}
	return false
}

// isDate reports whether v begins like 2014-02-28, alone or with a time, or is a date as mail and people write it.
func isDate(v []byte) bool {
	if len(v) < 10 || len(v) > 35 {
		return false
	}
	if v[4] != '-' || v[7] != '-' {
		return isDateInWords(string(v))
	}
	for i, c := range v[:10] {
		if i != 4 && i != 7 && (c < '0' || c > '9') {
			return false
		}
	}
	return len(v) == 10 || v[10] == ' ' || v[10] == 'T'
}

// isDateInWords reports whether s is a date with the English name of a month, or short for one, in an order that is common.
func isDateInWords(s string) bool {
	if !strings.ContainsAny(s, " ") || !strings.ContainsAny(s, "0123456789") {
		return false
	}
	for _, layout := range []string{
		time.RFC1123Z, time.RFC1123, time.RFC822Z, time.RFC822, time.ANSIC, time.UnixDate, "January 2, 2006", "Jan 2, 2006", "2 January 2006",
		"2 Jan 2006", "Jan 2 2006 15:04:05", "2 Jan 2006 15:04:05",
	} {
		if _, err := time.Parse(layout, s); err == nil {
			return true
		}
	}
	return false
}
