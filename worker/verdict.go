package worker

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/turbo-hipster/turbo-hipster/datasets"
)

// Result is a verdict in one word.
type Result string

// The results, best first. Success alone lets a change pass: classic users know
// that warnings fail a job.
const (
	Success Result = "SUCCESS"
	// Untested is for a change that cannot be blamed and was not tested either:
	// what stops it stops the state before it as well.
	Untested Result = "UNTESTED"
	Warning  Result = "WARNING"
	Failure  Result = "FAILURE"
)

// Passes tells whether the change may pass.
func (r Result) Passes() bool { return r == Success }

// Finding is something that a person should know of.
type Finding struct {
	Level   Result // Failure, Warning or Untested; Success for what is worth knowing and no fault
	Code    Code
	Message string // complete, in the classic words where there are some
	Step    *Step  // the step it is about, or nil
	LogLine int    // the line of the log it is about, from 1; 0 for none

	// Before: it is found before the change too, and does not count against it.
	Before bool
}

// Code names what a finding is about, for programs and for docs/FAILURES.md,
// where each code is a heading.
type Code string

// The codes.
const (
	CodeExitStatus   Code = "exit-status"
	CodeSignal       Code = "signal"
	CodeTimeout      Code = "timeout"
	CodeToolError    Code = "tool-error"
	CodeAccessDenied Code = "access-denied"
	CodeNoDatabase   Code = "no-database"
	CodeImportError  Code = "import-error"
	CodeClientError  Code = "client-error"
	CodeEnvironment  Code = "environment"
	CodeNoSteps      Code = "no-steps"
	CodeNoEnd        Code = "no-end"
	CodeFailedStep   Code = "failed-step"
	CodeFinalVersion Code = "final-version"
	CodeTooLong      Code = "too-long"
	CodeTooLongOnce  Code = "too-long-once"
	CodeRowsChanged  Code = "rows-changed"
	CodeRowsRead     Code = "rows-read"
	CodeScript       Code = "script"
	CodeUntested     Code = "untested"
)

// Verdict is the answer to a build on one dataset. Findings are in the order in
// which a person should read them: failures first.
type Verdict struct {
	Result   Result
	Findings []Finding
}

// Judge gives the verdict on what a migration command did. It is a pure function.
//
// Failures: the command failed, and what the tool says of it; errors of the seed
// database, of the database's clients, and of imports where they did harm; a step
// started but did not end; no step was found; the final version is not the expected
// one.
// Warnings: a step without an end, by name; a step that took longer, changed more
// rows or read more rows than its limit (exactly its limit is not over it). A count
// that is not known is not judged.
// A note says that a step was over its time when it was measured first.
func Judge(o Outcome, limits datasets.Limits) Verdict {
	findings := commandFindings(&o)
	findings = append(findings, knownFindings(&o)...)
	findings = append(findings, stepFailures(o.Steps)...)
	findings = append(findings, finalVersion(&o)...)
	return verdict(append(findings, stepWarnings(o.Steps, limits)...))
}

// JudgeEnvironment gives the verdict on preparing a tree's environment.
func JudgeEnvironment(o Outcome) Verdict {
	if o.Succeeded() {
		return Verdict{Result: Success}
	}
	findings := []Finding{failure(CodeEnvironment, "FAILURE - Could not set up the environment")}
	return verdict(append(findings, toolError(&o)...))
}

// JudgeScript gives the verdict on what a shell script did. What it left in
// TH_RESULT_FILE comes first, unless it says that all is well.
func JudgeScript(o Outcome) Verdict {
	if o.Succeeded() {
		return Verdict{Result: Success}
	}
	var findings []Finding
	if o.ResultLine != "" && !strings.HasPrefix(o.ResultLine, string(Success)) {
		findings = append(findings, failure(CodeScript, "%s", o.ResultLine))
	}
	f := failure(CodeScript, "Return code from test script was non-zero (%d)", o.ExitCode)
	switch {
	case o.TimedOut:
		f = failure(CodeTimeout, "FAILURE - Test script took longer than %v and was stopped", o.Timeout)
	case o.Signal != "":
		f = failure(CodeSignal, "FAILURE - Test script was ended by a signal (%s)", o.Signal)
	}
	return verdict(append(findings, f))
}

// verdict puts findings in order and says what they amount to.
func verdict(findings []Finding) Verdict {
	slices.SortStableFunc(findings, func(a, b Finding) int { return cmp.Compare(b.Level.rank(), a.Level.rank()) })
	return Verdict{Result: worst(findings), Findings: findings}
}

func failure(code Code, format string, args ...any) Finding {
	return Finding{Level: Failure, Code: code, Message: fmt.Sprintf(format, args...)}
}

// commandFindings judges how the command ended. They are about the step that was
// open then, if one was.
func commandFindings(o *Outcome) []Finding {
	var f Finding
	switch {
	case o.TimedOut:
		f = failure(CodeTimeout, "FAILURE - Migration command took longer than %v and was stopped", o.Timeout)
	case o.Signal != "":
		f = failure(CodeSignal, "FAILURE - Migration command was ended by a signal (%s)", o.Signal)
	case o.ExitCode != 0:
		f = failure(CodeExitStatus, "FAILURE - Migration command exited with status %d", o.ExitCode)
	}
	var findings []Finding
	if f.Code != "" {
		findings = append(findings, f)
	}
	findings = append(findings, toolError(o)...)
	if last := len(o.Steps) - 1; last >= 0 && !o.Steps[last].Ended {
		for i := range findings {
			findings[i] = aboutStep(findings[i], &o.Steps[last])
		}
	}
	return findings
}

// toolError is what the tool said of its failure, in its own words.
func toolError(o *Outcome) []Finding {
	if o.ToolError == "" {
		return nil
	}
	return []Finding{failure(CodeToolError, "%s", o.ToolError)}
}

// knownFindings says what there is to say of known errors. A migration tool may
// print an import error and go on: such a one counts only where it did harm. What a
// client of the database printed says itself that a statement failed; where the
// command did as well, that is told already.
func knownFindings(o *Outcome) []Finding {
	var findings []Finding
	for _, known := range o.Known {
		var f Finding
		switch known.Kind {
		case ErrorAccessDenied:
			f = failure(CodeAccessDenied, "FAILURE - Could not setup seed database.")
		case ErrorUnknownDatabase:
			f = failure(CodeNoDatabase, "FAILURE - Could not find seed database.")
		case ErrorImport:
			if o.Succeeded() && slices.ContainsFunc(o.Steps, func(s Step) bool { return s.Ended }) {
				continue
			}
			f = failure(CodeImportError, "FAILURE - Could not import required module.")
		case ErrorClient:
			if !o.Succeeded() {
				continue
			}
			f = failure(CodeClientError, "FAILURE - A database client failed, and the command went on: %s", known.Text)
		default:
			continue
		}
		f.LogLine = known.LogLine
		findings = append(findings, f)
	}
	return findings
}

// stepFailures judges whether the steps ran to their ends.
func stepFailures(steps []Step) []Finding {
	if len(steps) == 0 {
		return []Finding{failure(CodeNoSteps, "No migrations run")}
	}
	var findings []Finding
	for i := range steps {
		if steps[i].Ended {
			continue
		}
		message := "FAILURE - Migration started but did not end"
		if i == len(steps)-1 {
			message = "FAILURE - Did not find the end of a migration after a start"
		}
		findings = append(findings, aboutStep(failure(CodeNoEnd, "%s", message), &steps[i]))
	}
	return findings
}

// finalVersion judges where the steps led to: what the output says of it goes
// before what the steps say. Without either there is nothing to compare, and "No
// migrations run" says so.
func finalVersion(o *Outcome) []Finding {
	if o.ExpectedVersion == "" || o.Version == "" && len(o.Steps) == 0 {
		return nil
	}
	version := o.Version
	if version == "" {
		version = o.FinalVersion()
	}
	if sameVersion(version, o.ExpectedVersion) {
		return nil
	}
	f := failure(CodeFinalVersion, "FAILURE - Final schema version does not match expectation")
	for i := range slices.Backward(o.Steps) {
		if o.Steps[i].Ended {
			return []Finding{aboutStep(f, &o.Steps[i])}
		}
	}
	return []Finding{f}
}

// sameVersion compares numbers without their leading zeros: a file may be named
// 016_title, and the step that runs it 15->16.
func sameVersion(a, b string) bool {
	number := func(v string) string {
		if v == "" || strings.Trim(v, "0123456789") != "" {
			return v
		}
		return "0" + strings.TrimLeft(v, "0")
	}
	return number(a) == number(b)
}

// stepWarnings compares each step with its limits.
func stepWarnings(steps []Step, limits datasets.Limits) []Finding {
	var findings []Finding
	for i := range steps {
		s := &steps[i]
		add := func(level Result, code Code, format string, args ...any) {
			f := Finding{Level: level, Code: code, Message: fmt.Sprintf(format, args...)}
			findings = append(findings, aboutStep(f, s))
		}
		if !s.Ended {
			add(Warning, CodeFailedStep, "WARNING - Migration %s failed to complete", s.Name())
			continue
		}
		switch limit, ok := limits.Time(s.From, s.To); {
		case ok && s.Duration > limit:
			add(Warning, CodeTooLong, "WARNING - Migration %s took too long", s.Name())
		case ok && s.First > limit:
			add(Success, CodeTooLongOnce, "Migration %s took %v at first, over its limit of %v, and %v when it was measured again",
				s.Name(), rounded(s.First), limit, rounded(s.Duration))
		}
		if limit, ok := limits.MaxRowsChanged(s.From, s.To); ok && s.Rows.RowsChanged.over(limit) {
			add(Warning, CodeRowsChanged, "WARNING - Migration %s changed too many rows (%d)", s.Name(), s.Rows.RowsChanged.N)
		}
		if limit, ok := limits.MaxRowsRead(s.From, s.To); ok && s.Rows.RowsRead.over(limit) {
			add(Warning, CodeRowsRead, "WARNING - Migration %s read too many rows (%d)", s.Name(), s.Rows.RowsRead.N)
		}
	}
	return findings
}

// over tells whether it is known to be more than the limit.
func (c Count) over(limit int64) bool { return c.Known && c.N > limit }

func rounded(d time.Duration) time.Duration { return d.Round(time.Millisecond) }

func aboutStep(f Finding, s *Step) Finding {
	f.Step, f.LogLine = s, s.LogLine
	return f
}

// rank orders results, the best lowest. What is no result is a failure.
func (r Result) rank() int {
	switch r {
	case Success:
		return 0
	case Untested:
		return 1
	case Warning:
		return 2
	default:
		return 3
	}
}

// counts tells whether the finding is held against the change.
func (f Finding) counts() bool { return !f.Before && f.Level != Success }

// worst is the result that the findings amount to.
func worst(findings []Finding) Result {
	result := Success
	for _, f := range findings {
		if f.counts() && f.Level.rank() > result.rank() {
			result = f.Level
		}
	}
	return result
}
