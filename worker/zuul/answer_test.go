package zuul_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/worker/zuul"
)

// permanentError is trouble that does not go away.
type permanentError struct{}

func (permanentError) Error() string   { return "no such job" }
func (permanentError) Permanent() bool { return true }

// classicError is trouble that the classic worker had words for.
type classicError string

func (classicError) Error() string     { return "restore dataset \"nova\": connection refused" }
func (e classicError) Classic() string { return string(e) }

func TestAnswers(t *testing.T) {
	const seed = "FAILURE - Could not find seed database."
	report := func(o *zuul.Options) { o.Trouble.Then = zuul.Report }
	tests := []struct {
		name   string
		runner zuul.Runner
		change func(*zuul.Options)
		end    string // the last packet
		shown  string // by Zuul 2.5; "" is a retry
		runs   int
	}{
		{"success passes", verdict("SUCCESS"), nil, "complete", "SUCCESS", 1},
		{"any other text is shown as it is", verdict("FAILURE - a\nWARNING - b"), nil, "complete", "FAILURE - a\nWARNING - b", 1},
		{"a verdict that is nearly success does not pass", verdict(" SUCCESS\n"), nil, "complete", " SUCCESS\n", 1},
		{"trouble is tried three times and left to Zuul", trouble(errDisk), nil, "fail", "", 3},
		{"trouble is tried as often as configured", trouble(errDisk), func(o *zuul.Options) { o.Trouble.Attempts = 5 }, "fail", "", 5},
		{"trouble is never tried again", trouble(errDisk), func(o *zuul.Options) { o.Trouble.Attempts = 1 }, "fail", "", 1},
		{"trouble in classic words", trouble(errDisk), report, "fail", "FAILURE during the job setup\nException: no space left on device", 3},
		{"trouble that does not go away", trouble(fmt.Errorf("plan: %w", permanentError{})), nil, "fail", "", 1},
		{"trouble with words of its own", trouble(fmt.Errorf("run: %w", classicError(seed))), report, "fail", seed, 3},
		{
			"trouble without words of its own", trouble(classicError("")), report, "fail",
			"FAILURE during the job setup\nException: restore dataset \"nova\": connection refused", 3,
		},
		{
			"words cannot pass a build", trouble(classicError("SUCCESS")), report, "fail",
			"FAILURE during the job setup\nException: restore dataset \"nova\": connection refused", 3,
		},
		{
			"an error on several lines", trouble(errors.New("git fetch:\n\tfatal: \x1b[31mno\x00\r\nexit 1")), report, "fail",
			"FAILURE during the job setup\nException: git fetch: fatal: ?[31mno? exit 1", 3,
		},
		{
			"a long error", trouble(errors.New(strings.Repeat("é", 1000))), report, "fail",
			"FAILURE during the job setup\nException: " + strings.Repeat("é", 400) + "…", 3,
		},
		{"an empty verdict is a mistake, never a silent retry", verdict(""), report, "fail", "FAILURE during the job setup\nException: the runner gave neither a verdict nor an error", 1},
		{"an empty verdict is trouble", verdict(" \n"), nil, "fail", "", 1},
		{"a panic is not tried again", panics("index out of range"), nil, "fail", "", 1},
		{"a panic in classic words", panics("index out of range"), report, "fail", "FAILURE during the job setup\nException: panic: index out of range", 1},
		{"a runner that ends its goroutine", exits(), nil, "fail", "", 1},
		{"a deleted ref is an answer", trouble(&zuul.SourceError{Err: zuul.ErrDeleted}), nil, "complete", "NOTHING TO TEST - the ref was deleted", 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			runs := 0
			m := newManager(t, runnerFunc(func(ctx context.Context, r *zuul.Request) (zuul.Answer, error) {
				runs++
				if r.Attempt != runs {
					t.Errorf("attempt %d in run %d", r.Attempt, runs)
				}
				return test.runner.Run(ctx, r)
			}), test.change)
			job, z := newJob(t)
			build(m, job)
			sent := job.sent()
			if last := sent[len(sent)-1]; last.kind != test.end || sent[len(sent)-2].kind != "data" {
				t.Errorf("ends with %+v", sent[len(sent)-2:])
			}
			if z.over != 1 || z.shown != test.shown || z.retry != (test.shown == "") {
				t.Errorf("Zuul 2.5: over %d times, shown %q, retry %v; want %q", z.over, z.shown, z.retry, test.shown)
			}
			if runs != test.runs {
				t.Errorf("%d runs, want %d", runs, test.runs)
			}
		})
	}
}

// build runs a build that may end its goroutine.
func build(m *zuul.Manager, job *fakeJob) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		m.Build(context.Background(), job, testFunction)
	}()
	<-done
}

func panics(v any) runnerFunc {
	return func(context.Context, *zuul.Request) (zuul.Answer, error) { panic(v) }
}

func exits() runnerFunc {
	return func(context.Context, *zuul.Request) (zuul.Answer, error) {
		runtime.Goexit()
		return zuul.Answer{}, nil
	}
}

// Zuul 2.0 has no attempts: the same answers, as it shows them.
func TestAnswersInZuul20(t *testing.T) {
	for _, test := range []struct {
		runner zuul.Runner
		then   zuul.Then
		shown  string
	}{
		{verdict("SUCCESS"), zuul.Retry, "SUCCESS"},
		{verdict("FAILURE - a"), zuul.Retry, "FAILURE - a"},
		{trouble(errDisk), zuul.Retry, "LOST"},
		{trouble(errDisk), zuul.Report, "FAILURE during the job setup\nException: no space left on device"},
	} {
		m := newManager(t, test.runner, func(o *zuul.Options) { o.Trouble.Then = test.then })
		job, z := newJob(t)
		z.v20 = true
		m.Build(t.Context(), job, testFunction)
		if z.shown != test.shown || z.number != testNumber {
			t.Errorf("shown %q, want %q; number %v", z.shown, test.shown, z.number)
		}
	}
}

func TestBadPayloadIsTrouble(t *testing.T) {
	for name, test := range map[string]struct{ payload, says string }{
		"no JSON":    {"ZUUL_PROJECT=openstack/nova", "arguments from Zuul: not a JSON object"},
		"empty":      {"", "arguments from Zuul: not a JSON object"},
		"no project": {with(t, map[string]any{"ZUUL_PROJECT": nil}), "arguments from Zuul: ZUUL_PROJECT: missing"},
	} {
		for _, then := range []zuul.Then{zuul.Retry, zuul.Report} {
			t.Run(name+", then "+string(then), func(t *testing.T) {
				job, z := newJob(t)
				job.payload = test.payload
				m := newManager(t, runnerFunc(func(context.Context, *zuul.Request) (zuul.Answer, error) {
					t.Error("it is run")
					return zuul.Answer{}, nil
				}), func(o *zuul.Options) { o.Trouble.Then = then })
				m.Build(t.Context(), job, testFunction)
				shown := ""
				if then == zuul.Report {
					shown = "FAILURE during the job setup\nException: " + test.says
				}
				if z.number != testNumber || z.over != 1 || z.shown != shown || z.retry != (then == zuul.Retry) {
					t.Errorf("number %v, over %d times, shown %q, retry %v", z.number, z.over, z.shown, z.retry)
				}
			})
		}
	}
}

// The default pause, on the real clock of a bubble.
func TestPauseBetweenAttempts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var at []time.Duration
		m := newManager(t, runnerFunc(func(context.Context, *zuul.Request) (zuul.Answer, error) {
			at = append(at, time.Since(start))
			if len(at) < 3 {
				return zuul.Answer{}, errDisk
			}
			return zuul.Answer{Result: "FAILURE - a"}, nil
		}), func(o *zuul.Options) { o.Sleep = nil })
		job, z := newJob(t)
		m.Build(t.Context(), job, testFunction)
		if diff := cmp.Diff([]time.Duration{0, 10 * time.Second, 20 * time.Second}, at); diff != "" {
			t.Errorf("runs (-want +got):\n%s", diff)
		}
		if z.shown != "FAILURE - a" {
			t.Errorf("shown %q", z.shown)
		}
	})
}

// A worker that is shut down leaves the build to Zuul, whatever it was doing.
func TestShutdown(t *testing.T) {
	errShutdown := errors.New("shutting down")
	for name, test := range map[string]struct {
		runner runnerFunc
		then   zuul.Then
		shown  string
	}{
		"while it runs": {waits, zuul.Report, ""},
		"in the pause":  {trouble(errDisk), zuul.Report, ""},
		"when the verdict is there": {func(ctx context.Context, _ *zuul.Request) (zuul.Answer, error) {
			<-ctx.Done()
			return zuul.Answer{Result: "FAILURE - a"}, nil
		}, zuul.Retry, "FAILURE - a"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newManager(t, test.runner, func(o *zuul.Options) { o.Sleep, o.Trouble.Then = nil, test.then })
				ctx, cancel := context.WithCancelCause(t.Context())
				job, z := newJob(t)
				go m.Build(ctx, job, testFunction)
				synctest.Wait()
				cancel(errShutdown)
				synctest.Wait()
				if z.over != 1 || z.shown != test.shown || z.retry != (test.shown == "") || len(m.Running()) != 0 {
					t.Errorf("over %d times, shown %q, retry %v, %d running", z.over, z.shown, z.retry, len(m.Running()))
				}
			})
		})
	}
}

// waits is a Runner that ends when its context does.
func waits(ctx context.Context, _ *zuul.Request) (zuul.Answer, error) {
	<-ctx.Done()
	return zuul.Answer{}, fmt.Errorf("migrate: %w", context.Cause(ctx))
}

// A lost connection: no packet goes out, nothing is run for nobody, and the build
// ends all the same.
func TestConnectionLostBeforeTheFirstPacket(t *testing.T) {
	log := newMessages()
	m := newManager(t, runnerFunc(func(context.Context, *zuul.Request) (zuul.Answer, error) {
		t.Error("it is run")
		return zuul.Answer{}, nil
	}), func(o *zuul.Options) { o.Log = log.logger() })
	job, z := newJob(t)
	job.hook = func(int, string) error { return errors.New("broken pipe") }
	m.Build(t.Context(), job, testFunction)
	z.lost()
	if job.answers() != 1 || !z.retry || len(m.Running()) != 0 || log.count("ERROR the answer was not sent") != 1 {
		t.Errorf("answers %d, retry %v, running %v, log %q", job.answers(), z.retry, m.Running(), log.lines)
	}
}

// Without its first packet Zuul could not stop the build, so it is left to Zuul
// even where trouble is to be reported.
func TestOnlyTheFirstPacketIsLost(t *testing.T) {
	m := newManager(t, verdict("SUCCESS"), func(o *zuul.Options) { o.Trouble.Then = zuul.Report })
	job, z := newJob(t)
	job.hook = func(n int, _ string) error {
		if n == 0 {
			return errors.New("connection reset by peer")
		}
		return nil
	}
	m.Build(t.Context(), job, testFunction)
	if !z.retry || job.answers() != 1 {
		t.Errorf("retry %v, shown %q, %d answers", z.retry, z.shown, job.answers())
	}
}

func TestConnectionLostWhileItRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newManager(t, runnerFunc(func(ctx context.Context, r *zuul.Request) (zuul.Answer, error) {
			r.Progress(1, 2)
			return waits(ctx, r)
		}), nil)
		ctx, cancel := context.WithCancelCause(t.Context())
		job, z := newJob(t)
		job.hook = func(n int, _ string) error {
			if n >= 3 {
				return errors.New("broken pipe")
			}
			return nil
		}
		go m.Build(ctx, job, testFunction)
		synctest.Wait()
		cancel(errors.New("connection lost"))
		synctest.Wait()
		z.lost()
		if job.answers() != 1 || !z.retry || z.over != 1 || len(m.Running()) != 0 {
			t.Errorf("answers %d, retry %v, over %d times, running %v", job.answers(), z.retry, z.over, m.Running())
		}
	})
}

// The verdict is in two packets, so that it arrives when one of them does.
func TestVerdictArrivesWithOneOfItsPackets(t *testing.T) {
	for _, lost := range []int{2, 3} { // the last WORK_DATA, WORK_COMPLETE
		job, z := newJob(t)
		job.hook = func(n int, _ string) error {
			if n == lost {
				return errors.New("connection reset by peer")
			}
			return nil
		}
		newManager(t, verdict("FAILURE - a"), nil).Build(t.Context(), job, testFunction)
		if lost == 3 {
			z.lost()
		}
		if z.shown != "FAILURE - a" || job.answers() != 1 {
			t.Errorf("packet %d lost: shown %q, %d answers", lost, z.shown, job.answers())
		}
	}
}
