package config_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/turbo-hipster/turbo-hipster/worker/config"
)

// etc is where the files that operators copy are.
const etc = "../../etc"

func readText(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// parseForService parses a text that the service must be content with.
func parseForService(t *testing.T, text string) *config.Config {
	t.Helper()
	c, err := config.Parse("config.yaml", "/etc/turbo-hipster", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.ForService(); err != nil {
		t.Error(err)
	}
	return c
}

func TestExample(t *testing.T) {
	example := readText(t, filepath.Join(etc, "turbo-hipster", "config.yaml"))
	c := parseForService(t, example)

	// Every option in it is one, and what stands there as the default is the default.
	option := regexp.MustCompile(`(?m)^( *)#([a-z][A-Za-z_-]*: |- name: |  (?:plugin|shell_script): )`)
	all := option.ReplaceAllString(example, "$1$2")
	all = regexp.MustCompile(`(?m)^ *(gearman_host|gearman_port): .*$`).ReplaceAllString(all, "") // gearman_servers stand in their place
	all = strings.Replace(all, "/etc/turbo-hipster/conf.d", t.TempDir(), 1)
	if n := strings.Count(all, "\n") - strings.Count(example, "\n"); n != 0 {
		t.Fatalf("%d lines more", n)
	}
	every := parseForService(t, all)
	if c.ShutdownGrace != every.ShutdownGrace || c.Trouble != every.Trouble || c.Logs != every.Logs || c.Slots != 1 {
		t.Errorf("the example's defaults are not the defaults: %+v", every)
	}
	if j := every.Jobs[0]; j.Charset != c.Jobs[0].Charset || j.Function != c.Jobs[0].Function || j.ShutdownAfter {
		t.Errorf("the example's job's defaults are not the defaults: %+v", j)
	}
	if len(every.Jobs) != 3 {
		t.Errorf("%d jobs", len(every.Jobs))
	}
}

// Operators find every key in the example and in the package's documentation.
func TestEveryKeyIsExplained(t *testing.T) {
	texts := map[string]string{
		"the example": readText(t, filepath.Join(etc, "turbo-hipster", "config.yaml")),
		"doc.go":      readText(t, "doc.go"),
	}
	_, err := config.Parse("config.yaml", "/etc", []byte(`
zzzzzzzz: 1
zuul_server: {zzzzzzzz: 1, tls: {zzzzzzzz: 1}}
trouble: {zzzzzzzz: 1}
logs: {zzzzzzzz: 1}
publish_logs: {zzzzzzzz: 1}
plugins: [{zzzzzzzz: 1}]
jobs: [{zzzzzzzz: 1, git: {zzzzzzzz: 1}, python: {zzzzzzzz: 1}, steps: {zzzzzzzz: 1, versions: {zzzzzzzz: 1}},
  limits: {zzzzzzzz: 1}, expected_final_version: {zzzzzzzz: 1}}]
`))
	if err == nil {
		t.Fatal("no mistake")
	}
	swift := regexp.MustCompile(`^(authurl|user|password|tenant|region|container)$`)
	keys := 0
	for _, known := range regexp.MustCompile(`known keys are (.*)`).FindAllStringSubmatch(err.Error(), -1) {
		for key := range strings.SplitSeq(known[1], ", ") {
			if swift.MatchString(key) {
				continue
			}
			keys++
			for name, text := range texts {
				if !regexp.MustCompile(`\b` + regexp.QuoteMeta(key) + `\b`).MatchString(text) {
					t.Errorf("%s does not explain %s", name, key)
				}
			}
		}
	}
	if keys < 90 {
		t.Errorf("only %d keys", keys)
	}
}

// The unit gives running builds the time that the example promises, and lets the
// service write where the example makes it write.
func TestUnitFitsExample(t *testing.T) {
	c := parseForService(t, readText(t, filepath.Join(etc, "turbo-hipster", "config.yaml")))
	unit := readText(t, filepath.Join(etc, "systemd", "th-worker.service"))
	setting := func(key string) string {
		m := regexp.MustCompile(`(?m)^` + key + `=(.*)$`).FindStringSubmatch(unit)
		if m == nil {
			t.Fatalf("the unit has no %s", key)
		}
		return m[1]
	}
	stop, err := time.ParseDuration(strings.TrimSuffix(setting("TimeoutStopSec"), "in"))
	if err != nil || stop <= c.ShutdownGrace {
		t.Errorf("the unit kills after %s (%v), builds have %s", stop, err, c.ShutdownGrace)
	}
	writable := []string{
		"/var/lib/" + setting("StateDirectory") + "/", "/var/cache/" + setting("CacheDirectory") + "/",
		"/var/log/" + setting("LogsDirectory") + "/", strings.TrimPrefix(setting("ReadWritePaths"), "-"),
	}
	for _, path := range []string{c.Store, c.JobsWorkingDir, c.GitWorkingDir, c.PipDownloadCache, c.DebugLog} {
		ok := false
		for _, dir := range writable {
			ok = ok || strings.HasPrefix(path, dir)
		}
		if !ok {
			t.Errorf("the unit does not let the service write %s", path)
		}
	}
	rotated := readText(t, filepath.Join(etc, "logrotate.d", "turbo-hipster"))
	if pattern := regexp.MustCompile(`(?m)^(/\S+) \{`).FindStringSubmatch(rotated); pattern == nil {
		t.Error("logrotate has no file")
	} else if ok, err := filepath.Match(pattern[1], c.DebugLog); !ok {
		t.Errorf("logrotate does not know %s (%v)", c.DebugLog, err)
	}
}
