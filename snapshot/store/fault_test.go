package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/snapshot"
)

var errInjected = errors.New("injected")

// faultyDisk fails its n-th operation.
type faultyDisk struct {
	disk
	n int
}

func (f *faultyDisk) fail() error {
	if f.n--; f.n == 0 {
		return errInjected
	}
	return nil
}

func (f *faultyDisk) Create(path string) (file, error) {
	if err := f.fail(); err != nil {
		return nil, err
	}
	made, err := f.disk.Create(path)
	return &faultyFile{file: made, disk: f}, err
}

func (f *faultyDisk) Rename(from, to string) error {
	if err := f.fail(); err != nil {
		return err
	}
	return f.disk.Rename(from, to)
}

func (f *faultyDisk) Link(from, to string) error {
	if err := f.fail(); err != nil {
		return err
	}
	return f.disk.Link(from, to)
}

func (f *faultyDisk) SyncDir(string) error { return f.fail() }

type faultyFile struct {
	file
	disk *faultyDisk
}

func (f *faultyFile) Write(b []byte) (int, error) {
	if err := f.disk.fail(); err != nil {
		return 0, err
	}
	return f.file.Write(b)
}

// Whatever fails, the dataset is as before or holds the whole new snapshot, and
// nothing is left.
func TestFailuresLeaveNothing(t *testing.T) {
	for _, first := range []bool{true, false} {
		for n := 1; ; n++ {
			s := open(t)
			if !first {
				put(t, s, "nova", "", 1)
			}
			before := files(t, s.Dir())
			d, err := s.Create(t.Context(), "nova")
			if err != nil {
				t.Fatal(err)
			}
			faults := &faultyDisk{disk: osDisk{}, n: n}
			d.store = &Store{dir: s.dir, disk: faults}
			text, ends := rows(2, 100)
			_, err = build(t.Context(), d, "", text, ends)
			_ = d.Abort()
			if faults.n > 0 {
				if err != nil || n < 10 {
					t.Fatalf("after %d operations: %v", n, err)
				}
				break
			}
			if err != nil && !errors.Is(err, errInjected) {
				t.Fatalf("operation %d: %v", n, err)
			}
			// A blob that cannot be linked is written, and after the last rename the
			// snapshot is there.
			if err == nil || strings.Contains(err.Error(), "appeared") {
				if err := s.Verify(t.Context(), Reference{Name: "nova"}, snapshot.VerifyOptions{}); err != nil {
					t.Errorf("operation %d: %v", n, err)
				}
				continue
			}
			if diff := cmp.Diff(before, files(t, s.Dir())); diff != "" {
				t.Errorf("operation %d: %s", n, diff)
			}
		}
	}
}

// linkless is a disk whose file system has no links.
type linkless struct{ disk }

func (linkless) Link(string, string) error { return syscall.EPERM }

// Without links a blob is moved, and a commit that fails takes none from another snapshot.
func TestFailureWithoutLinks(t *testing.T) {
	for n := 1; ; n++ {
		s := open(t)
		first := put(t, s, "nova", "", 1)
		d, err := s.Create(t.Context(), "nova")
		if err != nil {
			t.Fatal(err)
		}
		faults := &faultyDisk{disk: linkless{osDisk{}}, n: n}
		d.store = &Store{dir: s.dir, disk: faults}
		text, ends := rows(1, 2000)
		_, err = build(t.Context(), d, "again", text, ends)
		if verr := s.Verify(t.Context(), first, snapshot.VerifyOptions{}); verr != nil {
			t.Errorf("operation %d: %v", n, verr)
		}
		if faults.n > 0 {
			if err != nil || n < 10 {
				t.Fatalf("after %d operations: %v", n, err)
			}
			return
		}
	}
}

// A writer that dies at any moment leaves what the next one sweeps; a living
// writer's draft is left alone.
func TestDeadWritersAreSwept(t *testing.T) {
	for _, committed := range []bool{false, true} {
		s := open(t)
		if committed {
			put(t, s, "nova", "", 1)
		}
		before := files(t, s.Dir())
		living, err := s.Create(t.Context(), "nova")
		if err != nil {
			t.Fatal(err)
		}
		dead, err := s.Create(t.Context(), "nova")
		if err != nil {
			t.Fatal(err)
		}
		// It dies after linking its blobs, while it writes the index.
		if _, err := dead.Put(t.Context(), "text/plain", strings.NewReader("half a snapshot")); err != nil {
			t.Fatal(err)
		}
		c := change{disk: osDisk{}, dir: s.datasetDir("nova")}
		if err := c.add(s.dir, dead.dir); err != nil {
			t.Fatal(err)
		}
		if !committed {
			write(t, filepath.Join(c.dir, layoutFile), []byte(layoutContent))
		}
		write(t, filepath.Join(c.dir, tempPrefix+indexFile), []byte("{"))
		if err := os.WriteFile(filepath.Join(dead.dir, tempPrefix+"9"), nil, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := dead.lock.Close(); err != nil { // what the end of a process does
			t.Fatal(err)
		}
		if list, err := s.List(t.Context(), ""); err != nil || len(list) > 0 != committed {
			t.Errorf("the half snapshot is seen: %v, %v", list, err)
		}
		next, err := s.Create(t.Context(), "nova")
		if err != nil {
			t.Fatal(err)
		}
		text, ends := rows(5, 10)
		if _, err := os.Stat(living.dir); err != nil {
			t.Error("a living draft was swept")
		}
		if err := errors.Join(next.Abort(), living.Abort()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, files(t, s.Dir())); diff != "" {
			t.Error(diff)
		}
		d, err := s.Create(t.Context(), "nova")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := build(t.Context(), d, "", text, ends); err != nil {
			t.Error(err)
		}
	}
}

func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("none", dir, "tmpfs", 0, "size=512k"); err != nil {
		cannotMount(t, err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, 0) })
	s, err := Open(filepath.Join(dir, "store"))
	if err != nil {
		t.Fatal(err)
	}
	d, err := s.Create(t.Context(), "nova")
	if err != nil {
		t.Fatal(err)
	}
	text, ends := rows(1, 200_000)
	_, err = build(t.Context(), d, "", text, ends)
	if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), s.Dir()) {
		t.Errorf("got %v", err)
	}
	if err := d.Abort(); err != nil {
		t.Error(err)
	}
	if got := files(t, s.Dir()); len(got) > 0 {
		t.Errorf("left: %v", got)
	}
	put(t, s, "nova", "", 1) // there is room again
}

func TestUnwritableStore(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "file"), nil)
	if _, err := Open(filepath.Join(dir, "file")); err == nil || !strings.Contains(err.Error(), "not a directory") {
		t.Errorf("got %v", err)
	}
	if err := syscall.Mount("none", dir, "tmpfs", syscall.MS_RDONLY, "size=64k"); err != nil {
		cannotMount(t, err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, 0) })
	s, err := Open(filepath.Join(dir, "store"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Create(t.Context(), "nova"); !errors.Is(err, syscall.EROFS) {
		t.Errorf("got %v", err)
	}
}

// cannotMount skips a test that needs to mount a file system, which takes root; under CI=true it fails.
func cannotMount(t *testing.T, err error) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("cannot mount a file system: %v", err)
	}
	t.Skipf("cannot mount a file system: %v", err)
}
