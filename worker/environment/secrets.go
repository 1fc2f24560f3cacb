package environment

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

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

// tokenBytes is how long a user's name is at least when it is not one, but a
// token in its place.
const tokenBytes = 12

// passwords are those of all URLs in the texts, as they are written there and as
// they are meant.
func passwords(texts []string) []string {
	var found []string
	for _, text := range texts {
		for _, m := range regexp.MustCompile(`\w://([^/@\s]+)@`).FindAllStringSubmatch(text, -1) {
			user, password, _ := strings.Cut(m[1], ":")
			if password == "" && len(user) >= tokenBytes {
				password = user
			}
			found = append(found, password)
			if meant, err := url.PathUnescape(password); err == nil {
				found = append(found, meant)
			}
		}
	}
	return found
}
