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

// nearest returns the known word that is most like word, or "" when none is
// like it: more than a third of the letters, and more than two letters, would
// have to change (of a short word, more than one).
func nearest(word string, known []string) string {
	allowed := 1
	if len(word) >= 4 {
		allowed = max(len(word)/3, 2)
	}
	best, bestDistance := "", allowed+1
	for _, k := range known {
		if d := distance(word, k); d < bestDistance {
			best, bestDistance = k, d
		}
	}
	return best
}

// distance is the number of letters to insert, delete or change (Levenshtein),
// ignoring case.
func distance(a, b string) int {
	a, b = strings.ToLower(a), strings.ToLower(b)
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j]+1, row[j+1]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
