package migrate

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// analyse reads lines of output, as of a command that failed.
func analyse(t *testing.T, tool, lines string) worker.Outcome {
	t.Helper()
	d, err := NewDetector(worker.Tool{Name: tool})
	if err != nil {
		t.Fatal(err)
	}
	a := newAnalysis(d, false)
	at := time.Unix(0, 0)
	for n, line := range strings.Split(lines, "\n") {
		plain := a.plain([]byte(line))
		a.line(plain, plain, at, n+1, true)
	}
	o := worker.Outcome{ExitCode: 1}
	d.Finish(false, at)
	a.outcome(&o)
	return o
}

func TestReason(t *testing.T) {
	const prefix = "2026-11-22 14:06:59.219 6340 ERROR heat "
	for _, tc := range []struct{ name, lines, want string }{
		{"nothing", "", ""},
		{"the last line", "one\ntwo\n\n+ exit 1\n++ true\n", "two"},
		{"neither steps nor counters", "cannot\n1 -> 2...\ndone\nInnodb_rows_read\t7\n2 -> 3...", "cannot"},
		{
			"a traceback",
			"Traceback (most recent call last):\n  File \"x\", line 1, in y\n    raise Error()\nmod.Error: (1054, \"Unknown column 'x'\")\n[SQL: select x]\n(Background on this error at: …)",
			`mod.Error: (1054, "Unknown column 'x'")`,
		},
		{
			"the last of chained tracebacks",
			"Traceback (most recent call last):\n  a\nA: 1\n\nThe above exception was the direct cause of the following exception:\n\nTraceback (most recent call last):\n  b\nB: 2\nbye",
			"B: 2",
		},
		{
			"a traceback with a logger's prefix, colours and another time",
			prefix + "Traceback (most recent call last):\x1b[00m\n2026-11-22 14:07:00.000 6340 ERROR heat   File \"x\"\x1b[00m\n" +
				"syslog: something else\n" + prefix + "db.DBError: gone\x1b[00m\n" + prefix + "\x1b[00m",
			"db.DBError: gone",
		},
		{
			"a traceback of which only the first line has a prefix",
			"  Applying app.0005_x...Traceback (most recent call last):\n  File \"x\"\n    y()\ndjango.db.utils.OperationalError: (1060, \"Duplicate column\")",
			`django.db.utils.OperationalError: (1060, "Duplicate column")`,
		},
		{"a traceback that breaks off", "before\nTraceback (most recent call last):\n  File \"x\"", "before"},
		{"a mysql client's", "ERROR 1064 (42000) at line 3: You have an error\nbye", "ERROR 1064 (42000) at line 3: You have an error"},
		{"the later of two", "Traceback (most recent call last):\n  x\nHarmless: 1\nERROR 1064 (42000) at line 3: y", "ERROR 1064 (42000) at line 3: y"},
		{"alembic's", "INFO  [alembic] x\n  FAILED: Can't locate revision identified by 'x'\nbye", "FAILED: Can't locate revision identified by 'x'"},
		{"django's", "CommandError: Conflicting migrations detected\nbye", "CommandError: Conflicting migrations detected"},
		{
			"rails'", "rails aborted!\nStandardError: An error has occurred, all later migrations canceled:\n\nMysql2::Error: Duplicate column name 'x'\n/app/x.rb:2\nTasks: TOP",
			"StandardError: An error has occurred, all later migrations canceled: Mysql2::Error: Duplicate column name 'x'",
		},
		{"rails', before any migration", "bin/rails aborted!\nActiveRecord::NoDatabaseError: Unknown database 'x'\n/app/x.rb:2", "ActiveRecord::NoDatabaseError: Unknown database 'x'"},
		{"ruby's", "m.rb:147:in `initialize': no such table (SQLite3::SQLException)\n\tfrom m.rb:24:in `<main>'", "no such table (SQLite3::SQLException)"},
		{"not printable", "a\tb\x00\x07\u202e\xffc", "a b\uFFFD\uFFFD\uFFFD\uFFFDc"},
		{"very long", strings.Repeat("é", 5000), strings.Repeat("é", maxErrorChars-1) + "…"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := analyse(t, worker.ToolSQLAlchemyMigrate, tc.lines).ToolError; got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

// TestReasonsOfRealTools: what the logs of real tools that failed say.
func TestReasonsOfRealTools(t *testing.T) {
	const rails = "StandardError: An error has occurred, this and all later migrations canceled: SQLite3::SQLException: no such table: nosuch"
	for path, want := range map[string]string{"rails.log": rails, "rails_piped.log": rails, "django.log": "django.db.utils.OperationalError: no such table: nosuch"} {
		data, err := os.ReadFile("testdata/" + path)
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for line := range strings.Lines(string(data)) {
			if _, text, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " [output] "); ok {
				lines = append(lines, text)
			}
		}
		if got := analyse(t, worker.ToolDjango, strings.Join(lines, "\n")).ToolError; got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
}

// TestNoReason: who succeeded, or was stopped, did not fail for a reason of its own.
func TestNoReason(t *testing.T) {
	for _, tc := range []struct {
		name    string
		outcome worker.Outcome
		lines   string
		want    string
	}{
		{"success after a harmless traceback", worker.Outcome{}, "Traceback (most recent call last):\n  x\nHarmless: 1", ""},
		{"timeout", worker.Outcome{ExitCode: -1, TimedOut: true}, "Traceback (most recent call last):\n  x\nHarmless: 1", ""},
		{"signal, and the last line", worker.Outcome{ExitCode: -1, Signal: "killed"}, "working", ""},
		{"signal, and an error", worker.Outcome{ExitCode: -1, Signal: "aborted"}, "ERROR 2013 (HY000): Lost connection", "ERROR 2013 (HY000): Lost connection"},
	} {
		a := newAnalysis(nil, false)
		for line := range strings.SplitSeq(tc.lines, "\n") {
			a.line([]byte(line), []byte(line), time.Time{}, 1, false)
		}
		a.outcome(&tc.outcome)
		if tc.outcome.ToolError != tc.want {
			t.Errorf("%s: got %q, want %q", tc.name, tc.outcome.ToolError, tc.want)
		}
	}
}

func TestKnownErrorsAndVersion(t *testing.T) {
	denied, unknown, imports := worker.ErrorAccessDenied, worker.ErrorUnknownDatabase, worker.ErrorImport
	for _, tc := range []struct {
		name, lines string
		want        []worker.KnownError
	}{
		{"a client's", "ERROR 1045 (28000): Access denied\nx\nERROR 1049 (42000): Unknown database\nERROR 1045 again", []worker.KnownError{{Kind: denied, LogLine: 1}, {Kind: unknown, LogLine: 3}}},
		{"behind a prefix and colours", "x: \x1b[31mERROR 1049 (42000)\x1b[0m", []worker.KnownError{{Kind: unknown, LogLine: 1}}},
		{"other numbers", "ERROR 10451 (x)\nTERROR 1045\nERROR 1044 (42000)", nil},
		{"imports", "ImportError: No module named x", []worker.KnownError{{Kind: imports, LogLine: 1}}},
		{"imports today", "x\n2026-11-22 14:06:59.219 1 CRITICAL nova [-] ModuleNotFoundError: No module named 'x'\x1b[00m", []worker.KnownError{{Kind: imports, LogLine: 2}}},
		{"imports without a word", "Traceback:\nImportError", []worker.KnownError{{Kind: imports, LogLine: 2}}},
		{"source that speaks of imports", "    except ImportError:\n    raise ImportError\n  try: x  # ImportError is fine\nMyImportError: x\nexcept (ImportError, X):", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, analyse(t, worker.ToolAlembic, tc.lines).Known); diff != "" {
				t.Errorf("errors differ (-want +got):\n%s", diff)
			}
		})
	}
	for lines, want := range map[string]string{
		"Final schema version is 216": "216",
		"Final schema version is 215\nFinal schema version is \x1b[1m216\x1b[0m ":     "216",
		"+ echo 'Final schema version is 216'\nwill say: Final schema version is 216": "",
		"Final schema version is ":                                                         "",
		"Final schema version is " + strings.Repeat("9", 200):                              "",
		"Final schema version is I43e0b669096\nThe final schema version is not what is so": "I43e0b669096",
	} {
		if got := analyse(t, worker.ToolAlembic, lines).Version; got != want {
			t.Errorf("%q: version %q, want %q", lines, got, want)
		}
	}
}

// TestCountersOfScripts: which step a counter belongs to.
func TestCountersOfScripts(t *testing.T) {
	all := func(n string) string {
		return "Innodb_rows_deleted\t" + n + "\nInnodb_rows_inserted\t" + n + "\nInnodb_rows_updated\t" + n + "\nInnodb_rows_read\t" + n + "\n"
	}
	const one, two = "1 -> 2...\ndone\n", "2 -> 3...\ndone\n"
	known := func(changed, read int64) worker.Counters {
		return worker.Counters{RowsChanged: worker.Count{N: changed, Known: true}, RowsRead: worker.Count{N: read, Known: true}}
	}
	for _, tc := range []struct {
		name, lines string
		want        []worker.Counters
	}{
		{"before and after each", all("1") + one + all("5") + two + all("5"), []worker.Counters{known(12, 4), known(0, 0)}},
		{"nothing before the first", one + all("5") + two + all("7"), []worker.Counters{{}, known(6, 2)}},
		{"only at the end", all("1") + one + two + all("5"), []worker.Counters{{}, {}}},
		{"the server was started again", all("9") + one + all("5") + two + all("6"), []worker.Counters{{}, known(3, 1)}},
		{"twice after a step", all("1") + one + all("5") + all("50") + two + all("51"), []worker.Counters{known(12, 4), known(3, 1)}},
		{"within a step", all("1") + "1 -> 2...\n" + all("3") + "done\n" + all("5"), []worker.Counters{known(12, 4)}},
		{"some are missing", "Innodb_rows_read\t1\nInnodb_rows_updated\t1\n" + one + "Innodb_rows_read\t2\nInnodb_rows_updated\t2", []worker.Counters{{RowsRead: worker.Count{N: 1, Known: true}}}},
		{"no numbers", all("1") + one + strings.ReplaceAll(all("99999999999999999999"), "\t", " ") + all("9999999999999999999"), []worker.Counters{{}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got []worker.Counters
			for _, s := range analyse(t, worker.ToolSQLAlchemyMigrate, tc.lines).Steps {
				got = append(got, s.Rows)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("rows differ (-want +got):\n%s", diff)
			}
		})
	}
}
