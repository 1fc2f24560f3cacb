package publish

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// ErrBadLogPath is about a LOG_PATH that names no place of its own below a
// directory.
var ErrBadLogPath = errors.New("not a log path: want names joined by '/', none of them empty or beginning with a dot")

// ErrBusy is wrapped by Start's error when another build is being published in
// the same place.
var ErrBusy = errors.New("another build is being published there")

// defaultInterval is how often files are looked at: often enough to look like a
// live log, and a few stats of files in a directory cost nothing.
const defaultInterval = 500 * time.Millisecond

// Local publishes by copying to a directory of this machine. It is safe for
// concurrent use.
type Local struct {
	Dir        string // below it is what is published; made when it is missing
	PrependURL string // the URL under which Dir is served; "" is unknown
	Interval   time.Duration
	MaxBytes   int64        // of one build; 0 is 4 GiB
	Log        *slog.Logger // told of what fails meanwhile; nil discards
}

// What is published of a build at most: many times what the worker writes itself,
// and too little to fill the disk of a web server.
const (
	defaultMaxBytes = 4 << 30
	maxEntries      = 10_000
)

// CheckLogPath refuses what is no relative, clean path of visible names.
func CheckLogPath(logPath string) error {
	const longest = 1024
	if logPath == "" || len(logPath) > longest || strings.Contains(logPath, `\`) || !fs.ValidPath(logPath) {
		return ErrBadLogPath
	}
	for name := range strings.SplitSeq(logPath, "/") {
		if !visible(name) {
			return ErrBadLogPath
		}
	}
	return nil
}

// visible tells whether a file of this name is published.
func visible(name string) bool {
	return !strings.HasPrefix(name, ".") && utf8.ValidString(name) && !strings.ContainsFunc(name, unicode.IsControl)
}

// URL is where people read a build's results, once they are published; "" when
// PrependURL is unknown or the path is refused.
func (l *Local) URL(logPath string) string {
	if l.PrependURL == "" || CheckLogPath(logPath) != nil {
		return ""
	}
	parts := strings.Split(logPath, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return strings.TrimRight(l.PrependURL, "/") + "/" + strings.Join(parts, "/") + "/index.html"
}

// Start makes the place, copies what is in outputDir, and goes on doing so until
// Close or until ctx is done. The caller must call Close in either case.
func (l *Local) Start(ctx context.Context, outputDir, logPath string) (*Stream, error) {
	s, err := l.start(ctx, outputDir, logPath)
	if err != nil {
		return nil, fmt.Errorf("publish to %q: %w", logPath, err)
	}
	return s, nil
}

func (l *Local) start(ctx context.Context, outputDir, logPath string) (_ *Stream, err error) {
	if err := CheckLogPath(logPath); err != nil {
		return nil, err
	}
	s := &Stream{logPath: logPath, interval: l.Interval, log: l.Log, known: map[string]copied{}, maxBytes: cmp.Or(l.MaxBytes, defaultMaxBytes)}
	if s.interval <= 0 {
		s.interval = defaultInterval
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.closeRoots())
		}
	}()
	if s.source, err = os.OpenRoot(outputDir); err != nil {
		return nil, err
	}
	if s.target, err = l.makePlace(logPath); err != nil {
		return nil, err
	}
	if s.list, err = openList(s.target); err != nil {
		return nil, err
	}
	if _, err := s.pass(ctx, false); err != nil {
		return nil, err
	}
	s.run(ctx)
	return s, nil
}

// makePlace makes the target directory with all that lead to it.
func (l *Local) makePlace(logPath string) (*os.Root, error) {
	if err := os.MkdirAll(l.Dir, dirMode); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(l.Dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	for i, c := range logPath + "/" {
		if c != '/' {
			continue
		}
		if err := makeDir(root, logPath[:i]); err != nil {
			return nil, err
		}
	}
	return root.OpenRoot(logPath)
}

// dirMode and fileMode let everybody read.
const (
	dirMode  = 0o755
	fileMode = 0o644
)

// makeDir makes a directory, with its mode whatever the umask is; one that exists
// stays as it is.
func makeDir(root *os.Root, name string) error {
	err := root.Mkdir(name, dirMode)
	if err == nil {
		return root.Chmod(name, dirMode)
	}
	if info, serr := root.Stat(name); errors.Is(err, fs.ErrExist) && serr == nil && info.IsDir() {
		return nil
	}
	return err
}

// appended tells whether a file only ever grows.
func appended(name string) bool { return path.Ext(name) == ".log" }
