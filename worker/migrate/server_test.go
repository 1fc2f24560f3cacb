package migrate_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/snapshot/server"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server/servertest"
	"github.com/turbo-hipster/turbo-hipster/worker"
)

// realDatabase is one of a real server's.
type realDatabase struct {
	database
	server  *server.Server
	address worker.Address
}

func (d realDatabase) Address() worker.Address { return d.address }

func (d realDatabase) Counters(ctx context.Context) (worker.Counters, error) {
	c, err := d.server.Counters(ctx)
	return worker.Counters{RowsChanged: worker.Count(c.RowsChanged), RowsRead: worker.Count(c.RowsRead)}, err
}

func (d realDatabase) Logs() []worker.LogSource {
	return []worker.LogSource{{Name: "sqlslo", Path: d.server.SlowLog()}, {Name: "sqlerr", Path: d.server.ErrorLog()}}
}

// TestOnServer: a step driver that runs SQL files with the server's own client, on a
// real server: rows are counted exactly, slow statements are in the log, and the
// client's error is why the last step failed.
func TestOnServer(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t)
	if err := s.CreateDatabase(t.Context(), "nova", "", ""); err != nil {
		t.Fatal(err)
	}
	servertest.Load(t, s, "nova", strings.NewReader(`CREATE TABLE a (id INT PRIMARY KEY, n INT);
		INSERT INTO a SELECT seq, 0 FROM seq_1_to_1000;`))
	account, err := s.CreateAccount(t.Context(), "nova")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.EnableSlowLog(t.Context(), 50*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	m := migration(t, `case $TH_STEP in
		1) sql='UPDATE a SET n = 1 WHERE id <= 10' ;;
		2) sql='DELETE FROM a WHERE id > 900; INSERT INTO a VALUES (2000, 0)' ;;
		3) sql='SELECT SLEEP(0.1)' ;;
		4) sql='ALTER TABLE nosuch ADD x INT' ;;
	esac
	$(command -v mariadb || command -v mysql) "$TH_DATABASE_NAME" -e "$sql"`)
	m.Build.Tool = worker.Tool{Name: worker.ToolRun, Versions: []string{"1", "2", "3", "4", "5"}}
	m.Database = realDatabase{server: s, address: worker.Address{
		Socket: s.Socket(), Name: "nova", User: account.User, Password: account.Password, Charset: "utf8mb4",
	}}
	o, log := runMigration(t, m)
	var got []int64
	for _, step := range o.Steps {
		if !step.Rows.RowsChanged.Known {
			t.Errorf("%s: rows are not known", step.Name())
		}
		got = append(got, step.Rows.RowsChanged.N)
	}
	if diff := cmp.Diff([]int64{10, 101, 0, 0}, got); diff != "" {
		t.Errorf("rows changed differ (-want +got):\n%s", diff)
	}
	if read := o.Steps[0].Rows.RowsRead; !read.Known || read.N < 10 || read.N > 20 {
		t.Errorf("the first step updates 10 rows by primary key and read %+v", read)
	}
	if o.ExitCode != 1 || !strings.HasPrefix(o.ToolError, "ERROR 1146 (42S02) at line 1: Table 'nova.nosuch' doesn't exist") || o.Steps[3].Ended {
		t.Errorf("got status %d, %q", o.ExitCode, o.ToolError)
	}
	if !strings.Contains(log, "[sqlslo] SELECT SLEEP(0.1);\n") || strings.Contains(log, account.Password) {
		t.Errorf("log:\n%s", log)
	}
}
