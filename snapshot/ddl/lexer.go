package ddl

import (
	"bytes"
	"slices"
	"strings"
)

// TokenKind says what a Token is.
type TokenKind int

// The kinds of tokens.
const (
	EOF        TokenKind = iota // nothing is left
	Word                        // a keyword or an unquoted name
	QuotedName                  // `name`, and "name" under ANSIQuotes
	String                      // 'text', N'text', and "text" without ANSIQuotes
	Number                      // 12, 1.5, 1e-3; a sign is punctuation
	Hex                         // x'0A' or 0x0A
	Bits                        // b'01' or 0b01
	Variable                    // @name, @'name', @@name, @@SESSION.name
	Punct                       // one other byte
	Comment                     // a plain comment; only with Lexer.Comments
	Bad                         // an unterminated string, name or comment
)

// Token is one token of a text.
type Token struct {
	Kind TokenKind
	// Start and End are byte offsets in the lexer's text.
	Start, End int
	// Text is the token as written, quotes included: text[Start:End].
	Text []byte
	// Conditional reports that the token stands inside a conditional comment.
	Conditional bool
}

// Is reports whether the token is the given keyword, in any case. A quoted name
// is never a keyword.
func (t Token) Is(keyword string) bool {
	return t.Kind == Word && len(t.Text) == len(keyword) && strings.EqualFold(string(t.Text), keyword)
}

// IsOneOf reports whether the token is one of the given keywords.
func (t Token) IsOneOf(keywords ...string) bool { return slices.ContainsFunc(keywords, t.Is) }

// IsPunct reports whether the token is the given punctuation byte.
func (t Token) IsPunct(c byte) bool { return t.Kind == Punct && t.Text[0] == c }

// IsName reports whether the token can name an object: a word or a quoted name.
func (t Token) IsName() bool { return t.Kind == Word || t.Kind == QuotedName }

// Name is the name that a Word or QuotedName stands for, quotes removed and
// doubled quotes made single.
func (t Token) Name() string {
	if t.Kind != QuotedName || len(t.Text) < 2 {
		return string(t.Text)
	}
	q := string(t.Text[:1])
	return strings.ReplaceAll(string(t.Text[1:len(t.Text)-1]), q+q, q)
}

// Lexer splits SQL text into tokens. It allocates nothing. Its zero value is
// not ready for use; make one with NewLexer.
type Lexer struct {
	// Comments makes Next return plain comments as tokens instead of skipping
	// them.
	Comments bool

	text        []byte
	pos         int
	mode        Mode
	conditional bool
}

// NewLexer returns a lexer at the start of text, which it never changes.
func NewLexer(text []byte, m Mode) *Lexer { return &Lexer{text: text, mode: m} }

// Pos is the offset at which the next token is looked for.
func (l *Lexer) Pos() int { return l.pos }

// Next returns the next token; at the end, and ever after, one of kind EOF.
func (l *Lexer) Next() Token {
	for {
		l.skipSpace()
		start := l.pos
		if start >= len(l.text) {
			return Token{Kind: EOF, Start: len(l.text), End: len(l.text), Conditional: l.conditional}
		}
		if l.conditional && bytes.HasPrefix(l.text[start:], []byte("*/")) {
			l.conditional = false
			l.pos += 2
			continue
		}
		if n := ConditionalOpen(l.text[start:]); n > 0 && !l.conditional {
			l.conditional = true
			l.pos += n
			continue
		}
		if n := PlainComment(l.text[start:]); n != 0 {
			if n < 0 {
				return l.token(Bad, len(l.text))
			}
			if l.Comments {
				return l.token(Comment, start+n)
			}
			l.pos += n
			continue
		}
		kind, end := l.lex(start)
		return l.token(kind, end)
	}
}

func (l *Lexer) token(kind TokenKind, end int) Token {
	t := Token{Kind: kind, Start: l.pos, End: end, Text: l.text[l.pos:end:end], Conditional: l.conditional}
	l.pos = end
	return t
}

func (l *Lexer) skipSpace() {
	for l.pos < len(l.text) && isSpace(l.text[l.pos]) {
		l.pos++
	}
}

// lex finds kind and end of the token that starts at i.
func (l *Lexer) lex(i int) (TokenKind, int) {
	c := l.text[i]
	switch {
	case c == '`' || c == '"' && l.mode.ANSIQuotes:
		return l.quoted(QuotedName, i, false)
	case c == '\'' || c == '"':
		return l.quoted(String, i, !l.mode.NoBackslashEscapes)
	case c == '@':
		return l.variable(i)
	case c >= '0' && c <= '9', c == '.' && i+1 < len(l.text) && isDigit(l.text[i+1]):
		return l.number(i)
	case IsNameByte(c):
		return l.word(i)
	}
	return Punct, i + 1
}

func (l *Lexer) quoted(kind TokenKind, i int, backslash bool) (TokenKind, int) {
	q := l.text[i]
	for j := i; ; {
		n := QuotedEnd(l.text[j:], backslash)
		if n < 0 {
			return Bad, len(l.text)
		}
		j += n
		if j >= len(l.text) || l.text[j] != q { // a doubled quote goes on
			return kind, j
		}
	}
}

func (l *Lexer) word(i int) (TokenKind, int) {
	j := i
	for j < len(l.text) && IsNameByte(l.text[j]) {
		j++
	}
	if j != i+1 || j >= len(l.text) || l.text[j] != '\'' {
		return Word, j
	}
	switch l.text[i] {
	case 'x', 'X':
		return l.quoted(Hex, j, false)
	case 'b', 'B':
		return l.quoted(Bits, j, false)
	case 'n', 'N':
		return l.quoted(String, j, !l.mode.NoBackslashEscapes)
	}
	return Word, j
}

// number reads a number, a 0x or 0b literal, or an unquoted name that starts
// with a digit.
func (l *Lexer) number(i int) (TokenKind, int) {
	j := i
	for j < len(l.text) && IsNameByte(l.text[j]) {
		j++
	}
	word := l.text[i:j]
	if len(word) > 2 && word[0] == '0' {
		switch {
		case word[1] == 'x' && onlyBytes(word[2:], "0123456789abcdefABCDEF"):
			return Hex, j
		case word[1] == 'b' && onlyBytes(word[2:], "01"):
			return Bits, j
		}
	}
	if n := NumberLen(l.text[i:]); n >= len(word) {
		return Number, i + n
	}
	return Word, j
}

func (l *Lexer) variable(i int) (TokenKind, int) {
	j := i + 1
	for j < len(l.text) && l.text[j] == '@' {
		j++
	}
	for j < len(l.text) {
		switch c := l.text[j]; {
		case IsNameByte(c) || c == '.':
			j++
			continue
		case c == '`' || c == '\'' || c == '"':
			kind, end := l.quoted(Variable, j, c != '`' && !l.mode.NoBackslashEscapes)
			if kind == Bad {
				return Bad, end
			}
			j = end
			continue
		}
		break
	}
	return Variable, j
}

func onlyBytes(b []byte, set string) bool {
	for _, c := range b {
		if strings.IndexByte(set, c) < 0 {
			return false
		}
	}
	return true
}
