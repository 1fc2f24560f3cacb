package main

import (
	"errors"
	"fmt"

	"github.com/turbo-hipster/turbo-hipster/internal/command"
	"github.com/turbo-hipster/turbo-hipster/snapshot/store"
)

// checkKey refuses to extend a dataset under another key than its latest version's, before hours are spent: nothing of the two would join,
// and who compares them sees that the same rows have two pseudonyms. A fresh random key is always another one.
func (r *scrubRun) checkKey(s *store.Store) error {
	if r.c.Bool("new-key") {
		return nil
	}
	latest, err := s.Load(r.c.Context, store.Reference{Name: r.output.Name, Tag: store.LatestTag})
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	before := latest.Config.Provenance.KeyFingerprint
	if !r.randomKey && before == r.key.Fingerprint() {
		return nil
	}
	return &command.Error{
		Status: command.ExitFailed,
		Err:    fmt.Errorf("scrub: the latest version of %s was made with another key", r.output.Name),
		Hint:   "Give that key with --key, so that pseudonyms match; or --new-key where they need not.",
	}
}
