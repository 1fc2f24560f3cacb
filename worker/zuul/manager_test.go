package zuul_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/worker/zuul"
)

// Zuul always gives a unique. What does not still gets a number to be stopped by.
func TestNumber(t *testing.T) {
	for name, test := range map[string]struct {
		unique, payload, number string
		warned                  int
	}{
		"the unique":                      {testNumber, with(t, nil), testNumber, 0},
		"the unique, not ZUUL_UUID":       {"0123456789", with(t, nil), "0123456789", 1},
		"the unique, without ZUUL_UUID":   {testNumber, with(t, map[string]any{"ZUUL_UUID": nil}), testNumber, 1},
		"ZUUL_UUID, without a unique":     {"", with(t, nil), testNumber, 0},
		"the handle, without either":      {"", "{}", "H:ci:1", 0},
		"the handle, with a hostile one":  {"../../etc", with(t, nil), "H:ci:1", 0},
		"the handle, with a hostile UUID": {"", with(t, map[string]any{"ZUUL_UUID": "../../etc"}), "H:ci:1", 0},
	} {
		t.Run(name, func(t *testing.T) {
			log := newMessages()
			m := newManager(t, runnerFunc(func(_ context.Context, r *zuul.Request) (zuul.Answer, error) {
				if r.Number != test.number || r.UUID != test.number || r.All["ZUUL_UUID"] != test.number {
					t.Errorf("number %q, UUID %q, ZUUL_UUID %q", r.Number, r.UUID, r.All["ZUUL_UUID"])
				}
				return zuul.Answer{Result: "SUCCESS"}, nil
			}), func(o *zuul.Options) { o.Log = log.logger() })
			job, z := newJob(t)
			job.unique, job.payload = test.unique, test.payload
			m.Build(t.Context(), job, testFunction)
			if z.number != test.number || z.over != 1 {
				t.Errorf("Zuul knows the number %v, want %s; over %d times", z.number, test.number, z.over)
			}
			if n := log.count("WARN ZUUL_UUID is not"); n != test.warned {
				t.Errorf("%d warnings, want %d", n, test.warned)
			}
		})
	}
}

func TestRequest(t *testing.T) {
	var got *zuul.Request
	m := newManager(t, runnerFunc(func(_ context.Context, r *zuul.Request) (zuul.Answer, error) {
		got = r
		return zuul.Answer{Result: "SUCCESS"}, nil
	}), nil)
	job, _ := newJob(t)
	m.Build(t.Context(), job, zuul.Function{Job: "gate-migrations", Node: "bare"})
	if got.Job != "gate-migrations" || got.Node != "bare" || got.LogPath != "45/12345/6/check/gate-migrations/1234567" || got.Attempt != 1 ||
		got.Project != "openstack/nova" || got.ReportURL != "https://logs.example.org/th/45/12345/6/check/gate-migrations/1234567/index.html" {
		t.Errorf("%+v", got)
	}
}

// Progress comes from any goroutine; the fake job notices packets that overlap.
func TestProgressFromManyGoroutines(t *testing.T) {
	m := newManager(t, runnerFunc(func(_ context.Context, r *zuul.Request) (zuul.Answer, error) {
		var wg sync.WaitGroup
		for i := range 10 {
			wg.Go(func() { r.Progress(i, 10) })
		}
		wg.Wait()
		return zuul.Answer{Result: "SUCCESS"}, nil
	}), nil)
	job, _ := newJob(t)
	job.hook = func(int, string) error {
		time.Sleep(time.Millisecond)
		return nil
	}
	m.Build(t.Context(), job, testFunction)
	if n := len(job.sent()); n != 14 {
		t.Errorf("%d packets, want 14", n)
	}
}

func TestManyBuildsAtOnce(t *testing.T) {
	m := newManager(t, runnerFunc(func(_ context.Context, r *zuul.Request) (zuul.Answer, error) {
		for i := range 20 {
			r.Progress(i, 20)
		}
		if strings.HasSuffix(r.Number, "5") {
			panic("one build's")
		}
		return zuul.Answer{Result: "FAILURE - " + r.Number}, nil
	}), nil)
	var wg sync.WaitGroup
	for i := range 100 {
		job, z := newJob(t)
		job.unique = fmt.Sprintf("build-%d", i)
		wg.Go(func() {
			m.Build(t.Context(), job, testFunction)
			if want := "FAILURE - " + job.unique; z.shown != want && (!z.retry || i%10 != 5) {
				t.Errorf("build %d: shown %q", i, z.shown)
			}
		})
	}
	wg.Wait()
	if n := len(m.Running()); n != 0 {
		t.Errorf("%d are said to run", n)
	}
}

func TestRunning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		m := newManager(t, runnerFunc(func(context.Context, *zuul.Request) (zuul.Answer, error) {
			<-release
			return zuul.Answer{Result: "SUCCESS"}, nil
		}), nil)
		start := time.Now()
		for _, number := range []string{"b", "a"} {
			job, _ := newJob(t)
			job.unique = number
			go m.Build(t.Context(), job, testFunction)
			synctest.Wait()
			time.Sleep(time.Minute)
		}
		stop(t, m, "gate-migrations", "a")
		want := []zuul.Running{
			{Number: "b", Job: "gate-migrations", Project: "openstack/nova", Since: start},
			{Number: "a", Job: "gate-migrations", Project: "openstack/nova", Since: start.Add(time.Minute), Stopped: true},
		}
		if diff := cmp.Diff(want, m.Running()); diff != "" {
			t.Errorf("running (-want +got):\n%s", diff)
		}
		close(release)
		synctest.Wait()
	})
}

// Credentials in the arguments stay out of the log.
func TestLogHasNoCredentials(t *testing.T) {
	var log bytes.Buffer
	m := newManager(t, trouble(errDisk), func(o *zuul.Options) {
		o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	swift := map[string]any{
		"SWIFT_logs_URL": "https://swift.example.org/v1/a/logs/", "SWIFT_logs_SIGNATURE": "c0ffee5ecret", "SWIFT_logs_HMAC_BODY": "/v1/a/logs/\n\n104857600\n50\n1400000000",
	}
	for _, payload := range []string{with(t, swift), with(t, withBad(swift))} {
		job, _ := newJob(t)
		job.payload = payload
		m.Build(t.Context(), job, testFunction)
	}
	if !strings.Contains(log.String(), "SWIFT_logs_URL: a control character") {
		t.Errorf("the log does not say what is wrong:\n%s", log.String())
	}
	if strings.Contains(log.String(), "c0ffee5ecret") || strings.Contains(log.String(), "104857600") {
		t.Errorf("the log has credentials:\n%s", log.String())
	}
}

func withBad(values map[string]any) map[string]any {
	values = maps.Clone(values)
	values["SWIFT_logs_URL"] = "https://c0ffee5ecret\x01"
	return values
}

func TestOptionsAreChecked(t *testing.T) {
	for name, change := range map[string]func(*zuul.Options){
		"no runner":             func(o *zuul.Options) { o.Runner = nil },
		"no clock":              func(o *zuul.Options) { o.Now = nil },
		"no name":               func(o *zuul.Options) { o.Name = "" },
		"a name with a space":   func(o *zuul.Options) { o.Name = "my manager" },
		"a name with a newline": func(o *zuul.Options) { o.Name = "my\nmanager" },
		"negative attempts":     func(o *zuul.Options) { o.Trouble.Attempts = -1 },
		"a negative pause":      func(o *zuul.Options) { o.Trouble.Pause = -1 },
		"an unknown policy":     func(o *zuul.Options) { o.Trouble.Then = "ignore" },
	} {
		o := zuul.Options{Runner: verdict("SUCCESS"), Now: time.Now, Name: zuul.DefaultName("ci1")}
		if _, err := zuul.NewManager(o); err != nil {
			t.Fatal(err)
		}
		change(&o)
		if _, err := zuul.NewManager(o); err == nil {
			t.Errorf("%s: passes", name)
		}
	}
}
