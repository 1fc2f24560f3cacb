package server

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/internal/filelock"
)

// maxSocketBytes is the longest path of a unix socket: sun_path has 108 bytes on
// Linux, one of them for the final zero.
const maxSocketBytes = 107

// ErrSocketPath means that no directory was short enough for a unix socket.
var ErrSocketPath = errors.New("path of the unix socket is longer than 107 bytes")

const (
	homePrefix = "srv-"
	lockSuffix = ".lock"
)

// A home is everything on disk that belongs to one server.
type home struct {
	dir       string         // DIR/srv-XXXX
	lock      *filelock.Lock // DIR/srv-XXXX.lock, held while the home is in use
	socket    string         // usually dir/s; elsewhere when that would be too long
	socketDir string         // a directory made for the socket only; "" when it is in dir
}

func (h *home) data() string     { return filepath.Join(h.dir, "data") }
func (h *home) tmp() string      { return filepath.Join(h.dir, "tmp") }
func (h *home) fifos() string    { return filepath.Join(h.dir, "fifo") }
func (h *home) plugins() string  { return filepath.Join(h.dir, "plugins") }
func (h *home) errorLog() string { return filepath.Join(h.dir, "error.log") }
func (h *home) slowLog() string  { return filepath.Join(h.dir, "slow.log") }
func (h *home) pidFile() string  { return filepath.Join(h.dir, "pid") }
func (h *home) initFile() string { return filepath.Join(h.dir, "init.sql") }

// newHome makes a home under dir. The lock is taken first: a home without its
// lock held is dead by definition, and may be removed by anyone.
func newHome(dir, shortDir string, random io.Reader) (*home, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("make a server directory: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make a server directory: %w", err)
	}
	name, err := randomHex(random, 4)
	if err != nil {
		return nil, fmt.Errorf("make a server directory: %w", err)
	}
	h := &home{dir: filepath.Join(dir, homePrefix+name)}
	if h.lock, err = filelock.Try(h.dir + lockSuffix); err != nil {
		return nil, fmt.Errorf("make a server directory: %w", err)
	}
	if err := h.fill(shortDir); err != nil {
		return nil, errors.Join(fmt.Errorf("make a server directory: %w", err), h.remove())
	}
	return h, nil
}

func (h *home) fill(shortDir string) error {
	if err := os.Mkdir(h.dir, 0o700); err != nil {
		return err
	}
	for _, dir := range []string{h.tmp(), h.fifos(), h.plugins()} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			return err
		}
	}
	// Here before the server writes it, for who follows it.
	if err := os.WriteFile(h.slowLog(), nil, 0o600); err != nil {
		return err
	}
	h.socket = filepath.Join(h.dir, "s")
	if len(h.socket) <= maxSocketBytes {
		return nil
	}
	// The name is derived from the home's, and written in the lock for Reap.
	h.socketDir = filepath.Join(shortDir, filepath.Base(h.dir))
	h.socket = filepath.Join(h.socketDir, "s")
	if len(h.socket) > maxSocketBytes {
		h.socketDir = ""
		return fmt.Errorf("%w: %s", ErrSocketPath, h.socket)
	}
	if err := h.lock.Write(h.socketDir); err != nil {
		return err
	}
	if err := os.Mkdir(h.socketDir, 0o700); err != nil {
		h.socketDir = "" // somebody else's
		return err
	}
	return nil
}

// remove deletes everything, the lock last.
func (h *home) remove() error {
	err := os.RemoveAll(h.dir)
	if h.socketDir != "" {
		err = errors.Join(err, os.RemoveAll(h.socketDir))
	}
	if err != nil {
		// Keep the lock file, so that Reap finds the rest; let go of the lock.
		return errors.Join(fmt.Errorf("remove server directory: %w", err), h.lock.Release())
	}
	return h.lock.Remove()
}

// logTail returns the last lines of the server's error log, for a message: only those that the server wrote in its log's form,
// and the one that names a signal. A server that crashes prints the statement that it was at as well, and that has values.
func (h *home) logTail() string {
	const tailBytes = 2000
	f, err := os.Open(h.errorLog())
	if err != nil {
		return "(no error log)"
	}
	defer func() { _ = f.Close() }()
	if info, err := f.Stat(); err == nil && info.Size() > tailBytes {
		_, _ = f.Seek(-tailBytes, io.SeekEnd)
	}
	tail, err := io.ReadAll(io.LimitReader(f, tailBytes))
	if err != nil || len(tail) == 0 {
		return "(empty error log)"
	}
	entry := regexp.MustCompile(`^\d{4}-\d\d-\d\d[ T]+\d?\d:\d\d:\d\d\S* .*(?:\[(?:ERROR|Warning|Note|System)\]|got signal \d+)`)
	var kept []string
	for line := range strings.Lines(strings.ToValidUTF8(string(tail), "?")) {
		if line = strings.TrimSpace(line); entry.MatchString(line) {
			kept = append(kept, line)
		}
	}
	if len(kept) == 0 {
		return "(nothing but what is not for messages)"
	}
	return strings.Join(kept, "\n")
}
