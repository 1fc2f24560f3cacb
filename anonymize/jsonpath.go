package anonymize

import (
	"fmt"
	"strings"
)

// pathStep is one step of a path: a key, an index, or any index.
type pathStep struct {
	key   string
	index int // -1 for a key, anyIndex for [*]
}

const (
	isKey    = -1
	anyIndex = -2
)

// parsePath reads a path: "$", then .key, ["key"], [number] and [*] steps. Wildcards
// over keys, "..", ranges and filters are not supported.
func parsePath(path string) ([]pathStep, error) {
	rest, ok := strings.CutPrefix(path, "$")
	if !ok {
		return nil, fmt.Errorf("path %q: must start with $", path)
	}
	var steps []pathStep
	for rest != "" {
		step, n := parseStep(rest)
		if n == 0 {
			return nil, fmt.Errorf("path %q: want .key, [\"key\"], [number] or [*] after %q", path, path[:len(path)-len(rest)])
		}
		steps, rest = append(steps, step), rest[n:]
	}
	return steps, nil
}

// parseStep reads the step that rest starts with; n is 0 where there is none.
func parseStep(rest string) (step pathStep, n int) {
	if rest[0] == '.' {
		n = 1
		for n < len(rest) && rest[n] != '.' && rest[n] != '[' {
			n++
		}
		if n == 1 || strings.ContainsAny(rest[1:n], `*"'`) {
			return step, 0
		}
		return pathStep{key: rest[1:n], index: isKey}, n
	}
	if strings.HasPrefix(rest, `["`) {
		if end := strings.Index(rest, `"]`); end > 1 {
			return pathStep{key: rest[2:end], index: isKey}, end + 2
		}
		return step, 0
	}
	end := strings.IndexByte(rest, ']')
	if rest[0] != '[' || end < 2 {
		return step, 0
	}
	if rest[1:end] == "*" {
		return pathStep{index: anyIndex}, end + 1
	}
	index, ok := parseDigits([]byte(rest[1:end]))
	if !ok || end > 10 {
		return step, 0
	}
	return pathStep{index: index}, end + 1
}
