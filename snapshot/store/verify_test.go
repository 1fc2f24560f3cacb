package store

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot"
)

// Every bit of the small files and some of each blob: a flipped one is found.
func TestVerifyFindsAnyFlippedBit(t *testing.T) {
	s := open(t)
	ref := put(t, s, "nova", "", 1)
	dir := s.datasetDir("nova")
	if err := s.Verify(t.Context(), ref, snapshot.VerifyOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, name := range files(t, dir) {
		path := filepath.Join(dir, name)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		step := 1
		if filepath.Base(path) != indexFile && filepath.Base(path) != layoutFile {
			step = 1 + len(data)/8
		}
		for bit := 0; bit < 8*len(data); bit += step {
			data[bit/8] ^= 1 << (bit % 8)
			write(t, path, data)
			if err := s.Verify(t.Context(), ref, snapshot.VerifyOptions{}); !errors.Is(err, snapshot.ErrCorrupt) {
				t.Errorf("%s, bit %d: %v", filepath.Base(path), bit, err)
			}
			data[bit/8] ^= 1 << (bit % 8)
		}
		write(t, path, data)
	}
	if err := s.Verify(t.Context(), ref, snapshot.VerifyOptions{}); err != nil {
		t.Error(err)
	}
}

// Damage to the index is not taken for a snapshot that does not exist.
func TestLoadThroughADamagedIndex(t *testing.T) {
	s := open(t)
	ref := put(t, s, "nova", "", 1)
	path := filepath.Join(s.datasetDir("nova"), indexFile)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	refs := []Reference{{Name: "nova"}, {Name: "nova", Tag: ref.Tag}, {Name: "nova", Digest: ref.Digest}}
	for bit := range 8 * len(data) {
		data[bit/8] ^= 1 << (bit % 8)
		write(t, path, data)
		if _, err := s.Load(t.Context(), refs[bit%3]); err != nil && !errors.Is(err, snapshot.ErrCorrupt) {
			t.Errorf("bit %d: %v", bit, err)
		}
		data[bit/8] ^= 1 << (bit % 8)
	}
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestVerifyOfAMissingSnapshot(t *testing.T) {
	s := open(t)
	if err := s.Verify(t.Context(), Reference{Name: "nova"}, snapshot.VerifyOptions{}); !errors.Is(err, ErrNotFound) {
		t.Errorf("got %v", err)
	}
}
