package detect

import (
	"bytes"
	"math"
	"strings"
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
	if !upper || !digit || !lower && !isBase32(v) {
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

// isBase32 reports whether v is a text in base 32 (RFC 4648), as seeds of one-time passwords are, of which no name has so much.
func isBase32(v []byte) bool {
	for _, c := range v {
		if (c < 'A' || c > 'Z') && (c < '2' || c > '7') && c != '=' {
			return false
		}
	}
	return len(v) >= 24
}

// The lengths of passwords that people and generators choose.
const shortestPassword, longestPassword = 8, 24

// isPassword reports whether v is one word with small and capital letters, digits, and a sign that words, paths and identifiers do not
// have.
func isPassword(v []byte) bool {
	if len(v) < shortestPassword || len(v) > longestPassword {
		return false
	}
	var upper, lower, digit, sign bool
	for _, c := range v {
		switch {
		case c >= 'A' && c <= 'Z':
			upper = true
		case c >= 'a' && c <= 'z':
			lower = true
		case c >= '0' && c <= '9':
			digit = true
		case bytes.IndexByte([]byte("!?$#%&*^~@"), c) >= 0:
			sign = true
		case bytes.IndexByte([]byte("-_."), c) < 0:
			return false
		}
	}
	return upper && lower && digit && sign
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
	case len(words) == 1 && isAsianName(string(v)):
		return shapePerson
	}
	if _, _, kind := recognize.Next(v, 0); kind != recognize.None {
		return shapeTelling // an e-mail address in a text, after "mailto:"; an IP address before a port
	}
	switch {
	case len(words) > 1 && (len(words) > 2 || len(v) > 40) && wordy(words), isUnspaced(v):
		return shapeText
	case len(words) > 1:
		return shapeWord
	case len(v) >= 32 && recognize.IsHex(v):
		return shapeHex
	case bytes.HasPrefix(v, []byte("/")) && bytes.Count(v, []byte("/")) > 1, len(v) > 3 && v[1] == ':' && v[2] == '\\':
		return shapePath
	case bytes.IndexByte(v, '.') > 0 && recognize.IsHostname(withoutPort(v)) && !isFileName(v):
		return shapeHost
	}
	return shapeWord
}

// wordy reports whether at least two words have letters: "*/5 0 * * 1" and "3 4 5" are no text.
func wordy(words [][]byte) bool {
	n := 0
	for _, w := range words {
		if bytes.ContainsFunc(w, unicode.IsLetter) {
			n++
		}
	}
	return n > 1
}

// longUnspaced is the length from which letters of scripts without spaces are more than a name or a word.
const longUnspaced = 12

// isUnspaced reports whether v is text in a script that puts no spaces between words.
func isUnspaced(v []byte) bool {
	n := 0
	for _, r := range string(v) {
		if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Khmer, unicode.Lao, unicode.Myanmar) {
			n++
		}
	}
	return n >= longUnspaced
}

// familyNames are the commonest of China, Korea and Vietnam as written there: those of most people.
const familyNames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江" +
	"張劉陳楊黃趙吳孫馬羅鄭謝許韓馮鄧蔣葉蘇魏呂盧鍾譚陸 김이박최정강조윤장임한오서신권황안송전홍"

// isAsianName reports whether s is two to four characters without a space that begin with such a family name.
func isAsianName(s string) bool {
	runes := []rune(s)
	if len(runes) < 2 || len(runes) > 4 || !strings.ContainsRune(familyNames, runes[0]) {
		return false
	}
	for _, r := range runes {
		if !unicode.In(r, unicode.Han, unicode.Hangul) {
			return false
		}
	}
	return true
}

// withoutPort cuts a port off a host.
func withoutPort(v []byte) []byte {
	if i := bytes.LastIndexByte(v, ':'); i > 0 && len(v)-i <= 6 && isNumber(string(v[i+1:])) {
		return v[:i]
	}
	return v
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
	long, capitals := 0, 0 // words of more letters than an initial: of small ones after the first, of capitals
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
		if shouted(w) {
			capitals++
			continue
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
	return long > 0 || capitals > 1 // "ANNA SMITH", "Anna SMITH"
}

// shouted reports whether a word of three letters or more is all capitals, as family names are in some countries' forms.
func shouted(w []byte) bool {
	n := 0
	for _, r := range string(w) {
		switch {
		case unicode.IsUpper(r):
			n++
		case r != '-' && r != '\'' && r != '’':
			return false
		}
	}
	return n > 1
}
