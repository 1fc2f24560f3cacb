package worker_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/datasets"
	"github.com/turbo-hipster/turbo-hipster/worker"
)

func TestJudge(t *testing.T) {
	ended := func(from, to string, d time.Duration) worker.Step {
		return worker.Step{From: from, To: to, Duration: d, Ended: true}
	}
	open := func(from, to string) worker.Step { return worker.Step{From: from, To: to, Duration: time.Second} }
	rows := func(s worker.Step, changed, read int64) worker.Step {
		s.Rows = worker.Counters{RowsChanged: worker.Count{N: changed, Known: true}, RowsRead: worker.Count{N: read, Known: true}}
		return s
	}
	limits := datasets.Limits{
		Times:       map[string]time.Duration{"default": time.Minute, "73->74": time.Second},
		RowsChanged: map[string]int64{"default": 100},
		RowsRead:    map[string]int64{"default": 1000, "73->74": 10},
	}
	for _, tc := range []struct {
		name    string
		outcome worker.Outcome
		final   string
		result  worker.Result
		want    string // messages, one a line
	}{
		{
			"all is well",
			worker.Outcome{Steps: []worker.Step{ended("73", "74", time.Second), ended("74", "75", time.Minute)}},
			"75",
			worker.Success, "",
		},
		{
			"over its own limit",
			worker.Outcome{Steps: []worker.Step{ended("73", "74", time.Second+1)}},
			"",
			worker.Warning, "WARNING - Migration 73->74 took too long",
		},
		{
			"over the default",
			worker.Outcome{Steps: []worker.Step{ended("74", "75", time.Minute+1)}},
			"",
			worker.Warning, "WARNING - Migration 74->75 took too long",
		},
		{
			"no step",
			worker.Outcome{},
			"75",
			worker.Failure, "No migrations run",
		},
		{
			"the command failed before any step",
			worker.Outcome{ExitCode: 2},
			"",
			worker.Failure, "FAILURE - Migration command exited with status 2\nNo migrations run",
		},
		{
			"the command failed in a step",
			worker.Outcome{ExitCode: 1, Steps: []worker.Step{ended("73", "74", 0), open("74", "75")}},
			"75",
			worker.Failure, "FAILURE - Migration command exited with status 1\nFAILURE - Did not find the end of a migration after a start\n" +
				"FAILURE - Final schema version does not match expectation\nWARNING - Migration 74->75 failed to complete",
		},
		{
			"the command failed after all steps",
			worker.Outcome{ExitCode: 1, Steps: []worker.Step{ended("73", "74", 0)}},
			"",
			worker.Failure, "FAILURE - Migration command exited with status 1",
		},
		{
			"a step without an end among others",
			worker.Outcome{Steps: []worker.Step{open("73", "74"), ended("74", "75", 2*time.Minute)}},
			"",
			worker.Failure, "FAILURE - Migration started but did not end\nWARNING - Migration 73->74 failed to complete\nWARNING - Migration 74->75 took too long",
		},
		{
			"timeout",
			worker.Outcome{TimedOut: true, Timeout: 90 * time.Second, ExitCode: -1, Signal: "terminated", Steps: []worker.Step{ended("73", "74", 0)}},
			"",
			worker.Failure, "FAILURE - Migration command took longer than 1m30s and was stopped",
		},
		{
			"signal",
			worker.Outcome{ExitCode: -1, Signal: "killed", Steps: []worker.Step{ended("73", "74", 0)}},
			"",
			worker.Failure, "FAILURE - Migration command was ended by a signal (killed)",
		},
		{
			"another final version",
			worker.Outcome{Steps: []worker.Step{ended("73", "74", 0)}},
			"75",
			worker.Failure, "FAILURE - Final schema version does not match expectation",
		},
		{
			"the output names the final version",
			worker.Outcome{Steps: []worker.Step{ended("73", "74", 0)}, Version: "75"},
			"75",
			worker.Success, "",
		},
		{
			"the output names another final version than the steps",
			worker.Outcome{Steps: []worker.Step{ended("74", "75", 0)}, Version: "74"},
			"75",
			worker.Failure, "FAILURE - Final schema version does not match expectation",
		},
		{
			"versions are numbers",
			worker.Outcome{Steps: []worker.Step{ended("015", "016", 0)}},
			"16",
			worker.Success, "",
		},
		{
			"versions are names",
			worker.Outcome{Steps: []worker.Step{ended("0a", "a", 0)}},
			"0a",
			worker.Failure, "FAILURE - Final schema version does not match expectation",
		},
		{
			"no version at all, and no step",
			worker.Outcome{Version: "0"},
			"",
			worker.Failure, "No migrations run",
		},
		{
			"the tool's own error",
			worker.Outcome{ExitCode: 1, ToolError: "OperationalError: (1060)", Steps: []worker.Step{open("73", "74")}},
			"",
			worker.Failure, "FAILURE - Migration command exited with status 1\nOperationalError: (1060)\n" +
				"FAILURE - Did not find the end of a migration after a start\nWARNING - Migration 73->74 failed to complete",
		},
		{
			"errors of the seed database, although the command succeeded",
			worker.Outcome{
				Steps: []worker.Step{ended("73", "74", 0)},
				Known: []worker.KnownError{{Kind: worker.ErrorAccessDenied, LogLine: 3}, {Kind: worker.ErrorUnknownDatabase, LogLine: 4}},
			},
			"",
			worker.Failure, "FAILURE - Could not setup seed database.\nFAILURE - Could not find seed database.",
		},
		{
			"an import error that did no harm",
			worker.Outcome{Steps: []worker.Step{ended("73", "74", 0)}, Known: []worker.KnownError{{Kind: worker.ErrorImport}}},
			"",
			worker.Success, "",
		},
		{
			"an import error and no step that ended",
			worker.Outcome{Known: []worker.KnownError{{Kind: worker.ErrorImport}}},
			"",
			worker.Failure, "FAILURE - Could not import required module.\nNo migrations run",
		},
		{
			"an import error and a failed command",
			worker.Outcome{ExitCode: 1, Steps: []worker.Step{ended("73", "74", 0)}, Known: []worker.KnownError{{Kind: worker.ErrorImport}}},
			"",
			worker.Failure, "FAILURE - Migration command exited with status 1\nFAILURE - Could not import required module.",
		},
		{
			"exactly the limits",
			worker.Outcome{Steps: []worker.Step{rows(ended("74", "75", 0), 100, 1000)}},
			"",
			worker.Success, "",
		},
		{
			"more rows than the limits",
			worker.Outcome{Steps: []worker.Step{rows(ended("73", "74", 0), 101, 11)}},
			"",
			worker.Warning, "WARNING - Migration 73->74 changed too many rows (101)\nWARNING - Migration 73->74 read too many rows (11)",
		},
		{
			"counts that are not known",
			worker.Outcome{Steps: []worker.Step{{From: "73", To: "74", Ended: true, Rows: worker.Counters{RowsRead: worker.Count{N: 1 << 40}}}}},
			"",
			worker.Success, "",
		},
		{
			"a step that did not end is not judged by its rows",
			worker.Outcome{ExitCode: 1, Steps: []worker.Step{rows(open("73", "74"), 1e6, 1e6)}},
			"",
			worker.Failure, "FAILURE - Migration command exited with status 1\nFAILURE - Did not find the end of a migration after a start\n" +
				"WARNING - Migration 73->74 failed to complete",
		},
		{
			"too long once: a note after the warnings",
			worker.Outcome{Steps: []worker.Step{
				{From: "73", To: "74", Ended: true, Duration: time.Second / 2, First: 3 * time.Second},
				{From: "74", To: "75", Ended: true, Duration: 2 * time.Minute, First: 3 * time.Minute},
			}},
			"",
			worker.Warning, "WARNING - Migration 74->75 took too long\n" +
				"Migration 73->74 took 3s at first, over its limit of 1s, and 500ms when it was measured again",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.outcome.ExpectedVersion = tc.final
			v := worker.Judge(tc.outcome, limits)
			if diff := cmp.Diff(tc.want, messages(v)); diff != "" {
				t.Errorf("findings differ (-want +got):\n%s", diff)
			}
			if v.Result != tc.result || v.Result.Passes() != (tc.result == worker.Success) {
				t.Errorf("got %s, want %s", v.Result, tc.result)
			}
		})
	}
}

// TestNoteDoesNotCount: a step within its limit at the second measurement passes,
// and is told of.
func TestNoteDoesNotCount(t *testing.T) {
	limits := datasets.Limits{Times: map[string]time.Duration{"default": time.Second}}
	o := worker.Outcome{Steps: []worker.Step{{From: "1", To: "2", Ended: true, Duration: time.Second, First: time.Minute}}}
	v := worker.Judge(o, limits)
	if v.Result != worker.Success || len(v.Findings) != 1 || v.Findings[0].Code != worker.CodeTooLongOnce || v.Findings[0].Level != worker.Success {
		t.Errorf("got %+v", v)
	}
}

// TestFindingsHaveSteps: findings about how the command ended are about the step
// that was open, and known errors about their line.
func TestFindingsHaveSteps(t *testing.T) {
	v := worker.Judge(worker.Outcome{
		ExitCode: 1, ToolError: "x",
		Steps: []worker.Step{{From: "1", To: "2", Ended: true, LogLine: 2}, {From: "2", To: "3", LogLine: 5}},
		Known: []worker.KnownError{{Kind: worker.ErrorImport, LogLine: 9}},
	}, datasets.Limits{})
	lines := map[worker.Code]int{
		worker.CodeExitStatus: 5, worker.CodeToolError: 5, worker.CodeImportError: 9, worker.CodeNoEnd: 5, worker.CodeFailedStep: 5,
	}
	for _, f := range v.Findings {
		if f.LogLine != lines[f.Code] || (f.Step == nil) != (f.Code == worker.CodeImportError) {
			t.Errorf("%s is about line %d, step %v", f.Code, f.LogLine, f.Step)
		}
	}
	if len(v.Findings) != len(lines) {
		t.Errorf("got %d findings, want %d", len(v.Findings), len(lines))
	}
}

func TestJudgeScript(t *testing.T) {
	const status = "Return code from test script was non-zero (2)"
	for _, tc := range []struct {
		name    string
		outcome worker.Outcome
		want    string
	}{
		{"success", worker.Outcome{ResultLine: "FAILURE - but it exits with 0"}, ""},
		{"no result line", worker.Outcome{ExitCode: 2}, status},
		{"a result line", worker.Outcome{ExitCode: 2, ResultLine: "3 tests failed %d"}, "3 tests failed %d\n" + status},
		{"a result line that says SUCCESS", worker.Outcome{ExitCode: 2, ResultLine: "SUCCESS: all is well"}, status},
		{"timeout", worker.Outcome{ExitCode: -1, Signal: "killed", TimedOut: true, Timeout: time.Minute}, "FAILURE - Test script took longer than 1m0s and was stopped"},
		{"signal", worker.Outcome{ExitCode: -1, Signal: "killed"}, "FAILURE - Test script was ended by a signal (killed)"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := worker.JudgeScript(tc.outcome)
			if got := messages(v); got != tc.want || v.Result.Passes() != (tc.want == "") {
				t.Errorf("got %s: %q, want %q", v.Result, got, tc.want)
			}
		})
	}
}

func TestJudgeEnvironment(t *testing.T) {
	if v := worker.JudgeEnvironment(worker.Outcome{ToolError: "x"}); v.Result != worker.Success || len(v.Findings) > 0 {
		t.Errorf("success: got %+v", v)
	}
	v := worker.JudgeEnvironment(worker.Outcome{ExitCode: 1, ToolError: "ERROR: no such package"})
	if got := messages(v); got != "FAILURE - Could not set up the environment\nERROR: no such package" || v.Result != worker.Failure {
		t.Errorf("got %s: %q", v.Result, got)
	}
	if v := worker.JudgeEnvironment(worker.Outcome{TimedOut: true}); v.Result != worker.Failure {
		t.Errorf("timeout: got %+v", v)
	}
}

func messages(v worker.Verdict) string {
	var out []string
	for _, f := range v.Findings {
		out = append(out, f.Message)
	}
	return strings.Join(out, "\n")
}
