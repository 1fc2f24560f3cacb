package servertest

import (
	"bytes"
	"io"
	"os/exec"
	"strings"
	"testing"

	_ "embed"

	"github.com/turbo-hipster/turbo-hipster/snapshot/server"
)

// AllTypes is SQL text that fills an empty database with every column type at
// its extremes and every kind of object. It is for the client ([Load]).
//
//go:embed testdata/alltypes.sql
var AllTypes string

// Load runs SQL text in database ("" for none) on s with the server's own client, which knows
// DELIMITER. An error in it fails t.
func Load(t testing.TB, s *server.Server, database string, text io.Reader) {
	t.Helper()
	cmd := client(t, s, "mariadb", "mysql")
	cmd.Args = append(cmd.Args, "--default-character-set=utf8mb4", "--max-allowed-packet=1G")
	if database != "" {
		cmd.Args = append(cmd.Args, database)
	}
	cmd.Stdin = text
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("load SQL text: %v: %s", err, stderr.Bytes())
	}
}

// Dump returns what the server's own dump program writes of database, with args
// added to its command line.
func Dump(t testing.TB, s *server.Server, database string, args ...string) []byte {
	t.Helper()
	cmd := client(t, s, "mariadb-dump", "mysqldump")
	cmd.Args = append(append(cmd.Args, args...), database)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("dump database: %v: %s", err, stderr.Bytes())
	}
	return out
}

func client(t testing.TB, s *server.Server, names ...string) *exec.Cmd {
	t.Helper()
	c := s.Config("")
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			cmd := exec.CommandContext(t.Context(), path, "--no-defaults", "--socket="+s.Socket(), "--user="+c.User)
			cmd.Env = append(cmd.Environ(), "MYSQL_PWD="+c.Passwd)
			return cmd
		}
	}
	t.Fatalf("found a server but no client program %s: install mariadb-client", strings.Join(names, " or "))
	return nil
}
