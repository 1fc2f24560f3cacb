package datasets_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/datasets"
)

// classic is a dataset's config.json as the classic tools had it, shortened.
const classic = `{
  "Innodb_rows_read": {"148->149": 110000, "default": 100000},
  "XInnodb_rows_changed": {"148->149": 110000, "default": 100000},
  "database": "nova_datasets_user_001",
  "db_pass": "tester", "db_user": "nova", "logging_conf": "logging.conf",
  "maximum_migration_times": {"134->135": 200.0, "230->231": 120, "_138_bugs": [1263835], "default": 60},
  "project": "openstack/nova", "seed_data": "nova_user_001.sql", "type": "mysql"
}`

func TestParseClassicSettings(t *testing.T) {
	got, err := datasets.Parse("config.json", []byte(classic))
	if err != nil {
		t.Fatal(err)
	}
	want := datasets.Settings{
		Project: "openstack/nova", Type: "mysql", Database: "nova_datasets_user_001",
		DBUser: "nova", DBPassword: "tester", SeedData: "nova_user_001.sql", LoggingConf: "logging.conf",
		Limits: datasets.Limits{
			Times:       map[string]time.Duration{"134->135": 200 * time.Second, "230->231": 2 * time.Minute, "default": time.Minute},
			RowsChanged: map[string]int64{"148->149": 110000, "default": 100000},
			RowsRead:    map[string]int64{"148->149": 110000, "default": 100000},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settings differ (-want +got):\n%s", diff)
	}
}

func TestParseReportsEveryMistake(t *testing.T) {
	text := "project: [a]\ntypo: 1\ndatabse: x\nmaximum_migration_times:\n  default: fast\n  73-74: 1\n"
	_, err := datasets.Parse("settings.yaml", []byte(text))
	want := `settings.yaml:1: project: want text, got a list
settings.yaml:2: unknown key "typo": did you mean "type"?
settings.yaml:3: unknown key "databse": did you mean "database"?
settings.yaml:5: maximum_migration_times.default: want a number, got text
settings.yaml:6: maximum_migration_times.73-74: want "default" or a step such as "73->74"`
	if err == nil || err.Error() != want {
		t.Errorf("got:\n%v\nwant:\n%s", err, want)
	}
}

func TestLimitLookup(t *testing.T) {
	limits := datasets.Limits{Times: map[string]time.Duration{"default": time.Minute, "1->2": time.Second, "3->2": 0}}
	for _, tc := range []struct {
		name, from, to string
		want           time.Duration
	}{
		{"own limit", "1", "2", time.Second},
		{"default", "2", "3", time.Minute},
		{"the way back is another step", "2", "1", time.Minute},
		{"a limit of nothing holds", "3", "2", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got, ok := limits.Time(tc.from, tc.to); !ok || got != tc.want {
				t.Errorf("got %v, %v; want %v", got, ok, tc.want)
			}
		})
	}
	if _, ok := (datasets.Limits{}).Time("1", "2"); ok {
		t.Error("no limits, yet there is one")
	}
}

func TestOverride(t *testing.T) {
	base := datasets.Limits{Times: map[string]time.Duration{"default": time.Minute, "1->2": time.Second}}
	got := base.Override(datasets.Limits{Times: map[string]time.Duration{"1->2": time.Hour}})
	want := map[string]time.Duration{"default": time.Minute, "1->2": time.Hour}
	if diff := cmp.Diff(want, got.Times); diff != "" {
		t.Error(diff)
	}
	if base.Times["1->2"] != time.Second {
		t.Error("the overridden limits were changed")
	}
}

func TestLoad(t *testing.T) {
	store := t.TempDir()
	dir := filepath.Join(store, "nova", "user_001")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if got, err := datasets.Load(store, "nova/user_001"); err != nil || got.Project != "" {
		t.Fatalf("without settings: got %v, %v", got, err)
	}
	write(t, filepath.Join(dir, "config.json"), classic)
	if got, err := datasets.Load(store, "nova/user_001"); err != nil || got.Project != "openstack/nova" {
		t.Fatalf("with config.json: got %v, %v", got, err)
	}
	write(t, filepath.Join(dir, "settings.yaml"), "project: x\n")
	if _, err := datasets.Load(store, "nova/user_001"); err == nil || !strings.Contains(err.Error(), "keep one") {
		t.Fatalf("with two files: got %v", err)
	}
}

func TestBadDatabase(t *testing.T) {
	for _, name := range []string{"", "mysql", "Information_Schema", "a b", "a`b", "a/b", strings.Repeat("x", 65)} {
		if datasets.BadDatabase(name) == "" {
			t.Errorf("%q passes", name)
		}
	}
	for _, name := range []string{"nova", "nova_datasets-1$"} {
		if why := datasets.BadDatabase(name); why != "" {
			t.Errorf("%q: %s", name, why)
		}
	}
}

func TestParseHostileText(t *testing.T) {
	for _, text := range []string{"a: &x [*x]\n", "project: *nobody", "maximum_migration_times: {default: .inf}", "- 1", "\"", "a: 1\na: 2"} {
		if _, err := datasets.Parse("x", []byte(text)); err == nil {
			t.Errorf("%q passes", text)
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
