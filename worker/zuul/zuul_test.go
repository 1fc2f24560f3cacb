package zuul_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/turbo-hipster/turbo-hipster/worker/zuul"
)

// runnerFunc is a Runner.
type runnerFunc func(ctx context.Context, r *zuul.Request) (zuul.Answer, error)

func (f runnerFunc) Run(ctx context.Context, r *zuul.Request) (zuul.Answer, error) { return f(ctx, r) }

// verdict is a Runner that always comes to it.
func verdict(result string) runnerFunc {
	return func(context.Context, *zuul.Request) (zuul.Answer, error) {
		return zuul.Answer{Result: result}, nil
	}
}

// trouble is a Runner that never comes to a verdict.
func trouble(err error) runnerFunc {
	return func(context.Context, *zuul.Request) (zuul.Answer, error) { return zuul.Answer{}, err }
}

const testManager = "turbo-hipster-manager-ci1"

// newManager makes a manager that never really waits.
func newManager(t testing.TB, runner zuul.Runner, change func(*zuul.Options)) *zuul.Manager {
	t.Helper()
	o := zuul.Options{
		Runner: runner, Name: testManager, URLPrefix: "https://logs.example.org/th/", Now: time.Now,
		Identity: zuul.Identity{
			Hostname: "ci1", FQDN: "ci1.example.org", IPs: []string{"192.0.2.7"}, Version: "2.0", Extra: map[string]string{"rack": "b"},
		},
		Sleep: func(context.Context, time.Duration) error { return nil },
		Log:   slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	if change != nil {
		change(&o)
	}
	m, err := zuul.NewManager(o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

const (
	testNumber = "1234567890abcdef1234567890abcdef"
	testCommit = "5f2d8b8ce1f4ba5f2d8b8ce1f4ba5f2d8b8ce1f4"
	zeros      = "0000000000000000000000000000000000000000"
)

var testFunction = zuul.Function{Job: "gate-migrations"}

// arguments are a change's, as Zuul 2.5 sends them.
func arguments() map[string]any {
	return map[string]any{
		"ZUUL_UUID": testNumber, "ZUUL_PROJECT": "openstack/nova", "ZUUL_PIPELINE": "check", "ZUUL_URL": "https://zuul.example.org/p", "ZUUL_VOTING": "1",
		"BASE_LOG_PATH": "45/12345/6", "LOG_PATH": "45/12345/6/check/gate-migrations/1234567",
		"ZUUL_BRANCH": "stable/kilo", "ZUUL_CHANGES": "openstack/nova:stable/kilo:refs/changes/45/12345/6", "ZUUL_REF": "refs/zuul/stable/kilo/Zabc",
		"ZUUL_COMMIT": testCommit, "ZUUL_CHANGE_IDS": "12345,6", "ZUUL_CHANGE": "12345", "ZUUL_PATCHSET": "6",
	}
}

// with is a payload: the change's arguments, changed; a nil value takes one out.
func with(t testing.TB, changes map[string]any) string {
	t.Helper()
	all := arguments()
	for name, value := range changes {
		if value == nil {
			delete(all, name)
			continue
		}
		all[name] = value
	}
	body, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// newJob is a job for a change, and the build that Zuul waits for.
func newJob(t testing.TB) (*fakeJob, *zuulBuild) {
	t.Helper()
	z := &zuulBuild{t: t}
	return &fakeJob{t: t, handle: "H:ci:1", function: testFunction.String(), unique: testNumber, payload: with(t, nil), zuul: z}, z
}

// stopJob is what Zuul sends to stop a build.
func stopJob(t testing.TB, name, number any) *fakeJob {
	t.Helper()
	body, err := json.Marshal(map[string]any{"name": name, "number": number})
	if err != nil {
		t.Fatal(err)
	}
	return &fakeJob{t: t, handle: "H:ci:2", function: "stop:" + testManager, unique: "s", payload: string(body)}
}

// stop asks for a stop and checks that it was completed.
func stop(t testing.TB, m *zuul.Manager, name, number any) {
	t.Helper()
	job := stopJob(t, name, number)
	m.Stop(t.Context(), job)
	checkDone(t, job)
}

// checkDone checks that a job for the manager was completed with nothing else.
func checkDone(t testing.TB, job *fakeJob) {
	t.Helper()
	if sent := job.sent(); len(sent) != 1 || sent[0].kind != "complete" || sent[0].payload != "" {
		t.Errorf("%s was answered with %+v, want one empty WORK_COMPLETE", job.function, sent)
	}
}

// messages is a log handler that keeps what was logged.
type messages struct {
	slog.Handler

	mu    sync.Mutex
	lines []string
}

func newMessages() *messages {
	return &messages{Handler: slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelDebug})}
}

func (m *messages) Handle(_ context.Context, r slog.Record) error {
	line := r.Level.String() + " " + r.Message
	r.Attrs(func(a slog.Attr) bool {
		line += " " + a.String()
		return true
	})
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lines = append(m.lines, line)
	return nil
}

func (m *messages) logger() *slog.Logger { return slog.New(m) }

func (m *messages) WithAttrs([]slog.Attr) slog.Handler { return m }

func (m *messages) count(text string) (n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, line := range m.lines {
		if strings.Contains(line, text) {
			n++
		}
	}
	return n
}

var errDisk = errors.New("no space left on device")
