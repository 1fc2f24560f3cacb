package migrate

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// expectedLog is what people who worked with the classic worker found in a log of
// its.
type expectedLog struct {
	Starts, Ends int
	FinalVersion *int             `json:"final_schema_version"`
	Last         map[string]int64 `json:"last_innodb"`
	Migrations   []expectedStep
}

type expectedStep struct {
	From       json.Number
	To         json.Number
	DurationMS int64 `json:"duration_ms"`
	StartMS    int64 `json:"start_ms"`
	EndMS      int64 `json:"end_ms"`
	Stats      map[string]int64
}

// TestHistoricLog: a log of 2014 gives exactly the migrations, durations and
// statistics that are known of it.
func TestHistoricLog(t *testing.T) {
	data, err := os.ReadFile("testdata/user_001.expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var want expectedLog
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	l := replay(t, worker.ToolSQLAlchemyMigrate, "testdata/user_001.log")
	steps := l.Outcome.Steps
	if len(want.Migrations) != 5 || len(steps) != want.Starts || len(steps) != len(want.Migrations) || len(l.Statistics) != len(steps) {
		t.Fatalf("found %d steps and %d statistics, want %d", len(steps), len(l.Statistics), len(want.Migrations))
	}
	ends := 0
	for i, w := range want.Migrations {
		s := steps[i]
		if s.From != w.From.String() || s.To != w.To.String() {
			t.Errorf("step %d is %s, want %s->%s", i, s.Name(), w.From, w.To)
		}
		if s.Ended {
			ends++
		}
		if got := s.Start.UnixMilli(); got != w.StartMS {
			t.Errorf("%s started at %d, want %d", s.Name(), got, w.StartMS)
		}
		if got := s.Start.Add(s.Duration).UnixMilli(); got != w.EndMS {
			t.Errorf("%s ended at %d, want %d", s.Name(), got, w.EndMS)
		}
		if want := time.Duration(w.DurationMS) * time.Millisecond; s.Duration != want {
			t.Errorf("%s took %v, want %v", s.Name(), s.Duration, want)
		}
		if diff := cmp.Diff(w.Stats, l.Statistics[i]); diff != "" {
			t.Errorf("%s: statistics differ (-want +got):\n%s", s.Name(), diff)
		}
		changed := w.Stats["Innodb_rows_updated"] + w.Stats["Innodb_rows_inserted"] + w.Stats["Innodb_rows_deleted"]
		rows := worker.Counters{
			RowsChanged: worker.Count{N: changed, Known: len(w.Stats) > 0},
			RowsRead:    worker.Count{N: w.Stats["Innodb_rows_read"], Known: len(w.Stats) > 0},
		}
		if s.Rows != rows {
			t.Errorf("%s: rows %+v, want %+v", s.Name(), s.Rows, rows)
		}
	}
	if ends != want.Ends {
		t.Errorf("%d steps ended, want %d", ends, want.Ends)
	}
	if l.Outcome.Version != "" || want.FinalVersion != nil || len(l.Outcome.Known) > 0 {
		t.Errorf("version %q, errors %v", l.Outcome.Version, l.Outcome.Known)
	}
	if got := lastCounters(t); cmp.Diff(want.Last, got) != "" {
		t.Errorf("last counters differ (-want +got):\n%s", cmp.Diff(want.Last, got))
	}
}

// lastCounters are the counters of the historic log when it breaks off.
func lastCounters(t *testing.T) map[string]int64 {
	data, err := os.ReadFile("testdata/user_001.log")
	if err != nil {
		t.Fatal(err)
	}
	counters := newInnodb(true)
	for line := range strings.Lines(string(data)) {
		if _, text, ok := strings.Cut(line, " [output] "); ok {
			counters.read([]byte(strings.TrimSpace(text)), 0)
		}
	}
	got := map[string]int64{}
	for name, r := range counters.last {
		got[name] = r.value
	}
	return got
}

func TestReadLog(t *testing.T) {
	const stamp = "2014-01-16 06:57:3"
	log := strings.Join([]string{
		stamp + "0,000 [running ./migrate.sh]",
		stamp + "0,100 [output] Innodb_rows_read\t5",
		stamp + "1,000 [output] \x1b[32m1 -> 2...\x1b[0m",
		"somebody wrote this",
		stamp + "1,500 [sqlslo] 7 -> 8...",
		stamp + "2,000 [output] done",
		stamp + "2,100 [output] Innodb_rows_read\t15",
		stamp + "2,200 [output]",
		stamp + "3,000 [output] 2 -> 3...",
		stamp + "2,000 [output] done", // the clock was put back
		stamp + "4,000 [output] + echo 'Final schema version is 9'",
		stamp + "4,000 [output] Final schema version is 3",
		stamp + "4,100 [output] ERROR 1045 (28000): Access denied for user 'x'@'localhost'",
		stamp + "4,200 [sqlerr] ERROR 1049",
		stamp + "5,000 [script exit code = 3]",
	}, "\n")
	l, err := ReadLog(strings.NewReader(log), worker.Tool{Name: worker.ToolSQLAlchemyMigrate})
	if err != nil {
		t.Fatal(err)
	}
	o := l.Outcome
	if diff := cmp.Diff([]string{"1->2 1s ended", "2->3 0s ended"}, summaries(o.Steps)); diff != "" {
		t.Errorf("steps differ (-want +got):\n%s", diff)
	}
	if got := l.Statistics[0]["Innodb_rows_read"]; got != 10 {
		t.Errorf("rows read: %d, want 10", got)
	}
	if o.Version != "3" || o.ExitCode != 3 || !strings.HasPrefix(o.ToolError, "ERROR 1045") || o.Steps[0].LogLine != 3 {
		t.Errorf("got %+v", o)
	}
	if diff := cmp.Diff([]worker.KnownError{{Kind: worker.ErrorAccessDenied, LogLine: 13}}, o.Known); diff != "" {
		t.Errorf("known errors differ (-want +got):\n%s", diff)
	}
}

// TestReadLogThatBreaksOff: alembic's last step ends with the script, or not at all.
func TestReadLogThatBreaksOff(t *testing.T) {
	const start = "2014-01-16 06:57:30,000 [output] INFO:a:Running upgrade a -> b\n2014-01-16 06:57:31,000 [heartbeat]\n"
	for _, tc := range []struct {
		name, end string
		ended     bool
	}{
		{"breaks off", "", false},
		{"exit status 0", "2014-01-16 06:57:32,000 [script exit code = 0]\n", true},
		{"exit status 1", "2014-01-16 06:57:32,000 [script exit code = 1]\n", false},
		{"timeout", "2014-01-16 06:57:32,000 [timeout]\n2014-01-16 06:57:32,000 [script exit code = 0]\n", false},
	} {
		l, err := ReadLog(strings.NewReader(start+tc.end), worker.Tool{Name: worker.ToolAlembic})
		if err != nil || len(l.Outcome.Steps) != 1 || l.Outcome.Steps[0].Ended != tc.ended {
			t.Errorf("%s: got %+v, %v", tc.name, l, err)
		}
	}
}

func FuzzReadLog(f *testing.F) {
	f.Add("2014-01-16 06:57:30,000 [output] 1 -> 2...\n2014-01-16 06:57:31,000 [output] done\n2014-01-16 06:57:32,000 [output] Innodb_x\t9223372036854775807\n")
	f.Add("2014-01-16 06:57:30,000 [script exit code = 99999999999999999999]")
	f.Fuzz(func(t *testing.T, log string) {
		l, err := ReadLog(strings.NewReader(log), worker.Tool{Name: worker.ToolSQLAlchemyMigrate})
		if err == nil && len(l.Statistics) != len(l.Outcome.Steps) {
			t.Errorf("%d statistics for %d steps", len(l.Statistics), len(l.Outcome.Steps))
		}
	})
}
