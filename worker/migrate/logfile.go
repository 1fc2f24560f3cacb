package migrate

import (
	"bufio"
	"fmt"
	"os"
	"sync"
	"time"
)

// logTime is how a line's time is written: in UTC, since the clocks of local time
// are put back.
const logTime = "2006-01-02 15:04:05,000"

// logFile writes lines in the classic form. A command's output, followed files and
// heartbeats are written by goroutines of their own: it is safe for concurrent
// use, and a line is never inside another. Its first error is kept and told by
// close, so that a full disk is trouble and not a shorter log.
type logFile struct {
	mu    sync.Mutex
	file  *os.File
	w     *bufio.Writer
	lines int       // written so far
	last  time.Time // when something was written
	err   error
}

// createLog makes a new log at path, now; an older one is replaced.
func createLog(path string, now time.Time) (*logFile, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("create log: %w", err)
	}
	return &logFile{file: f, w: bufio.NewWriter(f), last: now}, nil
}

// text logs a line of a source's, and returns where it stands in the log.
func (l *logFile) text(at time.Time, source string, text []byte) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.write(at, "["+source+"] ", text)
	return l.lines
}

// event logs something that the worker did, lets readers see all so far, and
// returns where it stands in the log.
func (l *logFile) event(at time.Time, format string, args ...any) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.write(at, "", fmt.Appendf(nil, "["+format+"]", args...))
	l.keep(l.w.Flush())
	return l.lines
}

// heartbeat says that all is well, when nothing was written for so long.
func (l *logFile) heartbeat(at time.Time, quiet time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if at.Sub(l.last) >= quiet {
		l.write(at, "", []byte("[heartbeat]"))
		l.keep(l.w.Flush())
	}
}

func (l *logFile) write(at time.Time, source string, text []byte) {
	l.lines++
	l.last = at
	line := at.UTC().Format(logTime+" ") + source
	for _, part := range [][]byte{[]byte(line), text, []byte("\n")} {
		_, err := l.w.Write(part)
		l.keep(err)
	}
}

func (l *logFile) keep(err error) {
	if err != nil && l.err == nil {
		l.err = err
	}
}

// flush lets readers see all so far.
func (l *logFile) flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.keep(l.w.Flush())
}

// close writes what is left and returns the log's first error.
func (l *logFile) close() error {
	l.flush()
	l.keep(l.file.Close())
	if l.err != nil {
		return fmt.Errorf("write log: %w", l.err)
	}
	return nil
}
