package worker

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// maxParameterBytes is more than Zuul gives; the kernel takes 128 KiB in one
// variable.
const maxParameterBytes = 64 << 10

// Variables are those of the build's parameters that become variables of every
// command's environment. They come over the network, so they are let in by name:
// whatever else a shell, Python, pip or a client may read from its environment is
// not theirs to set. The map is the caller's.
func (b *Build) Variables() map[string]string {
	name := regexp.MustCompile(`^(?:(?:ZUUL|SWIFT)_[A-Za-z0-9_]{1,100}|LOG_PATH|BASE_LOG_PATH|BRANCH)$`)
	out := map[string]string{}
	for k, v := range b.Parameters {
		if name.MatchString(k) && len(v) <= maxParameterBytes && !strings.ContainsRune(v, 0) {
			out[k] = v
		}
	}
	return out
}

// Signatures are parameters that let others act for the project: they are not
// printed.
func (b *Build) Signatures() []string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(b.Parameters)) {
		if strings.HasPrefix(k, "SWIFT_") && strings.HasSuffix(k, "_SIGNATURE") {
			out = append(out, b.Parameters[k])
		}
	}
	return out
}
