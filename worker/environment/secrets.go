package environment

import (
	"bytes"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// redacted stands for a secret.
const redacted = "***"

// confidential are the texts in which passwords may stand.
func (g *Preparer) confidential(e worker.Environment) []string {
	texts := slices.Clone(g.Passthrough)
	for _, value := range e.Command.Environment {
		texts = append(texts, value)
	}
	if e.Python != nil {
		texts = append(append(texts, e.Python.IndexURL, e.Python.Constraints), e.Python.Install...)
	}
	return append(texts, e.Command.Argv...)
}

// redactor replaces secrets.
type redactor struct {
	secrets  [][]byte // longest first
	userInfo *regexp.Regexp
}

// tokenBytes is how long a user's name is at least when it is not one, but a
// token in its place.
const tokenBytes = 12

// newRedactor knows the passwords of all URLs in the texts, as they are written
// there and as they are meant.
func newRedactor(texts []string) *redactor {
	r := &redactor{userInfo: regexp.MustCompile(`(\w://)[^/@\s]+@`)}
	for _, text := range texts {
		for _, m := range regexp.MustCompile(`\w://([^/@\s]+)@`).FindAllStringSubmatch(text, -1) {
			user, password, _ := strings.Cut(m[1], ":")
			if password == "" && len(user) >= tokenBytes {
				password = user
			}
			r.add(password)
			if meant, err := url.PathUnescape(password); err == nil {
				r.add(meant)
			}
		}
	}
	slices.SortFunc(r.secrets, func(a, b []byte) int { return len(b) - len(a) })
	return r
}

func (r *redactor) add(secret string) {
	if secret != "" && !slices.ContainsFunc(r.secrets, func(s []byte) bool { return string(s) == secret }) {
		r.secrets = append(r.secrets, []byte(secret))
	}
}

// longest is how many bytes at the end of a text may be the start of a secret.
func (r *redactor) longest() int {
	if len(r.secrets) == 0 {
		return 0
	}
	return len(r.secrets[0]) - 1
}

// line is the text without secrets. It may share memory with text.
func (r *redactor) line(text []byte) []byte {
	if bytes.Contains(text, []byte("://")) {
		text = r.userInfo.ReplaceAll(text, []byte("${1}"+redacted+"@"))
	}
	for _, s := range r.secrets {
		if bytes.Contains(text, s) {
			text = bytes.ReplaceAll(text, s, []byte(redacted))
		}
	}
	return text
}
