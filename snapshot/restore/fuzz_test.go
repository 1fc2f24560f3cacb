package restore

import (
	"strings"
	"testing"

	"github.com/go-sql-driver/mysql"

	"github.com/turbo-hipster/turbo-hipster/snapshot"
	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
	"github.com/turbo-hipster/turbo-hipster/snapshot/rowtext"
)

// Whatever a value is, and whatever message it is in, the error does not show it.
func FuzzDataError(f *testing.F) {
	f.Add(uint16(1366), "Incorrect integer value: '", "secret", "' for column `d`.`t`.`size` at row 7")
	f.Add(uint16(1062), "Duplicate entry '", "secret' for key 'x", "' for key 'by size'")
	f.Add(uint16(1406), "Data too long for column '", "secret", "' at row 1")
	f.Add(uint16(4025), "CONSTRAINT `", "secret", "` failed for `d`.`t`")
	f.Add(uint16(9999), "", "secret", "")
	f.Add(uint16(1261), "Row 5 ", "secret", "")
	l := &load{table: &snapshot.TableInfo{Name: "t", Layout: rowtext.Layout{Columns: []rowtext.Column{{Name: "size"}}}}}
	names := tableNames{columns: columnNames(l.table.Layout), indexes: []string{"by size"}, constraints: []string{"positive"}}
	f.Fuzz(func(t *testing.T, number uint16, before, value, after string) {
		e := dataError(l, &mysql.MySQLError{Number: number, Message: before + value + after}, names)
		for _, name := range []string{e.Column, e.Index, e.Constraint} {
			switch name {
			case "", "size", "by size", "positive":
			default:
				t.Errorf("the error shows %q", name)
			}
		}
	})
}

// Mapping collations changes nothing else, and nothing inside strings.
func FuzzMapCollations(f *testing.F) {
	f.Add("CREATE TABLE t (a TEXT COLLATE old_ci DEFAULT 'COLLATE old_ci') COLLATE=old_ci", false)
	f.Add("CREATE VIEW v AS SELECT \"COLLATE old_ci\" COLLATE `old_ci` /*!50001 COLLATE old_ci */ -- COLLATE old_ci", true)
	f.Fuzz(func(t *testing.T, sql string, ansi bool) {
		mode := ddl.Mode{ANSIQuotes: ansi}
		if got := MapCollations(sql, mode, map[string]string{"old_ci": "old_ci"}); !strings.EqualFold(strings.NewReplacer("`", "", `"`, "", "'", "").Replace(got), strings.NewReplacer("`", "", `"`, "", "'", "").Replace(sql)) {
			t.Errorf("mapping a collation to itself makes %q of %q", got, sql)
		}
		if got := MapCollations(sql, mode, nil); got != sql {
			t.Errorf("mapping nothing makes %q of %q", got, sql)
		}
	})
}

func TestMapCollations(t *testing.T) {
	m := map[string]string{"old_ci": "new_ci"}
	for _, tc := range []struct{ name, sql, want string }{
		{"column and table", "CREATE TABLE t (a TEXT CHARACTER SET x COLLATE old_ci) COLLATE=old_ci", "CREATE TABLE t (a TEXT CHARACTER SET x COLLATE new_ci) COLLATE=new_ci"},
		{"any case", "CREATE TABLE t (a TEXT collate OLD_CI)", "CREATE TABLE t (a TEXT collate new_ci)"},
		{"quoted", "SELECT a COLLATE `old_ci`", "SELECT a COLLATE new_ci"},
		{"conditional comment", "CREATE DATABASE d /*!40100 DEFAULT CHARACTER SET x COLLATE old_ci */", "CREATE DATABASE d /*!40100 DEFAULT CHARACTER SET x COLLATE new_ci */"},
		{"not in strings", "SELECT 'COLLATE old_ci' COLLATE old_ci", "SELECT 'COLLATE old_ci' COLLATE new_ci"},
		{"not in comments", "SELECT 1 /* COLLATE old_ci */", "SELECT 1 /* COLLATE old_ci */"},
		{"not a name alone", "SELECT old_ci FROM `COLLATE` old_ci", "SELECT old_ci FROM `COLLATE` old_ci"},
		{"not another one", "SELECT a COLLATE old_ci_2", "SELECT a COLLATE old_ci_2"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := MapCollations(tc.sql, ddl.Mode{}, m); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}
