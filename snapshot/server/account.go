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
	Password string // of an account that was made up, letters and digits only
}

// CreateAccount makes an account with a random name and password that may do
// anything in database, which need not exist, and nothing elsewhere: it can read
// and write no files, see no other database and stop no server. It may drop the
// database itself and create it again.
func (s *Server) CreateAccount(ctx context.Context, database string) (Account, error) {
	return s.CreateAccountAs(ctx, database, "", "")
}

// CreateAccountAs is [Server.CreateAccount] with a given name and password. What
// is empty is random.
func (s *Server) CreateAccountAs(ctx context.Context, database, user, password string) (Account, error) {
	a, err := s.newAccount()
	if err != nil {
		return Account{}, fmt.Errorf("create account for database %q: %w", database, err)
	}
	for _, given := range []struct {
		value string
		bad   func(string) string
		take  *string
	}{{user, BadUser, &a.User}, {password, BadPassword, &a.Password}} {
		if given.value == "" {
			continue
		}
		if why := given.bad(given.value); why != "" {
			return Account{}, fmt.Errorf("create account for database %q: %s", database, why)
		}
		*given.take = given.value
	}
	for _, stmt := range []string{
		fmt.Sprintf("CREATE USER '%s'@'localhost' IDENTIFIED BY '%s'", a.User, quoteText(a.Password)),
		fmt.Sprintf("GRANT ALL PRIVILEGES ON %s.* TO '%s'@'localhost'", grantPattern(database), a.User),
	} {
		if _, err := s.monitor.ExecContext(ctx, stmt); err != nil {
			return Account{}, fmt.Errorf("create account for database %q: %w", database, err)
		}
	}
	return a, nil
}

const (
	maxUserBytes     = 32  // MySQL's limit; MariaDB takes 128
	maxPasswordBytes = 256 // enough, and it passes through command lines and environments
)

// BadUser says why name cannot be the name of an account, or "". A name is 1 to
// 32 letters, digits, '_', '-' and '.'; those that a server has of its own are
// refused.
func BadUser(name string) string {
	switch strings.ToLower(name) {
	case "":
		return "want a user name"
	case "root", "mysql", "mariadb.sys", "mysql.sys", "mysql.session", "mysql.infoschema", "public":
		return "this user belongs to the server"
	}
	if len(name) > maxUserBytes {
		return fmt.Sprintf("want a user name of at most %d characters", maxUserBytes)
	}
	for _, c := range []byte(name) {
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (c < '0' || c > '9') && c != '_' && c != '-' && c != '.' {
			return "want a user name of letters, digits, '_', '-' and '.'"
		}
	}
	return ""
}

// BadPassword says why a password cannot be an account's, or "", without showing
// any of it. A password is 1 to 256 printable characters of ASCII.
func BadPassword(password string) string {
	switch {
	case password == "":
		return "want a password"
	case len(password) > maxPasswordBytes:
		return fmt.Sprintf("want a password of at most %d characters", maxPasswordBytes)
	}
	for _, c := range []byte(password) {
		if c < ' ' || c > '~' {
			return "want a password of printable ASCII characters"
		}
	}
	return ""
}

// quoteText is the inside of a string literal in a session of ours.
func quoteText(s string) string { return strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) }

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
