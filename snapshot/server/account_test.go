package server_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot/server"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server/servertest"
)

// What a classic script does first: it throws its database away and makes it again.
func TestAccountRemakesItsDatabase(t *testing.T) {
	s := servertest.Server(t)
	name, other := servertest.Name(t, s), servertest.Name(t, s)
	must(t, s.CreateDatabase(t.Context(), name, "", ""))
	must(t, s.CreateDatabase(t.Context(), other, "", ""))
	const password = `p'a"s\s%word #;` + "`$"
	user := "nova-" + name[len(name)-8:]
	a, err := s.CreateAccountAs(t.Context(), name, user, password)
	must(t, err)
	t.Cleanup(func() { exec1(t, s, "", "DROP USER '"+user+"'@localhost") })
	if a != (server.Account{User: user, Password: password}) {
		t.Fatalf("got account %q with another password or name", a.User)
	}
	db := s.AccountDB(a, "")
	defer func() { _ = db.Close() }()
	for _, stmt := range []string{
		"DROP DATABASE " + name, "CREATE DATABASE " + name, "CREATE TABLE " + name + ".t (a INT)",
	} {
		if _, err := db.Exec(stmt); err != nil {
			t.Errorf("%s: %v", stmt, err)
		}
	}
	for _, stmt := range []string{
		"DROP DATABASE " + other, "CREATE DATABASE " + other + "x", "CREATE TABLE " + other + ".t (a INT)", "USE " + other,
		"ALTER DATABASE " + other + " COLLATE latin1_bin", "DROP USER root@localhost", "SET PASSWORD FOR root@localhost = ''",
		"CREATE USER x", "GRANT ALL ON " + name + ".* TO root@localhost", "KILL 1", "FLUSH TABLES", "FLUSH STATUS",
	} {
		if _, err := db.Exec(stmt); err == nil {
			t.Errorf("the account may run %s", stmt)
		}
	}
	if _, err := s.CreateAccountAs(t.Context(), name, user, "x"); err == nil {
		t.Error("an account that exists was given another password")
	}
	wrong := s.AccountDB(server.Account{User: user, Password: "x"}, "")
	defer func() { _ = wrong.Close() }()
	if wrong.Ping() == nil {
		t.Error("any password will do")
	}
}

func TestAccountNames(t *testing.T) {
	s := servertest.Server(t)
	for _, user := range []string{"root", "ROOT", "mysql", "mariadb.sys", "PUBLIC", "a b", "a'b", "a@b", "ü", strings.Repeat("x", 33)} {
		if _, err := s.CreateAccountAs(t.Context(), "d", user, "x"); err == nil {
			t.Errorf("user %q was created", user)
		}
	}
	for _, password := range []string{"s3cret\n", "s3crät", "s3cret" + strings.Repeat("x", 256), "s3\x00cret"} {
		_, err := s.CreateAccountAs(t.Context(), "d", "nova", password)
		if err == nil || strings.Contains(err.Error(), "s3") {
			t.Errorf("a password that cannot be one: %v", err)
		}
	}
	if server.BadUser("nova_user-1.x") != "" || server.BadPassword("tester") != "" || server.BadUser("") == "" || server.BadPassword("") == "" {
		t.Error("BadUser or BadPassword is wrong about plain ones")
	}
}

// DATA DIRECTORY is what a production dump may have, and a way out of the home.
func TestTablesStayInTheHome(t *testing.T) {
	s, name := servertest.Database(t)
	for _, engine := range []string{"InnoDB", "MyISAM", "Aria"} {
		outside := t.TempDir()
		exec1(t, s, name, "CREATE TABLE t_"+engine+" (a INT) ENGINE="+engine+" DATA DIRECTORY='"+outside+"'")
		left, err := filepath.Glob(filepath.Join(outside, "*"))
		if err != nil || len(left) > 0 {
			t.Errorf("%s wrote %v %v", engine, left, err)
		}
		if _, err := os.Stat(filepath.Join(s.DataDir(), name, "t_"+engine+".frm")); err != nil {
			t.Error(err)
		}
	}
}
