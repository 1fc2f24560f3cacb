package migrate

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/internal/classiclog"
	"github.com/turbo-hipster/turbo-hipster/worker"
)

// replay reads a log with its own times.
func replay(t *testing.T, tool, path string) *Log {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	l, err := ReadLog(f, worker.Tool{Name: tool})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// summary is a step in words.
func summary(s worker.Step) string {
	state := map[bool]string{true: "ended", false: "open"}[s.Ended]
	return strings.TrimSpace(fmt.Sprintf("%s %v %s %s", s.Name(), s.Duration, state, s.Title))
}

func summaries(steps []worker.Step) []string {
	var out []string
	for _, s := range steps {
		out = append(out, summary(s))
	}
	return out
}

func TestHeatLog(t *testing.T) {
	steps := replay(t, worker.ToolSQLAlchemyMigrate, "testdata/sqlalchemy_migrate_heat.log").Outcome.Steps
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
	steps := replay(t, worker.ToolAlembic, "testdata/alembic_neutron.log").Outcome.Steps
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

// TestDjangoLog: what Django 3.2 printed, with migrations that print themselves, one
// that fails, and some that are faked and taken back.
func TestDjangoLog(t *testing.T) {
	l := replay(t, worker.ToolDjango, "testdata/django.log")
	want := []string{
		"->app.0001_initial 4ms ended",
		"->app.0002_talks 603ms ended", // it prints "all is OK" after 301 ms
		"->app.0003_squashed_0004 404ms ended",
		"->app.0005_fails 226ms open",
		"->app.0005_fails 2ms ended faked",
		"app.0005_fails-> 2ms ended faked",
		"app.0003_squashed_0004-> 3ms ended faked",
		"app.0002_talks-> 2ms ended faked",
		"->app.0001_initial 4ms ended",
		"->app.0002_talks 603ms ended",
		"->app.0003_squashed_0004 402ms ended",
		"app.0003_squashed_0004-> 3ms ended",
	}
	if diff := cmp.Diff(want, summaries(l.Outcome.Steps)); diff != "" {
		t.Errorf("steps differ (-want +got):\n%s", diff)
	}
}

// TestRailsLogs: what Rails 6.1 printed to a terminal, and through a pipe: errors
// first, and all steps at once. The times are the same but for a millisecond of the
// second measurement.
func TestRailsLogs(t *testing.T) {
	for path, first := range map[string]string{
		"testdata/rails.log":       "->20240101000000 400.9ms ended CreateUsers",
		"testdata/rails_piped.log": "->20240101000000 400.8ms ended CreateUsers",
	} {
		l := replay(t, worker.ToolRails, path)
		steps := l.Outcome.Steps
		if len(steps) != 3 || steps[2].Ended {
			t.Fatalf("%s: got %q", path, summaries(steps))
		}
		if diff := cmp.Diff([]string{first, "->20240102000000 300.5ms ended AddX"}, summaries(steps[:2])); diff != "" {
			t.Errorf("%s: steps differ (-want +got):\n%s", path, diff)
		}
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
			"1 -> 2...\ndone\n1 -> 2...\ndone", true,
			[]string{"1->2 1s ended", "1->2 1s ended"},
		},
		{
			"a migration that prints done itself has not ended: the last counts",
			worker.Tool{Name: worker.ToolSQLAlchemyMigrate},
			"1 -> 2...\ndone\nstill at it\ndone\n2 -> 3...\ndone\ndone", true,
			[]string{"1->2 3s ended", "2->3 2s ended"},
		},
		{
			"rails: a migration that prints its own end: the last counts",
			worker.Tool{Name: worker.ToolRails},
			"== 7 A: migrating ====\n== 7 A: migrated (0.0001s) ===\n-- x\n== 7 A: migrated (90.0000s) ===\n== 7 A: migrating ====", true,
			[]string{"->7 1m30s ended A", "->7 1s open A"},
		},
		{
			"alembic: an OK that the migration prints does not end it",
			worker.Tool{Name: worker.ToolAlembic},
			"INFO:alembic.runtime.migration:Running upgrade a -> b\nOK\nstill at it\nINFO:alembic.runtime.migration:Running upgrade b -> c\nOK\n" +
				"INFO  [alembic.runtime.migration] Context impl MySQLImpl.\nINFO:alembic.runtime.migration:Running upgrade c -> d\nOK\n" +
				"Running upgrade (expand) for neutron ...\nINFO:alembic.runtime.migration:Running upgrade d -> e\nOK\n more\nOK", true,
			[]string{"a->b 3s ended", "b->c 1s ended", "c->d 1s ended", "d->e 3s ended"},
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
			"alembic's downgrades, heads and bases",
			worker.Tool{Name: worker.ToolAlembic},
			"2026-11-22 14:34:32.1 1 INFO alembic.runtime.migration [-] Running downgrade d -> ('b', 'c'), merge\x1b[00m\n" +
				"INFO  [alembic.runtime.migration] Running downgrade b -> , back to nothing\n" +
				"INFO  [alembic.runtime.migration] Running upgrade b, c -> d, merge", true,
			[]string{"d->('b', 'c') 1s ended merge", "b-> 1s ended back to nothing", "b, c->d 1s ended merge"},
		},
		{
			"a harmless traceback",
			worker.Tool{Name: worker.ToolAlembic},
			"INFO:alembic.runtime.migration:Running upgrade a -> b\nTraceback (most recent call last):\nKeyError: 1", true,
			[]string{"a->b 3s ended"},
		},
		{
			"django, line by line",
			worker.Tool{Name: worker.ToolDjango},
			"  Applying app.0001_initial... OK\n  Applying app.0002_x... FAKED\n  Unapplying a.b...\n OK (0.250s)\nx\n  Rendering model states... DONE", true,
			[]string{"->app.0001_initial 0s ended", "->app.0002_x 0s ended faked", "a.b-> 250ms ended"},
		},
		{
			"django: the last OK counts",
			worker.Tool{Name: worker.ToolDjango},
			"  Applying app.0001_x...\nit is OK\nOK\n OK\nmore\n OK\nOK", true,
			[]string{"->app.0001_x 5s ended"},
		},
		{
			"django: an OK behind what the migration printed is believed when all went well",
			worker.Tool{Name: worker.ToolDjango},
			"  Applying app.0001_x...filled OK\n  Applying app.0002_x...filled OK\nbye", true,
			[]string{"->app.0001_x 0s ended", "->app.0002_x 0s ended"},
		},
		{
			"django: and not when the command failed",
			worker.Tool{Name: worker.ToolDjango},
			"  Applying app.0001_x...the table is OK\nTraceback", false,
			[]string{"->app.0001_x 2s open"},
		},
		{
			"django: an OK before any step",
			worker.Tool{Name: worker.ToolDjango},
			" OK\nSystem check... OK", true, nil,
		},
		{
			"rails: the printed time is believed",
			worker.Tool{Name: worker.ToolRails},
			"== 7 AddNames: migrating ====\n-- x\nmigrated (9s)\n== 8 Other: migrated (1.0s) ===\n== 7 AddNames: migrated (0.2840s) ===\n" +
				"==  Old: migrating ==\n==  Old: migrated (1.0000s) ==\n== 7 AddNames: reverting ===\n== 7 AddNames: reverted (2.0000s) ===", true,
			[]string{"->7 284ms ended AddNames", "->Old 1s ended Old", "7-> 2s ended AddNames"},
		},
		{
			"rails: a step that fails",
			worker.Tool{Name: worker.ToolRails},
			"== 7 AVeryLongNameOfAMigrationThatGoesOnAndOnUntilItIsLongerThanSeventyFiveCharacters: migrating \n-- x\nrails aborted!", false,
			[]string{"->7 3s open AVeryLongNameOfAMigrationThatGoesOnAndOnUntilItIsLongerThanSeventyFiveCharacters"},
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
			if diff := cmp.Diff(tc.want, summaries(d.Finish(tc.succeeded, at))); diff != "" {
				t.Errorf("steps differ (-want +got):\n%s", diff)
			}
		})
	}
}

func TestUnknownTools(t *testing.T) {
	for _, tool := range []worker.Tool{
		{Name: "flyway"}, {Name: worker.ToolRun}, {Name: worker.ToolPatterns, Start: "("}, {Name: worker.ToolPatterns, Start: "x", End: "("},
	} {
		if _, err := NewDetector(tool); err == nil {
			t.Errorf("%+v: no error", tool)
		}
	}
}

// TestTooManySteps: a command that prints steps without end costs bounded memory,
// and does not pass.
func TestTooManySteps(t *testing.T) {
	for _, tool := range []string{worker.ToolSQLAlchemyMigrate, worker.ToolAlembic, worker.ToolDjango, worker.ToolRails} {
		d, err := NewDetector(worker.Tool{Name: tool})
		if err != nil {
			t.Fatal(err)
		}
		at := time.Unix(0, 0)
		for i := range 2 * maxSteps {
			for _, line := range []string{"1 -> 2...", "done", "INFO:a:Running upgrade a -> b", "  Applying a.b... OK", "== 7 A: migrating ==", "== 7 A: migrated (0.1s) =="} {
				d.Line([]byte(line), at, i)
			}
		}
		steps := d.Finish(true, at)
		if len(steps) != maxSteps || steps[maxSteps-1].Ended || !steps[maxSteps-2].Ended {
			t.Errorf("%s: %d steps, the last ended: %v", tool, len(steps), steps[len(steps)-1].Ended)
		}
	}
}

// TestDjangoAsItArrives: a step starts when the first half of its line arrives, in
// whatever pieces. Where a secret may have begun with the dots, the line is not cut
// there.
func TestDjangoAsItArrives(t *testing.T) {
	pieces := []string{
		"Running migrations:\n  App", "lying app.00", "01_initial.", ".", ".", // 1 s to 5 s
		" OK\n  Applying app.0002_x...", "talk\n", " ", "O", "K\n",
		"  Applying app.0003_x... OK\n", "  Applying app.0004_x...", "secret OK\n",
	}
	for _, tc := range []struct {
		secret string
		want   []string
		line   string
	}{
		{"5ec2e7", []string{"->app.0001_initial 1s ended", "->app.0002_x 4s ended", "->app.0003_x 0s ended", "->app.0004_x 1s ended"}, "secret OK"},
		{"..secret", []string{"->app.0001_initial 0s ended", "->app.0002_x 3s ended", "->app.0003_x 0s ended"}, "  Applying app.0004_x.*** OK"},
	} {
		d, err := NewDetector(worker.Tool{Name: worker.ToolDjango})
		if err != nil {
			t.Fatal(err)
		}
		at := time.Unix(0, 0)
		var log []string
		o := &classiclog.Lines{Now: func() time.Time { return at }, Early: early(worker.ToolDjango), Secrets: classiclog.NewSecrets(tc.secret)}
		o.Line = func(text []byte, at time.Time, _ bool) {
			log = append(log, string(text))
			d.Line(text, at, len(log))
		}
		for _, piece := range pieces {
			at = at.Add(time.Second)
			_, _ = o.Write([]byte(piece))
		}
		if diff := cmp.Diff(tc.want, summaries(d.Finish(true, at))); diff != "" {
			t.Errorf("with secret %q, steps differ (-want +got):\n%s", tc.secret, diff)
		}
		if last := log[len(log)-1]; last != tc.line {
			t.Errorf("with secret %q, the last line is %q, want %q", tc.secret, last, tc.line)
		}
	}
}

func FuzzDetect(f *testing.F) {
	f.Add([]byte("1 -> 2...\ndone\n"))
	f.Add([]byte("\x1b[0mINFO [a] Running upgrade  -> b, c\nOK\n"))
	f.Add([]byte("  Applying a.b... OK\n  Applying a.c...x OK\n OK (0.1s)\n"))
	f.Add([]byte("== 7 A: migrating ==\n== 7 A: migrated (0.1s) ==\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, name := range []string{worker.ToolSQLAlchemyMigrate, worker.ToolAlembic, worker.ToolDjango, worker.ToolRails} {
			d, err := NewDetector(worker.Tool{Name: name})
			if err != nil {
				t.Fatal(err)
			}
			a := newAnalysis(d, true)
			at, n := time.Unix(0, 0), 0
			o := &classiclog.Lines{Now: func() time.Time { at = at.Add(time.Second); return at }, Early: early(name)}
			o.Line = func(text []byte, at time.Time, _ bool) {
				n++
				a.line(a.plain(o.Raw), a.plain(text), at, n, true)
			}
			for rest := data; len(rest) > 0; { // in ever smaller pieces
				half := (len(rest) + 1) / 2
				_, _ = o.Write(rest[:half])
				rest = rest[half:]
			}
			o.Close()
			var got worker.Outcome
			d.Finish(true, at)
			a.outcome(&got)
			for _, s := range got.Steps {
				if s.Duration < 0 || s.LogLine < 1 || s.LogLine > n {
					t.Errorf("step %+v", s)
				}
			}
			if why := a.reason.why(false); len([]rune(why)) > maxErrorChars || strings.ContainsAny(why, "\n\x1b\x00") {
				t.Errorf("reason %q", why)
			}
		}
	})
}
