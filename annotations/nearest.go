package annotations

import (
	"fmt"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/internal/nearest"
)

func equalFold(a, b string) bool { return strings.EqualFold(a, b) }

// hint gives `; did you mean "x"?` for the candidate nearest to name, or "" when none is near.
func hint(name string, candidates []string) string {
	best := nearest.Word(name, candidates)
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}
