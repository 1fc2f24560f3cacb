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
	limits := datasets.Limits{Times: map[string]time.Duration{"default": time.Minute, "73->74": time.Second}}
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
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.outcome.ExpectedVersion = tc.final
			v := worker.Judge(tc.outcome, limits)
			var messages []string
			for _, f := range v.Findings {
				messages = append(messages, f.Message)
			}
			if diff := cmp.Diff(tc.want, strings.Join(messages, "\n")); diff != "" {
				t.Errorf("findings differ (-want +got):\n%s", diff)
			}
			if v.Result != tc.result || v.Result.Passes() != (tc.want == "") {
				t.Errorf("got %s, want %s", v.Result, tc.result)
			}
		})
	}
}
