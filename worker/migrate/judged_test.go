package migrate_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/turbo-hipster/turbo-hipster/datasets"
	"github.com/turbo-hipster/turbo-hipster/worker"
	"github.com/turbo-hipster/turbo-hipster/worker/migrate"
)

// TestSwallowedErrors: commands that end with status 0, and are judged by what they
// printed: a failed migration must not pass since a script went on, and what is
// harmless must not fail.
func TestSwallowedErrors(t *testing.T) {
	const (
		start     = "echo 'INFO  [alembic.runtime.migration] Running upgrade a -> b, x';"
		traceback = `printf 'Traceback (most recent call last):\n  File "x.py", line 1, in y\nKeyError: 1\n';`
		steps     = "echo '1 -> 2...'; echo done;"
	)
	for _, tc := range []struct {
		name, tool, line string
		want             string // the first finding that counts; "" passes
	}{
		{"a script goes on after alembic failed", worker.ToolAlembic, start + traceback + "echo finished", "KeyError: 1"},
		{"alembic's child was killed, says bash", worker.ToolAlembic, start + "echo './m.sh: line 3:  1234 Killed                  alembic upgrade head'; echo on", "Killed alembic upgrade head"},
		{"alembic's child was killed, says dash", worker.ToolAlembic, start + "sh -c 'kill -9 $$'; echo on", "Killed"},
		{"alembic went on after a traceback", worker.ToolAlembic, start + traceback + "echo 'INFO  [alembic.runtime.migration] Running upgrade b -> c'", ""},
		{"neutron says OK after a traceback", worker.ToolAlembic, start + traceback + "echo '  OK'", ""},
		{"an exception that Python ignores", worker.ToolAlembic, start + "echo 'Exception ignored in: <function C.__del__ at 0x1>';" + traceback, ""},
		{"an error in logging", worker.ToolAlembic, start + "echo '--- Logging error ---';" + traceback, ""},
		{"sqlalchemy-migrate prints its ends", worker.ToolSQLAlchemyMigrate, "echo '1 -> 2...';" + traceback + "echo done", ""},
		{
			"a step of what the command left running", worker.ToolAlembic,
			"(sleep 0.5; echo 'INFO  [alembic.runtime.migration] Running upgrade a -> b'; sleep 60) &", "FAILURE - Did not find the end of a migration after a start",
		},
		{
			"a mysql client failed, and the script says done", worker.ToolSQLAlchemyMigrate,
			steps + `echo "ERROR 1146 (42S02) at line 3: Table 'nova.x' doesn't exist"`,
			"FAILURE - A database client failed, and the command went on: ERROR 1146 (42S02) at line 3: Table 'nova.x' doesn't exist",
		},
		{
			"a mysql client did not know a command", worker.ToolSQLAlchemyMigrate, steps + `echo "ERROR at line 2: Unknown command '\\x'."`,
			`FAILURE - A database client failed, and the command went on: ERROR at line 2: Unknown command '\x'.`,
		},
		{"a migration talks of errors", worker.ToolSQLAlchemyMigrate, steps + `echo "no ERROR 1146 (42S02): it is there"; echo 'ERROR: 3'`, ""},
		{"a progress bar without a newline before the end", worker.ToolSQLAlchemyMigrate, `printf '1 -> 2...\n 10%%\r 99%%\rdone\n'`, ""},
		{
			"a progress bar without a newline before a start", worker.ToolRails,
			`printf '== 1 A: migrating ===\n== 1 A: migrated (0.1000s) ===\n 50%%\r100%%\r== 2 B: migrating ===\n'`,
			"FAILURE - Did not find the end of a migration after a start",
		},
		{
			"a progress bar of 200 KB before a start", worker.ToolAlembic,
			`i=0; while [ $i -lt 4000 ]; do printf '\r%50s' $i; i=$((i+1)); done; printf '\r'; ` + start + traceback, "KeyError: 1",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m := migration(t, tc.line)
			m.Build.Tool = worker.Tool{Name: tc.tool}
			o, log := runMigration(t, m)
			v := worker.Judge(o, datasets.Limits{})
			got := ""
			for _, f := range v.Findings {
				if f.Level == worker.Failure {
					got = strings.Join(strings.Fields(f.Message), " ")
					break
				}
			}
			if got != tc.want || v.Result.Passes() != (tc.want == "") {
				t.Errorf("%s: got %q, want %q:\n%.2000s", v.Result, got, tc.want, log)
			}
		})
	}
}

// TestOutputIsClosedEarly: a command that closes its output and works on has not
// ended, and its last step takes as long as it does.
func TestOutputIsClosedEarly(t *testing.T) {
	t.Parallel()
	m := migration(t, "echo 'INFO:a:Running upgrade a -> b'; exec >&- 2>&-; sleep 1")
	m.Build.Tool = worker.Tool{Name: worker.ToolAlembic}
	began := time.Now()
	o, log := runMigration(t, m)
	if len(o.Steps) != 1 || !o.Steps[0].Ended || o.Steps[0].Duration < 500*time.Millisecond || o.Duration < time.Second {
		t.Fatalf("got %+v:\n%s", o, log)
	}
	// The start may be read late; the end is the command's, whatever the machine does.
	if end := o.Steps[0].Start.Add(o.Steps[0].Duration).Sub(began); end < time.Second {
		t.Errorf("the step ended after %v, the command slept a second:\n%s", end, log)
	}
}

// TestEndlessOutput: a command that prints for ever does not fill the disk, and what
// it does after is still seen.
func TestEndlessOutput(t *testing.T) {
	t.Parallel()
	m := migration(t, "yes | head -n 500000; echo '1 -> 2...'; echo done; exit 3")
	g := &migrate.Migrator{Path: os.Getenv("PATH"), Now: time.Now, LogBytes: 10_000}
	o, log := runWith(t, g, m)
	if o.ExitCode != 3 || len(o.Steps) != 1 || !o.Steps[0].Ended {
		t.Errorf("got %+v", o)
	}
	if len(log) > 300_000 || !strings.Contains(log, "[the log is full") || !strings.HasSuffix(log, "[script exit code = 3]\n") {
		t.Errorf("a log of %d bytes ends with %q", len(log), log[max(0, len(log)-200):])
	}
}

// TestSecretsInOtherWords: a password is kept out of the log also where it is
// written as URLs write it, and in what runs; that of another URL as well.
func TestSecretsInOtherWords(t *testing.T) {
	const strange = "p@ss wörd/1"
	m := migration(t, `echo 'p%40ss%20w%C3%B6rd%2F1 p%40ss+w%C3%B6rd%2F1 p@ss wörd/1 x'; echo http://u:hunter2@h/`)
	m.Database = passwordDatabase{password: strange}
	m.Build.Command.Text = "migrate --url=mysql://nova:p%40ss%20w%C3%B6rd%2F1@h/x"
	m.Build.Parameters = map[string]string{"SWIFT_logs_SIGNATURE": "5ec2e75ec2e7"}
	o, log := runMigration(t, m)
	for _, secret := range []string{"ss%20w", "ss+w", strange, "hunter2"} {
		if strings.Contains(log, secret) || strings.Contains(strings.Join(o.Tail, "\n"), secret) {
			t.Errorf("%q is shown:\n%s", secret, log)
		}
	}
	if !strings.Contains(log, "[output] *** *** *** x\n") || !strings.Contains(log, "[running migrate --url=mysql://***@h/x]\n") {
		t.Errorf("the log is\n%s", log)
	}
	s := script(t, `echo "$SWIFT_logs_SIGNATURE is mine" > "$TH_RESULT_FILE"; exit 1`)
	s.Build.Parameters = m.Build.Parameters
	if o, _ := runScript(t, s); o.ResultLine != "*** is mine" {
		t.Errorf("the script's line is %q", o.ResultLine)
	}
}
