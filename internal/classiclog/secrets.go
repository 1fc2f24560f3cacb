package classiclog

import (
	"bytes"
	"net/url"
	"regexp"
	"slices"
)

// redacted stands for a secret.
const redacted = "***"

// Secrets are texts that no log has: those that are known, also as URLs write them,
// and what stands before the @ in a URL. A nil Secrets has none. It is safe for
// concurrent use once all are added.
type Secrets struct {
	known    [][]byte // longest first; none is empty
	userInfo *regexp.Regexp
}

// NewSecrets knows some secrets; an empty one is none.
func NewSecrets(secrets ...string) *Secrets {
	s := &Secrets{userInfo: regexp.MustCompile(`(\w://)[^/@\s]+@`)}
	for _, secret := range secrets {
		for _, form := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret), url.UserPassword("", secret).String()[1:]} {
			s.add(form)
		}
	}
	slices.SortStableFunc(s.known, func(a, b []byte) int { return len(b) - len(a) })
	return s
}

func (s *Secrets) add(secret string) {
	if secret != "" && !slices.ContainsFunc(s.known, func(k []byte) bool { return string(k) == secret }) {
		s.known = append(s.known, []byte(secret))
	}
}

// Redact is the text with "***" for secrets. It may share memory with text.
func (s *Secrets) Redact(text []byte) []byte {
	if s == nil {
		return text
	}
	if bytes.Contains(text, []byte("://")) {
		text = s.userInfo.ReplaceAll(text, []byte("${1}"+redacted+"@"))
	}
	for _, secret := range s.known {
		if bytes.Contains(text, secret) {
			text = bytes.ReplaceAll(text, secret, []byte(redacted))
		}
	}
	return text
}

// begun is how many bytes at the text's end may be the start of a secret.
func (s *Secrets) begun(text []byte) int {
	if s == nil {
		return 0
	}
	longest := 0
	for _, secret := range s.known {
		for n := min(len(secret)-1, len(text)); n > longest; n-- {
			if bytes.HasSuffix(text, secret[:n]) {
				longest = n
			}
		}
	}
	return longest
}
