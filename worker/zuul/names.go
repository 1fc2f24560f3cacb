package zuul

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// The functions here say what is wrong with a text, without quoting it; "" is
// nothing.

var (
	revisionPattern = regexp.MustCompile(`^([0-9a-f]{40}|[0-9a-f]{64}|0{7,64})$`)
	changePattern   = regexp.MustCompile(`^[0-9]{1,20}$`)
	patchsetPattern = regexp.MustCompile(`^[0-9a-f]{1,64}$`)
	numberPattern   = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._-]{0,254}$`)
)

// Bounds of names. File systems take 255 bytes for an element of a path.
const (
	maxElementBytes = 255
	maxPathBytes    = 1024
)

// badElement checks one element of a path that is used on disk, in URLs and
// perhaps on command lines.
func badElement(s string) string {
	switch {
	case s == "":
		return "an empty part"
	case len(s) > maxElementBytes:
		return "a part that is too long"
	case s[0] == '.' || s[0] == '-' || s[0] == '~':
		return "a part that begins with a full stop, a minus or a tilde"
	case strings.ContainsAny(s, `/\`):
		return "a slash or backslash in a part"
	case !printable(s):
		return "a character that cannot be printed"
	}
	return ""
}

// badLogPath checks a relative path of safe elements. What ends in a slash is to
// be trimmed before.
func badLogPath(s string) string {
	if len(s) > maxPathBytes {
		return "too long"
	}
	for part := range strings.SplitSeq(s, "/") {
		if why := badElement(part); why != "" {
			return why
		}
	}
	return ""
}

// badProject checks a project's name, which becomes part of URLs and paths.
// Characters that mean something in a URL are not in it.
func badProject(s string) string {
	if len(s) > maxElementBytes {
		return "too long"
	}
	for part := range strings.SplitSeq(s, "/") {
		if part == "" || part == "." || part == ".." || part[0] == '-' || part[0] == '~' || strings.EqualFold(part, ".git") {
			return "want names separated by single slashes, none of them ., .. or .git or beginning with a minus or tilde"
		}
	}
	if strings.ContainsFunc(s, func(c rune) bool {
		return c == utf8.RuneError || !unicode.IsLetter(c) && !unicode.IsDigit(c) && !strings.ContainsRune("/._-+~@,=", c)
	}) {
		return "a character that is not for names"
	}
	return ""
}

// badLine checks a line of text.
func badLine(s string) string {
	if !printable(s) {
		return "a character that cannot be printed"
	}
	return ""
}

// badRef checks the name of a git ref.
func badRef(s string) string {
	if err := worker.CheckRef(s); err != nil {
		return err.Error()
	}
	return ""
}

// badRevision checks the full id of a commit or tag object, or zeros: Zuul's for
// a ref that does not exist.
func badRevision(s string) string {
	if !revisionPattern.MatchString(s) {
		return "want 40 or 64 hexadecimal digits"
	}
	return ""
}

// badChange checks a change's number.
func badChange(s string) string {
	if !changePattern.MatchString(s) {
		return "want a number"
	}
	return ""
}

// badPatchset checks a patch set: a number, or the id of a commit.
func badPatchset(s string) string {
	if !patchsetPattern.MatchString(s) {
		return "want a number or a commit's id"
	}
	return ""
}

// badNumber checks what is a build's number and, in part, an element of its log
// path.
func badNumber(s string) string {
	if !numberPattern.MatchString(s) {
		return "want letters, digits, '.', '_' and '-'"
	}
	return ""
}

// printable tells whether every character can be shown and is on one line. The
// mark of text that was no UTF-8 is none.
func printable(s string) bool {
	return !strings.ContainsFunc(s, func(c rune) bool { return c == utf8.RuneError || !unicode.IsPrint(c) })
}
