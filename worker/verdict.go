package worker

import (
	"fmt"

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
// Failures: the command failed; a step started but did not end; no step was
// found; the last step does not lead to the expected version (when that is not "").
// Warnings: a step without an end, by name; a step that took longer, changed more
// rows or read more rows than its limit (exactly its limit is not over it).
func Judge(o Outcome, limits datasets.Limits) Verdict {
	findings := append(commandFindings(o), stepFailures(o.Steps)...)
	if f, ok := finalVersion(o.Steps, o.ExpectedVersion); ok {
		findings = append(findings, f)
	}
	return verdict(append(findings, stepWarnings(o.Steps, limits)...))
}

// JudgeEnvironment gives the verdict on preparing a tree's environment.
func JudgeEnvironment(o Outcome) Verdict {
	if o.Succeeded() {
		return Verdict{Result: Success}
	}
	return verdict([]Finding{failure(CodeEnvironment, "FAILURE - Could not set up the environment")})
}

// JudgeScript gives the verdict on what a shell script did.
func JudgeScript(o Outcome) Verdict {
	if o.Succeeded() {
		return Verdict{Result: Success}
	}
	return verdict([]Finding{failure(CodeScript, "Return code from test script was non-zero (%d)", o.ExitCode)})
}

// Against is the verdict without what is found before the change too: that is
// said, and does not count.
func Against(v, before Verdict) Verdict {
	_ = before
	return v
}

func verdict(findings []Finding) Verdict {
	return Verdict{Result: worst(findings), Findings: findings}
}

func failure(code Code, format string, args ...any) Finding {
	return Finding{Level: Failure, Code: code, Message: fmt.Sprintf(format, args...)}
}

// commandFindings judges how the command ended.
func commandFindings(o Outcome) []Finding {
	switch {
	case o.TimedOut:
		return []Finding{failure(CodeTimeout, "FAILURE - Migration command took longer than %v and was stopped", o.Timeout)}
	case o.Signal != "":
		return []Finding{failure(CodeSignal, "FAILURE - Migration command was ended by a signal (%s)", o.Signal)}
	case o.ExitCode != 0:
		return []Finding{failure(CodeExitStatus, "FAILURE - Migration command exited with status %d", o.ExitCode)}
	}
	return nil
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

// finalVersion judges where the steps led to.
func finalVersion(steps []Step, expected string) (Finding, bool) {
	if expected == "" || len(steps) == 0 {
		return Finding{}, false
	}
	last := &steps[len(steps)-1]
	if last.Ended && last.To == expected {
		return Finding{}, false
	}
	return aboutStep(failure(CodeFinalVersion, "FAILURE - Final schema version does not match expectation"), last), true
}

// stepWarnings compares each step with its limits.
func stepWarnings(steps []Step, limits datasets.Limits) []Finding {
	var findings []Finding
	warn := func(s *Step, code Code, what string) {
		f := Finding{Level: Warning, Code: code, Message: fmt.Sprintf("WARNING - Migration %s %s", s.Name(), what)}
		findings = append(findings, aboutStep(f, s))
	}
	for i := range steps {
		s := &steps[i]
		if !s.Ended {
			warn(s, CodeFailedStep, "failed to complete")
			continue
		}
		if limit, ok := limits.Time(s.From, s.To); ok && s.Duration > limit {
			warn(s, CodeTooLong, "took too long")
		}
	}
	return findings
}

func aboutStep(f Finding, s *Step) Finding {
	f.Step, f.LogLine = s, s.LogLine
	return f
}

// worst is the result that the findings amount to.
func worst(findings []Finding) Result {
	rank := map[Result]int{Success: 0, Untested: 1, Warning: 2, Failure: 3}
	result := Success
	for _, f := range findings {
		if !f.Before && rank[f.Level] > rank[result] {
			result = f.Level
		}
	}
	return result
}
