package worker

import (
	"fmt"
	"regexp"
	"slices"
)

// foundBefore is added to the message of what is found before the change too.
const foundBefore = " (before this change too)"

// Against is the verdict v on a change without what is found before the change too:
// that is said (Finding.Before), and does not count. Both verdicts are of the same
// dataset. It is a pure function, and neither verdict is changed.
//
// What is the same, so that an old fault does not excuse a new one:
//
//   - a finding about a step: the same code and the same step;
//   - how the command ended: the same code, and the same step was open then. Where
//     none was, the tool's error must be the same as well, numbers aside;
//   - the tool's error: the same text, numbers aside, at the same step; and so what
//     a client of the database printed, at any;
//   - a step over a limit: at most half as much again as before the change;
//   - everything else: the same code.
//
// A finding before the change excuses one finding, not several.
//
// Where only warnings are excused, the change was tested and may pass. A failure
// that is excused stopped the test: when nothing else counts, the change is
// Untested, and the first finding says of what.
func Against(v, before Verdict) Verdict {
	findings := slices.Clone(v.Findings)
	left := slices.DeleteFunc(slices.Clone(before.Findings), func(f Finding) bool { return f.Level == Success })
	now, then := endingOf(v), endingOf(before)
	for i := range findings {
		f := &findings[i]
		if !f.counts() {
			continue
		}
		if j := slices.IndexFunc(left, func(old Finding) bool { return sameFinding(*f, old, now, then) }); j >= 0 {
			left = slices.Delete(left, j, j+1)
			f.Before, f.Message = true, f.Message+foundBefore
		}
	}
	result := worst(findings)
	if what := stoppedBefore(findings); result == Success && what != "" {
		findings = slices.Insert(findings, 0, Finding{Level: Untested, Code: CodeUntested, Message: fmt.Sprintf(
			"UNTESTED - %s fails before this change too; what follows it was not tested", what)})
		result = Untested
	}
	return Verdict{Result: result, Findings: findings}
}

// ending is where and why a command failed.
type ending struct {
	step string // the step that was open; "" is none, since a name has an arrow
	err  string // the tool's error, made comparable; "" when it said nothing
}

func endingOf(v Verdict) ending {
	var e ending
	for _, f := range v.Findings {
		switch f.Code {
		case CodeExitStatus, CodeSignal, CodeTimeout:
			e.step = stepName(f)
		case CodeToolError:
			e.err = withoutNumbers(f.Message)
		default:
		}
	}
	return e
}

func stepName(f Finding) string {
	if f.Step == nil {
		return ""
	}
	return f.Step.Name()
}

// withoutNumbers is an error's text without what differs from run to run: numbers,
// addresses, line numbers, digests.
func withoutNumbers(text string) string {
	return regexp.MustCompile(`\b(?:0x)?[0-9A-Fa-f]{6,}\b|\d+`).ReplaceAllString(text, "#")
}

// sameFinding tells whether two findings of the verdicts that end so are the same.
func sameFinding(f, old Finding, now, then ending) bool {
	if f.Code != old.Code || stepName(f) != stepName(old) {
		return false
	}
	switch f.Code {
	case CodeToolError:
		return now == then
	case CodeExitStatus, CodeSignal, CodeTimeout, CodeAccessDenied, CodeNoDatabase, CodeImportError, CodeEnvironment, CodeScript:
		if now.step != "" {
			return now.step == then.step
		}
		return now == then && f.Message == old.Message
	case CodeClientError:
		return withoutNumbers(f.Message) == withoutNumbers(old.Message)
	case CodeTooLong:
		return !muchMore(int64(f.Step.Duration), int64(old.Step.Duration))
	case CodeRowsChanged:
		return !muchMore(f.Step.Rows.RowsChanged.N, old.Step.Rows.RowsChanged.N)
	case CodeRowsRead:
		return !muchMore(f.Step.Rows.RowsRead.N, old.Step.Rows.RowsRead.N)
	default:
		return true
	}
}

// muchMore tells whether now is more than half as much again as before. Times vary
// so much from run to run; a step that a change makes twice as slow is its fault,
// also where it was too slow before.
func muchMore(now, before int64) bool { return now-before > before/2 }

// stoppedBefore names what fails before the change too; "" when nothing does.
func stoppedBefore(findings []Finding) string {
	what := ""
	for _, f := range findings {
		if !f.Before || f.Level != Failure {
			continue
		}
		switch f.Code {
		case CodeExitStatus, CodeSignal, CodeTimeout, CodeNoEnd:
			if f.Step != nil {
				return "Migration " + f.Step.Name()
			}
		case CodeEnvironment:
			return "Setting up the environment"
		case CodeScript:
			return "The test script"
		case CodeFinalVersion:
			if what == "" {
				what = "The check of the final schema version"
			}
			continue
		default:
		}
		if what == "" {
			what = "The migration command"
		}
	}
	return what
}
