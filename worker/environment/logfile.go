package environment

import (
	"bufio"
	"fmt"
	"os"
	"sync"
	"time"
)

// logFile writes lines in the classic form. Its first error is kept and told by
// close, so that a full disk is trouble and not a shorter log.
type logFile struct {
	now  func() time.Time
	file *os.File

	mu      sync.Mutex
	w       *bufio.Writer
	err     error
	written chan struct{} // has one element when something was written lately
}

// createLog makes a new log at path; an older one is replaced.
func createLog(path string, now func() time.Time) (*logFile, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("create log: %w", err)
	}
	return &logFile{now: now, file: f, w: bufio.NewWriter(f), written: make(chan struct{}, 1)}, nil
}

// output logs a line that a program printed.
func (l *logFile) output(at time.Time, text []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.write(at, "[output] ", text)
}

// event logs something that the worker did, and lets readers see all so far.
func (l *logFile) event(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.write(l.now(), "", fmt.Appendf(nil, "["+format+"]", args...))
	l.keep(l.w.Flush())
}

func (l *logFile) write(at time.Time, source string, text []byte) {
	for _, part := range [][]byte{[]byte(at.Format("2006-01-02 15:04:05,000 ") + source), text, []byte("\n")} {
		_, err := l.w.Write(part)
		l.keep(err)
	}
	select {
	case l.written <- struct{}{}:
	default:
	}
}

func (l *logFile) keep(err error) {
	if err != nil && l.err == nil {
		l.err = err
	}
}

func (l *logFile) flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.keep(l.w.Flush())
}

// heartbeats logs that all is well whenever nothing was written for a while, until
// stop is called.
func (l *logFile) heartbeats(quiet time.Duration) (stop func()) {
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		timer := time.NewTimer(quiet)
		defer timer.Stop()
		for {
			select {
			case <-done:
				return
			case <-l.written:
			case <-timer.C:
				l.event("heartbeat")
			}
			timer.Reset(quiet)
		}
	})
	return func() {
		close(done)
		wg.Wait()
	}
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
