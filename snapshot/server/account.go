package server

import (
	"context"
	"fmt"
	"regexp"
	"strings"
)

// Account is a user of the server.
type Account struct {
	User     string
	Password string // letters and digits only
}

// CreateAccount makes an account with a random password that may do anything
// in database, which need not exist, and nothing elsewhere: it can read and write
// no files, see no other database and stop no server.
func (s *Server) CreateAccount(ctx context.Context, database string) (Account, error) {
	a, err := s.newAccount()
	if err != nil {
		return Account{}, fmt.Errorf("create account for database %q: %w", database, err)
	}
	db := s.DB("")
	defer func() { _ = db.Close() }()
	for _, stmt := range []string{
		fmt.Sprintf("CREATE USER '%s'@'localhost' IDENTIFIED BY '%s'", a.User, a.Password),
		fmt.Sprintf("GRANT ALL PRIVILEGES ON %s.* TO '%s'@'localhost'", grantPattern(database), a.User),
	} {
		if _, err := db.ExecContext(ctx, stmt); err != nil {
			return Account{}, fmt.Errorf("create account for database %q: %w", database, err)
		}
	}
	return a, nil
}

func (s *Server) newAccount() (Account, error) {
	s.randLock.Lock()
	defer s.randLock.Unlock()
	name, err := randomHex(s.opts.Rand, 4)
	if err != nil {
		return Account{}, err
	}
	password, err := randomHex(s.opts.Rand, 16)
	return Account{User: "job_" + name, Password: password}, err
}

var wordPattern = regexp.MustCompile(`^\w*$`)

// CreateDatabase makes a database. An empty charset or collation is the
// server's default.
func (s *Server) CreateDatabase(ctx context.Context, name, charset, collation string) error {
	if !wordPattern.MatchString(charset) || !wordPattern.MatchString(collation) {
		return fmt.Errorf("create database %q: strange character set or collation", name)
	}
	stmt := "CREATE DATABASE " + QuoteIdentifier(name)
	if charset != "" {
		stmt += " CHARACTER SET " + charset
	}
	if collation != "" {
		stmt += " COLLATE " + collation
	}
	return s.exec(ctx, stmt, "create database", name)
}

// DropDatabase removes a database, if it exists, with all that is in it, even
// when tables of another database refer to it.
func (s *Server) DropDatabase(ctx context.Context, name string) error {
	return s.exec(ctx, "DROP DATABASE IF EXISTS "+QuoteIdentifier(name), "drop database", name)
}

// exec runs a statement in a session of its own that checks no foreign keys.
func (s *Server) exec(ctx context.Context, stmt, what, name string) error {
	c := s.Config("")
	c.Params = map[string]string{"foreign_key_checks": "0"}
	db := open(c)
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(ctx, stmt); err != nil {
		return fmt.Errorf("%s %q: %w", what, name, err)
	}
	return nil
}

// QuoteIdentifier writes name as an identifier that any sql_mode reads.
func QuoteIdentifier(name string) string {
	return "`" + strings.ReplaceAll(name, "`", "``") + "`"
}

// grantPattern quotes a database name for GRANT, where _ and % are wildcards:
// unescaped, an account for a_b would reach axb as well.
func grantPattern(database string) string {
	return QuoteIdentifier(strings.NewReplacer(`\`, `\\`, `_`, `\_`, `%`, `\%`).Replace(database))
}
