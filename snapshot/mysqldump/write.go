package mysqldump

import (
	"bytes"
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

// StripHost returns comment text without the names of host and database, which
// the header comment gives away: what follows "-- Host:" on its line. Other text
// is returned as it is.
func StripHost(text []byte) []byte {
	if !bytes.Contains(text, []byte(hostComment)) {
		return text
	}
	var out []byte
	for line := range bytes.Lines(text) {
		if bytes.HasPrefix(line, []byte(hostComment)) {
			end := line[len(bytes.TrimRight(line, "\r\n")):]
			line = append([]byte(hostComment+" removed    Database: removed"), end...)
		}
		out = append(out, line...)
	}
	return out
}

const hostComment = "-- Host:"

// AppendHex appends a value as mysqldump --hex-blob writes it: 0x and digits;
// the empty value as ”.
func AppendHex(dst, value []byte) []byte {
	if len(value) == 0 {
		return append(dst, "''"...)
	}
	return hex.AppendEncode(append(dst, "0x"...), value)
}
