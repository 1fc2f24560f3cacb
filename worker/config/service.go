package config

import (
	"fmt"

	"github.com/turbo-hipster/turbo-hipster/internal/strictyaml"
	"github.com/turbo-hipster/turbo-hipster/worker"
)

// Function is a Gearman function that the service registers, and what is behind it.
type Function struct {
	Name        string // as it is registered: build:JOB or build:JOB:NODE
	Job         string // the job's name
	Plugin      worker.Plugin
	Project     string   // "" for any
	Steps       string   // the tool; "" for a shell script
	Datasets    []string // references into the store
	DatasetsDir string   // where classic dataset directories are; "" is nowhere
}

// Functions lists what the service registers, in the order of the jobs.
func (c *Config) Functions() []Function {
	out := make([]Function, len(c.Jobs))
	for i := range c.Jobs {
		j := &c.Jobs[i]
		out[i] = Function{j.GearmanFunction(), j.Name, j.Plugin, j.Project, j.Tool.Name, j.Datasets, j.DatasetsDir}
	}
	return out
}

// Served returns the job behind the function of that job, as Zuul calls it, and
// node label, or an UnknownJobError.
func (c *Config) Served(job, node string) (*Job, error) {
	unknown := &UnknownJobError{Name: (&Job{Function: job, Node: node}).GearmanFunction()}
	for i := range c.Jobs {
		j := &c.Jobs[i]
		if j.Function == job && j.Node == node {
			return j, nil
		}
		unknown.Known = append(unknown.Known, j.GearmanFunction())
	}
	return nil, unknown
}

// ForService says what the service needs and the configuration lacks, though
// th-worker run does without: an error of type strictyaml.Mistakes, or nil.
func (c *Config) ForService() error {
	var wrong strictyaml.Mistakes
	lack := func(file string, line int, format string, args ...any) {
		wrong = append(wrong, strictyaml.Mistake{File: file, Line: line, Msg: fmt.Sprintf(format, args...)})
	}
	main := ""
	if len(c.Files) > 0 {
		main = c.Files[0]
	}
	if len(c.Zuul.GearmanServers) == 0 {
		lack(main, 0, "no gearman_host in zuul_server: want the host of Zuul's Gearman server")
	}
	if c.Zuul.Origin() == "" {
		lack(main, 0, "no git_url, git_origin or gerrit_site in zuul_server: want where projects are cloned from")
	}
	for i := range c.Jobs {
		if j := &c.Jobs[i]; j.Plugin == worker.PluginRealDBUpgrade && len(j.Datasets) == 0 && j.DatasetsDir == "" {
			lack(j.File, j.Line, "job %q has no datasets and no datasets_dir: nothing to test on", j.Name)
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	return wrong
}
