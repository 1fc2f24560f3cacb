package servertest_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot/server/servertest"
)

// The fixture is fair: the server's own programs carry it over without loss, but
// for invalid dates, which the sql_mode that a dump sets turns into zero.
func TestAllTypesSurvivesAPlainDump(t *testing.T) {
	s, original := servertest.Database(t)
	servertest.Load(t, s, original, strings.NewReader(servertest.AllTypes))
	dump := servertest.Dump(t, s, original, "--routines", "--events", "--hex-blob")
	_, copied := servertest.Database(t)
	servertest.Load(t, s, copied, bytes.NewReader(dump))
	servertest.Compare(t, s, original, s, copied, servertest.CompareOptions{
		IgnoreColumns: []string{"times.d", "times.dt", "times.dt3", "times.dt6", "times.zero"},
	})
}

func TestCompareSees(t *testing.T) {
	for _, tc := range []struct{ name, change string }{
		{"a value's bytes", "UPDATE t SET v = 'A' WHERE v = 'a'"},
		{"null and empty", "UPDATE t SET v = NULL WHERE v = ''"},
		{"a lost row", "DELETE FROM t LIMIT 1"},
		{"a counter", "ALTER TABLE t AUTO_INCREMENT = 99"},
		{"an index", "CREATE INDEX i ON t (v)"},
		{"a new view", "CREATE VIEW w AS SELECT 1"},
		{"a trigger's session", "DROP TRIGGER g; SET sql_mode = 'ANSI'; CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET @a = 1"},
		{"a sequence's state", "DO NEXTVAL(s)"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			const setup = `CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(9)); INSERT INTO t (v) VALUES ('a'),('');
				CREATE SEQUENCE s; CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET @a = 1;`
			s, a := servertest.Database(t)
			_, b := servertest.Database(t)
			servertest.Load(t, s, a, strings.NewReader(setup))
			servertest.Load(t, s, b, strings.NewReader(setup))
			servertest.Compare(t, s, a, s, b, servertest.CompareOptions{})
			servertest.Load(t, s, b, strings.NewReader(tc.change))
			seen := &recorder{TB: t}
			servertest.Compare(seen, s, a, s, b, servertest.CompareOptions{})
			if !seen.failed {
				t.Error("the difference is not seen")
			}
		})
	}
}

// recorder notes a failure and keeps it from the real test.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Errorf(string, ...any) { r.failed = true }
