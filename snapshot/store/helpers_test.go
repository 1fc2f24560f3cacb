package store

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot"
	"github.com/turbo-hipster/turbo-hipster/snapshot/rowtext"
)

func open(t testing.TB) *Store {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "store"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// rows returns n rows that differ with seed.
func rows(seed, n int) (out []byte, ends []int) {
	for i := range n {
		out = fmt.Appendf(out, "%d\tname-%d-%d\n", i, seed, i*7919%n)
		ends = append(ends, len(out))
	}
	return out, ends
}

// build puts a snapshot into a draft and commits it.
func build(ctx context.Context, d *Draft, tag string, rows []byte, ends []int) (Reference, error) {
	b := snapshot.NewBuilder(ctx, d, snapshot.BuilderOptions{Jobs: 2})
	defer b.Close()
	if err := b.Append("nova", "users", rows, ends); err != nil {
		return Reference{}, err
	}
	cfg := snapshot.Config{Tables: []snapshot.TableInfo{{
		Database: "nova", Name: "users",
		Layout: rowtext.Layout{Columns: []rowtext.Column{{Name: "id"}, {Name: "name"}}},
	}}}
	manifest, err := b.Finish(ctx, cfg, []snapshot.Object{{Kind: "table", Name: "users", SQL: "CREATE TABLE users (id int)"}}, nil)
	if err != nil {
		return Reference{}, err
	}
	return d.Commit(ctx, manifest, tag)
}

// put makes a snapshot, whatever it takes.
func put(t testing.TB, s *Store, name, tag string, seed int) Reference {
	t.Helper()
	d, err := s.Create(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	text, ends := rows(seed, 2000)
	ref, err := build(t.Context(), d, tag, text, ends)
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

// files lists the regular files below dir, without the store's lock.
func files(t testing.TB, dir string) (out []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() && path != filepath.Join(dir, lockName) {
			rel, _ := filepath.Rel(dir, path)
			out = append(out, rel)
		}
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return out
}
