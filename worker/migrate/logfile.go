package migrate

import (
	"bufio"
	"fmt"
	"os"
	"time"
)

// logFile writes lines in the classic form. Its first error is kept and told by
// close, so that a full disk is trouble and not a shorter log.
type logFile struct {
	file  *os.File
	w     *bufio.Writer
	lines int // written so far
	err   error
}

// createLog makes a new log at path; an older one is replaced.
func createLog(path string) (*logFile, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("create log: %w", err)
	}
	return &logFile{file: f, w: bufio.NewWriter(f)}, nil
}

// output logs a line of the command's and returns where it stands in the log.
func (l *logFile) output(at time.Time, text []byte) int {
	l.write(at, "[output] ", text)
	return l.lines
}

// event logs something that the worker did, and lets readers see all so far.
func (l *logFile) event(at time.Time, format string, args ...any) {
	l.write(at, "", fmt.Appendf(nil, "["+format+"]", args...))
	l.flush()
}

func (l *logFile) write(at time.Time, source string, text []byte) {
	l.lines++
	line := at.Format("2006-01-02 15:04:05,000 ") + source
	for _, part := range [][]byte{[]byte(line), text, []byte("\n")} {
		if _, err := l.w.Write(part); err != nil && l.err == nil {
			l.err = err
		}
	}
}

func (l *logFile) flush() {
	if err := l.w.Flush(); err != nil && l.err == nil {
		l.err = err
	}
}

// close writes what is left and returns the log's first error.
func (l *logFile) close() error {
	l.flush()
	if err := l.file.Close(); err != nil && l.err == nil {
		l.err = err
	}
	if l.err != nil {
		return fmt.Errorf("write log: %w", l.err)
	}
	return nil
}
