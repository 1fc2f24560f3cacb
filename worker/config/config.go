package config

import (
	"fmt"
	"strings"
	"time"
)

// Config is a whole configuration: the file, and the files of its conf_d over it.
// An empty directory name means that it is left to the default, which cmd knows.
// All paths are absolute.
type Config struct {
	Store            string
	JobsWorkingDir   string
	GitWorkingDir    string
	ServerDir        string
	PipDownloadCache string // the CacheDir of every job's virtual environment; "" is a cache for each build
	DebugLog         string // the service's own log; "" is standard error

	Zuul Zuul
	// Manager is by which name Zuul stops builds; "" is turbo-hipster-manager-HOSTNAME.
	Manager string
	Slots   int // builds at once, 1 to 1000; never 0
	// ShutdownGrace is how long running builds may take to end once the service was
	// told to stop, at most a week. It is 1 h by default: longer than builds take. One
	// that is cut off says nothing of its change and is done again from its beginning,
	// and Zuul does not try for ever.
	ShutdownGrace time.Duration
	Trouble       Trouble
	Logs          Logs
	Publish       Publish
	Jobs          []Job // at least one, with different names and functions; in the order of the files

	Files []string // what was read: the configuration file, then those of conf_d
}

// Trouble says what is done when a build came to no verdict. Parse leaves nothing 0.
type Trouble struct {
	Attempts int           // how often a build is tried in all, 1 to 100; 3 by default
	Pause    time.Duration // between two attempts, 1 ms to 1 h; 10 s by default
	Then     Then          // after the last; ThenRetry by default
}

// Then says how a build without a verdict is answered.
type Then string

// The answers.
const (
	ThenRetry  Then = "retry"  // without a result, so that Zuul starts the build again, within its own attempts
	ThenReport Then = "report" // with the classic words, which the change's author reads
)

// Logs are what is followed while a build's commands run, and becomes part of the
// build's log, which authors read.
type Logs struct {
	Syslog  Log // not followed by default
	SQLSlow Log // the private server's own by default
	SQLErr  Log // the private server's own by default
}

// Log is one of the followed files. The zero value is not followed.
type Log struct {
	Path string // a file of this machine
	Own  bool   // what the build's private database server has for it; Path is ""
}

// Publish says where results are copied to. The zero value copies nothing.
type Publish struct {
	Type       string // PublishLocal, or "" for nowhere
	Path       string // results are copied to Path/LOG_PATH
	PrependURL string // they are seen at PrependURL/LOG_PATH/; "" when nobody serves them
}

// PublishLocal copies to a directory of this machine.
const PublishLocal = "local"

// Job returns the job called name, with or without "build:" before it, or an error
// that lists the jobs there are.
func (c *Config) Job(name string) (*Job, error) {
	name = strings.TrimPrefix(name, buildPrefix)
	names := make([]string, len(c.Jobs))
	for i := range c.Jobs {
		if c.Jobs[i].Name == name {
			return &c.Jobs[i], nil
		}
		names[i] = c.Jobs[i].Name
	}
	return nil, &UnknownJobError{Name: name, Known: names}
}

// UnknownJobError says that the configuration has no job of that name or function.
type UnknownJobError struct {
	Name  string
	Known []string
}

func (e *UnknownJobError) Error() string {
	return fmt.Sprintf("no job %q in the configuration; it has %s", e.Name, strings.Join(e.Known, ", "))
}
