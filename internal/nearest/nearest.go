// Package nearest finds the word that somebody probably meant, for error messages.
package nearest

import "strings"

// Word returns the known word that is most like word, or "" when none is like it: more than a third of the letters, and more
// than two letters, would have to change (of a short word, more than one), or all of them. Two neighbours that changed places are one
// change. Case does not matter; of equals, the first wins.
func Word(word string, known []string) string {
	allowed := min(1, len(word)-1)
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

// distance is the number of letters to insert, delete, change or swap with the next, ignoring case (optimal string alignment).
func distance(a, b string) int {
	a, b = strings.ToLower(a), strings.ToLower(b)
	var before []int // the row before the last
	last := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			change := last[j]
			if a[i] != b[j] {
				change++
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, change)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
