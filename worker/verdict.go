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
	Warning Result = "WARNING"
	Failure Result = "FAILURE"
)

// Passes tells whether the change may pass.
func (r Result) Passes() bool { return r == Success }

// Finding is something that a person should know of.
type Finding struct {
	Level   Result // Failure or Warning
	Message string // complete, in the classic words where there are some
	Step    *Step  // the step it is about, or nil
}

// Verdict is the answer to a build on one dataset. Findings are in the order in
// which a person should read them: failures first.
type Verdict struct {
	Result   Result
	Findings []Finding
}

// Judge gives the verdict on what a migration command did. It is a pure function.
//
// Failures: the command failed; a step started but did not end; no step was
// found; the last step does not lead to expectedFinal (when that is not "").
// Warnings: a step without an end, by name; a step that took longer than its
// limit (exactly its limit is not longer).
func Judge(o Outcome, limits datasets.Limits, expectedFinal string) Verdict {
	findings := append(commandFindings(o), stepFailures(o.Steps)...)
	if f, ok := finalVersion(o.Steps, expectedFinal); ok {
		findings = append(findings, f)
	}
	findings = append(findings, stepWarnings(o.Steps, limits)...)
	return Verdict{Result: worst(findings), Findings: findings}
}

// commandFindings judges how the command ended.
func commandFindings(o Outcome) []Finding {
	failure := func(format string, args ...any) []Finding {
		return []Finding{{Level: Failure, Message: "FAILURE - " + fmt.Sprintf(format, args...)}}
	}
	switch {
	case o.TimedOut:
		return failure("Migration command took longer than %v and was stopped", o.Timeout)
	case o.Signal != "":
		return failure("Migration command was ended by a signal (%s)", o.Signal)
	case o.ExitCode != 0:
		return failure("Migration command exited with status %d", o.ExitCode)
	}
	return nil
}

// stepFailures judges whether the steps ran to their ends.
func stepFailures(steps []Step) []Finding {
	if len(steps) == 0 {
		return []Finding{{Level: Failure, Message: "No migrations run"}}
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
		findings = append(findings, Finding{Failure, message, &steps[i]})
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
	return Finding{Failure, "FAILURE - Final schema version does not match expectation", last}, true
}

// stepWarnings compares each step with its limits.
func stepWarnings(steps []Step, limits datasets.Limits) []Finding {
	var findings []Finding
	warn := func(s *Step, what string) {
		findings = append(findings, Finding{Warning, fmt.Sprintf("WARNING - Migration %s %s", s.Name(), what), s})
	}
	for i := range steps {
		s := &steps[i]
		if !s.Ended {
			warn(s, "failed to complete")
			continue
		}
		if limit, ok := limits.Time(s.From, s.To); ok && s.Duration > limit {
			warn(s, "took too long")
		}
	}
	return findings
}

// worst is the result that the findings amount to.
func worst(findings []Finding) Result {
	result := Success
	for _, f := range findings {
		switch f.Level {
		case Failure:
			return Failure
		case Warning:
			result = Warning
		case Success:
		}
	}
	return result
}
