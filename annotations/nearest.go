package annotations

import (
	"fmt"
	"strings"
)

func equalFold(a, b string) bool { return strings.EqualFold(a, b) }

// hint gives `; did you mean "x"?` for the candidate nearest to name, or "" when none is near.
func hint(name string, candidates []string) string {
	best := nearest(name, candidates)
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// nearest gives the candidate that the fewest edits turn into name, or "" when none is alike. Of equals, the first wins.
func nearest(name string, candidates []string) string {
	limit := max(2, len(name)/3)
	best := ""
	lower := strings.ToLower(name)
	for _, c := range candidates {
		if d := distance(lower, strings.ToLower(c), limit); d <= limit {
			best, limit = c, d-1
		}
	}
	if best != "" && distance(lower, strings.ToLower(best), len(name)) >= len(name) {
		return "" // nothing in common
	}
	return best
}

// distance is Levenshtein's, over bytes; limit+1 stands for anything larger than limit.
func distance(a, b string, limit int) int {
	if limit < 0 || len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = min(diagonal, row[j], row[j+1]) + 1
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return min(row[len(b)], limit+1)
}
