package recognize

import "bytes"

// Next finds the first self-delimiting identifier in text that starts at from or
// later. It returns its bounds, text[start:end], and its kind; None when there is no
// more. The byte before from counts when it decides whether a word starts at from.
//
// A loop over a text takes time linear in its length: what is tried at one place looks
// at a bounded number of bytes, except for a URL, which is then consumed.
func Next(text []byte, from int) (start, end int, kind Kind) {
	for i := from; i < len(text); {
		if !isWord(text[i]) {
			if text[i] == ':' && startsGap(text, i) {
				if n, k := matchIPv6(text[i:]); n > 0 {
					return i, i + n, k
				}
			}
			i++
			continue
		}
		if i == 0 || !isWord(text[i-1]) {
			if n, k := match(text[i:], i > 1 && text[i-1] == '.' && isDigit(text[i-2])); n > 0 {
				return i, i + n, k
			}
		}
		for i < len(text) && isWord(text[i]) {
			i++
		}
	}
	return len(text), len(text), None
}

// startsGap reports whether "::" with no word or colon before it stands at i.
func startsGap(text []byte, i int) bool {
	return i+1 < len(text) && text[i+1] == ':' && (i == 0 || !isWord(text[i-1]) && text[i-1] != ':')
}

// match returns the length and kind of the identifier that text starts with. After
// digits and a full stop it is no IPv4 address ("1.2.3.4.5").
func match(text []byte, dotted bool) (int, Kind) {
	if n := matchURL(text); n > 0 {
		return n, URL
	}
	if isHex(text[0]) {
		for _, n := range [...]int{36, 32} {
			if ends(text, n) && IsUUID(text[:n]) {
				return n, UUID
			}
		}
		for _, n := range [...]int{17, 14} {
			if ends(text, n) && IsMAC(text[:n]) {
				return n, MAC
			}
		}
		if n, k := matchIPv6(text); n > 0 {
			return n, k
		}
	}
	if n, k := matchIPv4(text); n > 0 && !dotted {
		return n, k
	}
	return matchEmail(text)
}

// ends reports whether a word may end after n bytes of text.
func ends(text []byte, n int) bool {
	return n == len(text) || n < len(text) && !isWord(text[n])
}

func matchIPv4(text []byte) (int, Kind) {
	n := 0
	for n < len(text) && n < 16 && (isDigit(text[n]) || text[n] == '.') {
		n++
	}
	for n > 0 && text[n-1] == '.' { // a full stop after the address
		n--
	}
	if !IsIPv4(text[:n]) || !ends(text, n) {
		return 0, None
	}
	return withPrefix(text, n, 32, IPv4)
}

func matchIPv6(text []byte) (int, Kind) {
	n, colons := 0, 0
	for n < len(text) && n < 46 && (isHex(text[n]) || text[n] == ':' || text[n] == '.') {
		if text[n] == ':' {
			colons++
		}
		n++
	}
	if colons < 2 {
		return 0, None
	}
	for n > 0 && (text[n-1] == '.' || text[n-1] == ':' && (n < 2 || text[n-2] != ':')) {
		n--
	}
	if !IsIPv6(text[:n]) || !ends(text, n) {
		return 0, None
	}
	return withPrefix(text, n, 128, IPv6)
}

// withPrefix extends an address of n bytes by "/" and a prefix length, if there is one.
func withPrefix(text []byte, n, most int, kind Kind) (int, Kind) {
	if n >= len(text) || text[n] != '/' {
		return n, kind
	}
	digits := digitRun(text[n+1 : min(len(text), n+5)])
	end := n + 1 + digits
	if digits == 0 || digits > 3 || !ends(text, end) || digits > 1 && text[n+1] == '0' {
		return n, kind
	}
	bits := 0
	for _, c := range text[n+1 : end] {
		bits = bits*10 + int(c-'0')
	}
	if bits > most {
		return n, kind
	}
	return end, CIDR
}

// matchEmail takes a narrower local part than IsEmail: in text, most of RFC 5321's
// signs are punctuation.
func matchEmail(text []byte) (int, Kind) {
	at := 0
	for at < len(text) && at <= maxLocal && (isAlnum(text[at]) || bytes.IndexByte([]byte("._%+-"), text[at]) >= 0) {
		at++
	}
	if at > maxLocal || at >= len(text) || text[at] != '@' {
		return 0, None
	}
	domain := text[at+1 : min(len(text), at+1+maxName+1)]
	n := 0
	for n < len(domain) && (isAlnum(domain[n]) || domain[n] == '-' || domain[n] == '_' || domain[n] == '.') {
		n++
	}
	for n > 0 && !isAlnum(domain[n-1]) {
		n--
	}
	if !isDomain(domain[:n]) || !ends(text, at+1+n) {
		return 0, None
	}
	return at + 1 + n, Email
}

// matchURL returns the length of the URL that text starts with, or 0. Signs that
// close a sentence or a bracket are not part of it.
func matchURL(text []byte) int {
	scheme := schemeLength(text)
	if scheme == 0 {
		return 0
	}
	n := scheme + 3
	for n < len(text) && isURLByte(text[n]) {
		n++
	}
	for n > scheme+3 && bytes.IndexByte([]byte(".,;:!?')"), text[n-1]) >= 0 {
		n--
	}
	if !IsURL(text[:n]) {
		return 0
	}
	return n
}
