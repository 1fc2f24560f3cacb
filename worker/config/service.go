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
// node label.
func (c *Config) Served(job, node string) (*Job, error) {
	for i := range c.Jobs {
		if j := &c.Jobs[i]; j.Function == job && j.Node == node {
			return j, nil
		}
	}
	asked := Job{Function: job, Node: node}
	return nil, fmt.Errorf("function %q is not in the configuration", asked.GearmanFunction())
}

// ForService says what the service needs and the configuration lacks, though
// th-worker run does without: an error of type strictyaml.Mistakes, or nil.
func (c *Config) ForService() error {
	var wrong strictyaml.Mistakes
	file := ""
	if len(c.Files) > 0 {
		file = c.Files[0]
	}
	if len(c.Zuul.GearmanServers) == 0 {
		wrong = append(wrong, strictyaml.Mistake{File: file, Msg: "no zuul_server.gearman_host: want the host of Zuul's Gearman server"})
	}
	if len(wrong) == 0 {
		return nil
	}
	return wrong
}
