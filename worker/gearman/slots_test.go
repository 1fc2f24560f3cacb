package gearman_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/worker/gearman"
	"github.com/turbo-hipster/turbo-hipster/worker/gearman/gearmandtest"
)

func TestSlots(t *testing.T) {
	s := gearman.NewSlots(1)
	acquire := func() <-chan error {
		c := make(chan error, 1)
		go func() { c <- s.Acquire(t.Context()) }()
		return c
	}
	usage := func(wantBusy, wantSize int) {
		t.Helper()
		if busy, size := s.Usage(); busy != wantBusy || size != wantSize {
			t.Errorf("%d of %d slots taken, want %d of %d", busy, size, wantBusy, wantSize)
		}
	}
	if err := receive(t, acquire()); err != nil {
		t.Fatal(err)
	}
	usage(1, 1)
	second, third := acquire(), acquire()
	s.Resize(3)
	if err := errors.Join(receive(t, second), receive(t, third)); err != nil {
		t.Fatal(err)
	}
	usage(3, 3)
	s.Resize(1)
	s.Release()
	usage(2, 1)
	fourth := acquire()
	s.Release()
	usage(1, 1) // whether or not the fourth waits already: it is one too many
	s.Release()
	if err := receive(t, fourth); err != nil {
		t.Fatal(err)
	}
	usage(1, 1)

	// Whoever gives up leaves no trace, even if a slot is given at that moment.
	for range 200 {
		ctx, cancel := context.WithCancelCause(t.Context())
		c := make(chan error, 1)
		go func() { c <- s.Acquire(ctx) }()
		go s.Release()
		go cancel(errStopped)
		err := receive(t, c)
		if err != nil && !errors.Is(err, errStopped) {
			t.Fatal(err)
		}
		eventually(t, "the slot is back", func() bool { busy, _ := s.Usage(); return busy == 0 == (err != nil) })
		if err != nil {
			if err := s.Acquire(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	usage(1, 1)
	s.Release()
	s.Resize(-1)
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errStopped)
	if err := s.Acquire(ctx); !errors.Is(err, errStopped) {
		t.Errorf("acquire: %v", err)
	}
	usage(0, 0)
	defer func() {
		if recover() == nil {
			t.Error("a slot is released that nobody took")
		}
	}()
	s.Release()
}

// Two workers, as before and after a reload, share their slots.
func TestSlotsShared(t *testing.T) {
	const jobs, size = 60, 2
	d := gearmandtest.Start(t)
	slots := gearman.NewSlots(size)
	var busy gauge
	handler := func(_ context.Context, j *gearman.Job) {
		defer busy.enter()()
		_ = j.Data(nil)
		_ = j.Complete(nil)
	}
	for _, f := range []string{"a", "b"} {
		start(t, gearman.Options{Servers: servers(d), Slots: slots, Functions: map[string]gearman.Handler{f: handler}})
	}
	var wg sync.WaitGroup
	for client := range 8 {
		wg.Go(func() {
			for n := client; n < jobs; n += 8 {
				if o := submit(t.Context(), d, gearman.Submission{Function: []string{"a", "b"}[client%2]}); heard(o) != "created;data;complete;" {
					t.Errorf("got %s, %v", heard(o), o.err)
				}
			}
		})
	}
	wg.Wait()
	if busy.most > size {
		t.Errorf("%d jobs at once in %d slots", busy.most, size)
	}
}

func TestResizeWhileServing(t *testing.T) {
	d := gearmandtest.Start(t)
	slots := gearman.NewSlots(0)
	began, finish := make(chan struct{}), make(chan struct{})
	start(t, gearman.Options{Servers: servers(d), ClientID: "w", Slots: slots, Functions: map[string]gearman.Handler{"f": func(_ context.Context, j *gearman.Job) {
		began <- struct{}{}
		<-finish
		_ = j.Complete(nil)
	}}})
	eventually(t, "the worker is registered", func() bool { return registered(t, d, "w", "f") })
	var results []<-chan outcome
	for range 5 {
		created, result := submitting(t, d, gearman.Submission{Function: "f"})
		receive(t, created)
		results = append(results, result)
	}
	status := func() gearman.FunctionStatus {
		all, err := gearman.Status(t.Context(), gearman.Server{Address: d.Address()})
		if err != nil || len(all) != 1 {
			t.Fatalf("got %v, %v", all, err)
		}
		return all[0]
	}
	if got := status(); got != (gearman.FunctionStatus{Function: "f", Queued: 5, Workers: 1}) {
		t.Errorf("without slots: %+v", got)
	}
	slots.Resize(3)
	for range 3 {
		receive(t, began)
	}
	if got := status(); got.Running != 3 || got.Queued != 2 {
		t.Errorf("with three slots: %+v", got)
	}
	slots.Resize(1)
	finish <- struct{}{}
	finish <- struct{}{}
	eventually(t, "two jobs have ended", func() bool { return status().Running == 1 })
	finish <- struct{}{}
	receive(t, began)
	finish <- struct{}{}
	receive(t, began)
	finish <- struct{}{}
	for _, r := range results {
		if o := receive(t, r); heard(o) != "created;complete;" {
			t.Errorf("got %s, %v", heard(o), o.err)
		}
	}
}
