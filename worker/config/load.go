package config

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"time"

	"github.com/turbo-hipster/turbo-hipster/datasets"
	"github.com/turbo-hipster/turbo-hipster/internal/strictyaml"
	"github.com/turbo-hipster/turbo-hipster/worker"
)

// maxBytes bounds a configuration file.
const maxBytes = 8 << 20

// Load reads the configuration file at path. Mistakes are an error of type
// strictyaml.Mistakes that lists all of them with their lines.
func Load(path string) (*Config, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	if info.Size() > maxBytes {
		return nil, fmt.Errorf("read configuration %q: larger than %d bytes", path, maxBytes)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	dir, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	return Parse(path, dir, data)
}

// Parse reads a configuration from its text. The file's name is for messages;
// relative paths are relative to dir, an absolute path.
func Parse(file, dir string, data []byte) (*Config, error) {
	doc, err := strictyaml.Parse(file, data)
	if err != nil {
		return nil, err
	}
	c := &Config{
		Slots: 1, ShutdownGrace: time.Hour, Trouble: Trouble{3, 10 * time.Second, ThenRetry},
		Logs: Logs{SQLSlow: Log{Own: true}, SQLErr: Log{Own: true}}, Files: []string{file},
	}
	r := reader{file: file, dir: dir}
	doc.Root().Fields(strictyaml.Fields{
		"store":            func(n strictyaml.Node) { c.Store = r.path(n) },
		"jobs_working_dir": func(n strictyaml.Node) { c.JobsWorkingDir = r.path(n) },
		"git_working_dir":  func(n strictyaml.Node) { c.GitWorkingDir = r.path(n) },
		"server_dir":       func(n strictyaml.Node) { c.ServerDir = r.path(n) },
		"jobs": func(n strictyaml.Node) {
			n.List(func(_ int, n strictyaml.Node) { c.Jobs = append(c.Jobs, r.job(n)) })
		},
	})
	c.validate(doc.Root())
	if err := doc.Err(); err != nil {
		return nil, err
	}
	return c, nil
}

// validate notes what is wrong with the configuration as a whole.
func (c *Config) validate(root strictyaml.Node) {
	if len(c.Jobs) == 0 {
		root.Mistake("no jobs: want at least one under jobs")
	}
	lines := map[string]int{}
	for _, job := range c.Jobs {
		if first, ok := lines[job.Name]; ok && job.Name != "" {
			root.MistakeAt(job.Line, "a second job %q: the first is at line %d", job.Name, first)
			continue
		}
		lines[job.Name] = job.Line
	}
}

// reader reads the parts of a configuration.
type reader struct {
	file string
	dir  string // of the configuration file
}

// path reads a path; a relative one is taken from the file's directory.
func (r reader) path(n strictyaml.Node) string {
	p := n.Path()
	if p == "" || filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(r.dir, p)
}

// job reads one job and notes what it lacks.
func (r reader) job(n strictyaml.Node) Job {
	j := Job{Charset: "utf8mb4", Plugin: worker.PluginRealDBUpgrade, File: r.file, Line: n.Line()}
	fields := strictyaml.Fields{
		"name":                   func(n strictyaml.Node) { j.Name = r.name(n) },
		"project":                func(n strictyaml.Node) { j.Project = n.Text() },
		"git":                    func(n strictyaml.Node) { j.Git = r.git(n) },
		"datasets":               func(n strictyaml.Node) { j.Datasets = r.references(n) },
		"database":               func(n strictyaml.Node) { j.Database = r.database(n) },
		"charset":                func(n strictyaml.Node) { j.Charset = r.charset(n) },
		"steps":                  func(n strictyaml.Node) { j.Tool = r.tool(n) },
		"command":                func(n strictyaml.Node) { j.Command, j.CommandText = r.command(n) },
		"environment":            func(n strictyaml.Node) { j.Environment = r.environment(n) },
		"timeout":                func(n strictyaml.Node) { j.Timeout = n.Seconds() },
		"expected_final_version": func(n strictyaml.Node) { j.ExpectedFinalVersion = n.Text() },
		"map_collation":          func(n strictyaml.Node) { j.MapCollation = r.collations(n) },
		"limits":                 func(n strictyaml.Node) { n.Fields(datasets.LimitFields(&j.Limits)) },
	}
	maps.Copy(fields, datasets.LimitFields(&j.Limits))
	seen := n.Keys()
	n.Fields(fields)
	for _, key := range []string{"name", "command", "steps"} {
		if !seen[key] {
			n.Mistake("the job has no %s", key)
		}
	}
	j.Function, j.Expected.Version = j.Name, j.ExpectedFinalVersion
	return j
}
