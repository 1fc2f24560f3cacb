package publish

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// listName is the file that says what was published beside it: a name a line, a
// directory's with a '/' at its end. It is locked while somebody publishes.
const listName = ".published"

// list is what was published in a place, by this stream and those before it.
type list struct {
	file  *os.File
	names map[string]bool // with '/' for a directory
	torn  bool            // the last line was not written to its end
}

// openList locks the list of a place, or fails with ErrBusy.
func openList(target *os.Root) (*list, error) {
	f, err := target.OpenFile(listName, os.O_RDWR|os.O_CREATE|os.O_APPEND, fileMode)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		if errors.Is(err, unix.EWOULDBLOCK) {
			err = ErrBusy
		}
		return nil, errors.Join(err, f.Close())
	}
	text, err := io.ReadAll(f)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	l := &list{file: f, names: map[string]bool{}}
	for name := range strings.Lines(string(text)) {
		// A line that a killed process left unfinished names nothing, nor does what a stream could not have written.
		if name, ok := strings.CutSuffix(name, "\n"); ok && possible(strings.TrimSuffix(name, "/")) {
			l.names[name] = true
		}
	}
	l.torn = len(text) > 0 && text[len(text)-1] != '\n'
	return l, nil
}

// possible tells whether a stream can have published this name.
func possible(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if !visible(part) {
			return false
		}
	}
	return fs.ValidPath(name)
}

// add notes a name before it is made.
func (l *list) add(name string) error {
	if l.names[name] {
		return nil
	}
	line := name + "\n"
	if l.torn {
		line = "\n" + line
	}
	if _, err := l.file.WriteString(line); err != nil {
		l.torn = true
		return fmt.Errorf("note %q: %w", name, err)
	}
	l.names[name], l.torn = true, false
	return nil
}

func (l *list) close() error { return l.file.Close() }
