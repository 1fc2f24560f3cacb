// Package nearest finds the word that somebody probably meant, for error messages.
package nearest

import "strings"

// Word returns the known word that is most like word, or "" when none is like it: more than a third of the letters, and more
// than two letters, would have to change (of a short word, more than one). Case does not matter; of equals, the first wins.
func Word(word string, known []string) string {
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

// distance is the number of letters to insert, delete or change (Levenshtein), ignoring case.
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
