package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/annotations/python"
)

// files writes files into a new directory, and gives them with that contents and with new ones.
func files(t *testing.T, names ...string) (dir string, before, after []python.File) {
	t.Helper()
	dir = t.TempDir()
	for _, name := range names {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("old "+name), 0o640); err != nil {
			t.Fatal(err)
		}
		before = append(before, python.File{Path: path, Source: []byte("old " + name)})
		after = append(after, python.File{Path: path, Source: []byte("new " + name)})
	}
	return dir, before, after
}

// wantOnly checks that a directory has the named files and nothing else, and that they begin with a word.
func wantOnly(t *testing.T, dir, word string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if want := word + " " + e.Name(); string(data) != want {
			t.Errorf("%s holds %q, want %q", e.Name(), data, want)
		}
	}
	if len(entries) != len(names) {
		t.Errorf("%d files are there, want %d: %v", len(entries), len(names), entries)
	}
}

func TestReplaceFilesAllOrNone(t *testing.T) {
	cancelled, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("cancelled by the test"))
	tests := []struct {
		name  string
		ctx   context.Context
		spoil func(path string) error
		want  string
	}{
		{"a file that somebody changed meanwhile is not overwritten", t.Context(), func(path string) error {
			return os.WriteFile(path, []byte("old b.py"+"\n"), 0o640)
		}, "changed while it was read"},
		{"a file that is gone", t.Context(), os.Remove, "no such file"},
		{"a read-only file", t.Context(), func(path string) error { return os.Chmod(path, 0o440) }, "read-only"},
		{"a run that was cancelled", cancelled, func(string) error { return nil }, "cancelled by the test"},
		{"hard links, which would part", t.Context(), func(path string) error {
			return os.Link(path, filepath.Join(t.TempDir(), "other"))
		}, "2 names"},
		{"a file that was replaced by a directory", t.Context(), func(path string) error {
			return errors.Join(os.Remove(path), os.Mkdir(path, 0o700))
		}, "not a regular file"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir, before, after := files(t, "a.py", "b.py")
			if err := tt.spoil(before[1].Path); err != nil {
				t.Fatal(err)
			}
			err := replaceFiles(tt.ctx, before, after)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("error %v, want %q in it", err, tt.want)
			}
			if err := os.RemoveAll(before[1].Path); err != nil {
				t.Fatal(err)
			}
			wantOnly(t, dir, "old", "a.py")
		})
	}
}

// TestReplaceFilesPutsBack: a name may be one that nothing can be renamed to (a mount point), which shows only at the end.
func TestReplaceFilesPutsBack(t *testing.T) {
	dir, _, after := files(t, "a.py")
	before := []python.File{{Path: after[0].Path, Source: []byte("old a.py")}}
	if err := replaceFiles(t.Context(), before, after); err != nil {
		t.Fatal(err)
	}
	because := errors.New("the next file")
	if err := putBack(before, because); !errors.Is(err, because) || !strings.Contains(err.Error(), "no file was changed") {
		t.Errorf("error %v", err)
	}
	wantOnly(t, dir, "old", "a.py")
}

// TestReplaceFilesKeepsOwner: a file of somebody else, changed by root, stays theirs.
func TestReplaceFilesKeepsOwner(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can give files away")
	}
	dir, before, after := files(t, "a.py", "b.py")
	if err := os.Chown(before[0].Path, 1234, 2345); err != nil {
		t.Skip(err)
	}
	if err := replaceFiles(t.Context(), before, after); err != nil {
		t.Fatal(err)
	}
	wantOnly(t, dir, "new", "a.py", "b.py")
	info, err := os.Stat(before[0].Path)
	if err != nil {
		t.Fatal(err)
	}
	if s, ok := info.Sys().(*syscall.Stat_t); !ok || s.Uid != 1234 || s.Gid != 2345 || info.Mode().Perm() != 0o640 {
		t.Errorf("owner and mode are %+v %v", s, info.Mode())
	}
}
