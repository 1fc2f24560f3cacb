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
}

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
