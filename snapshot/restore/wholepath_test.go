package restore_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/anonymize"
	"github.com/turbo-hipster/turbo-hipster/snapshot"
	"github.com/turbo-hipster/turbo-hipster/snapshot/export"
	"github.com/turbo-hipster/turbo-hipster/snapshot/restore"
	"github.com/turbo-hipster/turbo-hipster/snapshot/scrub"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server/servertest"
	"github.com/turbo-hipster/turbo-hipster/snapshot/store"
)

// A scrubbing is a dump with everything in it public, ready to be scrubbed.
type scrubbing struct {
	source scrub.Source
	survey *scrub.Survey
	policy *anonymize.Policy
	opts   scrub.Options
}

// public prepares a dump whose every column is public.
func public(t *testing.T, dump []byte) scrubbing {
	t.Helper()
	path := filepath.Join(t.TempDir(), "dump.sql")
	if err := os.WriteFile(path, dump, 0o600); err != nil {
		t.Fatal(err)
	}
	source, err := scrub.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return publicSource(t, source)
}

func publicSource(t *testing.T, source scrub.Source) scrubbing {
	t.Helper()
	s := scrubbing{source: source, policy: &anonymize.Policy{}, opts: scrub.Options{Jobs: 2}}
	var err error
	if s.survey, err = scrub.ReadSurvey(t.Context(), s.source, nil); err != nil {
		t.Fatal(err)
	}
	for _, d := range s.survey.Tables {
		p := &anonymize.TablePolicy{Database: d.Database, Table: d.Table.Name, Columns: map[string]anonymize.Decision{}}
		for _, c := range d.Table.Columns {
			p.Columns[strings.ToLower(c.Name)] = anonymize.Decision{Status: anonymize.Public}
		}
		if err := s.policy.Add(p); err != nil {
			t.Fatal(err)
		}
	}
	key, err := anonymize.NewKey(strings.NewReader(strings.Repeat("k", anonymize.KeyBytes)))
	if err != nil {
		t.Fatal(err)
	}
	if s.opts.Anonymizer, err = anonymize.New(key, s.policy); err != nil {
		t.Fatal(err)
	}
	return s
}

// stored scrubs into a store on disk and reads the snapshot back from there.
func (s scrubbing) stored(t *testing.T) (*snapshot.Snapshot, *store.Source) {
	t.Helper()
	return s.storedIn(t, t.TempDir())
}

func (s scrubbing) storedIn(t *testing.T, dir string) (*snapshot.Snapshot, *store.Source) {
	t.Helper()
	st, err := store.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	draft, err := st.Create(t.Context(), "all/types")
	if err != nil {
		t.Fatal(err)
	}
	manifest, _, err := scrub.ToSnapshot(t.Context(), s.source, s.survey, s.policy, scrub.Tool{}, draft, snapshot.BuilderOptions{}, s.opts)
	if err != nil {
		t.Fatal(err)
	}
	ref, err := draft.Commit(t.Context(), manifest, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Verify(t.Context(), ref, snapshot.VerifyOptions{Jobs: 2}); err != nil {
		t.Fatal(err)
	}
	snap, err := st.Load(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	return snap, st.Source(ref.Name)
}

// objects are the options with which a dump has every kind of object.
var objects = []string{"--routines", "--events", "--triggers"}

// Dump, scrub, snapshot, private server, dump again: nothing changes when everything is
// public, whatever the dump looks like, and by whichever way the data comes back.
func TestWholePath(t *testing.T) {
	s, original := servertest.Database(t)
	servertest.Load(t, s, original, strings.NewReader(servertest.AllTypes))
	for _, tc := range []struct {
		name string
		args []string
		sql  bool // it comes back as SQL too: exported, and by way of -o -
	}{
		{name: "default", sql: true},
		{name: "hex-blob", args: []string{"--hex-blob"}},
		{name: "complete-insert", args: []string{"--complete-insert"}, sql: true},
		{name: "a row a statement", args: []string{"--skip-extended-insert"}},
		{name: "local time", args: []string{"--skip-tz-utc"}},
		{name: "compact", args: []string{"--compact"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			dump := servertest.Dump(t, s, original, slices.Concat(objects, tc.args)...)
			scrubbed := public(t, dump)
			snap, source := scrubbed.stored(t)
			name := servertest.Name(t, s)
			result, err := restore.Restore(t.Context(), s, name, snap, source, restore.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if len(result.Notes) > 0 {
				t.Errorf("unexpected notes %q", result.Notes)
			}
			same(t, s, original, name)

			if !tc.sql {
				return
			}
			var exported bytes.Buffer
			if err := export.SQL(t.Context(), &exported, snap, source, export.Options{}); err != nil {
				t.Fatal(err)
			}
			same(t, s, original, loaded(t, s, &exported))

			var sql bytes.Buffer
			if _, err := scrub.ToSQL(t.Context(), scrubbed.source, scrubbed.survey, &sql, scrubbed.opts); err != nil {
				t.Fatal(err)
			}
			// A dump's own session makes zeros of invalid dates: what passes unchanged does as the dump does.
			same(t, s, loaded(t, s, bytes.NewBuffer(dump)), loaded(t, s, &sql))
		})
	}
}

// same fails t unless two databases are equal, and dump equally.
func same(t *testing.T, s *server.Server, want, got string) {
	t.Helper()
	servertest.Compare(t, s, want, s, got, servertest.CompareOptions{})
	args := slices.Concat(objects, []string{"--skip-comments"})
	if a, b := servertest.Dump(t, s, want, args...), servertest.Dump(t, s, got, args...); !bytes.Equal(a, b) {
		t.Errorf("dumped again, the copy differs %s", firstDifference(a, b))
	}
}

// A dump made with --databases names its only database, which goes into any other all the same.
func TestWholePathOfANamedDatabase(t *testing.T) {
	s, original := servertest.Database(t)
	servertest.Load(t, s, original, strings.NewReader("CREATE TABLE t (a INT); INSERT INTO t VALUES (1),(2)"))
	snap, source := public(t, servertest.Dump(t, s, original, "--databases")).stored(t)
	name := servertest.Name(t, s)
	if _, err := restore.Restore(t.Context(), s, name, snap, source, restore.Options{}); err != nil {
		t.Fatal(err)
	}
	same(t, s, original, name)
	var exported bytes.Buffer
	if err := export.SQL(t.Context(), &exported, snap, source, export.Options{}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(exported.String(), original) {
		t.Error("the export of one database names it")
	}
	same(t, s, original, loaded(t, s, &exported))
}

// Databases that refer to each other come back under their own names, with their own character sets.
func TestWholePathOfSeveralDatabases(t *testing.T) {
	s := servertest.Server(t)
	a, b := servertest.Name(t, s), servertest.Name(t, s)
	text := strings.NewReplacer("«a»", a, "«b»", b).Replace(`
		CREATE DATABASE «a» CHARACTER SET latin1 COLLATE latin1_german2_ci; CREATE DATABASE «b»;
		CREATE TABLE «a».p (id INT PRIMARY KEY, v VARCHAR(20)); INSERT INTO «a».p VALUES (1,'Öl'),(2,'');
		CREATE TABLE «b».c (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES «a».p (id)); INSERT INTO «b».c VALUES (1,1),(2,NULL);
		CREATE VIEW «a».v AS SELECT c.id, p.v FROM «b».c JOIN «a».p ON c.p = p.id;
		CREATE VIEW «b».v AS SELECT id FROM «a».v;
		USE «a»; CREATE FUNCTION f(x VARCHAR(9)) RETURNS VARCHAR(9) RETURN CONCAT(x, 'ß');
		ALTER DATABASE «a» COLLATE latin1_bin;
		CREATE TRIGGER tr BEFORE INSERT ON p FOR EACH ROW SET NEW.v = f(NEW.v);`)
	servertest.Load(t, s, "", strings.NewReader(text))
	dump := servertest.Dump(t, s, b, slices.Concat(objects, []string{"--databases", a})...)
	scrubbed := public(t, dump)
	snap, source := scrubbed.stored(t)
	into := servertest.Start(t)
	check := func(o servertest.CompareOptions) {
		t.Helper()
		for _, name := range []string{a, b} {
			servertest.Compare(t, s, name, into, name, o)
		}
		for _, name := range []string{a, b} {
			if err := into.DropDatabase(t.Context(), name); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := restore.Restore(t.Context(), into, "", snap, source, restore.Options{}); err != nil {
		t.Fatal(err)
	}
	check(servertest.CompareOptions{})
	var exported, sql bytes.Buffer
	if err := export.SQL(t.Context(), &exported, snap, source, export.Options{}); err != nil {
		t.Fatal(err)
	}
	servertest.Load(t, into, "", &exported)
	check(servertest.CompareOptions{IgnoreDatabaseCollation: true}) // an export only notes it
	if _, err := scrub.ToSQL(t.Context(), scrubbed.source, scrubbed.survey, &sql, scrubbed.opts); err != nil {
		t.Fatal(err)
	}
	servertest.Load(t, into, "", &sql)
	check(servertest.CompareOptions{})
}

// Dumps in another character set than UTF-8.
func TestWholePathInCharacterSets(t *testing.T) {
	s, original := servertest.Database(t)
	servertest.Load(t, s, original, strings.NewReader(`
		CREATE TABLE t (id INT PRIMARY KEY, l VARCHAR(300) CHARACTER SET latin1, u VARCHAR(300) CHARACTER SET utf8mb4, j JSON,
			b VARBINARY(300), bits BIT(9), p POINT, e ENUM('é','x') CHARACTER SET latin1, d DATETIME(3), n DECIMAL(65,30));
		INSERT INTO t VALUES (1, 'Öl für ÿ – “€”', 'Öl für ÿ – “€”', '{"é": "ü\\n"}', X'00FFC3A9E9275C0A0D1A09', b'100100111', POINT(1,2), 'x', '2014-02-28 01:02:03.004', -1.5);
		INSERT INTO t (id, l, b) SELECT 2, CONVERT(CAST(GROUP_CONCAT(CHAR(seq USING binary) ORDER BY seq SEPARATOR '') AS BINARY) USING latin1),
			CAST(GROUP_CONCAT(CHAR(seq USING binary) ORDER BY seq SEPARATOR '') AS BINARY) FROM seq_0_to_255;
		CREATE VIEW v AS SELECT l, 'é' AS c FROM t;
		CREATE FUNCTION f() RETURNS VARCHAR(9) RETURN 'ü';`))
	for _, charset := range []string{"latin1", "binary", "utf8mb3", "utf8mb4"} {
		t.Run(charset, func(t *testing.T) {
			for _, blobs := range []string{"--hex-blob", "--skip-hex-blob"} {
				dump := servertest.Dump(t, s, original, slices.Concat(objects, []string{blobs, "--default-character-set=" + charset})...)
				scrubbed := public(t, dump)
				snap, source := scrubbed.stored(t)
				name := servertest.Name(t, s)
				if _, err := restore.Restore(t.Context(), s, name, snap, source, restore.Options{}); err != nil {
					t.Fatal(err)
				}
				same(t, s, original, name)
			}
		})
	}
}

// A flipped bit anywhere in a chunk is corruption, for restore and for export, and leaves nothing.
func TestFlippedBit(t *testing.T) {
	s := servertest.Server(t)
	var dump bytes.Buffer
	dump.WriteString("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(40), b VARBINARY(9)) ENGINE=Aria;\nINSERT INTO t VALUES ")
	for i := range 5000 {
		fmt.Fprintf(&dump, "%s(%d,'%x\\\\\\n',x'%04x')", []string{"", ","}[min(i, 1)], i, i*i*7919, i)
	}
	dump.WriteString(";\n")
	dir := t.TempDir()
	snap, source := public(t, dump.Bytes()).storedIn(t, dir)
	blob := filepath.Join(dir, "all", "types", "blobs", "sha256", snap.Chunks[0].Descriptor.Digest.Encoded())
	whole, err := os.ReadFile(blob)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 24 {
		bad := bytes.Clone(whole)
		bad[len(bad)*i/24] ^= 1 << (i % 8)
		if err := os.WriteFile(blob, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		name := servertest.Name(t, s)
		if _, err := restore.Restore(t.Context(), s, name, snap, source, restore.Options{}); !errors.Is(err, snapshot.ErrCorrupt) {
			t.Errorf("byte %d: restore says %v", len(bad)*i/24, err)
		}
		if exists(t, s, name) {
			t.Errorf("byte %d: the database is still there", len(bad)*i/24)
		}
		if err := export.SQL(t.Context(), io.Discard, snap, source, export.Options{}); !errors.Is(err, snapshot.ErrCorrupt) {
			t.Errorf("byte %d: export says %v", len(bad)*i/24, err)
		}
	}
}

func loaded(t *testing.T, s *server.Server, sql *bytes.Buffer) string {
	t.Helper()
	_, name := servertest.Database(t)
	servertest.Load(t, s, name, sql)
	return name
}

func firstDifference(want, got []byte) string {
	a, b := strings.Split(string(want), "\n"), strings.Split(string(got), "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return "\n\twant " + a[i][:min(len(a[i]), 300)] + "\n\tgot  " + b[i][:min(len(b[i]), 300)]
		}
	}
	return "in length"
}

// What a client that spoke another character set created comes back as it was, and so do the character sets.
func TestWholePathOfObjectsInOtherCharsets(t *testing.T) {
	s, original := servertest.Database(t)
	servertest.Load(t, s, original, strings.NewReader("CREATE TABLE t (a varchar(9));\n"+
		"SET NAMES cp1251;\nCREATE FUNCTION f1() RETURNS varchar(9) RETURN '\xcc\xee\xf1\xea\xe2\xe0';\nCREATE VIEW v1 AS SELECT '\xff' AS a;\n"+
		"SET NAMES latin2;\nCREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.a = '\xa3\xf3d\xbc';\n"+
		"SET NAMES tis620;\nCREATE PROCEDURE p() SELECT '\xa1';\n"))
	dump := servertest.Dump(t, s, original, objects...)
	if !bytes.Contains(dump, []byte("character_set_client  = latin2")) || !bytes.Contains(dump, []byte("'\xcc\xee\xf1\xea\xe2\xe0'")) {
		t.Fatal("the dump program writes objects otherwise")
	}
	snap, source := public(t, dump).stored(t)
	name := servertest.Name(t, s)
	if _, err := restore.Restore(t.Context(), s, name, snap, source, restore.Options{}); err != nil {
		t.Fatal(err)
	}
	same(t, s, original, name)
	var exported bytes.Buffer
	if err := export.SQL(t.Context(), &exported, snap, source, export.Options{}); err != nil {
		t.Fatal(err)
	}
	same(t, s, original, loaded(t, s, &exported))
}
