package server

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// ErrNotFound is the cause of every [NotFoundError]: the machine has no usable
// database server.
var ErrNotFound = errors.New("database server not found")

// NotFoundError says which program is missing, and where it was looked for.
type NotFoundError struct {
	Program  string   // what was looked for
	Searched []string // the directories, in order
	Install  string   // the package that has it
}

// Error names the program, the directories and the package to install.
func (e *NotFoundError) Error() string {
	return fmt.Sprintf("%s not found in %s: install %s", e.Program, strings.Join(e.Searched, ":"), e.Install)
}

// Is reports whether target is [ErrNotFound].
func (e *NotFoundError) Is(target error) bool { return target == ErrNotFound }

// Flavor tells the two families of servers apart.
type Flavor string

// The families of servers.
const (
	MariaDB Flavor = "mariadb"
	MySQL   Flavor = "mysql"
)

// Binaries are the programs of one installed server.
type Binaries struct {
	Server  string // absolute path of mariadbd or mysqld
	Install string // absolute path of mariadb-install-db; "" for MySQL, which needs none
	Flavor  Flavor
	Version string // exact, as the program prints it: "10.11.6-MariaDB-0+deb12u1"
	search  []string
}

// SearchPath splits the value of a PATH variable and adds the directories where
// distributions keep server programs, which are seldom on a user's path.
func SearchPath(path string) []string {
	dirs := filepath.SplitList(path)
	for _, dir := range []string{"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/libexec", "/usr/bin", "/sbin", "/bin"} {
		if !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	return slices.DeleteFunc(dirs, func(dir string) bool { return !filepath.IsAbs(dir) })
}

// Find looks for a server in dirs, in order, MariaDB before MySQL, and asks it
// for its version. The error is a [NotFoundError] when there is none.
func Find(ctx context.Context, dirs []string) (Binaries, error) {
	program := lookup(dirs, "mariadbd", "mysqld")
	if program == "" {
		return Binaries{}, &NotFoundError{Program: "mariadbd", Searched: dirs, Install: "mariadb-server"}
	}
	b := Binaries{Server: program, search: slices.Clone(dirs)}
	cmd := exec.CommandContext(ctx, program, "--no-defaults", "--version")
	cmd.Env = b.environment()
	out, err := cmd.Output()
	if err != nil {
		return Binaries{}, fmt.Errorf("ask %s for its version: %w", program, err)
	}
	if b.Flavor, b.Version, err = parseVersion(string(out)); err != nil {
		return Binaries{}, fmt.Errorf("ask %s for its version: %w", program, err)
	}
	if b.Flavor == MySQL {
		return b, nil
	}
	if b.Install = lookup(dirs, "mariadb-install-db", "mysql_install_db"); b.Install == "" {
		return Binaries{}, &NotFoundError{Program: "mariadb-install-db", Searched: dirs, Install: "mariadb-server"}
	}
	return b, nil
}

// environment is all that a program of ours inherits. The time zone is fixed so
// that SYSTEM means the same on every machine.
func (b Binaries) environment() []string {
	return []string{"PATH=" + strings.Join(b.search, string(filepath.ListSeparator)), "TZ=UTC", "LC_ALL=C"}
}

// lookup returns the first executable file with one of the names; an earlier
// name wins over an earlier directory.
func lookup(dirs []string, names ...string) string {
	for _, name := range names {
		for _, dir := range dirs {
			path := filepath.Join(dir, name)
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
				return path
			}
		}
	}
	return ""
}

var versionPattern = regexp.MustCompile(`\bVer\s+(\d+\.\d+\.\d+\S*)`)

// parseVersion reads what "mariadbd --version" and "mysqld --version" print.
func parseVersion(out string) (Flavor, string, error) {
	m := versionPattern.FindStringSubmatch(out)
	if m == nil {
		return "", "", fmt.Errorf("no version in %q", strings.TrimSpace(out))
	}
	if strings.Contains(out, "MariaDB") {
		return MariaDB, m[1], nil
	}
	return MySQL, m[1], nil
}
