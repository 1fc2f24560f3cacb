package config

import (
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/turbo-hipster/turbo-hipster/datasets"
	"github.com/turbo-hipster/turbo-hipster/internal/strictyaml"
	"github.com/turbo-hipster/turbo-hipster/snapshot/store"
	"github.com/turbo-hipster/turbo-hipster/worker"
)

// Job is what the worker can do for one name.
type Job struct {
	Name     string // what --job asks for, and TH_JOB_NAME; never ends in a slash
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

	// ExpectedFinalVersion is Expected.Version.
	ExpectedFinalVersion string
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

// name reads a job's name: it becomes part of messages and of paths.
func (r reader) name(n strictyaml.Node) string {
	name := n.Text()
	if name == "" || strings.ContainsFunc(name, func(c rune) bool { return c <= ' ' || c == 0x7f || c == '/' }) {
		n.Mistake("want a name without white space and slashes")
	}
	return name
}

// git reads where the change comes from.
func (r reader) git(n strictyaml.Node) Git {
	g := Git{Ref: "HEAD"}
	n.Fields(strictyaml.Fields{
		"url": func(n strictyaml.Node) {
			g.URL = n.Text()
			if strings.HasPrefix(g.URL, "./") || strings.HasPrefix(g.URL, "../") {
				g.URL = filepath.Join(r.dir, g.URL)
			}
			if err := worker.CheckURL(g.URL); err != nil {
				n.Mistake("%v", err)
			}
		},
		"ref": func(n strictyaml.Node) {
			g.Ref = n.Text()
			if err := worker.CheckRef(g.Ref); err != nil {
				n.Mistake("%v", err)
			}
		},
	})
	if !n.Keys()["url"] {
		n.Mistake("no url: want a git repository's URL or path")
	}
	return g
}

// references reads the datasets to test on.
func (r reader) references(n strictyaml.Node) []string {
	var out []string
	lines := map[string]int{}
	n.List(func(_ int, n strictyaml.Node) {
		ref := n.Text()
		parsed, err := store.ParseReference(ref)
		if err != nil {
			n.Mistake("%v", err)
		}
		if parsed.Tag == store.LatestTag {
			parsed.Tag = "" // a name alone means the same
		}
		if first, ok := lines[parsed.String()]; ok && err == nil {
			n.Mistake("dataset %s a second time: the first is at line %d", ref, first)
		}
		lines[parsed.String()] = n.Line()
		out = append(out, ref)
	})
	return out
}

// database reads a schema's name.
func (r reader) database(n strictyaml.Node) string {
	name := n.Text()
	if why := datasets.BadDatabase(name); why != "" {
		n.Mistake("%s", why)
	}
	return name
}

// charset reads the client's character set; it goes into a URL as it is.
func (r reader) charset(n strictyaml.Node) string {
	charset := n.Text()
	if !isWord(charset) {
		n.Mistake("want a character set's name, such as utf8mb4")
	}
	return charset
}

// collations reads which collation stands in for which.
func (r reader) collations(n strictyaml.Node) map[string]string {
	out := map[string]string{}
	n.Each(func(from string, n strictyaml.Node) {
		to := n.Text()
		if !isWord(from) || !isWord(to) {
			n.Mistake("want two collations' names, such as utf8mb4_0900_ai_ci: utf8mb4_unicode_ci")
		}
		out[from] = to
	})
	return out
}

// isWord tells whether a name is one that a server gives to a character set or a
// collation.
func isWord(name string) bool { return regexp.MustCompile(`^[a-z0-9_]{1,64}$`).MatchString(name) }

// tool reads what the command's output looks like.
func (r reader) tool(n strictyaml.Node) worker.Tool {
	var t worker.Tool
	n.Fields(strictyaml.Fields{
		"tool": func(n strictyaml.Node) {
			t.Name = n.Choice(worker.ToolSQLAlchemyMigrate, worker.ToolAlembic, worker.ToolPatterns)
		},
		"start": func(n strictyaml.Node) { t.Start = r.pattern(n) },
		"end":   func(n strictyaml.Node) { t.End = r.pattern(n) },
	})
	switch {
	case !n.Keys()["tool"]:
		n.Mistake("no tool: want sqlalchemy-migrate, alembic or patterns")
	case t.Name == worker.ToolPatterns && t.Start == "":
		n.Mistake("tool patterns needs start, a regular expression")
	case t.Name != worker.ToolPatterns && t.Start+t.End != "":
		n.Mistake("start and end are for tool patterns only")
	}
	return t
}

// pattern reads a regular expression.
func (r reader) pattern(n strictyaml.Node) string {
	p := n.Text()
	if _, err := regexp.Compile(p); err != nil {
		n.Mistake("%v", err)
	}
	return p
}

// command reads what migrates: a shell's line, or program and arguments.
func (r reader) command(n strictyaml.Node) (argv []string, text string) {
	if !n.IsList() {
		text = n.Text()
		if strings.TrimSpace(text) == "" {
			n.Mistake("want a command")
		}
		return []string{"/bin/sh", "-c", text}, text
	}
	argv = n.Texts()
	if len(argv) == 0 || argv[0] == "" {
		n.Mistake("want a program and its arguments")
	}
	return argv, strings.Join(argv, " ")
}

// environment reads variables for the command.
func (r reader) environment(n strictyaml.Node) map[string]string {
	out := map[string]string{}
	n.Each(func(key string, n strictyaml.Node) {
		value := n.Text()
		switch {
		case !regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`).MatchString(key):
			n.Mistake("want a variable's name of letters, digits and '_'")
		case strings.HasPrefix(key, "TH_"):
			n.Mistake("variables that start with TH_ are set by the worker")
		case strings.ContainsRune(value, 0):
			n.Mistake("want a value without NUL")
		default:
			out[key] = value
		}
	})
	return out
}
