package datasets_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/datasets"
	"github.com/turbo-hipster/turbo-hipster/internal/strictyaml"
)

// tree makes files in a new directory; a name that ends in a slash is a directory.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if strings.HasSuffix(name, "/") {
			if err := os.MkdirAll(path, 0o755); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, path, text)
	}
	return dir
}

const seeded = `{"project": "openstack/nova", "type": "mysql", "seed_data": "seed.sql"}`

// The directory of a real classic dataset.
func TestScanClassicDirectory(t *testing.T) {
	found, err := datasets.Scan("testdata/classic")
	if err != nil || len(found) != 1 {
		t.Fatalf("got %v, %v", found, err)
	}
	d := found[0]
	path, err := filepath.Abs("testdata/classic/user_001")
	if err != nil {
		t.Fatal(err)
	}
	if d.Settings.Limits.Times["151->152"].Seconds() != 333 || d.Settings.Limits.RowsRead["215->216"] != 930000 || len(d.Settings.Limits.RowsChanged) != 10 {
		t.Errorf("limits %+v", d.Settings.Limits)
	}
	d.Settings.Limits = datasets.Limits{}
	want := datasets.Directory{
		Name: "user_001", Path: path,
		Settings: datasets.Settings{
			Project: "openstack/nova", Type: "mysql", Database: "nova_datasets_user_001",
			DBUser: "nova", DBPassword: "tester", SeedData: "nova_user_001.sql", LoggingConf: "logging.conf",
		},
		SeedPath: filepath.Join(path, "nova_user_001.sql"), LoggingConfPath: filepath.Join(path, "logging.conf"),
	}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := d.OpenSeed(); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), `"user_001"`) {
		t.Errorf("a seed that is not there: %v", err)
	}
}

func TestScanWhatThereIs(t *testing.T) {
	dir := tree(t, map[string]string{
		"classic/config.json":                strings.Replace(seeded, "seed.sql", "dumps/seed.sql.gz", 1),
		"classic/dumps/seed.sql.gz":          "the seed",
		"yaml/settings.yaml":                 "project: p\nseed_data: s.sql\n",
		"postgres/config.json":               strings.Replace(seeded, "mysql", "postgresql", 1),
		"both/config.json":                   seeded, // with snapshots: they are used
		"both/oci-layout":                    "{}",
		"both/seed.sql":                      "",
		"nova/user_001/oci-layout":           "{}", // a store's nested name
		"nova/user_001/settings.yaml":        "project: openstack/nova\n",
		"nova/user_001/blobs/sha256/x":       "",
		"nova/unset/oci-layout":              "{}",
		"nova/anybody/oci-layout":            "{}",
		"nova/anybody/settings.yaml":         "database: x\n",
		"nova/classic_too_deep/config.json":  seeded,
		"not_a_dataset/README":               "",
		"empty/":                             "",
		"lost+found/":                        "",
		".drafts/x/oci-layout":               "{}",
		".git/config.json":                   "no dataset",
		"README":                             "",
		"classic/inner/oci-layout":           "{}", // not looked at
		"both/nested/oci-layout":             "{}", // a store may have names below names
		"both/nested/config.json":            `{"project": "p"}`,
		"elsewhere/real/config.json":         seeded,
		"not_a_dataset/config.json.disabled": "{",
	})
	if err := os.Symlink(filepath.Join(dir, "elsewhere", "real"), filepath.Join(dir, "linked")); err != nil {
		t.Fatal(err)
	}
	found, err := datasets.Scan(dir)
	if err != nil {
		t.Fatal(err)
	}
	type row struct{ Name, Seed, Skipped string }
	got := []row{}
	for _, d := range found {
		seed, err := filepath.Rel(d.Path, d.SeedPath)
		if d.SeedPath == "" {
			seed = ""
		} else if err != nil {
			t.Fatal(err)
		}
		got = append(got, row{d.Name, seed, d.Skipped})
		if d.Snapshots == (d.SeedPath != "") && d.Skipped == "" {
			t.Errorf("%s has snapshots %t and seed %q", d.Name, d.Snapshots, d.SeedPath)
		}
	}
	want := []row{
		{"both", "", ""},
		{"both/nested", "", ""},
		{"classic", filepath.Join("dumps", "seed.sql.gz"), ""},
		{"linked", "seed.sql", ""},
		{"nova/anybody", "", "its settings name no project whose changes are tested on it"},
		{"nova/unset", "", "no config.json or settings.yaml says whose changes are tested on it"},
		{"nova/user_001", "", ""},
		{"postgres", "", "its database is of type postgresql: only mysql is supported"},
		{"yaml", "s.sql", ""},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := datasets.Load(dir, "postgres"); err == nil || !strings.Contains(err.Error(), "no other type of database is supported") {
		t.Errorf("asked for by name, the dataset that is skipped gives %v", err)
	}
	f, err := found[2].OpenSeed()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if text, err := io.ReadAll(f); string(text) != "the seed" || err != nil {
		t.Errorf("the seed is %q, %v", text, err)
	}
	if _, err := found[0].OpenSeed(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the seed beside snapshots: %v", err)
	}
}

func TestScanReportsEveryMistake(t *testing.T) {
	dir := tree(t, map[string]string{
		"a_good/config.json":   seeded,
		"absolute/config.json": strings.Replace(seeded, "seed.sql", "/etc/passwd", 1),
		"broken/config.json":   "{",
		"dots/config.json":     "{\"project\": \"p\",\n\"seed_data\": \"../a_good/seed.sql\",\n\"logging_conf\": \"..\"}",
		"itself/config.json":   strings.Replace(seeded, "seed.sql", "./", 1),
		"linked/config.json":   seeded,
		"no_seed/config.json":  `{"type": "mysql"}`,
		"number/config.json":   `{"project": "p", "seed_data": 7}`,
		"type/config.json":     strings.Replace(seeded, "mysql", "mysqk", 1),
		"two/config.json":      seeded,
		"two/settings.yaml":    "",
		"user/config.json":     "{\"project\": \"p\", \"seed_data\": \"x\",\n\"db_user\": \"root\",\n\"db_pass\": \"s3cr\\u00e4t\"}",
	})
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "linked", "seed.sql")); err != nil {
		t.Fatal(err)
	}
	found, err := datasets.Scan(dir)
	if len(found) != 1 || found[0].Name != "a_good" {
		t.Errorf("beside the mistakes got %+v", found)
	}
	mistakes, ok := errors.AsType[strictyaml.Mistakes](err)
	if !ok {
		t.Fatalf("got %v", err)
	}
	want := `absolute/config.json:1: seed_data: want the path of a file in the dataset's directory
broken/config.json:1: not YAML: could not find flow mapping end token '}'
dots/config.json:2: seed_data: want the path of a file in the dataset's directory
dots/config.json:3: logging_conf: want the path of a file in the dataset's directory
itself/config.json:1: seed_data: want the path of a file in the dataset's directory
linked/config.json: seed_data: want the path of a file in the dataset's directory: statat seed.sql: path escapes from parent
no_seed/config.json: project is missing: a dataset without snapshots has one
no_seed/config.json: seed_data is missing: a dataset without snapshots has one
number/config.json:1: seed_data: want a path (as text), got a number
number/config.json:1: seed_data: want the path of a file in the dataset's directory
two: both config.json and settings.yaml exist; keep one
type/config.json:1: type: want "mysql": no other type of database is supported
user/config.json:2: db_user: this user belongs to the server
user/config.json:3: db_pass: want a password of printable ASCII characters`
	if got := strings.ReplaceAll(mistakes.Error(), dir+string(filepath.Separator), ""); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// What becomes of a directory after it was scanned cannot lead a reader out of it.
func TestSeedIsAFileOfItsDirectory(t *testing.T) {
	dir := tree(t, map[string]string{"d/config.json": seeded, "d/seed.sql": "x", "outside.sql": "secret"})
	found, err := datasets.Scan(dir)
	if err != nil {
		t.Fatal(err)
	}
	seed := found[0].SeedPath
	for name, replace := range map[string]func() error{
		"link out":  func() error { return os.Symlink(filepath.Join(dir, "outside.sql"), seed) },
		"FIFO":      func() error { return syscall.Mkfifo(seed, 0o600) },
		"directory": func() error { return os.Mkdir(seed, 0o700) },
		"nothing":   func() error { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			if err := errors.Join(os.RemoveAll(seed), replace()); err != nil {
				t.Fatal(err)
			}
			f, err := found[0].OpenSeed()
			if err == nil {
				_ = f.Close()
				t.Fatal("it was opened")
			}
			if errors.Is(err, fs.ErrNotExist) != (name == "nothing") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestScanNoDirectory(t *testing.T) {
	if _, err := datasets.Scan(filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}
