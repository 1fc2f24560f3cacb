package recognize

import "bytes"

// maxName is the longest host name, maxLabel the longest part between its dots
// (RFC 1035), maxLocal the longest part before the @ (RFC 5321).
const (
	maxName  = 253
	maxLabel = 63
	maxLocal = 64
)

// IsHostname reports whether b is a host name: one label, or several joined by dots,
// where the last is letters only or starts with xn--. A final dot is allowed after
// several labels.
func IsHostname(b []byte) bool {
	if len(b) > 1 && b[len(b)-1] == '.' {
		b = b[:len(b)-1]
		if bytes.IndexByte(b, '.') < 0 {
			return false
		}
	}
	if len(b) == 0 || len(b) > maxName {
		return false
	}
	label := 0
	for i, c := range b {
		switch {
		case c == '.':
			if label == 0 || i == len(b)-1 {
				return false
			}
			label = 0
		case isAlnum(c) || c == '-' || c == '_':
			label++
			if label > maxLabel {
				return false
			}
		default:
			return false
		}
	}
	return label == len(b) || isTopLevel(b[len(b)-label:])
}

// isTopLevel reports whether a label can be a top-level domain.
func isTopLevel(label []byte) bool {
	if len(label) > 4 && label[0]|0x20 == 'x' && label[1]|0x20 == 'n' && label[2] == '-' && label[3] == '-' {
		return isAlnum(label[len(label)-1])
	}
	for _, c := range label {
		if !isLetter(c) {
			return false
		}
	}
	return len(label) > 0
}

// TopLevel returns where the last label of a host name with several labels starts,
// and where it ends (before a final dot); ok is false for a single label.
func TopLevel(b []byte) (start, end int, ok bool) {
	end = len(b)
	if end > 0 && b[end-1] == '.' {
		end--
	}
	start = bytes.LastIndexByte(b[:end], '.') + 1
	return start, end, start > 0
}

// isDomain reports whether b is the domain of an e-mail address: a host name of at
// least two labels without a final dot, the last of at least two characters.
func isDomain(b []byte) bool {
	start, end, ok := TopLevel(b)
	return ok && end == len(b) && end-start >= 2 && IsHostname(b)
}

// isLocal reports whether c may stand in an unquoted local part (RFC 5321's atext,
// and the dot).
func isLocal(c byte) bool {
	return isAlnum(c) || bytes.IndexByte([]byte("!#$%&'*+-/=?^_`{|}~."), c) >= 0
}

// IsEmail reports whether b is an e-mail address.
func IsEmail(b []byte) bool {
	at := bytes.IndexByte(b, '@')
	if at < 1 || at > maxLocal || !isDomain(b[at+1:]) {
		return false
	}
	for _, c := range b[:at] {
		if !isLocal(c) {
			return false
		}
	}
	return true
}

// IsPhone reports whether b is a telephone number: at least 3 digits, with signs and
// spaces as people write them.
func IsPhone(b []byte) bool {
	digits := 0
	for i, c := range b {
		switch {
		case isDigit(c):
			digits++
		case c == '+' && i == 0, c == ' ', c == '-', c == '.', c == '/', c == '(', c == ')':
		default:
			return false
		}
	}
	return digits >= 3
}
