package gearman_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/turbo-hipster/turbo-hipster/worker/gearman"
	"github.com/turbo-hipster/turbo-hipster/worker/gearman/gearmandtest"
)

// echo completes with its payload.
func echo(_ context.Context, j *gearman.Job) { _ = j.Complete(j.Payload()) }

func TestServerRestartsWhileIdle(t *testing.T) {
	d := gearmandtest.Start(t)
	var mu sync.Mutex
	var states []bool
	w := start(t, gearman.Options{
		Servers: servers(d), ClientID: "worker-1", Functions: map[string]gearman.Handler{"a": echo, "b": echo},
		Connected: func(server string, ok bool) {
			mu.Lock()
			defer mu.Unlock()
			if server != d.Address() {
				t.Errorf("connected to %s", server)
			}
			states = append(states, ok)
		},
	})
	connected := func(times int) {
		t.Helper()
		eventually(t, "the worker hears the server", func() bool {
			mu.Lock()
			defer mu.Unlock()
			return len(states) == 2*times-1
		})
	}
	for n := range 3 {
		connected(n + 1)
		if !registered(t, d, "worker-1", "b", "a") { // gearmand lists the newest function first
			t.Error("the worker is not listed")
		}
		if o := submit(t.Context(), d, gearman.Submission{Function: "b", Payload: []byte("x")}); heard(o) != "created;complete x;" {
			t.Errorf("got %s, %v", heard(o), o.err)
		}
		d.Restart()
	}
	connected(4)
	w.Drain()
	if err := w.wait(); err != nil {
		t.Error(err)
	}
	if got := fmt.Sprint(states); got != "[true false true false true false true false]" {
		t.Errorf("connected: %s", got)
	}
}

// The pauses grow while a server is away, and start anew when it was there.
func TestBackoff(t *testing.T) {
	d := gearmandtest.Start(t)
	attempts := make(chan int)
	w := start(t, gearman.Options{
		Servers: servers(d), ClientID: "w", Functions: map[string]gearman.Handler{"f": echo},
		Backoff: func(attempt int) time.Duration {
			attempts <- attempt
			return time.Millisecond
		},
	})
	for range 2 {
		eventually(t, "the worker is registered", func() bool { return registered(t, d, "w", "f") })
		d.Stop()
		for want := 1; want <= 3; want++ {
			if got := receive(t, attempts); got != want {
				t.Errorf("attempt %d, want %d", got, want)
			}
		}
		d.Restart()
		for drained := false; !drained; {
			select {
			case <-attempts:
			default:
				drained = registered(t, d, "w", "f")
			}
		}
	}
	w.Drain()
	if err := w.wait(); err != nil {
		t.Error(err)
	}
}

func TestServerRestartsDuringAJob(t *testing.T) {
	d := gearmandtest.Start(t)
	began := make(chan struct{}, 1)
	cause, sent := make(chan error, 1), make(chan error, 3)
	start(t, gearman.Options{
		Servers: servers(d), ClientID: "worker-1",
		Functions: map[string]gearman.Handler{"echo": echo, "long": func(ctx context.Context, j *gearman.Job) {
			began <- struct{}{}
			<-ctx.Done()
			cause <- context.Cause(ctx)
			// The worker is connected again: what it says of the old job must not
			// go there.
			eventually(t, "the worker is registered", func() bool { return registered(t, d, "worker-1", "long", "echo") })
			sent <- j.Data([]byte("x"))
			sent <- j.Complete([]byte("x"))
			sent <- j.Complete([]byte("x"))
		}},
	})
	_, result := submitting(t, d, gearman.Submission{Function: "long"})
	receive(t, began)
	d.Restart()
	if o := receive(t, result); !errors.Is(o.err, gearman.ErrConnectionLost) {
		t.Errorf("the client hears %v", o.err)
	}
	if err := receive(t, cause); !errors.Is(err, gearman.ErrConnectionLost) {
		t.Errorf("the job ended because of %v", err)
	}
	for _, want := range []error{gearman.ErrConnectionLost, gearman.ErrConnectionLost, gearman.ErrAnswered} {
		if err := receive(t, sent); !errors.Is(err, want) {
			t.Errorf("sending late: %v, want %v", err, want)
		}
	}
	if o := submit(t.Context(), d, gearman.Submission{Function: "echo", Payload: []byte("x")}); heard(o) != "created;complete x;" {
		t.Errorf("got %s, %v", heard(o), o.err)
	}
}

// With one slot, a server that is dead must not keep it from the other; and a
// server that comes back is served.
func TestOneOfTwoServers(t *testing.T) {
	a, b := gearmandtest.Start(t), gearmandtest.Start(t)
	b.Stop()
	start(t, gearman.Options{Servers: servers(a, b), ClientID: "w", Functions: map[string]gearman.Handler{"echo": echo}})
	serves := func(d *gearmandtest.Daemon) {
		t.Helper()
		for range 3 {
			if o := submit(t.Context(), d, gearman.Submission{Function: "echo", Payload: []byte("x")}); heard(o) != "created;complete x;" {
				t.Errorf("got %s, %v", heard(o), o.err)
			}
		}
	}
	serves(a)
	b.Restart()
	serves(b)
	serves(a)
	a.Stop()
	serves(b)
	a.Restart()
	serves(a)
}

// A server that hangs, with its connections open, is given up, and its jobs with
// it; the one slot goes back to the other server.
func TestServerHangs(t *testing.T) {
	a, b := gearmandtest.Start(t), gearmandtest.Start(t)
	began, cause := make(chan struct{}, 1), make(chan error, 1)
	start(t, gearman.Options{
		Servers: servers(a, b), ClientID: "w", KeepAlive: 50 * time.Millisecond, ReplyTimeout: 500 * time.Millisecond,
		Functions: map[string]gearman.Handler{"echo": echo, "long": func(ctx context.Context, _ *gearman.Job) {
			began <- struct{}{}
			<-ctx.Done()
			cause <- context.Cause(ctx)
		}},
	})
	_, result := submitting(t, a, gearman.Submission{Function: "long"})
	receive(t, began)
	a.Pause()
	if err := receive(t, cause); !errors.Is(err, gearman.ErrConnectionLost) {
		t.Errorf("the job ended because of %v", err)
	}
	for range 3 {
		if o := submit(t.Context(), b, gearman.Submission{Function: "echo", Payload: []byte("x")}); heard(o) != "created;complete x;" {
			t.Errorf("got %s, %v", heard(o), o.err)
		}
	}
	a.Resume()
	// gearmand gives the job out again.
	receive(t, began)
	a.Stop()
	receive(t, result)
}

// A server that hangs while it is asked for a job must not take the slot for ever.
func TestServerHangsWhileAsked(t *testing.T) {
	a, b := gearmandtest.Start(t), gearmandtest.Start(t)
	submitted := make(chan struct{})
	start(t, gearman.Options{
		Servers: servers(a, b), KeepAlive: 20 * time.Millisecond, ReplyTimeout: 300 * time.Millisecond,
		Functions: map[string]gearman.Handler{"pause": func(_ context.Context, j *gearman.Job) {
			<-submitted // the client has its answer
			_ = j.Complete(nil)
			a.Pause() // the next question finds it so
		}, "echo": echo},
	})
	o := submit(t.Context(), a, gearman.Submission{Function: "pause", Background: true})
	close(submitted)
	if o.err != nil {
		t.Fatal(o.err)
	}
	for range 5 {
		if o := submit(t.Context(), b, gearman.Submission{Function: "echo", Payload: []byte("x")}); heard(o) != "created;complete x;" {
			t.Errorf("got %s, %v", heard(o), o.err)
		}
	}
}
