package server_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/turbo-hipster/turbo-hipster/snapshot/server/servertest"
)

func TestSlowLogHasTheJobsStatementsOnly(t *testing.T) {
	s := servertest.Start(t)
	read := func() string {
		text, err := os.ReadFile(s.SlowLog())
		must(t, err)
		return string(text)
	}
	if text := read(); text != "" {
		t.Errorf("a server starts with a slow log of %q", text)
	}
	must(t, s.CreateDatabase(t.Context(), "d", "", ""))
	exec1(t, s, "d", "CREATE TABLE restored (a INT)")
	exec1(t, s, "d", "INSERT INTO restored VALUES (1)")
	must(t, s.EnableSlowLog(t.Context(), time.Microsecond)) // everything is slow

	a, err := s.CreateAccountAs(t.Context(), "d", "nova", "")
	must(t, err)
	db := s.AccountDB(a, "d")
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	for _, stmt := range []string{"SELECT 1 + SLEEP(0.001)", "ALTER TABLE restored ADD COLUMN b INT"} {
		_, err := db.Exec(stmt)
		must(t, err)
	}
	_, err = s.Counters(t.Context())
	must(t, err)
	for _, stmt := range []string{"SET GLOBAL slow_query_log_file = '/dev/null'", "SET GLOBAL log_output = 'NONE'", "SET GLOBAL slow_query_log = 0"} {
		if _, err := db.Exec(stmt); err == nil {
			t.Errorf("the account may run %s", stmt)
		}
	}
	must(t, db.Close())

	text := read()
	for _, want := range []string{"SELECT 1 + SLEEP", "ALTER TABLE restored", "User@Host: nova[nova]", "Query_time: 0.00"} {
		if !strings.Contains(text, want) {
			t.Errorf("the slow log lacks %q:\n%s", want, text)
		}
	}
	for _, ours := range []string{"INSERT INTO restored", "CREATE TABLE", "CREATE USER", "GLOBAL STATUS"} {
		if strings.Contains(text, ours) {
			t.Errorf("the slow log has our own %q:\n%s", ours, text)
		}
	}
}

func TestSlowLogThreshold(t *testing.T) {
	s := servertest.Start(t)
	must(t, s.EnableSlowLog(t.Context(), 0))
	db := s.DB("")
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	// A statement is logged after its answer, and before the session's next statement.
	for _, stmt := range []string{"SELECT 'quick'", "SELECT SLEEP(0.6)", "DO 1"} {
		_, err := db.Exec(stmt)
		must(t, err)
	}
	text, err := os.ReadFile(s.SlowLog())
	must(t, err)
	if strings.Contains(string(text), "quick") || !strings.Contains(string(text), "SLEEP(0.6)") {
		t.Errorf("with the default threshold of 0.5 s:\n%s", text)
	}
}

func TestErrorLogIsTheServers(t *testing.T) {
	s := servertest.Server(t)
	text, err := os.ReadFile(s.ErrorLog())
	must(t, err)
	if !strings.Contains(string(text), "ready for connections") {
		t.Errorf("no start in the error log:\n%s", text)
	}
}
