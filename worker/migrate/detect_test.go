package migrate

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// replay gives a log in the classic form to a detector, with the log's own times.
func replay(t *testing.T, tool, path string) []worker.Step {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	d, err := NewDetector(worker.Tool{Name: tool})
	if err != nil {
		t.Fatal(err)
	}
	var at time.Time
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		const layout = "2006-01-02 15:04:05,000"
		line := lines.Text()
		if at, err = time.Parse(layout, line[:len(layout)]); err != nil {
			t.Fatalf("line %d: %v", n, err)
		}
		if text, ok := strings.CutPrefix(line[len(layout)+1:], "[output] "); ok {
			d.Line([]byte(text), at, n)
		}
	}
	return d.Finish(true, at)
}

func TestHeatLog(t *testing.T) {
	steps := replay(t, worker.ToolSQLAlchemyMigrate, "testdata/sqlalchemy_migrate_heat.log")
	if len(steps) != 14 {
		t.Fatalf("found %d steps, want 14", len(steps))
	}
	for i, s := range steps {
		if want := fmt.Sprintf("%d->%d", 72+i, 73+i); s.Name() != want || !s.Ended {
			t.Errorf("step %d: got %s, ended %v; want %s, ended", i, s.Name(), s.Ended, want)
		}
	}
	for i, want := range map[int]time.Duration{0: 856 * time.Millisecond, 6: 4 * 98750 * time.Microsecond, 13: 495 * time.Millisecond} {
		if steps[i].Duration != want {
			t.Errorf("step %s took %v, want %v", steps[i].Name(), steps[i].Duration, want)
		}
	}
	if steps[13].LogLine != 28 {
		t.Errorf("the last step starts at log line %d, want 28", steps[13].LogLine)
	}
}

func TestNeutronLog(t *testing.T) {
	steps := replay(t, worker.ToolAlembic, "testdata/alembic_neutron.log")
	data, err := os.ReadFile("testdata/alembic_neutron.log")
	if err != nil {
		t.Fatal(err)
	}
	starts := 0 // counted in another way than by the detector
	for line := range strings.Lines(string(data)) {
		if strings.Contains(line, "alembic.runtime.migration] Running upgrade") {
			starts++
		}
	}
	if len(steps) != starts || starts < 100 {
		t.Fatalf("found %d steps, the log has %d", len(steps), starts)
	}
	for _, s := range steps {
		if !s.Ended || s.To == "" || s.From == "" {
			t.Errorf("step %s at line %d: ended %v", s.Name(), s.LogLine, s.Ended)
		}
	}
	// The last step of a branch ends at OK, not at the next branch's start.
	if s := steps[11]; s.Name() != "9859ac9c136->34af2b5c5a59" || s.Duration != 4*time.Millisecond {
		t.Errorf("got step %s of %v", s.Name(), s.Duration)
	}
}

func TestDetect(t *testing.T) {
	patterns := worker.Tool{Name: worker.ToolPatterns, Start: `^== (?P<to>\d+) (?P<title>.*): migrating`, End: `^== \d+ .*: migrated`}
	for _, tc := range []struct {
		name      string
		tool      worker.Tool
		lines     string // one a second
		succeeded bool
		want      []string
	}{
		{
			"sqlalchemy-migrate",
			worker.Tool{Name: worker.ToolSQLAlchemyMigrate},
			"x\n1 -> 2...\ny\ndone\n2 -> 3... \n\x1b[32mdone\x1b[0m", true,
			[]string{"1->2 2s ended", "2->3 1s ended"},
		},
		{
			"colours and two timestamps",
			worker.Tool{Name: worker.ToolSQLAlchemyMigrate},
			"2026-11-22 1 INFO migrate.versioning.api [req-1 - -] 72 -> 73... \x1b[00m\n2026-11-22 1 INFO migrate.versioning.api [req-1 - -] done\x1b[00m", true,
			[]string{"72->73 1s ended"},
		},
		{
			"python's plain logging",
			worker.Tool{Name: worker.ToolSQLAlchemyMigrate},
			"INFO:migrate.versioning.api:72 -> 73...\nINFO:migrate.versioning.api:done", true,
			[]string{"72->73 1s ended"},
		},
		{
			"a migration that talks of being done",
			worker.Tool{Name: worker.ToolSQLAlchemyMigrate},
			"1 -> 2...\nwork done\nnothing to be done.", true,
			[]string{"1->2 3s open"},
		},
		{
			"a start before the end",
			worker.Tool{Name: worker.ToolSQLAlchemyMigrate},
			"1 -> 2...\n2 -> 3...\ndone", true,
			[]string{"1->2 1s open", "2->3 1s ended"},
		},
		{
			"two repositories repeat a number",
			worker.Tool{Name: worker.ToolSQLAlchemyMigrate},
			"1 -> 2...\ndone\n1 -> 2...\ndone\ndone", true,
			[]string{"1->2 1s ended", "1->2 1s ended"},
		},
		{
			"alembic",
			worker.Tool{Name: worker.ToolAlembic},
			"INFO  [alembic.runtime.migration] Running upgrade  -> kilo, the first, of all\nINFO  [alembic.runtime.migration] Running upgrade kilo -> I43e0b669096", true,
			[]string{"->kilo 1s ended the first, of all", "kilo->I43e0b669096 1s ended"},
		},
		{
			"alembic's last step of a failed run has not ended",
			worker.Tool{Name: worker.ToolAlembic},
			"INFO:alembic.runtime.migration:Running upgrade a -> b\nINFO:alembic.runtime.migration:Running upgrade ('b', 'c') -> d, merge\nTraceback", false,
			[]string{"a->b 1s ended", "('b', 'c')->d 2s open merge"},
		},
		{
			"what is no step of alembic's",
			worker.Tool{Name: worker.ToolAlembic},
			"Running upgrade (expand) for neutron ...\n[a] Running stamp_revision a -> b", true, nil,
		},
		{
			"patterns with groups by name", patterns, "== 7 AddNames: migrating ===\n-- add_column\n== 7 AddNames: migrated (0.2840s)", true,
			[]string{"->7 2s ended AddNames"},
		},
		{
			"patterns without an end",
			worker.Tool{Name: worker.ToolPatterns, Start: `^step (\w+) to (\w+)`},
			"step a to b\nstep b to c", true,
			[]string{"a->b 1s ended", "b->c 1s ended"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d, err := NewDetector(tc.tool)
			if err != nil {
				t.Fatal(err)
			}
			at := time.Unix(0, 0)
			for n, line := range strings.Split(tc.lines, "\n") {
				d.Line([]byte(line), at, n+1)
				at = at.Add(time.Second)
			}
			var got []string
			for _, s := range d.Finish(tc.succeeded, at) {
				state := map[bool]string{true: "ended", false: "open"}[s.Ended]
				got = append(got, strings.TrimSpace(fmt.Sprintf("%s %v %s %s", s.Name(), s.Duration, state, s.Title)))
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("steps differ (-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzDetect(f *testing.F) {
	f.Add([]byte("1 -> 2...\ndone\n"))
	f.Add([]byte("\x1b[0mINFO [a] Running upgrade  -> b, c\nOK\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, name := range []string{worker.ToolSQLAlchemyMigrate, worker.ToolAlembic} {
			d, err := NewDetector(worker.Tool{Name: name})
			if err != nil {
				t.Fatal(err)
			}
			at, n := time.Unix(0, 0), 0
			o := &output{now: func() time.Time { at = at.Add(time.Second); return at }, line: func(text []byte, at time.Time, _ bool) {
				n++
				d.Line(text, at, n)
			}}
			_, _ = o.Write(data)
			o.close()
			for _, s := range d.Finish(true, at) {
				if s.Duration < 0 || s.LogLine < 1 || s.LogLine > n {
					t.Errorf("step %+v", s)
				}
			}
		}
	})
}
