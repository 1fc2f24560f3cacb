package server

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/turbo-hipster/turbo-hipster/internal/filelock"
)

// Reap removes the homes under dir whose owners are gone, and returns how many.
// Homes in use, by this or any other process, are left alone.
func Reap(ctx context.Context, dir string) (int, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return 0, fmt.Errorf("reap servers: %w", err)
	}
	locks, err := filepath.Glob(filepath.Join(escapeGlob(dir), homePrefix+"*"+lockSuffix))
	if err != nil {
		return 0, fmt.Errorf("reap servers: %w", err)
	}
	reaped := 0
	for _, path := range locks {
		l, err := filelock.Try(path)
		switch {
		case errors.Is(err, filelock.ErrLocked):
			continue
		case err != nil:
			return reaped, fmt.Errorf("reap servers: %w", err)
		}
		h := &home{dir: strings.TrimSuffix(path, lockSuffix), lock: l}
		if err := h.reap(ctx); err != nil {
			return reaped, fmt.Errorf("reap %s: %w", h.dir, err)
		}
		reaped++
	}
	return reaped, nil
}

// reap ends the server in a dead home, should it still run, and removes the home.
func (h *home) reap(ctx context.Context) error {
	socketDir, err := h.lock.Read()
	if err != nil {
		return errors.Join(err, h.lock.Release())
	}
	// Only a directory with this home's name was made for this home.
	if filepath.Base(socketDir) == filepath.Base(h.dir) {
		h.socketDir = socketDir
	}
	if err := h.killStale(ctx); err != nil {
		return errors.Join(err, h.lock.Release())
	}
	return h.remove()
}

// killStale ends the server of a dead home and waits until it is gone.
func (h *home) killStale(ctx context.Context) error {
	text, err := os.ReadFile(h.pidFile())
	if err != nil {
		return nil //nolint:nilerr // it never came up, or ended well
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || pid <= 1 {
		return nil //nolint:nilerr // half-written: the server died writing it
	}
	for runs(pid, h.data()) {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("kill stale server %d: %w", pid, err)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(5 * time.Millisecond):
		}
	}
	return nil
}

func escapeGlob(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}
