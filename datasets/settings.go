package datasets

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/internal/strictyaml"
)

// Settings are what is known of a dataset beside its snapshots. The zero value
// is a dataset without settings: it serves any project and limits nothing.
type Settings struct {
	Project  string // whose changes are tested on the dataset, such as openstack/nova; "" for any
	Type     string // the database's type; "" and "mysql" are the same
	Database string // the schema's name during a build; "" leaves it to the job
	Limits   Limits
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
	dir := filepath.Join(storeDir, filepath.FromSlash(name))
	var found []string
	for _, file := range []string{"config.json", "settings.yaml"} {
		path := filepath.Join(dir, file)
		if _, err := os.Stat(path); err == nil {
			found = append(found, path)
		} else if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrInvalid) {
			return Settings{}, fmt.Errorf("read settings of dataset %q: %w", name, err)
		}
	}
	switch len(found) {
	case 0:
		return Settings{}, nil
	case 1:
		return loadFile(found[0])
	default:
		return Settings{}, fmt.Errorf("read settings of dataset %q: %w", name, ErrTwoSettings)
	}
}

func loadFile(path string) (Settings, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Settings{}, fmt.Errorf("read dataset settings: %w", err)
	}
	if info.Size() > maxSettingsBytes {
		return Settings{}, fmt.Errorf("read dataset settings %q: larger than %d bytes", path, maxSettingsBytes)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return Settings{}, fmt.Errorf("read dataset settings: %w", err)
	}
	return Parse(path, data)
}

// Parse reads settings from a file's text, YAML or JSON. The file's name is for
// messages only.
func Parse(file string, data []byte) (Settings, error) {
	doc, err := strictyaml.Parse(file, data)
	if err != nil {
		return Settings{}, err
	}
	var s Settings
	ignored := func(strictyaml.Node) {}
	fields := strictyaml.Fields{
		"project": func(n strictyaml.Node) { s.Project = n.Text() },
		"type": func(n strictyaml.Node) {
			if s.Type = n.Text(); s.Type != "mysql" {
				n.Mistake(`want "mysql": no other type of database is supported`)
			}
		},
		"database": func(n strictyaml.Node) {
			s.Database = n.Text()
			if why := BadDatabase(s.Database); why != "" {
				n.Mistake("%s", why)
			}
		},
		"db_user": ignored, "db_pass": ignored, "seed_data": ignored, "logging_conf": ignored,
	}
	maps.Copy(fields, LimitFields(&s.Limits))
	doc.Root().Fields(fields)
	return s, doc.Err()
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

// isStep tells whether a limit's key names a step.
func isStep(key string) bool {
	from, to, ok := strings.Cut(key, "->")
	return ok && from != "" && to != "" && strings.TrimSpace(key) == key
}
