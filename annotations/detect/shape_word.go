package detect

import (
	"bytes"
	"math"
	"unicode"
	"unicode/utf8"

	"github.com/turbo-hipster/turbo-hipster/anonymize/recognize"
)

// Tokens shorter than shortToken are words; randomBits is what each character of a random text in base 64 has at least, at such
// lengths, and names seldom have.
const (
	shortToken = 20
	randomBits = 3.6
)

// isToken reports whether v is a secret by a known beginning, or one word that looks random.
func isToken(v []byte) bool {
	for _, prefix := range []string{"$2a$", "$2b$", "$2y$", "$argon2", "$6$", "$5$", "$1$", "$P$", "$H$", "pbkdf2", "bcrypt$", "bcrypt_", "scrypt:", "{SSHA", "{SHA", "sk_live_", "sk_test_", "ghp_", "gho_", "glpat-", "xoxb-", "xoxp-", "AKIA", "eyJ", "gAAAA"} {
		if len(v) >= 16 && bytes.HasPrefix(v, []byte(prefix)) {
			return true
		}
	}
	if len(v) < shortToken || len(v) > 1024 {
		return false
	}
	var count [256]int
	var upper, lower, digit bool
	for _, c := range v {
		switch {
		case c >= 'A' && c <= 'Z':
			upper = true
		case c >= 'a' && c <= 'z':
			lower = true
		case c >= '0' && c <= '9':
			digit = true
		case bytes.IndexByte([]byte("+/=_-"), c) < 0:
			return false
		}
		count[c]++
	}
	if !upper || !lower || !digit {
		return false
	}
	bits := 0.0
	for _, n := range count {
		if n > 0 {
			p := float64(n) / float64(len(v))
			bits -= p * math.Log2(p)
		}
	}
	return bits >= randomBits
}

// wordsShape tells apart what is left: numbers, paths, host names, names, texts, words.
func wordsShape(v []byte) Shape {
	if _, ok := recognize.SplitNumber(v); ok {
		return shapeNumber
	}
	words := bytes.Fields(v)
	switch {
	case len(words) > 1 && isPersonName(v, words):
		return shapePerson
	case len(words) > 1:
		if _, _, kind := recognize.Next(v, 0); kind != recognize.None {
			return shapeTelling
		}
		if len(words) > 2 || len(v) > 40 {
			return shapeText
		}
		return shapeWord
	case len(v) >= 32 && recognize.IsHex(v):
		return shapeHex
	case bytes.HasPrefix(v, []byte("/")) && bytes.Count(v, []byte("/")) > 1, len(v) > 3 && v[1] == ':' && v[2] == '\\':
		return shapePath
	case bytes.IndexByte(v, '.') > 0 && recognize.IsHostname(v) && !isFileName(v):
		return shapeHost
	}
	return shapeWord
}

// isFileName reports whether a name with one dot ends like a file's.
func isFileName(v []byte) bool {
	_, ending, _ := bytes.Cut(v, []byte("."))
	return bytes.IndexByte(ending, '.') < 0 && has([]string{string(bytes.ToLower(ending))},
		"txt pdf jpg jpeg png gif svg zip gz tar csv xml json yaml yml html htm css js py rb go doc docx xls xlsx log conf cfg sql iso img raw")
}

// isPersonName reports whether all of two to four words begin with a capital letter and go on with small ones, but for initials
// and particles.
func isPersonName(v []byte, words [][]byte) bool {
	if len(words) > 4 || len(v) > 60 {
		return false
	}
	long := 0
	for _, w := range words {
		w = bytes.TrimRight(w, ".,")
		first, size := utf8.DecodeRune(w)
		switch {
		case len(w) == 0:
			return false
		case has([]string{string(w)}, "von van de der den di da la le el al bin ben"):
			continue
		case !unicode.IsUpper(first):
			return false
		}
		for _, r := range string(w[size:]) {
			if !unicode.IsLetter(r) && r != '-' && r != '\'' && r != '’' {
				return false
			}
		}
		if rest := w[size:]; len(rest) > 1 && bytes.ContainsFunc(rest, unicode.IsLower) {
			long++
		}
	}
	return long > 0
}
