package gearman_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/turbo-hipster/turbo-hipster/worker/gearman"
	"github.com/turbo-hipster/turbo-hipster/worker/gearman/gearmandtest"
)

// patience is for what must happen at some time. Nothing waits for all of it but a
// test that fails.
const patience = 20 * time.Second

// running is a worker that runs.
type running struct {
	*gearman.Worker
	t    *testing.T
	done chan error
	stop context.CancelCauseFunc
}

var errStopped = errors.New("stopped by the test")

// start runs a worker until t ends; what is missing in o is filled in.
func start(t *testing.T, o gearman.Options) *running {
	t.Helper()
	o.Log = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))
	if o.Backoff == nil {
		o.Backoff = func(int) time.Duration { return 10 * time.Millisecond }
	}
	w, err := gearman.New(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancelCause(context.WithoutCancel(t.Context()))
	r := &running{Worker: w, t: t, done: make(chan error, 1), stop: stop}
	go func() {
		r.done <- w.Run(ctx)
		close(r.done)
	}()
	t.Cleanup(func() {
		stop(errStopped)
		select {
		case <-r.done:
		case <-time.After(patience):
			t.Error("the worker does not stop")
		}
	})
	return r
}

// wait returns what Run returns.
func (r *running) wait() error {
	r.t.Helper()
	select {
	case err := <-r.done:
		return err
	case <-time.After(patience):
		r.t.Fatal("the worker runs on")
		return nil
	}
}

func servers(daemons ...*gearmandtest.Daemon) (all []gearman.Server) {
	for _, d := range daemons {
		all = append(all, gearman.Server{Address: d.Address()})
	}
	return all
}

// outcome is what a client heard of a job.
type outcome struct {
	events []gearman.Event
	err    error
}

func (o outcome) last() gearman.Event {
	if len(o.events) == 0 {
		return gearman.Event{}
	}
	return o.events[len(o.events)-1]
}

// submit has a job done and returns everything that its client heard.
func submit(ctx context.Context, d *gearmandtest.Daemon, s gearman.Submission) (o outcome) {
	o.err = gearman.Submit(ctx, gearman.Server{Address: d.Address()}, s, func(e gearman.Event) { o.events = append(o.events, e) })
	return o
}

// submitting submits in the background; the first result is closed when the
// server has the job.
func submitting(t *testing.T, d *gearmandtest.Daemon, s gearman.Submission) (created <-chan string, result <-chan outcome) {
	t.Helper()
	c, r := make(chan string, 1), make(chan outcome, 1)
	go func() {
		var o outcome
		o.err = gearman.Submit(t.Context(), gearman.Server{Address: d.Address()}, s, func(e gearman.Event) {
			if e.Kind == gearman.EventCreated {
				c <- e.Handle
			}
			o.events = append(o.events, e)
		})
		r <- o
	}()
	return c, r
}

// receive waits for a value.
func receive[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(patience):
		t.Fatal("it does not happen")
		panic("unreachable")
	}
}

// eventually waits until ok.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it does not happen that %s", what)
		}
	}
}

// registered tells whether the server lists a worker with an id and functions.
func registered(t *testing.T, d *gearmandtest.Daemon, id string, functions ...string) bool {
	t.Helper()
	all, err := gearman.Workers(t.Context(), gearman.Server{Address: d.Address()})
	if err != nil {
		return false // a server that restarts
	}
	for _, w := range all {
		if w.ClientID == id && fmt.Sprint(w.Functions) == fmt.Sprint(functions) {
			return true
		}
	}
	return false
}

// tally counts things by name.
type tally struct {
	mu    sync.Mutex
	count map[string]int
}

func (c *tally) add(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.count == nil {
		c.count = map[string]int{}
	}
	c.count[name]++
}

func (c *tally) total() (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, k := range c.count {
		n += k
	}
	return n
}

// gauge knows how many were inside at once.
type gauge struct {
	mu        sync.Mutex
	now, most int
}

func (g *gauge) enter() (leave func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.now++
	g.most = max(g.most, g.now)
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.now--
	}
}
