package config

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/turbo-hipster/turbo-hipster/datasets"
	"github.com/turbo-hipster/turbo-hipster/internal/strictyaml"
	"github.com/turbo-hipster/turbo-hipster/worker"
)

// Config is a whole configuration file. An empty directory name means that the
// file leaves it to the default.
type Config struct {
	Store          string
	JobsWorkingDir string
	GitWorkingDir  string
	ServerDir      string
	Jobs           []Job // at least one, with different names
}

// Job is what the worker can do for one name.
type Job struct {
	Name                 string
	Project              string
	Git                  Git
	Datasets             []string // references; empty leaves them to the command line
	Database             string
	Charset              string // never empty
	Tool                 worker.Tool
	Command              []string // program and arguments
	CommandText          string   // the command as people read it
	Environment          map[string]string
	Timeout              time.Duration // 0 is none
	ExpectedFinalVersion string
	MapCollation         map[string]string
	Limits               datasets.Limits // these override a dataset's own
	Line                 int             // where the job starts in the file
}

// Git says where a job's change comes from. The zero value leaves it to --source.
type Git struct {
	URL string
	Ref string // HEAD when the file gives none
}

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
	c := &Config{}
	r := reader{dir: dir}
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

// Job returns the job called name, or an error that lists the jobs there are.
func (c *Config) Job(name string) (*Job, error) {
	names := make([]string, len(c.Jobs))
	for i := range c.Jobs {
		if c.Jobs[i].Name == name {
			return &c.Jobs[i], nil
		}
		names[i] = c.Jobs[i].Name
	}
	return nil, &UnknownJobError{Name: name, Known: names}
}

// UnknownJobError says that the configuration has no job of that name.
type UnknownJobError struct {
	Name  string
	Known []string
}

func (e *UnknownJobError) Error() string {
	return fmt.Sprintf("no job %q in the configuration; it has %s", e.Name, strings.Join(e.Known, ", "))
}

// reader reads the parts of a configuration.
type reader struct {
	dir string // of the configuration file
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
	j := Job{Charset: "utf8mb4", Line: n.Line()}
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
	return j
}
