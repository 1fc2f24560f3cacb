package worker

import (
	"context"
	"time"

	"github.com/turbo-hipster/turbo-hipster/datasets"
)

// Build is what is asked: test one change of one project.
type Build struct {
	ID      string // names the build's directory; 12 hexadecimal digits
	Job     string
	Project string
	Plugin  Plugin
	Source  Source

	// Base is the state before the change: what is found there too is not the
	// change's fault. The zero Source compares with nothing.
	Base Source

	Environment Environment // prepared in the tree before any command runs
	Command     Command
	Datasets    []Dataset // PluginRealDBUpgrade: at least one
	Tool        Tool      // PluginRealDBUpgrade
	Expected    Expected  // PluginRealDBUpgrade

	// Parameters are what the build was asked with, such as ZUUL_CHANGE: variables
	// of every command's environment.
	Parameters map[string]string
	// Follow are files whose new lines go into every log, such as the syslog.
	Follow []LogSource

	// ReportURL is where people will read the report; "" when it is not published.
	ReportURL string

	Dir       string // the build's own directory, absolute; what is in it may be deleted after the build
	OutputDir string // where logs and report go, absolute
}

// Plugin says what a build does.
type Plugin string

// The plugins, by their classic names.
const (
	PluginRealDBUpgrade Plugin = "real_db_upgrade" // migrations on every dataset, judged step by step
	PluginShellScript   Plugin = "shell_script"    // the command, judged by its exit status
)

// Source is where the change is.
type Source struct {
	URL string // a git repository's URL or path
	Ref string // a branch, tag, other ref or commit of it

	// Commit is the full id that Ref must have; "" is not checked.
	Commit string
	// Origin is the URL of the project's own repository, from which a shared clone
	// is filled, so that URL need only give what is new; "" is URL.
	Origin string

	Dir string // an existing tree, used as it is in place of all above
}

// Environment says what is prepared in the tree before the commands run. The
// zero value prepares nothing.
type Environment struct {
	Python  *Python // a virtual environment
	Command Command // a command of the job's own, after that; without Argv there is none
}

// Python is a virtual environment, made with python -m venv and pip.
type Python struct {
	Interpreter        string   // "" is python3
	Install            []string // pip's arguments, such as ".", "-r", "requirements.txt"
	Constraints        string   // a file of the tree, or a URL; "" is none
	IndexURL           string   // "" leaves it to pip's own configuration
	CacheDir           string   // absolute; "" is a cache for this build alone
	SystemSitePackages bool     // packages of the system are seen as well
}

// Expected is where the last step must have led to. The zero value checks nothing.
type Expected struct {
	Version   string // this version
	HighestIn string // the highest number that a file's name begins with, in this directory of the tree
}

// LogSource is a file that is followed during a migration.
type LogSource struct {
	Name string // in the log, such as sqlerr
	Path string
}

// Dataset is one dataset to test on.
type Dataset struct {
	Reference string // as asked for: name[:tag] or name@sha256:…
	Name      string // the dataset's name alone
	Store     string // the directory of the store that has it; "" is the usual one
	Database  string // the schema's name during the build
	Charset   string // the client's character set, such as utf8mb4
	Limits    datasets.Limits

	// The rest is for scripts that the classic worker ran: empty, except for a
	// dataset that is a classic directory.
	SeedPath    string // the SQL dump that the database was loaded from
	DBUser      string // the name of the account that scripts know; "" is made up
	LoggingConf string // the path of an OpenStack logging configuration

	// MapCollation names collations of the snapshot that the server may lack, and
	// what to use in place of each.
	MapCollation map[string]string
}

// Command is what migrates.
type Command struct {
	Argv        []string          // program and arguments; a shell's command line is sh -c LINE
	Text        string            // as the job's configuration gives it, for people
	Environment map[string]string // added to the clean environment that migrate gives
	Timeout     time.Duration     // 0 is none
}

// Tool says what the command's output looks like, so that steps are found in it.
type Tool struct {
	Name  string // one of the Tool constants
	Start string // patterns: a regular expression with groups from, to and title
	End   string // patterns: a regular expression; "" ends a step at the next start

	// Versions makes the command a step driver: it runs once for each, in order,
	// with the variable TH_STEP set to it, until one run fails. Then rows are
	// counted exactly, since nothing runs between the steps.
	Versions []string
	// VersionsCommand prints the versions, one a line, where only the tree knows
	// them; without Argv, Versions holds.
	VersionsCommand Command
}

// Driven tells whether the command runs once for each version.
func (t Tool) Driven() bool { return len(t.Versions) > 0 || len(t.VersionsCommand.Argv) > 0 }

// The tools whose output is known.
const (
	ToolSQLAlchemyMigrate = "sqlalchemy-migrate"
	ToolAlembic           = "alembic"
	ToolDjango            = "django"
	ToolRails             = "rails"
	ToolPatterns          = "patterns"
	// ToolRun reads no output: each run of a step driver is one step.
	ToolRun = "run"
)

// Tree is a working tree that has the change.
type Tree struct {
	Dir    string
	Commit string // the full commit id; "" for a directory that is no git tree
	Dirty  bool   // an existing tree has changes that are not committed
}

// Address is how a migration reaches its database.
type Address struct {
	Socket   string // the server's unix socket, an absolute path
	Name     string // the schema
	User     string // an account that reaches only that schema
	Password string // never logged, never on a command line
	Charset  string // the client's character set, such as utf8mb4
}

// Database is a private copy of a snapshot on a private server. Close discards
// both and waits until the server is gone; it is not cancelled.
type Database interface {
	Address() Address
	Snapshot() Snapshot
	// Counters are totals since the server's start.
	Counters(ctx context.Context) (Counters, error)
	// Logs are the server's own: sqlslo, its slow statements, and sqlerr, its errors.
	Logs() []LogSource
	Close() error
}

// Counters count the rows that all sessions of a server together have touched.
type Counters struct {
	RowsChanged Count // inserted, updated and deleted
	RowsRead    Count
}

// Since is what was counted after before.
func (c Counters) Since(before Counters) Counters {
	return Counters{c.RowsChanged.since(before.RowsChanged), c.RowsRead.since(before.RowsRead)}
}

// Count is a number that a server may be unable to tell: then it is not known,
// and never 0.
type Count struct {
	N     int64
	Known bool
}

// or is the count, or, where it is not known, another.
func (c Count) or(other Count) Count {
	if c.Known {
		return c
	}
	return other
}

func (c Count) since(before Count) Count {
	if !c.Known || !before.Known || c.N < before.N {
		return Count{}
	}
	return Count{N: c.N - before.N, Known: true}
}

// Snapshot says what was restored: a snapshot, or the SQL dump of a classic
// dataset directory.
type Snapshot struct {
	Reference     string // name@sha256:…: exactly this snapshot; for a dump its path
	Tag           string // the version it was asked for or is known as, such as v2; "" when by digest
	Digest        string // sha256:…; of a dump, that of the file
	ServerVersion string // of the server it was restored into
	Tables        int
	Rows          int64
}
