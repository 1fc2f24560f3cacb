package worker

import (
	"slices"
	"time"
)

// Step is one migration, found in a command's output.
type Step struct {
	From  string // the revision it starts at; "" for the first of all
	To    string // the revision it leads to
	Title string // what the tool says of it; often ""

	Start    time.Time     // when its start was read from the output
	Duration time.Duration // until its end was read, or, without an end, until the output ended or the next step started
	Ended    bool          // its end was found
	LogLine  int           // the line of the log that starts it, from 1

	Rows Counters // what it changed and read, as far as that can be told

	// First is how long it took when it was measured the first time, over its
	// limit; 0 for a step that was measured once.
	First time.Duration
}

// Name is "FROM->TO", as limits and messages name a step.
func (s Step) Name() string { return s.From + "->" + s.To }

// Outcome is what a migration command did. A command that fails has an outcome,
// not an error.
type Outcome struct {
	Steps    []Step
	ExitCode int           // the command's exit status; meaningless when Signal is set
	Signal   string        // the signal that ended it, such as "killed"; "" when it exited
	TimedOut bool          // it took longer than allowed and was stopped
	Timeout  time.Duration // what was allowed
	Duration time.Duration // from start to exit
	LogPath  string
	Tail     []string // the last lines of its output, for reports

	// ToolError is the line in which the tool says why it failed, such as a
	// traceback's last; "" when it succeeded or said nothing. A command that succeeds
	// may have one all the same, where its last step did not end.
	ToolError string
	// Known are errors of which is known what went wrong, in the order of the log,
	// each once.
	Known []KnownError

	// Version is the final version that the output names ("Final schema version is
	// N"); "" when it names none.
	Version string
	// ExpectedVersion is what Expected came to in this tree, or, where no version can
	// be right, says why; "" is not checked.
	ExpectedVersion string

	// ResultLine is the first line that a shell script left in TH_RESULT_FILE.
	ResultLine string
}

// KnownError is an error of the output that there are words for.
type KnownError struct {
	Kind    KnownErrorKind
	LogLine int    // from 1
	Text    string // the line, of ErrorClient
}

// KnownErrorKind says which.
type KnownErrorKind int

// The errors that are known.
const (
	ErrorAccessDenied    KnownErrorKind = iota + 1 // ERROR 1045 of a mysql client
	ErrorUnknownDatabase                           // ERROR 1049
	ErrorImport                                    // Python's ImportError or ModuleNotFoundError
	ErrorClient                                    // any other ERROR of a mysql client
)

// Succeeded tells whether the command exited by itself with status 0.
func (o Outcome) Succeeded() bool { return o.ExitCode == 0 && o.Signal == "" && !o.TimedOut }

// FinalVersion is where the last step that ended led to; "" when none ended.
func (o Outcome) FinalVersion() string {
	for _, s := range slices.Backward(o.Steps) {
		if s.Ended {
			return s.To
		}
	}
	return ""
}
