package anonymize

import (
	"bytes"

	"github.com/turbo-hipster/turbo-hipster/anonymize/recognize"
)

// hostKind takes host names of several labels. A single label is treated as string,
// so that it agrees with columns of that kind.
func hostKind() *shapeKind {
	return &shapeKind{accepts: isDottedHost, apply: (*domain).host}
}

func isDottedHost(v []byte) bool {
	_, _, ok := recognize.TopLevel(v)
	return ok && recognize.IsHostname(v)
}

// host permutes the labels before the last one, which is tweak and replaced apart.
func (d *domain) host(dst, v []byte) []byte {
	start, end, _ := recognize.TopLevel(v)
	dst = d.permuteChars(dst, v[:start], familyHost, charRule{}, v[start:end], nil)
	dst = d.topLevel(dst, v[start:end])
	return append(dst, v[end:]...)
}

// anyHost treats the host of a URL.
func (d *domain) anyHost(dst, v []byte) []byte {
	if isBracketedIPv6(v) {
		return append(d.ipv6(append(dst, '['), v[1:len(v)-1], noPrefix), ']')
	}
	if isDottedHost(v) {
		return d.host(dst, v)
	}
	if k := recognize.Whole(v); k != recognize.None {
		return d.identifier(dst, v, k)
	}
	return d.permuteChars(dst, v, familyString, charRule{keepSymbols: true, percent: true}, nil, func(out []byte) bool {
		return notWhole(out) && !isDottedHost(out) && !isBracketedIPv6(out)
	})
}

func isBracketedIPv6(host []byte) bool {
	n := len(host)
	return n > 2 && host[0] == '[' && host[n-1] == ']' && recognize.IsIPv6(host[1:n-1])
}

// email permutes the local part under the domain as tweak; the domain is treated as a
// host name, so that people of one organization stay together.
func (d *domain) email(dst, v []byte) []byte {
	at := bytes.IndexByte(v, '@')
	dst = d.permuteChars(dst, v[:at], familyEmail, charRule{keepSymbols: true, percent: true}, v[at+1:], nil)
	return d.host(append(dst, '@'), v[at+1:])
}

// url keeps scheme, port and separators. User information, host and the rest are
// treated apart; components of the rest that are identifiers are treated as those.
func (d *domain) url(dst, v []byte) []byte {
	p, _ := recognize.SplitURL(v)
	dst = append(dst, v[:p.User]...)
	if p.User < p.Host {
		dst = d.permuteChars(dst, v[p.User:p.Host-1], familyURL, charRule{keepSymbols: true, percent: true}, []byte("user"), nil)
		dst = append(dst, '@')
	}
	dst = d.anyHost(dst, v[p.Host:p.HostEnd])
	rest := v[p.HostEnd:]
	if len(rest) > 0 && rest[0] == ':' {
		n := 1
		for n < len(rest) && rest[n]-'0' < 10 {
			n++
		}
		dst, rest = append(dst, rest[:n]...), rest[n:]
	}
	return d.components(dst, rest, familyURL, "/?#&=;,", charRule{keepSymbols: true, percent: true}, nil)
}

// pathKind takes whatever has a slash; without one a value is treated as string.
func pathKind() *shapeKind {
	return &shapeKind{
		accepts: func(v []byte) bool { return bytes.IndexByte(v, '/') >= 0 },
		apply: func(d *domain, dst, v []byte) []byte {
			if likePrefix(v) {
				return d.permuteChars(dst, v, familyPath, charRule{}, nil, notWhole)
			}
			return d.components(dst, v, familyPath, "/", charRule{}, notWhole)
		},
	}
}

// likePrefix reports whether v ends like a network, one slash and up to three digits.
// Treating its parts apart could make it one.
func likePrefix(v []byte) bool {
	i := bytes.IndexByte(v, '/')
	_, digits := parseDigits(v[i+1:])
	return digits && len(v)-i <= 4
}

// masked stands for a component that is treated apart.
const masked = 0x01

// components splits v at separators. Components that are self-delimiting identifiers
// are treated as those, all others are permuted together, into such that are none.
// The mapping is a bijection: which components are identifiers stays.
func (d *domain) components(dst, v []byte, f family, separators string, rule charRule, accept func([]byte) bool) []byte {
	if len(v) == 0 {
		return dst
	}
	if bytes.IndexByte(v, masked) >= 0 { // cannot mask: permute everything
		return d.permuteChars(dst, v, f, rule, nil, accept)
	}
	s := &d.s
	s.masked = s.masked[:0]
	eachComponent(v, separators, func(c []byte) {
		if k := recognize.Whole(c); k != recognize.None {
			s.masked = append(s.masked, masked)
			return
		}
		s.masked = append(s.masked, c...)
	})
	s.mapped = d.permuteChars(s.mapped[:0], s.masked, f, rule, nil, func(out []byte) bool {
		ok := true
		eachComponent(out, separators, func(c []byte) { ok = ok && notWhole(c) })
		return ok && (accept == nil || accept(out))
	})
	return d.unmask(dst, v, separators)
}

// unmask appends the mapped components, with the identifiers of v in their places.
func (d *domain) unmask(dst, v []byte, separators string) []byte {
	rest := d.s.mapped
	eachComponent(v, separators, func(c []byte) {
		if k := recognize.Whole(c); k != recognize.None {
			dst = d.identifier(dst, c, k)
			rest = rest[1:]
			return
		}
		dst = append(dst, rest[:len(c)]...)
		rest = rest[len(c):]
	})
	return dst
}

// eachComponent calls f with the components of v and, one by one, the separators.
func eachComponent(v []byte, separators string, f func([]byte)) {
	start := 0
	for i, c := range v {
		if bytes.IndexByte([]byte(separators), c) >= 0 {
			if start < i {
				f(v[start:i])
			}
			f(v[i : i+1])
			start = i + 1
		}
	}
	if start < len(v) {
		f(v[start:])
	}
}
