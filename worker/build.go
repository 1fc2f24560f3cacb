package worker

import (
	"time"

	"github.com/turbo-hipster/turbo-hipster/datasets"
)

// Build is what is asked: test one change of one project on some datasets.
type Build struct {
	ID       string // names the build's directory; 12 hexadecimal digits
	Job      string
	Project  string
	Source   Source
	Datasets []Dataset
	Command  Command
	Tool     Tool

	// ExpectedFinalVersion is where the last step must have led to; "" is not
	// checked.
	ExpectedFinalVersion string

	Dir       string // the build's own directory, absolute; what is in it may be deleted after the build
	OutputDir string // where log and report go, absolute
}

// Source is where the change is.
type Source struct {
	URL string // a git repository's URL or path
	Ref string // a branch, tag, other ref or commit of it
	Dir string // an existing tree, used as it is in place of URL and Ref
}

// Dataset is one dataset to test on.
type Dataset struct {
	Reference string // as asked for: name[:tag] or name@sha256:…
	Name      string // the dataset's name alone
	Database  string // the schema's name during the build
	Charset   string // the client's character set, such as utf8mb4
	Limits    datasets.Limits

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
	Name  string // sqlalchemy-migrate, alembic or patterns
	Start string // patterns: a regular expression with groups from, to and title
	End   string // patterns: a regular expression; "" ends a step at the next start
}

// The tools whose output is known.
const (
	ToolSQLAlchemyMigrate = "sqlalchemy-migrate"
	ToolAlembic           = "alembic"
	ToolPatterns          = "patterns"
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
	Close() error
}

// Snapshot says what was restored.
type Snapshot struct {
	Reference     string // name@sha256:…: exactly this snapshot
	Tag           string // the version it was asked for or is known as, such as v2; "" when by digest
	Digest        string // sha256:…
	ServerVersion string // of the server it was restored into
	Tables        int
	Rows          int64
}
