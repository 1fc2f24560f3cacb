package zuul

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of a payload. An argument becomes an environment variable: Linux takes
// 128 KiB for one with its name, and 2 MiB for all with the command line.
const (
	maxPayloadBytes  = 1 << 20
	maxArgumentBytes = 127 << 10
	maxNameBytes     = 255
	maxArguments     = 1000
	maxToldMistakes  = 10
)

// PayloadError says what is wrong with a build's payload. It names arguments and
// quotes none. Sending the job again does not help.
type PayloadError struct {
	Mistakes []string // such as "ZUUL_PROJECT: missing", sorted
}

func (e *PayloadError) Error() string {
	text := "arguments from Zuul: " + strings.Join(e.Mistakes[:min(maxToldMistakes, len(e.Mistakes))], "; ")
	if more := len(e.Mistakes) - maxToldMistakes; more > 0 {
		text += fmt.Sprintf("; and %d more", more)
	}
	return text
}

// Permanent is true: the payload stays as it is.
func (e *PayloadError) Permanent() bool { return true }

// arguments are what a payload says, as text.
type arguments struct {
	texts    map[string]string // of strings, numbers and booleans
	nested   map[string]bool   // what are lists and objects
	mistaken map[string]bool   // what there is a mistake about
	mistakes []string
}

// readArguments reads a payload. What is no JSON object gives no arguments and a
// mistake.
func readArguments(payload []byte) *arguments {
	a := &arguments{texts: map[string]string{}, nested: map[string]bool{}, mistaken: map[string]bool{}}
	var values map[string]json.RawMessage
	switch {
	case len(payload) > maxPayloadBytes:
		a.mistakes = []string{fmt.Sprintf("more than %d bytes", maxPayloadBytes)}
	case !utf8.Valid(payload):
		a.mistakes = []string{"not UTF-8"}
	case json.Unmarshal(payload, &values) != nil || values == nil:
		a.mistakes = []string{"not a JSON object"}
	case len(values) > maxArguments:
		a.mistakes = []string{fmt.Sprintf("more than %d arguments", maxArguments)}
	default:
		for name, value := range values {
			a.add(name, value)
		}
	}
	return a
}

// add takes one argument. The text of a number is kept as it was written.
func (a *arguments) add(name string, value json.RawMessage) {
	text := string(value)
	switch value[0] {
	case 'n': // null is the same as missing
		return
	case '{', '[':
		a.nested[name] = true
		return
	case '"':
		if err := json.Unmarshal(value, &text); err != nil {
			a.mistake(name, "not a JSON string")
			return
		}
	}
	switch {
	case len(name) > maxNameBytes:
		a.mistake("an argument", "a name that is too long")
	case len(text) > maxArgumentBytes:
		a.mistake(name, fmt.Sprintf("more than %d bytes", maxArgumentBytes))
	case strings.ContainsFunc(text, func(c rune) bool { return unicode.IsControl(c) && c != '\t' && c != '\n' && c != '\r' }):
		a.mistake(name, "a control character")
	default:
		a.texts[name] = text
	}
}

// mistake notes what is wrong with an argument. Names that are none are not
// repeated.
func (a *arguments) mistake(name, why string) {
	a.mistaken[name] = true
	if !isIdentifier(name) {
		name = "an argument"
	}
	a.mistakes = append(a.mistakes, name+": "+why)
}

// take is an argument that passes the check; "" when it is missing or empty, and
// when it does not pass, which is noted.
func (a *arguments) take(name string, bad func(string) string) string {
	text := a.texts[name]
	if a.nested[name] {
		a.mistake(name, "want text, not a list or an object")
		return ""
	}
	if text == "" {
		return ""
	}
	if why := bad(text); why != "" {
		a.mistake(name, why)
		return ""
	}
	return text
}

// need notes that an argument is missing.
func (a *arguments) need(name, why string) {
	if a.texts[name] == "" && !a.mistaken[name] {
		a.mistake(name, why)
	}
}

// err is nil when there was no mistake.
func (a *arguments) err() error {
	if len(a.mistakes) == 0 {
		return nil
	}
	slices.Sort(a.mistakes)
	return &PayloadError{Mistakes: slices.Compact(a.mistakes)}
}

// environment is every argument that may be an environment variable, and the
// names of the others, sorted.
func (a *arguments) environment() (all map[string]string, dropped []string) {
	all = maps.Clone(a.texts)
	for name := range a.nested {
		dropped = append(dropped, name)
	}
	maps.DeleteFunc(all, func(name, _ string) bool {
		drop := !isIdentifier(name) || isReserved(name)
		if drop {
			dropped = append(dropped, name)
		}
		return drop
	})
	slices.Sort(dropped)
	return all, dropped
}

var (
	identifierPattern = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,254}$`)
	reservedPattern   = regexp.MustCompile(`^((LD|DYLD|TH|GIT|SSH|MYSQL|MARIADB|PIP|NODE|BASH)_.*|` +
		`(PYTHON|PERL|RUBY|BASHOPTS|SHELLOPTS|GLIBC|GCONV|JAVA_TOOL).*|` +
		`PATH|HOME|SHELL|IFS|ENV|CDPATH|PS4|TMPDIR|USER|LOGNAME|PWD)$`)
)

// isIdentifier tells whether a shell can have a variable of that name.
func isIdentifier(name string) bool { return identifierPattern.MatchString(name) }

// isReserved tells whether a variable of that name changes which code programs
// run, where they find what, or what the worker itself tells them.
func isReserved(name string) bool { return reservedPattern.MatchString(name) }
