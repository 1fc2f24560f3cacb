package classiclog

import (
	"bufio"
	"fmt"
	"os"
	"sync"
	"time"
)

// TimeLayout is how a line's time is written. A blank follows it.
const TimeLayout = "2006-01-02 15:04:05,000"

// DefaultMaxBytes is how much text of programs a log holds: many times what any
// tool prints on purpose, and too little for one that prints for ever to fill the
// disk before its time is up.
const DefaultMaxBytes = 256 << 20

// Log is a log that is written. Programs, followed files and heartbeats have
// goroutines of their own: it is safe for concurrent use, and a line is never
// inside another. Its first error is kept and told by Close, so that a full disk is
// trouble and not a shorter log.
type Log struct {
	mu    sync.Mutex
	file  *os.File
	w     *bufio.Writer
	lines int       // written so far
	last  time.Time // when something was written
	err   error

	room int64 // for text of programs
	full bool
}

// Create makes a new log at path, now; an older one is replaced. maxBytes bounds
// the text of programs in it; 0 is DefaultMaxBytes.
func Create(path string, now time.Time, maxBytes int64) (*Log, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("create log: %w", err)
	}
	if maxBytes == 0 {
		maxBytes = DefaultMaxBytes
	}
	return &Log{file: f, w: bufio.NewWriter(f), last: now, room: maxBytes}, nil
}

// Text logs a line of a source's, such as output, and returns where it stands in
// the log, from 1. In a full log it is left out, and the log says so once.
func (l *Log) Text(at time.Time, source string, text []byte) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.room -= int64(len(text)) + 1; l.room < 0 {
		if !l.full {
			l.full = true
			l.write(at, "", []byte("[the log is full: what follows is left out]"))
		}
		return l.lines
	}
	l.write(at, "["+source+"] ", text)
	return l.lines
}

// Event logs something that the worker did, lets readers see all so far, and
// returns where it stands in the log.
func (l *Log) Event(at time.Time, format string, args ...any) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.write(at, "", fmt.Appendf(nil, "["+format+"]", args...))
	l.keep(l.w.Flush())
	return l.lines
}

// Heartbeat says that all is well, when nothing was written for so long.
func (l *Log) Heartbeat(at time.Time, quiet time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if at.Sub(l.last) >= quiet {
		l.write(at, "", []byte("[heartbeat]"))
		l.keep(l.w.Flush())
	}
}

// Heartbeats calls Heartbeat as often as it takes, by a ticker of this machine,
// until stop is called.
func (l *Log) Heartbeats(now func() time.Time, quiet time.Duration) (stop func()) {
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		ticker := time.NewTicker(max(quiet/10, time.Millisecond))
		defer ticker.Stop()
		for {
			select {
			case <-done:
				return
			case <-ticker.C:
				l.Heartbeat(now(), quiet)
			}
		}
	})
	return func() {
		close(done)
		wg.Wait()
	}
}

func (l *Log) write(at time.Time, source string, text []byte) {
	l.lines++
	l.last = at
	line := at.UTC().Format(TimeLayout+" ") + source
	for _, part := range [][]byte{[]byte(line), text, []byte("\n")} {
		_, err := l.w.Write(part)
		l.keep(err)
	}
}

func (l *Log) keep(err error) {
	if err != nil && l.err == nil {
		l.err = err
	}
}

// Flush lets readers see all so far.
func (l *Log) Flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.keep(l.w.Flush())
}

// Close writes what is left and returns the log's first error.
func (l *Log) Close() error {
	l.Flush()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.keep(l.file.Close())
	if l.err != nil {
		return fmt.Errorf("write log: %w", l.err)
	}
	return nil
}
