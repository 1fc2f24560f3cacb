package datasets

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/internal/strictyaml"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server"
)

// Settings are what is known of a dataset beside its snapshots. The zero value
// is a dataset without settings: it serves any project and limits nothing.
type Settings struct {
	Project  string // whose changes are tested on the dataset, such as openstack/nova; "" for any
	Type     string // the database's type; "" and "mysql" are the same
	Database string // the schema's name during a build; "" leaves it to the job
	Limits   Limits

	// The rest is for classic directories. Snapshots do without.
	DBUser      string // the account that migrations use; "" for one that is made up
	DBPassword  string // its password, never to be shown; "" for one that is made up
	SeedData    string // the SQL dump's path, in the dataset's directory
	LoggingConf string // the path of an OpenStack logging configuration, in the dataset's directory
}

// ErrTwoSettings says that a dataset has config.json and settings.yaml, so that
// nobody could tell which holds.
var ErrTwoSettings = errors.New("both config.json and settings.yaml exist; keep one")

// maxSettingsBytes bounds a settings file; a real one has a few KiB.
const maxSettingsBytes = 1 << 20

// Load reads the settings of the dataset name in the store directory. A dataset
// without settings has the zero Settings. Mistakes in the file are an error of
// type strictyaml.Mistakes that lists all of them.
func Load(storeDir, name string) (Settings, error) {
	file, err := settingsFile(filepath.Join(storeDir, filepath.FromSlash(name)))
	if err != nil {
		return Settings{}, fmt.Errorf("read settings of dataset %q: %w", name, err)
	}
	if file == "" {
		return Settings{}, nil
	}
	return loadFile(file, mysqlOnly)
}

// settingsFile is the path of the one file with settings in a dataset's
// directory; "" when there is none.
func settingsFile(dir string) (string, error) {
	found := ""
	for _, name := range []string{"config.json", "settings.yaml"} {
		path := filepath.Join(dir, name)
		_, err := os.Stat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrInvalid):
		case err != nil:
			return "", err
		case found != "":
			return "", ErrTwoSettings
		default:
			found = path
		}
	}
	return found, nil
}

func loadFile(path string, types []string) (Settings, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Settings{}, fmt.Errorf("read dataset settings: %w", err)
	}
	if !info.Mode().IsRegular() {
		return Settings{}, fmt.Errorf("read dataset settings %q: not a regular file", path)
	}
	if info.Size() > maxSettingsBytes {
		return Settings{}, fmt.Errorf("read dataset settings %q: larger than %d bytes", path, maxSettingsBytes)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return Settings{}, fmt.Errorf("read dataset settings: %w", err)
	}
	return parse(path, data, types)
}

const typeMySQL = "mysql"

// Types of databases: those that can be tested on, and those that are known and
// passed over where a directory of datasets has them.
var (
	mysqlOnly  = []string{typeMySQL}
	knownTypes = []string{typeMySQL, "postgresql", "postgres", "pgsql", "sqlite"}
)

// Parse reads settings from a file's text, YAML or JSON. The file's name is for
// messages only.
func Parse(file string, data []byte) (Settings, error) { return parse(file, data, mysqlOnly) }

func parse(file string, data []byte, types []string) (Settings, error) {
	doc, err := strictyaml.Parse(file, data)
	if err != nil {
		return Settings{}, err
	}
	var s Settings
	fields := strictyaml.Fields{
		"project": func(n strictyaml.Node) { s.Project = n.Text() },
		"type": func(n strictyaml.Node) {
			if s.Type = n.Text(); !slices.Contains(types, s.Type) {
				n.Mistake(`want "mysql": no other type of database is supported`)
			}
		},
		"database":     checked(&s.Database, strictyaml.Node.Text, BadDatabase),
		"db_user":      checked(&s.DBUser, strictyaml.Node.Text, unlessEmpty(server.BadUser)),
		"db_pass":      checked(&s.DBPassword, strictyaml.Node.Text, unlessEmpty(server.BadPassword)),
		"seed_data":    checked(&s.SeedData, strictyaml.Node.Path, badPath),
		"logging_conf": checked(&s.LoggingConf, strictyaml.Node.Path, badPath),
	}
	maps.Copy(fields, LimitFields(&s.Limits))
	doc.Root().Fields(fields)
	return s, doc.Err()
}

// checked reads text and notes what is bad about it.
func checked(into *string, read func(strictyaml.Node) string, bad func(string) string) func(strictyaml.Node) {
	return func(n strictyaml.Node) {
		*into = read(n)
		if why := bad(*into); why != "" {
			n.Mistake("%s", why)
		}
	}
}

// unlessEmpty lets empty text pass: what it stands for is made up.
func unlessEmpty(bad func(string) string) func(string) string {
	return func(s string) string {
		if s == "" {
			return ""
		}
		return bad(s)
	}
}

// badPath says why path does not name a file below the dataset's directory, or
// "". Symbolic links are looked at when the file is.
func badPath(path string) string {
	if !filepath.IsLocal(path) || filepath.Clean(path) == "." {
		return "want the path of a file in the dataset's directory"
	}
	return ""
}

// BadDatabase says why name cannot be the name of a build's schema, or "". A
// name is 1 to 64 letters, digits, '_', '-' and '$'; names that a server has of
// its own are refused.
func BadDatabase(name string) string {
	switch strings.ToLower(name) {
	case "":
		return "want a database name"
	case "mysql", "information_schema", "performance_schema", "sys":
		return "this name belongs to the server"
	}
	if len(name) > 64 {
		return "want a database name of at most 64 characters"
	}
	for _, c := range []byte(name) {
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (c < '0' || c > '9') && c != '_' && c != '-' && c != '$' {
			return "want a database name of letters, digits, '_', '-' and '$'"
		}
	}
	return ""
}

// isStep tells whether a limit's key names a step. The first of all has nothing
// before its arrow, and one that is undone may have nothing behind it.
func isStep(key string) bool {
	from, to, ok := strings.Cut(key, "->")
	return ok && from+to != "" && strings.TrimSpace(key) == key
}
