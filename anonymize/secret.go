package anonymize

import (
	"fmt"
	"io"

	"github.com/turbo-hipster/turbo-hipster/anonymize/permute"
)

// randomness is a sequence that nobody can repeat: keyed by random bytes that are
// drawn once and kept nowhere.
type randomness struct{ stream permute.Stream }

func newRandomness(random io.Reader) (*randomness, error) {
	var key [permute.KeyBytes]byte
	if _, err := io.ReadFull(random, key[:]); err != nil {
		return nil, fmt.Errorf("draw random bytes for secrets: %w", err)
	}
	p := permute.New(key)
	return &randomness{p.Stream(p.Tweak(nil))}, nil
}

// secretText replaces every character by a random one of its class; nothing in it is
// treated as an identifier.
func (d *domain) secretText(dst, v []byte, r *randomness) []byte {
	return d.replaceChars(dst, v, &r.stream, charRule{})
}
