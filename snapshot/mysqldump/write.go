package mysqldump

import (
	"encoding/hex"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// AppendName appends an identifier in backticks.
func AppendName(dst []byte, name string) []byte { return ddl.AppendName(dst, name) }

// AppendQuoted appends a value as a string literal, escaped as mysqldump does:
// \0 \n \r \\ \' \" \Z. Under NoBackslashEscapes only the quote is doubled.
func AppendQuoted(dst, value []byte, m ddl.Mode) []byte {
	dst = append(dst, '\'')
	start := 0
	for i, c := range value {
		e := escape(c, m)
		if e == 0 {
			continue
		}
		dst = append(dst, value[start:i]...)
		start = i + 1
		if m.NoBackslashEscapes {
			dst = append(dst, c, c)
		} else {
			dst = append(dst, '\\', e)
		}
	}
	dst = append(dst, value[start:]...)
	return append(dst, '\'')
}

// escape returns what stands after the backslash for c, or 0 when c needs none.
func escape(c byte, m ddl.Mode) byte {
	if m.NoBackslashEscapes {
		if c == '\'' {
			return c
		}
		return 0
	}
	switch c {
	case 0:
		return '0'
	case '\n':
		return 'n'
	case '\r':
		return 'r'
	case 0x1a:
		return 'Z'
	case '\\', '\'', '"':
		return c
	}
	return 0
}

// AppendHex appends a value as mysqldump --hex-blob writes it: 0x and digits;
// the empty value as ”.
func AppendHex(dst, value []byte) []byte {
	if len(value) == 0 {
		return append(dst, "''"...)
	}
	return hex.AppendEncode(append(dst, "0x"...), value)
}

// AppendAsWritten appends the value as the dump has it.
func (v Value) AppendAsWritten(dst []byte) []byte {
	switch v.Kind {
	case Null:
		return append(dst, "NULL"...)
	case Default:
		return append(dst, "DEFAULT"...)
	case Number:
		return append(dst, v.Raw...)
	case Hex:
		dst = append(v.AppendIntroducer(dst), "x'"...)
		return append(append(dst, v.Raw...), '\'')
	case Bit:
		dst = append(v.AppendIntroducer(dst), "b'"...)
		return append(append(dst, v.Raw...), '\'')
	case Text:
		dst = append(v.AppendIntroducer(dst), v.Quote)
		return append(append(dst, v.Raw...), v.Quote)
	}
	return dst
}

// AppendIntroducer appends the charset that is named before the literal, if any, as SQL has it.
func (v Value) AppendIntroducer(dst []byte) []byte {
	if v.Introducer == nil {
		return dst
	}
	return append(append(append(dst, '_'), v.Introducer...), ' ')
}
