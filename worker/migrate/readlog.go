package migrate

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/turbo-hipster/turbo-hipster/internal/classiclog"
	"github.com/turbo-hipster/turbo-hipster/internal/subprocess"
	"github.com/turbo-hipster/turbo-hipster/worker"
)

// Log is what a log in the classic form tells.
type Log struct {
	// Outcome has the steps and what else was found in the output. ExitCode is that
	// of the last script; -1 when the log breaks off before there is one.
	Outcome worker.Outcome
	// Statistics are, for each step, the counters of InnoDB's that the log says
	// grew, and by how much.
	Statistics []map[string]int64
}

// maxLogLineBytes is more than any line of our own logs has.
const maxLogLineBytes = 1 << 20

// ReadLog reads a log in the classic form, as package documentation describes it,
// with its own times, which are UTC; the classic worker's logs are read as well.
// Sources other than [output] are passed over. Errors are those of reading, and of
// an unknown tool.
func ReadLog(r io.Reader, tool worker.Tool) (*Log, error) {
	d, err := NewDetector(tool)
	if err != nil {
		return nil, err
	}
	l := Log{Outcome: worker.Outcome{ExitCode: -1}}
	a := newAnalysis(d, true)
	exit := regexp.MustCompile(`^\[script exit code = (-?\d+)\]$`)
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLogLineBytes)
	var at time.Time
	left := false
	for n := 1; lines.Scan(); n++ {
		stamp, rest, ok := cutTime(lines.Text())
		if !ok {
			continue // not ours: somebody wrote into it
		}
		at = stamp
		if text, ok := strings.CutPrefix(rest, "[output]"); ok {
			plain := a.plain([]byte(strings.TrimPrefix(text, " ")))
			a.line(plain, plain, at, n, true)
			continue
		}
		if m := exit.FindStringSubmatch(rest); m != nil {
			if l.Outcome.ExitCode, err = strconv.Atoi(m[1]); err != nil {
				return nil, fmt.Errorf("read log: line %d: %w", n, err)
			}
			end := at
			if left {
				end = at.Add(-subprocess.DefaultGrace)
			}
			d.exit(l.Outcome.Succeeded() && !a.failed(), end)
		}
		switch {
		case strings.HasPrefix(rest, "[running "):
			a.run()
			l.Outcome.ExitCode, left = -1, false
		case rest == "["+leftRunning+"]":
			left = true
		case rest == "[timeout]":
			l.Outcome.TimedOut = true
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read log: %w", err)
	}
	d.Finish(false, at)
	a.outcome(&l.Outcome)
	for i := range l.Outcome.Steps {
		l.Statistics = append(l.Statistics, a.counters.statistics(i))
	}
	return &l, nil
}

// cutTime splits a line behind its time.
func cutTime(line string) (at time.Time, rest string, ok bool) {
	if len(line) <= len(classiclog.TimeLayout) || line[len(classiclog.TimeLayout)] != ' ' {
		return at, "", false
	}
	at, err := time.ParseInLocation(classiclog.TimeLayout, line[:len(classiclog.TimeLayout)], time.UTC)
	return at, line[len(classiclog.TimeLayout)+1:], err == nil
}
