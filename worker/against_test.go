package worker_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/datasets"
	"github.com/turbo-hipster/turbo-hipster/worker"
)

// outcomeOf is an outcome of steps such as "1->2 2->3!", of which "!" did not end and
// fails the command with an error.
func outcomeOf(text, toolError string) worker.Outcome {
	var o worker.Outcome
	for name := range strings.FieldsSeq(text) {
		name, open := strings.CutSuffix(name, "!")
		from, to, _ := strings.Cut(name, "->")
		o.Steps = append(o.Steps, worker.Step{From: from, To: to, Ended: !open, Duration: time.Second})
		if open {
			o.ExitCode = 1
		}
	}
	if toolError != "" {
		o.ExitCode, o.ToolError = 1, toolError
	}
	return o
}

// with is an outcome that was changed.
func with(o worker.Outcome, change func(*worker.Outcome)) worker.Outcome {
	change(&o)
	return o
}

func TestAgainst(t *testing.T) {
	limits := datasets.Limits{
		Times:       map[string]time.Duration{"default": time.Minute},
		RowsChanged: map[string]int64{"default": 1000},
		RowsRead:    map[string]int64{"default": 1000},
	}
	slow := func(d time.Duration) func(*worker.Outcome) {
		return func(o *worker.Outcome) { o.Steps[0].Duration = d }
	}
	rows := func(changed, read int64) func(*worker.Outcome) {
		return func(o *worker.Outcome) {
			o.Steps[0].Rows = worker.Counters{RowsChanged: worker.Count{N: changed, Known: true}, RowsRead: worker.Count{N: read, Known: true}}
		}
	}
	expecting := func(version string) func(*worker.Outcome) {
		return func(o *worker.Outcome) { o.ExpectedVersion = version }
	}
	known := func(kind worker.KnownErrorKind) func(*worker.Outcome) {
		return func(o *worker.Outcome) { o.Known = []worker.KnownError{{Kind: kind}} }
	}
	client := func(text string) func(*worker.Outcome) {
		return func(o *worker.Outcome) { o.Known = []worker.KnownError{{Kind: worker.ErrorClient, Text: text}} }
	}
	exit := func(code int) func(*worker.Outcome) { return func(o *worker.Outcome) { o.ExitCode = code } }
	const duplicate = `IntegrityError: (1062, "Duplicate entry '7' for key 'PRIMARY'") at 0x7f00aa1234`
	for _, tc := range []struct {
		name         string
		after, base  worker.Outcome
		result       worker.Result
		first        string // the first finding's message; "" where nothing is excused
		stillCounted string // codes, in order
	}{
		{
			name:  "the change's own new step fails and the base is fine",
			after: outcomeOf("1->2 2->3!", duplicate), base: outcomeOf("1->2", ""),
			result: worker.Failure, stillCounted: "exit-status tool-error no-end failed-step",
		},
		{
			name:   "a client's error that was there before excuses no other",
			after:  with(outcomeOf("1->2", ""), client("ERROR 1146 (42S02) at line 3: Table 'x' doesn't exist")),
			base:   with(outcomeOf("1->2", ""), client("ERROR 1050 (42S01) at line 3: Table 'y' already exists")),
			result: worker.Failure, stillCounted: "client-error",
		},
		{
			name:   "the same error of a client on another line",
			after:  with(outcomeOf("1->2", ""), client("ERROR 1146 (42S02) at line 3: Table 'x' doesn't exist")),
			base:   with(outcomeOf("1->2", ""), client("ERROR 1146 (42S02) at line 4: Table 'x' doesn't exist")),
			result: worker.Untested, first: "UNTESTED - The migration command fails before this change too; what follows it was not tested", stillCounted: "untested",
		},
		{
			name:  "the same step fails with the same error, but for its numbers",
			after: outcomeOf("1->2 2->3!", duplicate), base: outcomeOf("1->2 2->3!", strings.ReplaceAll(strings.ReplaceAll(duplicate, "7f00aa", "7fbb12"), "'7'", "'8'")),
			result: worker.Untested, first: "UNTESTED - Migration 2->3 fails before this change too; what follows it was not tested",
			stillCounted: "untested",
		},
		{
			name:  "the same step fails in silence",
			after: outcomeOf("2->3!", ""), base: outcomeOf("2->3!", ""),
			result: worker.Untested, first: "UNTESTED - Migration 2->3 fails before this change too; what follows it was not tested",
			stillCounted: "untested",
		},
		{
			name:  "the same step fails, with a new error",
			after: outcomeOf("2->3!", "SyntaxError: invalid syntax"), base: outcomeOf("2->3!", duplicate),
			result: worker.Failure, stillCounted: "tool-error",
		},
		{
			name:  "the same step fails, but the base was stopped for its time",
			after: outcomeOf("2->3!", ""), base: with(outcomeOf("2->3!", ""), func(o *worker.Outcome) { o.TimedOut = true }),
			result: worker.Failure, stillCounted: "exit-status",
		},
		{
			name:  "the base fails at an earlier step, which the change repairs",
			after: outcomeOf("1->2 2->3!", duplicate), base: outcomeOf("1->2!", duplicate),
			result: worker.Failure, stillCounted: "exit-status tool-error no-end failed-step",
		},
		{
			name:  "the base fails at a later step",
			after: outcomeOf("1->2!", duplicate), base: outcomeOf("1->2 2->3!", duplicate),
			result: worker.Failure, stillCounted: "exit-status tool-error no-end failed-step",
		},
		{
			name:  "the base fails after all steps, the change in one",
			after: outcomeOf("1->2!", duplicate), base: outcomeOf("1->2", duplicate),
			result: worker.Failure, stillCounted: "exit-status tool-error no-end failed-step",
		},
		{
			name:  "both fail before any step, for the same reason",
			after: outcomeOf("", "sh: 1: heat-manage: not found"), base: outcomeOf("", "sh: 12: heat-manage: not found"),
			result: worker.Untested, first: "UNTESTED - The migration command fails before this change too; what follows it was not tested",
			stillCounted: "untested",
		},
		{
			name:  "both fail before any step, for different reasons",
			after: outcomeOf("", "ImportError: No module named b"), base: outcomeOf("", "ImportError: No module named a"),
			result: worker.Failure, stillCounted: "exit-status tool-error",
		},
		{
			name:   "an old import error does not excuse a new one",
			after:  with(outcomeOf("", "ImportError: No module named b"), known(worker.ErrorImport)),
			base:   with(outcomeOf("", "ImportError: No module named a"), known(worker.ErrorImport)),
			result: worker.Failure, stillCounted: "exit-status tool-error import-error",
		},
		{
			name:   "the same import error",
			after:  with(outcomeOf("", "ImportError: No module named a"), known(worker.ErrorImport)),
			base:   with(outcomeOf("", "ImportError: No module named a"), known(worker.ErrorImport)),
			result: worker.Untested, first: "UNTESTED - The migration command fails before this change too; what follows it was not tested",
			stillCounted: "untested",
		},
		{
			name:  "another exit status, and no word",
			after: with(outcomeOf("1->2", ""), exit(2)), base: with(outcomeOf("1->2", ""), exit(1)),
			result: worker.Failure, stillCounted: "exit-status",
		},
		{
			name:  "the account is refused on both",
			after: with(outcomeOf("1->2", ""), known(worker.ErrorAccessDenied)), base: with(outcomeOf("1->2", ""), known(worker.ErrorAccessDenied)),
			result: worker.Untested, first: "UNTESTED - The migration command fails before this change too; what follows it was not tested",
			stillCounted: "untested",
		},
		{
			name:  "no step on either",
			after: outcomeOf("", ""), base: outcomeOf("", ""),
			result: worker.Untested, first: "UNTESTED - The migration command fails before this change too; what follows it was not tested",
			stillCounted: "untested",
		},
		{
			name:  "the change runs no step any more",
			after: outcomeOf("", ""), base: outcomeOf("1->2", ""),
			result: worker.Failure, stillCounted: "no-steps",
		},
		{
			name:  "a warning from before is no hindrance",
			after: with(outcomeOf("1->2 2->3", ""), slow(90*time.Second)), base: with(outcomeOf("1->2", ""), slow(80*time.Second)),
			result: worker.Success, first: "WARNING - Migration 1->2 took too long (before this change too)",
		},
		{
			name:  "a slow step made much slower",
			after: with(outcomeOf("1->2", ""), slow(5*time.Minute)), base: with(outcomeOf("1->2", ""), slow(80*time.Second)),
			result: worker.Warning, stillCounted: "too-long",
		},
		{
			name:  "rows from before, and many more",
			after: with(outcomeOf("1->2", ""), rows(1501, 3000)), base: with(outcomeOf("1->2", ""), rows(1500, 1500)),
			result: worker.Warning, first: "WARNING - Migration 1->2 changed too many rows (1501) (before this change too)", stillCounted: "rows-read",
		},
		{
			name:  "rows where the base has none over the limit",
			after: with(outcomeOf("1->2", ""), rows(1501, 0)), base: with(outcomeOf("1->2", ""), rows(1000, 0)),
			result: worker.Warning, stillCounted: "rows-changed",
		},
		{
			name:  "one old finding excuses one new one",
			after: outcomeOf("78->79! 78->79! 79->80", ""), base: outcomeOf("78->79! 78->79 79->80", ""),
			result: worker.Failure, stillCounted: "no-end failed-step",
		},
		{
			name:  "an old failure and a new warning",
			after: with(outcomeOf("1->2 2->3!", ""), slow(5*time.Minute)), base: outcomeOf("1->2 2->3!", ""),
			result: worker.Warning, stillCounted: "too-long",
		},
		{
			name:  "the final version did not match before either",
			after: with(outcomeOf("1->2", ""), expecting("4")), base: with(outcomeOf("1->2", ""), expecting("3")),
			result: worker.Untested, first: "UNTESTED - The check of the final schema version fails before this change too; what follows it was not tested",
			stillCounted: "untested",
		},
		{
			name:  "the final version matched before",
			after: with(outcomeOf("1->2", ""), expecting("3")), base: with(outcomeOf("1->2", ""), expecting("2")),
			result: worker.Failure, stillCounted: "final-version",
		},
		{
			name:   "a note before excuses nothing",
			after:  with(outcomeOf("1->2", ""), slow(2*time.Minute)),
			base:   with(outcomeOf("1->2", ""), func(o *worker.Outcome) { o.Steps[0].First = 2 * time.Minute }),
			result: worker.Warning, stillCounted: "too-long",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v, before := worker.Judge(tc.after, limits), worker.Judge(tc.base, limits)
			was := messages(v)
			got := worker.Against(v, before)
			var counted []string
			for _, f := range got.Findings {
				if !f.Before {
					counted = append(counted, string(f.Code))
				}
				if strings.HasSuffix(f.Message, " (before this change too)") != f.Before {
					t.Errorf("%s: before is %v: %s", f.Code, f.Before, f.Message)
				}
			}
			if got.Result != tc.result || strings.Join(counted, " ") != tc.stillCounted {
				t.Errorf("got %s for %q, want %s for %q", got.Result, counted, tc.result, tc.stillCounted)
			}
			if tc.first != "" && got.Findings[0].Message != tc.first {
				t.Errorf("first is %q, want %q", got.Findings[0].Message, tc.first)
			}
			if diff := cmp.Diff(was, messages(v)); diff != "" {
				t.Errorf("the verdict itself was changed:\n%s", diff)
			}
		})
	}
}

// TestAgainstEnvironment: a base whose environment cannot be made says nothing of
// what the change's migrations do.
func TestAgainstEnvironment(t *testing.T) {
	environment := func(toolError string) worker.Verdict {
		return worker.JudgeEnvironment(worker.Outcome{ExitCode: 1, ToolError: toolError})
	}
	v := worker.Judge(outcomeOf("1->2!", ""), datasets.Limits{})
	if got := worker.Against(v, environment("x")); got.Result != worker.Failure {
		t.Errorf("migrations: got %s", got.Result)
	}
	if got := worker.Against(environment("no package b"), environment("no package a")); got.Result != worker.Failure {
		t.Errorf("another error: got %s", got.Result)
	}
	got := worker.Against(environment("no package a"), environment("no package a"))
	if got.Result != worker.Untested || got.Findings[0].Message != "UNTESTED - Setting up the environment fails before this change too; what follows it was not tested" {
		t.Errorf("the same error: got %s: %s", got.Result, messages(got))
	}
}

// TestAgainstNeverBetter: whatever the base does, a change that fails does not pass
// when something was stopped.
func TestAgainstNeverBetter(t *testing.T) {
	outcomes := []worker.Outcome{
		outcomeOf("", ""), outcomeOf("1->2", ""), outcomeOf("1->2!", ""), outcomeOf("1->2!", "e"), outcomeOf("1->2 2->3!", "e"),
		outcomeOf("1->2! 2->3", ""), outcomeOf("", "e"), outcomeOf("1->2", "e"),
		with(outcomeOf("1->2", ""), func(o *worker.Outcome) { o.Signal = "killed" }),
		with(outcomeOf("1->2", ""), func(o *worker.Outcome) { o.ExpectedVersion = "9" }),
	}
	for i, after := range outcomes {
		for j, base := range outcomes {
			v := worker.Judge(after, datasets.Limits{})
			got := worker.Against(v, worker.Judge(base, datasets.Limits{}))
			if got.Result.Passes() != v.Result.Passes() {
				t.Errorf("outcomes %d and %d: %s becomes %s", i, j, v.Result, got.Result)
			}
			if i == j && v.Result == worker.Failure && got.Result != worker.Untested {
				t.Errorf("outcome %d against itself: %s", i, got.Result)
			}
		}
	}
}
