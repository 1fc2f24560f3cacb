package config

import (
	"github.com/turbo-hipster/turbo-hipster/internal/strictyaml"
	"github.com/turbo-hipster/turbo-hipster/worker"
)

// Served is one Gearman function that the service registers.
type Served struct {
	Function    string // as it is registered: build:JOB or build:JOB:NODE
	Job         string // the job's name
	Plugin      worker.Plugin
	Project     string   // "" for any
	Steps       string   // the tool; "" for a shell script
	Datasets    []string // references into the store
	DatasetsDir string   // where classic dataset directories are; "" is nowhere
}

// Served lists what the service does, in the order of the jobs.
func (c *Config) Served() []Served {
	out := make([]Served, len(c.Jobs))
	for i := range c.Jobs {
		j := &c.Jobs[i]
		out[i] = Served{j.GearmanFunction(), j.Name, j.Plugin, j.Project, j.Tool.Name, j.Datasets, j.DatasetsDir}
	}
	return out
}

// ServiceMistakes says what the service needs and the configuration lacks, though
// th-worker run does without: an error of type strictyaml.Mistakes, or nil.
func (c *Config) ServiceMistakes() error {
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
