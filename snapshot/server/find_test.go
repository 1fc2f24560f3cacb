package server

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestParseVersion(t *testing.T) {
	for _, tc := range []struct {
		name, out string
		flavor    Flavor
		version   string
	}{
		{"mariadb of debian", "mariadbd  Ver 10.11.6-MariaDB-0+deb12u1 for debian-linux-gnu on x86_64 (Debian 12)\n", MariaDB, "10.11.6-MariaDB-0+deb12u1"},
		{"mariadb before its own name", "mysqld  Ver 10.3.39-MariaDB for Linux on x86_64 (MariaDB Server)", MariaDB, "10.3.39-MariaDB"},
		{"mysql", "/usr/sbin/mysqld  Ver 8.0.36 for Linux on x86_64 (MySQL Community Server - GPL)", MySQL, "8.0.36"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			flavor, version, err := parseVersion(tc.out)
			if err != nil || flavor != tc.flavor || version != tc.version {
				t.Errorf("got %q %q %v, want %q %q", flavor, version, err, tc.flavor, tc.version)
			}
		})
	}
	if _, _, err := parseVersion("sh: not found"); err == nil {
		t.Error("text without a version is accepted")
	}
}

func TestFindNothing(t *testing.T) {
	dir := t.TempDir()
	// A directory and a file that cannot run are no server.
	if err := os.Mkdir(filepath.Join(dir, "mariadbd"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "mysqld"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Find(t.Context(), []string{dir})
	if !errors.Is(err, ErrNotFound) {
		t.Fatalf("got %v, want ErrNotFound", err)
	}
	for _, want := range []string{dir, "install mariadb-server"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error %q does not say %q", err, want)
		}
	}
}

func TestSearchPath(t *testing.T) {
	dirs := SearchPath("/opt/db/bin:relative:/usr/bin")
	if dirs[0] != "/opt/db/bin" {
		t.Errorf("the user's path does not come first: %q", dirs)
	}
	seen := map[string]int{}
	for _, dir := range dirs {
		seen[dir]++
	}
	if seen["relative"] != 0 || seen["/usr/sbin"] != 1 || seen["/usr/bin"] != 1 {
		t.Errorf("unexpected search path %q", dirs)
	}
}

func TestGrantPattern(t *testing.T) {
	for database, want := range map[string]string{
		"plain": "`plain`", "a_b": "`a\\_b`", "50%": "`50\\%`", "tick`": "`tick```", `back\slash`: "`back\\\\slash`",
	} {
		if got := grantPattern(database); got != want {
			t.Errorf("grantPattern(%q) = %s, want %s", database, got, want)
		}
	}
}
