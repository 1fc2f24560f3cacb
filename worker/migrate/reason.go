package migrate

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxErrorChars is how much of a tool's error is quoted.
const maxErrorChars = 300

// reason finds the line in which a tool says why it failed, among the lines of its
// output, without ANSI codes. That is the last of
//
//   - the exception of a Python traceback, also when every line of it has a
//     logger's prefix;
//   - "ERROR 1064 (42000) at line 3: …" of a mysql client;
//   - what follows "rails aborted!", and what an uncaught exception of Ruby's says;
//   - "FAILED: …" of alembic, "CommandError: …" of Django;
//   - what a shell says of a program that a signal ended, such as "Killed".
//
// Exceptions that Python says to ignore, and errors in logging, are none.
//
// and where there is none of these, the last line that says anything: neither a
// step's nor a counter's, nor what a shell traces with set -x.
type reason struct {
	patterns []*regexp.Regexp // with the error as the first group
	harmless *regexp.Regexp   // says so of the traceback behind it
	aborted  *regexp.Regexp

	prefix    []byte // of a traceback's lines
	traceback bool   // in a traceback
	ignored   bool   // which is of no error, like the next one
	errors    int    // how many were found
	wait      bool   // the next line that is not empty is an error, or goes on with one
	err, last string
}

func newReason() *reason {
	return &reason{
		harmless: regexp.MustCompile(`^Exception ignored in|--- Logging error ---`),
		aborted:  regexp.MustCompile(`^(?:\S*/)?(?:rails|rake) aborted!$`),
		patterns: []*regexp.Regexp{
			regexp.MustCompile(`^(ERROR(?: \d{4,5} \(\w{5}\)| at line \d+).*)`),
			regexp.MustCompile(`^\s*(FAILED: .*)`),
			regexp.MustCompile("^\\S+:\\d+:in [`'].*?': (.* \\([A-Z]\\w*(?:::\\w+)*\\))$"),
			regexp.MustCompile(`^((?:CommandError|SystemCheckError): .*)`),
			regexp.MustCompile(`^(?:.*: line \d+: +\d+ )((?:Killed|Terminated|Segmentation fault|Aborted|Bus error)\b.*)$`),
			regexp.MustCompile(`^((?:Killed|Segmentation fault|Aborted|Bus error)(?: \(core dumped\))?)$`),
		},
	}
}

// line reads the next line; noise is one that cannot be an error.
func (r *reason) line(text []byte, noise bool) {
	if i := bytes.Index(text, []byte("Traceback (most recent call last):")); i >= 0 {
		r.traceback, r.wait = true, false
		r.prefix = append(r.prefix[:0], text[:i]...)
		return
	}
	if r.traceback && r.inTraceback(text) {
		return
	}
	text = bytes.TrimRightFunc(text, unicode.IsSpace)
	if len(text) == 0 {
		return
	}
	r.ignored = r.harmless.Match(text)
	switch {
	case r.ignored:
	case r.aborted.Match(text):
		r.wait, r.err = true, ""
		r.errors++
	case r.wait:
		r.err = strings.TrimSpace(r.err + " " + printable(text))
		r.wait = strings.HasSuffix(r.err, ":") // "… all later migrations canceled:", and then why
	default:
		for _, p := range r.patterns {
			if m := p.FindSubmatch(text); m != nil {
				r.err = printable(m[1])
				r.errors++
				return
			}
		}
		if !noise && !bytes.HasPrefix(text, []byte("+ ")) && !bytes.HasPrefix(text, []byte("++")) {
			r.last = printable(text)
		}
	}
}

// inTraceback reads a line that follows a traceback's start, and tells whether it
// belongs to it: frames are indented, and the exception is not.
func (r *reason) inTraceback(text []byte) bool {
	if len(text) > 0 && (text[0] == ' ' || text[0] == '\t') && !samePrefix(text, r.prefix) {
		r.prefix = r.prefix[:0] // only its first line had one
	}
	if !samePrefix(text, r.prefix) {
		return false // of another program
	}
	rest := text[len(r.prefix):]
	if len(rest) == 0 || rest[0] == ' ' || rest[0] == '\t' {
		return true
	}
	if !r.ignored {
		r.err = printable(rest)
		r.errors++
	}
	r.traceback, r.ignored = false, false
	return true
}

// samePrefix tells whether text starts with the prefix, but for its digits: those
// of the time.
func samePrefix(text, prefix []byte) bool {
	if len(text) < len(prefix) {
		return false
	}
	digit := func(c byte) bool { return c >= '0' && c <= '9' }
	for i, c := range prefix {
		if text[i] != c && (!digit(c) || !digit(text[i])) {
			return false
		}
	}
	return true
}

// why is the tool's error; certain leaves out what may be none.
func (r *reason) why(certain bool) string {
	if r.err != "" || certain {
		return r.err
	}
	return r.last
}

// printable is text that can be quoted in a line: bounded, with blanks for white
// space and marks for what cannot be printed.
func printable(text []byte) string {
	const most = maxErrorChars * utf8.UTFMax
	text = bytes.TrimSpace(text)
	s := strings.Map(func(c rune) rune {
		switch {
		case unicode.IsSpace(c):
			return ' '
		case !unicode.IsPrint(c):
			return unicode.ReplacementChar
		}
		return c
	}, string(text[:min(len(text), most)]))
	if utf8.RuneCountInString(s) <= maxErrorChars {
		return s
	}
	return string([]rune(s)[:maxErrorChars-1]) + "…"
}
