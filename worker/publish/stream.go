package publish

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// Stream publishes one build.
type Stream struct {
	logPath  string
	interval time.Duration
	log      *slog.Logger

	source, target *os.Root
	list           *list
	maxBytes       int64
	leftOut        bool              // it was told that something is
	known          map[string]copied // by name; used by one goroutine at a time

	stop chan struct{}
	wg   sync.WaitGroup
}

// copied is what the copy of a file has.
type copied struct {
	info  fs.FileInfo // the original, when it was copied
	size  int64       // how much of it
	whole bool        // that was all
}

// run copies at every interval.
func (s *Stream) run(ctx context.Context) {
	s.stop = make(chan struct{})
	s.wg.Go(func() {
		tick := time.NewTicker(s.interval)
		defer tick.Stop()
		last := ""
		for {
			select {
			case <-s.stop:
				return
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			_, err := s.pass(ctx, false)
			text := fmt.Sprint(err)
			if err != nil && text != last && ctx.Err() == nil { // the same again is no news
				s.log.Warn("cannot publish; will try again", "path", s.logPath, "err", err)
			}
			last = text
		}
	})
}

// Close copies a last time. Without an error source and target are equal, and on
// the disk. It must be called once, also when the context of Start is done; ctx
// bounds the copying.
func (s *Stream) Close(ctx context.Context) error {
	close(s.stop)
	s.wg.Wait()
	err := s.finish(ctx)
	if err = errors.Join(err, s.closeRoots()); err != nil {
		return fmt.Errorf("publish to %q: %w", s.logPath, err)
	}
	return nil
}

// finish makes source and target equal.
func (s *Stream) finish(ctx context.Context) error {
	now, err := s.look()
	if err != nil {
		return err
	}
	if err := s.prune(now); err != nil {
		return err
	}
	dirs, err := s.pass(ctx, true)
	if err != nil {
		return err
	}
	for _, dir := range slices.Backward(dirs) {
		if err := s.syncDir(dir); err != nil {
			return err
		}
	}
	return nil
}

// entry is a file or directory of the source.
type entry struct {
	name string // with '/' between its parts
	info fs.FileInfo
}

// look lists what is to be published: first directories, those that contain
// others before them; then logs; then all else, so that a page comes after what it
// refers to. What may not be read is not published, nor what is too much.
func (s *Stream) look() ([]entry, error) {
	var found []entry
	err := fs.WalkDir(s.source.FS(), ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist) && name != ".":
			return nil // it has just gone
		case errors.Is(err, fs.ErrPermission) && name != ".":
			s.leaveOut("it may not be read", name)
			return fs.SkipDir
		case len(found) == maxEntries:
			s.leaveOut("there are too many files", name)
			return fs.SkipAll
		case err != nil:
			return err
		case name == ".":
			return nil
		case !visible(e.Name()) && e.IsDir():
			return fs.SkipDir
		case !visible(e.Name()) || !e.IsDir() && !e.Type().IsRegular():
			return nil
		}
		info, err := s.source.Lstat(name)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		found = append(found, entry{name, info})
		return err
	})
	rank := func(e entry) int {
		switch {
		case e.info.IsDir():
			return 0
		case appended(e.name):
			return 1
		}
		return 2
	}
	found = s.affordable(found)
	slices.SortStableFunc(found, func(a, b entry) int { return rank(a) - rank(b) })
	return found, err
}

// affordable are the entries that fit together, the smallest first: pages do, and a
// file that a migration made as long as the disk does not.
func (s *Stream) affordable(found []entry) []entry {
	slices.SortStableFunc(found, func(a, b entry) int { return cmp.Compare(bytesOf(a), bytesOf(b)) })
	left := s.maxBytes
	for i, e := range found {
		if left -= bytesOf(e); left < 0 {
			s.leaveOut("there is too much", e.name)
			found = found[:i]
			break
		}
	}
	slices.SortFunc(found, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	return found
}

func bytesOf(e entry) int64 {
	if e.info.IsDir() {
		return 0
	}
	return e.info.Size()
}

// leaveOut tells once that not all is published.
func (s *Stream) leaveOut(why, name string) {
	if !s.leftOut {
		s.leftOut = true
		s.log.Warn("not all is published", "path", s.logPath, "why", why, "first", name)
	}
}

// pass copies what has changed; the last one makes sure that copies are equal. It
// goes on after a file that fails. It returns the directories.
func (s *Stream) pass(ctx context.Context, last bool) (dirs []string, err error) {
	entries, err := s.look()
	if err != nil {
		return nil, err
	}
	dirs = []string{"."}
	var failed []error
	for _, e := range entries {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		var err error
		if e.info.IsDir() {
			dirs = append(dirs, e.name)
			err = errors.Join(s.list.add(e.name+"/"), makeDir(s.target, e.name))
		} else {
			err = s.publish(ctx, e, last)
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("copy %q: %w", e.name, err))
		}
	}
	return dirs, errors.Join(failed...)
}

// prune removes what was published here and is not in the source any more.
func (s *Stream) prune(now []entry) error {
	keep := map[string]bool{}
	for _, e := range now {
		if e.info.IsDir() {
			keep[e.name+"/"] = true
		} else {
			keep[e.name] = true
		}
	}
	var gone []string
	for name := range s.list.names {
		if !keep[name] {
			gone = append(gone, name)
		}
	}
	slices.Sort(gone)
	for _, name := range slices.Backward(gone) { // what is in a directory comes after it
		plain, isDir := strings.CutSuffix(name, "/")
		err := s.remove(plain, isDir)
		if err != nil {
			return fmt.Errorf("remove %q: %w", plain, err)
		}
		delete(s.known, plain)
	}
	return nil
}

// remove removes a file, or a directory in which nobody else has anything.
func (s *Stream) remove(name string, isDir bool) error {
	info, err := s.target.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.IsDir() != isDir {
		return nil
	}
	if err != nil {
		return err
	}
	err = s.target.Remove(name)
	if isDir {
		return nil // it may have what is not ours
	}
	return err
}

func (s *Stream) syncDir(name string) error {
	f, err := s.target.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func (s *Stream) closeRoots() error {
	var err error
	if s.list != nil {
		err = s.list.close()
	}
	for _, root := range []*os.Root{s.source, s.target} {
		if root != nil {
			err = errors.Join(err, root.Close())
		}
	}
	return err
}
