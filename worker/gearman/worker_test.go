package gearman_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/worker/gearman"
	"github.com/turbo-hipster/turbo-hipster/worker/gearman/gearmandtest"
)

// Many jobs that all send a lot at once: gearman-go's worker, which does not
// serialize what it sends, lost the stream here.
func TestChattyJobs(t *testing.T) {
	const jobs, packets, slots, clients = 500, 10, 8, 25
	d := gearmandtest.Start(t)
	var runs tally
	var busy gauge
	start(t, gearman.Options{
		Servers: servers(d), Slots: gearman.NewSlots(slots),
		Functions: map[string]gearman.Handler{"chat": func(_ context.Context, j *gearman.Job) {
			defer busy.enter()()
			runs.add(j.Unique())
			for i := range packets {
				_ = j.Data(fmt.Appendf(nil, "%s %d", j.Payload(), i))
				_ = j.Status(i, packets)
			}
			_ = j.Complete(j.Payload())
		}},
	})

	var wg sync.WaitGroup
	for c := range clients {
		wg.Go(func() {
			for n := c; n < jobs; n += clients {
				name := fmt.Sprintf("job-%d", n)
				o := submit(t.Context(), d, gearman.Submission{Function: "chat", Unique: name, Payload: []byte("payload of " + name)})
				if want := chat(name, packets); o.err != nil || heard(o) != want {
					t.Errorf("%s: %v, got %s, want %s", name, o.err, heard(o), want)
				}
			}
		})
	}
	wg.Wait()
	if len(runs.count) != jobs || runs.total() != jobs {
		t.Errorf("%d jobs ran %d times, want %d", len(runs.count), runs.total(), jobs)
	}
	if busy.most > slots {
		t.Errorf("%d jobs at once in %d slots", busy.most, slots)
	}
}

func chat(name string, packets int) string {
	var b strings.Builder
	b.WriteString("created;")
	for i := range packets {
		fmt.Fprintf(&b, "data payload of %s %d;status %d/%d;", name, i, i, packets)
	}
	return b.String() + "complete payload of " + name + ";"
}

// heard writes down what a client heard.
func heard(o outcome) string {
	var b strings.Builder
	for _, e := range o.events {
		b.WriteString(e.Kind.String())
		if e.Kind == gearman.EventStatus {
			fmt.Fprintf(&b, " %d/%d", e.Done, e.Total)
		}
		if len(e.Data) > 0 {
			fmt.Fprintf(&b, " %s", e.Data)
		}
		b.WriteByte(';')
	}
	return b.String()
}

func TestAnswers(t *testing.T) {
	handlers := map[string]gearman.Handler{
		"completes":   func(_ context.Context, j *gearman.Job) { _ = j.Complete([]byte("a\x00b")) },
		"fails":       func(_ context.Context, j *gearman.Job) { _ = j.Fail() },
		"excepts":     func(_ context.Context, j *gearman.Job) { _ = j.Exception([]byte("why")) },
		"warns":       func(_ context.Context, j *gearman.Job) { _ = j.Warning([]byte("w")); _ = j.Complete(nil) },
		"panics":      func(context.Context, *gearman.Job) { panic("secret words") },
		"overreaches": func(_ context.Context, j *gearman.Job) { _ = j.Payload()[100] },
		"exits":       func(context.Context, *gearman.Job) { runtime.Goexit() },
		"forgets":     func(_ context.Context, j *gearman.Job) { _ = j.Data([]byte("d")) },
		"echoes":      func(_ context.Context, j *gearman.Job) { _ = j.Complete(j.Payload()) },
	}
	want := map[string]string{
		"completes":   "created;complete a\x00b;",
		"fails":       "created;fail;",
		"excepts":     "created;exception why;",
		"warns":       "created;warning w;complete;",
		"panics":      "created;fail;",
		"overreaches": "created;fail;",
		"exits":       "created;fail;",
		"forgets":     "created;data d;fail;",
		"echoes":      "created;complete secret payload;",
	}
	d := gearmandtest.Start(t)
	var log logged
	w, err := gearman.New(gearman.Options{Servers: servers(d), Functions: handlers, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- w.Run(t.Context()) }()
	// One slot: each of them must have given it back.
	for name := range maps.Keys(want) {
		o := submit(t.Context(), d, gearman.Submission{Function: name, Payload: []byte("secret payload")})
		if o.err != nil || heard(o) != want[name] {
			t.Errorf("%s: %v, got %q, want %q", name, o.err, heard(o), want[name])
		}
	}
	w.Drain()
	if err := receive(t, done); err != nil {
		t.Errorf("run: %v", err)
	}
	text := log.String()
	for _, part := range []string{"job panicked", "panic=string", "index out of range", "worker_test.go", "without an answer"} {
		if !strings.Contains(text, part) {
			t.Errorf("the log does not say %q", part)
		}
	}
	if strings.Contains(text, "secret") {
		t.Errorf("the log quotes what a job was given: %s", text)
	}
}

// logged is a log that is written by several goroutines.
type logged struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func TestNothingFollowsTheAnswer(t *testing.T) {
	d := gearmandtest.Start(t)
	errs, kept := make(chan error, 10), make(chan *gearman.Job, 1)
	start(t, gearman.Options{Servers: servers(d), Functions: map[string]gearman.Handler{"f": func(_ context.Context, j *gearman.Job) {
		if err := j.Status(-1, 2); err == nil {
			t.Error("a negative status is sent")
		}
		if err := j.Complete(nil); err != nil {
			t.Errorf("complete: %v", err)
		}
		errs <- j.Data([]byte("late"))
		errs <- j.Status(1, 2)
		errs <- j.Complete(nil)
		errs <- j.Fail()
		kept <- j
	}}})
	if o := submit(t.Context(), d, gearman.Submission{Function: "f"}); heard(o) != "created;complete;" {
		t.Errorf("got %s, %v", heard(o), o.err)
	}
	errs <- receive(t, kept).Exception(nil)
	for range 5 {
		if err := receive(t, errs); !errors.Is(err, gearman.ErrAnswered) {
			t.Errorf("got %v", err)
		}
	}
}

func TestLargePayloads(t *testing.T) {
	d := gearmandtest.Start(t)
	start(t, gearman.Options{Servers: servers(d), Functions: map[string]gearman.Handler{"echo": func(_ context.Context, j *gearman.Job) {
		_ = j.Data(j.Payload())
		_ = j.Complete(j.Payload())
	}}})
	for _, size := range []int{0, 1, 64 << 10, 64<<10 + 1, 8 << 20} {
		payload := bytes.Repeat([]byte("\x00REQ\x00RES0123"), size/12+1)[:size]
		o := submit(t.Context(), d, gearman.Submission{Function: "echo", Payload: payload})
		if o.err != nil || len(o.events) != 3 || !bytes.Equal(o.events[1].Data, payload) || !bytes.Equal(o.last().Data, payload) {
			t.Errorf("%d bytes: %d events, %v", size, len(o.events), o.err)
		}
	}
}

func TestStop(t *testing.T) {
	d := gearmandtest.Start(t)
	began, cause := make(chan struct{}), make(chan error, 1)
	w := start(t, gearman.Options{Servers: servers(d), Functions: map[string]gearman.Handler{"f": func(ctx context.Context, j *gearman.Job) {
		close(began)
		<-ctx.Done()
		cause <- context.Cause(ctx)
		_ = j.Complete([]byte("a last word"))
	}}})
	_, result := submitting(t, d, gearman.Submission{Function: "f"})
	receive(t, began)
	w.stop(errStopped)
	if err := receive(t, cause); !errors.Is(err, errStopped) {
		t.Errorf("the job ended because of %v", err)
	}
	if err := w.wait(); !errors.Is(err, errStopped) {
		t.Errorf("run: %v", err)
	}
	if o := receive(t, result); heard(o) != "created;complete a last word;" {
		t.Errorf("got %s, %v", heard(o), o.err)
	}
}

// A worker that is stopped before it could connect, or while it sleeps, is no
// slower.
func TestStopIdle(t *testing.T) {
	d, dead := gearmandtest.Start(t), gearmandtest.Start(t)
	dead.Stop()
	nothing := map[string]gearman.Handler{"f": func(context.Context, *gearman.Job) {}}
	w := start(t, gearman.Options{Servers: servers(d, dead), ClientID: "idle", Functions: nothing})
	eventually(t, "the worker is registered", func() bool { return registered(t, d, "idle", "f") })
	w.stop(errStopped)
	if err := w.wait(); !errors.Is(err, errStopped) {
		t.Errorf("run: %v", err)
	}
	if err := w.Run(t.Context()); err == nil {
		t.Error("a worker runs twice")
	}
	w = start(t, gearman.Options{Servers: servers(d, dead), Functions: nothing})
	w.Drain()
	w.Drain()
	if err := w.wait(); err != nil {
		t.Errorf("run: %v", err)
	}
}

func TestNewReportsAllMistakes(t *testing.T) {
	_, err := gearman.New(gearman.Options{
		Servers:  []gearman.Server{{Address: "nowhere"}, {Address: "a:1"}, {Address: "a:1"}, {Address: ":4730"}},
		ClientID: "two words", Functions: map[string]gearman.Handler{"": nil, "a\nb": func(context.Context, *gearman.Job) {}},
		DialTimeout: -1, MaxPayloadBytes: -1,
	})
	if err == nil {
		t.Fatal("all of that is accepted")
	}
	for _, part := range []string{`"nowhere"`, "a:1 is named twice", `":4730"`, "two words", `function name ""`, `function "" has no handler`, `"a\nb"`, "DialTimeout", "MaxPayloadBytes"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("nothing is said about %s: %v", part, err)
		}
	}
	if _, err := gearman.New(gearman.Options{}); err == nil || !strings.Contains(err.Error(), "no Gearman server") || !strings.Contains(err.Error(), "no function") {
		t.Errorf("no options at all: %v", err)
	}
}
