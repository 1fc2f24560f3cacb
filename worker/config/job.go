package config

import (
	"maps"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/turbo-hipster/turbo-hipster/datasets"
	"github.com/turbo-hipster/turbo-hipster/internal/strictyaml"
	"github.com/turbo-hipster/turbo-hipster/worker"
)

// Job is what the worker can do for one name.
type Job struct {
	Name     string // what --job asks for; without "build:"
	Function string // the Gearman function without "build:" and without Node; Zuul's name of the job
	Node     string // the node label that is part of the Gearman function; "" is none
	Plugin   worker.Plugin

	Project     string // whose changes are tested; "" for any
	Git         Git
	Base        string   // a ref to compare with; BaseBranch; or "" to compare with nothing
	Datasets    []string // references into the store; empty leaves them to the command line
	DatasetsDir string   // a directory of classic dataset directories; "" is none
	Database    string
	Charset     string // never empty

	Prepare     worker.Environment // python and setup
	Tool        worker.Tool        // the zero value for a shell script
	Command     []string           // program and arguments
	CommandText string             // the command as people read it
	Environment map[string]string  // variables of every command
	Timeout     time.Duration      // of each command; 0 is none
	Expected    worker.Expected

	MapCollation map[string]string
	Limits       datasets.Limits // these override a dataset's own

	ShutdownAfter bool // the service stops, gracefully, after one build of this job

	File string // in which file the job is
	Line int    // where it starts there
}

// BaseBranch as a job's Base stands for the branch that the change is for.
const BaseBranch = "branch"

// Git says where a job's change comes from. The zero value leaves it to --source,
// or to Zuul.
type Git struct {
	URL string
	Ref string // HEAD when the file gives none
}

// buildPrefix is before the name of every Gearman function for builds.
const buildPrefix = "build:"

// GearmanFunction is what is registered: build:JOB, or build:JOB:NODE.
func (j *Job) GearmanFunction() string {
	if j.Node == "" {
		return buildPrefix + j.Function
	}
	return buildPrefix + j.Function + ":" + j.Node
}

// draft is a job that is not complete until all files are read.
type draft struct {
	Job
	node       strictyaml.Node
	at         map[string]strictyaml.Node // the keys that have values
	scriptsDir string
	script     string // shell_script
}

// jobs reads a list of jobs.
func (r *reader) jobs(n strictyaml.Node) {
	r.list(n, func(d *draft) strictyaml.Fields {
		return strictyaml.Fields{
			"name":     func(n strictyaml.Node) { d.Name = name(n) },
			"plugin":   func(n strictyaml.Node) { d.Plugin = plugin(n) },
			"function": func(strictyaml.Node) {}, // see functions
		}
	}, func(d *draft) {
		d.needs("name")
		if at, ok := d.at["function"]; ok {
			d.function(at)
		} else if at, ok := d.at["name"]; ok && d.Name != "" {
			d.function(at)
		}
	})
}

// plugins reads a list of jobs in the older form, in which name is the plugin.
func (r *reader) plugins(n strictyaml.Node) {
	r.list(n, func(d *draft) strictyaml.Fields {
		return strictyaml.Fields{
			"name":     func(n strictyaml.Node) { d.Plugin = plugin(n) },
			"function": func(n strictyaml.Node) { d.Name = name(n) },
		}
	}, func(d *draft) {
		d.needs("name", "function")
		if at, ok := d.at["name"]; ok {
			d.at["plugin"] = at
		}
		if at, ok := d.at["function"]; ok && d.Name != "" {
			d.function(at)
		}
	})
}

// list reads jobs: named are the keys that name one, and named what is done when
// all keys are read.
func (r *reader) list(n strictyaml.Node, names func(*draft) strictyaml.Fields, named func(*draft)) {
	n.List(func(_ int, n strictyaml.Node) {
		d := &draft{Job: Job{Charset: "utf8mb4", File: r.file, Line: n.Line()}, node: n, at: map[string]strictyaml.Node{}}
		fields := r.jobFields(d)
		maps.Copy(fields, names(d))
		n.Fields(noting(d.at, "", fields))
		named(d)
		r.drafts = append(r.drafts, d)
	})
}

// jobFields are the keys of a job but those that name it.
func (r *reader) jobFields(d *draft) strictyaml.Fields {
	fields := strictyaml.Fields{
		"node":                   func(n strictyaml.Node) { d.Node = n.Text() },
		"project":                func(n strictyaml.Node) { d.Project = project(n) },
		"git":                    func(n strictyaml.Node) { d.Git = r.git(n) },
		"base":                   func(n strictyaml.Node) { d.Base = ref(n) }, // BaseBranch is a ref by its form
		"datasets":               func(n strictyaml.Node) { d.Datasets = references(n) },
		"datasets_dir":           func(n strictyaml.Node) { d.DatasetsDir = r.path(n) },
		"database":               func(n strictyaml.Node) { d.Database = database(n) },
		"charset":                func(n strictyaml.Node) { d.Charset = charset(n) },
		"map_collation":          func(n strictyaml.Node) { d.MapCollation = collations(n) },
		"python":                 func(n strictyaml.Node) { d.Prepare.Python = r.python(n) },
		"setup":                  func(n strictyaml.Node) { d.Prepare.Command.Argv, d.Prepare.Command.Text = command(n) },
		"steps":                  func(n strictyaml.Node) { d.Tool = tool(n) },
		"command":                func(n strictyaml.Node) { d.Command, d.CommandText = command(n) },
		"shell_script":           func(n strictyaml.Node) { d.script = line(n) },
		"scripts_dir":            func(n strictyaml.Node) { d.scriptsDir = r.path(n) },
		"environment":            func(n strictyaml.Node) { d.Environment = environment(n) },
		"timeout":                func(n strictyaml.Node) { d.Timeout = n.Seconds() },
		"expected_final_version": func(n strictyaml.Node) { d.Expected = expected(n) },
		"limits":                 func(n strictyaml.Node) { n.Fields(datasets.LimitFields(&d.Limits)) },
		"shutdown-th":            func(n strictyaml.Node) { d.ShutdownAfter = n.Bool() },
	}
	maps.Copy(fields, datasets.LimitFields(&d.Limits))
	return fields
}

// needs notes which of the keys the job has not.
func (d *draft) needs(keys ...string) {
	for _, key := range keys {
		if _, ok := d.at[key]; !ok {
			d.node.Mistake("the job has no %s", key)
		}
	}
}

// name reads a job's name: it becomes part of messages and of paths.
func name(n strictyaml.Node) string {
	name := strings.TrimPrefix(n.Text(), buildPrefix)
	if name == "" || strings.ContainsFunc(name, func(c rune) bool { return c <= ' ' || c == 0x7f || c == '/' }) {
		n.Mistake("want a name without white space and slashes")
		return ""
	}
	return name
}

// project reads a project's name: it becomes part of paths and URLs.
func project(n strictyaml.Node) string {
	name := n.Text()
	for part := range strings.SplitSeq(name, "/") {
		if part == "" || strings.ContainsAny(part[:1], ".-~") || strings.ContainsFunc(part, func(c rune) bool { return c <= ' ' || c == 0x7f }) {
			n.Mistake("want a project's name, such as openstack/nova")
			return ""
		}
	}
	return name
}

// plugin reads a plugin's name; "" when there is none of it.
func plugin(n strictyaml.Node) worker.Plugin {
	const upgrade, script, alias = string(worker.PluginRealDBUpgrade), string(worker.PluginShellScript), "gate_real_db_upgrade"
	switch n.Choice(upgrade, script, alias) {
	case upgrade, alias: // the alias was its first name
		return worker.PluginRealDBUpgrade
	case script:
		return worker.PluginShellScript
	}
	return ""
}

// function reads the Gearman function: JOB or JOB:NODE, with or without build:.
func (d *draft) function(n strictyaml.Node) {
	job, label, hasLabel := strings.Cut(strings.TrimPrefix(n.Text(), buildPrefix), ":")
	d.Function = job
	if !isFunctionPart(job) || hasLabel && !isFunctionPart(label) {
		n.Mistake("want a Gearman function: JOB or JOB:NODE, without spaces and slashes, and neither begins with '.', '-' or '~'")
		return
	}
	at, hasNode := d.at["node"]
	switch {
	case !hasNode:
		d.Node = label
	case !isFunctionPart(d.Node):
		at.Mistake("want a node label without spaces, slashes and colons, which does not begin with '.', '-' or '~'")
	case hasLabel && label != d.Node:
		at.Mistake("not the node label at the end of the function")
	}
}

// isFunctionPart tells whether a name can be part of a Gearman function: Zuul
// reads functions from a list separated by white space, and its job's name becomes
// part of the log path. gearmand takes names of up to 512 bytes.
func isFunctionPart(name string) bool {
	return name != "" && len(name) <= 250 && !strings.ContainsAny(name[:1], ".-~") && !strings.ContainsAny(name, ` :/\`) &&
		!strings.ContainsFunc(name, func(c rune) bool { return c == utf8.RuneError || !unicode.IsPrint(c) })
}
