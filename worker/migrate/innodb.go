package migrate

import (
	"regexp"
	"strconv"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// innodb collects what scripts print of the server's counters, as the classic ones
// did with SHOW STATUS LIKE 'innodb%':
//
//	Innodb_rows_read	45472
//
// What is printed between the end of a step and the start of the next is the state
// after the step; how much it is more than the time before belongs to the step. A
// number that follows several steps, or the first of all, belongs to none.
type innodb struct {
	line *regexp.Regexp
	all  bool // false keeps only what counts rows

	last  map[string]reading
	steps []map[string]int64 // by step: how much more than before; what is not known has no key
}

// maxCounters is more than any server has.
const maxCounters = 1000

type reading struct {
	value int64
	after int // how many steps there were
}

// The counters of rows.
const (
	rowsDeleted  = "Innodb_rows_deleted"
	rowsInserted = "Innodb_rows_inserted"
	rowsRead     = "Innodb_rows_read"
	rowsUpdated  = "Innodb_rows_updated"
)

func countsRows(name string) bool {
	return name == rowsDeleted || name == rowsInserted || name == rowsRead || name == rowsUpdated
}

func newInnodb(all bool) *innodb {
	return &innodb{line: regexp.MustCompile(`^(Innodb_\w{1,64})\t(\d{1,19})\s*$`), all: all, last: map[string]reading{}}
}

// read reads a line that stands after so many steps, of which none is open; it
// tells whether it is a counter.
func (s *innodb) read(text []byte, after int) bool {
	m := s.line.FindSubmatch(text)
	if m == nil {
		return false
	}
	name := string(m[1])
	value, err := strconv.ParseInt(string(m[2]), 10, 64)
	if err != nil || !s.all && !countsRows(name) {
		return true
	}
	before, ok := s.last[name]
	if !ok && len(s.last) == maxCounters {
		return true
	}
	if ok && before.after == after-1 && value >= before.value {
		for len(s.steps) < after {
			s.steps = append(s.steps, map[string]int64{})
		}
		s.steps[after-1][name] = value - before.value
	}
	s.last[name] = reading{value, after}
	return true
}

// rows are the rows that a step changed and read, as far as its script told.
func (s *innodb) rows(step int) worker.Counters {
	if step >= len(s.steps) {
		return worker.Counters{}
	}
	var rows worker.Counters
	of := s.steps[step]
	deleted, ok1 := of[rowsDeleted]
	inserted, ok2 := of[rowsInserted]
	updated, ok3 := of[rowsUpdated]
	if ok1 && ok2 && ok3 {
		rows.RowsChanged = worker.Count{N: deleted + inserted + updated, Known: true}
	}
	if read, ok := of[rowsRead]; ok {
		rows.RowsRead = worker.Count{N: read, Known: true}
	}
	return rows
}

// statistics are all counters that grew in a step.
func (s *innodb) statistics(step int) map[string]int64 {
	out := map[string]int64{}
	if step < len(s.steps) {
		for name, n := range s.steps[step] {
			if n > 0 {
				out[name] = n
			}
		}
	}
	return out
}
