package export_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot"
	"github.com/turbo-hipster/turbo-hipster/snapshot/export"
	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
	"github.com/turbo-hipster/turbo-hipster/snapshot/restore/restoretest"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server/servertest"
)

// Every type at its extremes and every kind of object survives the server's own
// client, and our own reader finds every row.
func TestAllTypes(t *testing.T) {
	s, original := servertest.Database(t)
	servertest.Load(t, s, original, strings.NewReader(servertest.AllTypes))
	snap, source := restoretest.Capture(t, s, original)
	snap.After = standIns(snap.After)
	for _, statementBytes := range []int{0, 1} {
		var dump bytes.Buffer
		if err := export.SQL(t.Context(), &dump, snap, source, export.Options{StatementBytes: statementBytes}); err != nil {
			t.Fatal(err)
		}
		checkReadable(t, snap, dump.Bytes())
		_, name := servertest.Database(t)
		servertest.Load(t, s, name, &dump)
		servertest.Compare(t, s, original, s, name, servertest.CompareOptions{})
	}
}

// standIns puts what a dump has in front: the definitions of views as they are
// captured are in the order of their names.
func standIns(after []snapshot.Object) []snapshot.Object {
	var first, views, rest []snapshot.Object
	columns := map[string]string{
		"z_base": "1 AS id, 1 AS v, 1 AS s", "a_on_view": "1 AS id, 1 AS n", "checked": "1 AS id, 1 AS c, 1 AS d", "b_on_function": "1 AS next",
	}
	for _, o := range after {
		if list := columns[o.Name]; list != "" && o.Kind == snapshot.ObjectView {
			first = append(first, snapshot.Object{Kind: snapshot.ObjectStandIn, Name: o.Name, SQL: "CREATE VIEW `" + o.Name + "` AS SELECT " + list})
		}
		if o.Kind == snapshot.ObjectView {
			views = append(views, o)
		} else {
			rest = append(rest, o)
		}
	}
	return append(append(first, rest...), views...)
}

func checkReadable(t *testing.T, snap *snapshot.Snapshot, dump []byte) {
	t.Helper()
	r := mysqldump.NewReader(bytes.NewReader(dump))
	kinds, rows, joined := map[mysqldump.Kind]int{}, map[string]int64{}, []byte{}
	for {
		st, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		joined = append(joined, st.Text...)
		kinds[st.Kind]++
		if st.Kind != mysqldump.Insert {
			continue
		}
		name := st.Name
		var block mysqldump.Rows
		for r.NextRows(&block) == nil {
			rows[name] += int64(block.Count)
			joined = append(joined, block.Raw...)
		}
	}
	if !bytes.Equal(joined, dump) {
		t.Error("reading loses something")
	}
	if !r.Header().Comments || !r.Header().Completed {
		t.Error("a truncated dump would not be noticed")
	}
	want := map[mysqldump.Kind]int{}
	for _, o := range slices.Concat(snap.Before, snap.After) {
		switch o.Kind {
		case snapshot.ObjectTable:
			want[mysqldump.CreateTable]++
		case snapshot.ObjectRoutine:
			want[mysqldump.CreateRoutine]++
		case snapshot.ObjectTrigger:
			want[mysqldump.CreateTrigger]++
		case snapshot.ObjectEvent:
			want[mysqldump.CreateEvent]++
		default:
		}
	}
	for kind, n := range want {
		if kinds[kind] != n {
			t.Errorf("found %d of %d %v", kinds[kind], n, kind)
		}
	}
	for _, table := range snap.Config.Tables {
		if rows[table.Name] != table.Rows {
			t.Errorf("found %d rows of %s, expected %d", rows[table.Name], table.Name, table.Rows)
		}
	}
}

func small(t *testing.T, databases ...string) (*snapshot.Snapshot, *restoretest.Source) {
	t.Helper()
	snap, source := &snapshot.Snapshot{}, &restoretest.Source{}
	for _, database := range databases {
		restoretest.AddTable(t, snap, database, "CREATE TABLE t (a INT, b VARCHAR(99))")
		source.Add(snap, database, "t", []byte("1\tone's\n\\N\t\\\\N\r\n"))
		source.Add(snap, database, "t", []byte("-5\t\n"))
	}
	return snap, source
}

func TestOneDatabaseIsNotNamed(t *testing.T) {
	snap, source := small(t, "private_name")
	var dump bytes.Buffer
	if err := export.SQL(t.Context(), &dump, snap, source, export.Options{}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(dump.String(), "private_name") {
		t.Error("the dump names its database")
	}
	if want := "INSERT INTO `t` (`a`, `b`) VALUES\n(1,'one\\'s'),\n(NULL,'\\\\N\\r'),\n(-5,'');\n"; !strings.Contains(dump.String(), want) {
		t.Errorf("%s has no\n%s", dump.String(), want)
	}
}

func TestSeveralDatabases(t *testing.T) {
	s := servertest.Server(t)
	a, b := servertest.Name(t, s), servertest.Name(t, s)
	snap, source := small(t, a, b)
	snap.After = append(snap.After, snapshot.Object{Kind: snapshot.ObjectView, Database: a, Name: "v", SQL: fmt.Sprintf("CREATE VIEW v AS SELECT a FROM `%s`.t", b)})
	var dump bytes.Buffer
	if err := export.SQL(t.Context(), &dump, snap, source, export.Options{}); err != nil {
		t.Fatal(err)
	}
	servertest.Load(t, s, "", &dump)
	db := s.DB("")
	defer func() { _ = db.Close() }()
	var n int
	if err := db.QueryRow(fmt.Sprintf("SELECT COUNT(*) FROM `%s`.t JOIN `%s`.v", a, a)).Scan(&n); err != nil || n != 9 {
		t.Errorf("got %d rows, %v", n, err)
	}
}

// A value that the server would change stops the load.
func TestLoadIsStrict(t *testing.T) {
	s, name := servertest.Database(t)
	snap, source := &snapshot.Snapshot{}, &restoretest.Source{}
	restoretest.AddTable(t, snap, "", "CREATE TABLE t (a VARCHAR(3), e ENUM('x'))")
	source.Add(snap, "", "t", []byte("abc\t\nabc\tx\nabcd\tx\n"))
	var dump bytes.Buffer
	if err := export.SQL(t.Context(), &dump, snap, source, export.Options{}); err != nil {
		t.Fatal(err)
	}
	failed := &fatal{TB: t}
	func() {
		defer func() { _ = recover() }()
		servertest.Load(failed, s, name, &dump)
	}()
	if !strings.Contains(failed.msg, "1406") {
		t.Errorf("got %q, want error 1406", failed.msg)
	}
}

// fatal keeps a failure from the real test.
type fatal struct {
	testing.TB
	msg string
}

func (f *fatal) Fatalf(format string, args ...any) {
	f.msg = fmt.Sprintf(format, args...)
	panic(f.msg)
}

func TestTrouble(t *testing.T) {
	broken := errors.New("the disk is broken")
	for _, tc := range []struct {
		name  string
		setup func(snap *snapshot.Snapshot, source *restoretest.Source, cancel context.CancelFunc)
		want  error
	}{
		{"the source fails", func(_ *snapshot.Snapshot, source *restoretest.Source, _ context.CancelFunc) { source.Fail = broken }, broken},
		{"cancelled", func(_ *snapshot.Snapshot, _ *restoretest.Source, cancel context.CancelFunc) { cancel() }, context.Canceled},
		{"not rows", func(_ *snapshot.Snapshot, source *restoretest.Source, _ context.CancelFunc) {
			for k := range source.Chunks {
				source.Chunks[k] = []byte("s3cret\n")
			}
		}, snapshot.ErrCorrupt},
		{"text that its session cannot say", func(snap *snapshot.Snapshot, _ *restoretest.Source, _ context.CancelFunc) {
			snap.After = []snapshot.Object{{Kind: snapshot.ObjectView, Name: "v", SQL: "CREATE VIEW v AS SELECT '表'", CharacterSetClient: "latin1"}}
		}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s, name := servertest.Database(t)
			snap, source := small(t, "")
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			tc.setup(snap, source, cancel)
			var dump bytes.Buffer
			err := export.SQL(ctx, &dump, snap, source, export.Options{})
			if err == nil || tc.want != nil && !errors.Is(err, tc.want) || strings.Contains(err.Error(), "s3cret") {
				t.Fatalf("got %v, want %v", err, tc.want)
			}
			failed := &fatal{TB: t}
			func() {
				defer func() { _ = recover() }()
				servertest.Load(failed, s, name, &dump)
			}()
			if failed.msg == "" {
				t.Error("a client loads the incomplete dump without an error")
			}
		})
	}
}
