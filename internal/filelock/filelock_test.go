package filelock_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/turbo-hipster/turbo-hipster/internal/filelock"
)

func TestLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	l, err := filelock.Try(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := filelock.Try(path); !errors.Is(err, filelock.ErrLocked) {
		t.Errorf("locked twice: %v", err)
	}
	ctx, cancel := context.WithTimeoutCause(t.Context(), 50*time.Millisecond, errors.New("no patience"))
	defer cancel()
	if _, err := filelock.Wait(ctx, path); err == nil || err.Error() != "no patience" {
		t.Errorf("waited with %v", err)
	}
	if err := errors.Join(l.Write("a longer text\n"), l.Write("7\n")); err != nil {
		t.Fatal(err)
	}
	if text, err := l.Read(); text != "7" || err != nil {
		t.Errorf("read %q, %v", text, err)
	}
	if err := l.Remove(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file is left: %v", err)
	}
}

// TestOneAtATime: files that are removed and made again while others wait for
// them still admit one at a time.
func TestOneAtATime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	var inside, n atomic.Int32 // the kernel orders the holders; the race detector does not know
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 25 {
				l, err := filelock.Wait(t.Context(), path)
				if err != nil {
					t.Error(err)
					return
				}
				if got := inside.Add(1); got != 1 {
					t.Errorf("%d inside", got)
				}
				n.Add(1)
				inside.Add(-1)
				if i%2 == 0 {
					err = l.Remove()
				} else {
					err = l.Release()
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if n.Load() != 200 {
		t.Errorf("%d got in", n.Load())
	}
}
