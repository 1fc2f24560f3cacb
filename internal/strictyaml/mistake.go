package strictyaml

import (
	"fmt"
	"slices"
	"strings"
)

// Mistake is one thing wrong in a settings file.
type Mistake struct {
	File string // as the user named it
	Line int    // from 1; 0 when the mistake has no place, such as a missing key of the whole file
	Msg  string // what is wrong and what is wanted
}

// String is "FILE:LINE: MSG", the form that editors jump to.
func (m Mistake) String() string {
	if m.Line == 0 {
		return fmt.Sprintf("%s: %s", m.File, m.Msg)
	}
	return fmt.Sprintf("%s:%d: %s", m.File, m.Line, m.Msg)
}

// Mistakes is the error that reports all mistakes of a file, one a line, in
// the order of their lines.
type Mistakes []Mistake

// Error is one line for each mistake.
func (m Mistakes) Error() string {
	lines := make([]string, len(m))
	for i, mistake := range m {
		lines[i] = mistake.String()
	}
	return strings.Join(lines, "\n")
}

// sorted returns the mistakes by line, each only once.
func (m Mistakes) sorted() Mistakes {
	out := slices.Clone(m)
	slices.SortStableFunc(out, func(a, b Mistake) int { return a.Line - b.Line })
	return slices.Compact(out)
}
