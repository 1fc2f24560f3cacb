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

// Workers come and go by draining while clients keep the queue full: every job is
// done once, and whoever took it answers.
func TestDrainUnderLoad(t *testing.T) {
	const jobs, clients = 400, 16
	d := gearmandtest.Start(t)
	var runs, workers tally
	next := func(n int) *running {
		return start(t, gearman.Options{
			Servers: servers(d), Slots: gearman.NewSlots(4),
			Functions: map[string]gearman.Handler{"work": func(_ context.Context, j *gearman.Job) {
				runs.add(j.Unique())
				workers.add(fmt.Sprint(n))
				_ = j.Data([]byte("d"))
				_ = j.Complete(j.Payload())
			}},
		})
	}
	finished := make(chan struct{})
	var wg sync.WaitGroup
	for c := range clients {
		wg.Go(func() {
			for n := c; n < jobs; n += clients {
				name := fmt.Sprint(n)
				if o := submit(t.Context(), d, gearman.Submission{Function: "work", Unique: name, Payload: []byte(name)}); heard(o) != "created;data d;complete "+name+";" {
					t.Errorf("job %s: %s, %v", name, heard(o), o.err)
				}
			}
		})
	}
	go func() { wg.Wait(); close(finished) }()

	over := false
	for n := 0; !over; n++ {
		old := next(n)
		for before := runs.total(); runs.total() < before+10 && !over; {
			select {
			case <-finished:
				over = true
			case <-time.After(time.Millisecond):
			}
		}
		old.Drain()
		if err := old.wait(); err != nil {
			t.Errorf("drain: %v", err)
		}
	}
	if len(runs.count) != jobs || runs.total() != jobs {
		t.Errorf("%d jobs ran %d times, want %d", len(runs.count), runs.total(), jobs)
	}
	t.Logf("%d workers took turns", len(workers.count))
}

// A draining worker finishes what it runs and takes nothing new. gearmand would
// give the running job to the other worker if its function were taken back.
func TestDrainFinishes(t *testing.T) {
	d := gearmandtest.Start(t)
	began, finish := make(chan string), make(chan struct{})
	by := func(name string) map[string]gearman.Handler {
		return map[string]gearman.Handler{
			"idle": echo,
			"long": func(ctx context.Context, j *gearman.Job) {
				began <- name + " " + j.Unique()
				select {
				case <-finish:
					_ = j.Complete([]byte(name))
				case <-ctx.Done():
				}
			},
		}
	}
	old := start(t, gearman.Options{Servers: servers(d), ClientID: "old", Slots: gearman.NewSlots(4), Functions: by("old")})
	_, first := submitting(t, d, gearman.Submission{Function: "long", Unique: "1"})
	if got := receive(t, began); got != "old 1" {
		t.Fatal(got)
	}
	old.Drain()
	eventually(t, "the idle function is taken back", func() bool { return registered(t, d, "old", "long") })

	start(t, gearman.Options{Servers: servers(d), ClientID: "new", Slots: gearman.NewSlots(4), Functions: by("new")})
	_, second := submitting(t, d, gearman.Submission{Function: "long", Unique: "2"})
	if got := receive(t, began); got != "new 2" {
		t.Fatal(got)
	}
	close(finish)
	if o := receive(t, first); heard(o) != "created;complete old;" {
		t.Errorf("got %s, %v", heard(o), o.err)
	}
	if o := receive(t, second); heard(o) != "created;complete new;" {
		t.Errorf("got %s, %v", heard(o), o.err)
	}
	if err := old.wait(); err != nil {
		t.Errorf("run: %v", err)
	}
}

// After a handler has drained its worker, the next job is somebody else's.
func TestDrainTakesNoMore(t *testing.T) {
	const jobs = 20
	d := gearmandtest.Start(t)
	for range jobs {
		if o := submit(t.Context(), d, gearman.Submission{Function: "one", Background: true}); o.err != nil {
			t.Fatal(o.err)
		}
	}
	for left := jobs; left > 0; left-- {
		var w *running
		ready, runs := make(chan struct{}), &tally{}
		w = start(t, gearman.Options{Servers: servers(d), Functions: map[string]gearman.Handler{"one": func(_ context.Context, j *gearman.Job) {
			<-ready
			runs.add("")
			_ = j.Complete(nil)
			w.Drain()
		}}})
		close(ready)
		if err := w.wait(); err != nil {
			t.Fatal(err)
		}
		if n := runs.total(); n != 1 {
			t.Fatalf("with %d jobs left, %d ran", left, n)
		}
	}
}

// A handler may drain its own worker, as `shutdown-th: true` asks; and a drained
// worker that is stopped says so.
func TestDrainFromAHandler(t *testing.T) {
	d := gearmandtest.Start(t)
	var w *running
	ready, hang := make(chan struct{}), make(chan struct{})
	w = start(t, gearman.Options{Servers: servers(d), Functions: map[string]gearman.Handler{"last": func(ctx context.Context, j *gearman.Job) {
		<-ready
		w.Drain()
		close(hang)
		<-ctx.Done()
		_ = j.Complete(nil)
	}}})
	close(ready)
	_, result := submitting(t, d, gearman.Submission{Function: "last"})
	receive(t, hang)
	w.stop(errStopped)
	if err := w.wait(); !errors.Is(err, errStopped) {
		t.Errorf("run: %v", err)
	}
	if o := receive(t, result); heard(o) != "created;complete;" {
		t.Errorf("got %s, %v", heard(o), o.err)
	}
}

// A job whose server dies while the worker drains ends, and so does the worker.
func TestDrainWhileTheServerDies(t *testing.T) {
	d := gearmandtest.Start(t)
	began := make(chan struct{})
	w := start(t, gearman.Options{Servers: servers(d), Functions: map[string]gearman.Handler{"long": func(ctx context.Context, _ *gearman.Job) {
		close(began)
		<-ctx.Done()
	}}})
	_, result := submitting(t, d, gearman.Submission{Function: "long"})
	receive(t, began)
	w.Drain()
	d.Stop()
	if err := w.wait(); err != nil {
		t.Errorf("run: %v", err)
	}
	receive(t, result)
}
