package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/internal/filelock"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server"
	"github.com/turbo-hipster/turbo-hipster/worker/migrate"
)

// buildDir is a build's directory below jobs_working_dir. While it is used, the file beside it is locked: what is not
// locked belongs to a build whose worker was killed.
type buildDir struct {
	id   string // 12 hexadecimal digits
	path string
	lock *filelock.Lock
}

const buildLockSuffix = ".lock"

// newBuildDir makes a directory for one more build.
func (w *workshop) newBuildDir() (*buildDir, error) {
	var random [6]byte
	if _, err := io.ReadFull(w.program.random, random[:]); err != nil {
		return nil, fmt.Errorf("name the build: %w", err)
	}
	d := &buildDir{id: hex.EncodeToString(random[:])}
	d.path = filepath.Join(w.jobsDir, d.id)
	if err := os.MkdirAll(w.jobsDir, 0o755); err != nil {
		return nil, fmt.Errorf("make the build's directory: %w", err)
	}
	lock, err := filelock.Try(d.path + buildLockSuffix)
	if err != nil {
		return nil, fmt.Errorf("make the build's directory: %w", err)
	}
	d.lock = lock
	if err := os.Mkdir(d.path, 0o755); err != nil {
		return nil, errors.Join(fmt.Errorf("make the build's directory: %w", err), lock.Remove())
	}
	return d, nil
}

// close removes what the build made, except keep, the directory of its results ("" keeps nothing), and what is above it. What
// cannot be removed is logged and no more: it must not hide a verdict.
func (d *buildDir) close(keep string, log *slog.Logger) {
	if keep != "" {
		_ = os.Remove(keep) // only when it is empty: without a log there is nothing to keep
	}
	removeExcept(d.path, keep, log)
	if err := d.lock.Remove(); err != nil {
		log.Warn("cannot clean up", "err", err)
	}
}

// removeExcept removes what is below dir, and dir itself when nothing is left.
func removeExcept(dir, keep string, log *slog.Logger) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		log.Warn("cannot clean up", "err", err)
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		switch {
		case path == keep:
		case strings.HasPrefix(keep, path+string(filepath.Separator)):
			removeExcept(path, keep, log)
		default:
			if err := os.RemoveAll(path); err != nil {
				log.Warn("cannot clean up", "err", err)
			}
		}
	}
	_ = os.Remove(dir) // it is empty, or holds what is kept
}

// sweep removes what builds of killed workers left: processes, which carry on, servers, and directories. Their results go
// too: nobody was told of them.
func (w *workshop) sweep(ctx context.Context, log *slog.Logger) error {
	if _, err := server.Reap(ctx, w.serversDir()); err != nil {
		return err
	}
	locks, err := filepath.Glob(filepath.Join(escapeGlob(w.jobsDir), "*"+buildLockSuffix))
	if err != nil {
		return fmt.Errorf("clean up after killed builds: %w", err)
	}
	for _, path := range locks {
		id := strings.TrimSuffix(filepath.Base(path), buildLockSuffix)
		if !regexp.MustCompile(`^[0-9a-f]{12}$`).MatchString(id) {
			continue
		}
		lock, err := filelock.Try(path)
		if errors.Is(err, filelock.ErrLocked) {
			continue
		}
		if err != nil {
			return fmt.Errorf("clean up after killed builds: %w", err)
		}
		log.Warn("removing what a killed build left", "build", id)
		migrate.KillLeftovers(id)
		d := &buildDir{id: id, path: filepath.Join(w.jobsDir, id), lock: lock}
		d.close("", log)
	}
	return nil
}

func escapeGlob(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}
