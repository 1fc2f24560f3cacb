package gearman_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/worker/gearman"
	"github.com/turbo-hipster/turbo-hipster/worker/gearman/gearmandtest"
)

func TestSubmitPriorities(t *testing.T) {
	d := gearmandtest.Start(t)
	for _, s := range []gearman.Submission{
		{Unique: "low", Priority: gearman.Low},
		{Unique: "normal"},
		{Unique: "high", Priority: gearman.High},
		{Unique: "low bg", Priority: gearman.Low, Background: true},
		{Unique: "normal bg", Background: true},
		{Unique: "high bg", Priority: gearman.High, Background: true},
	} {
		s.Function = "f"
		if s.Background {
			if o := submit(t.Context(), d, s); o.err != nil || heard(o) != "created;" || !strings.HasPrefix(o.last().Handle, "H:") {
				t.Errorf("%s: %s, %v", s.Unique, heard(o), o.err)
			}
		} else {
			created, _ := submitting(t, d, s)
			receive(t, created)
		}
	}
	order := make(chan string, 6)
	start(t, gearman.Options{Servers: servers(d), Functions: map[string]gearman.Handler{"f": func(_ context.Context, j *gearman.Job) {
		order <- j.Unique()
		_ = j.Complete(nil)
	}}})
	for _, want := range []string{"high", "high bg", "normal", "normal bg", "low", "low bg"} {
		if got := receive(t, order); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestSubmitEndsWithItsContext(t *testing.T) {
	d := gearmandtest.Start(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	o := outcome{}
	o.err = gearman.Submit(ctx, gearman.Server{Address: d.Address()}, gearman.Submission{Function: "nobody"}, func(gearman.Event) { cancel(errStopped) })
	if !errors.Is(o.err, errStopped) || errors.Is(o.err, gearman.ErrConnectionLost) {
		t.Errorf("got %v", o.err)
	}
	if err := gearman.Submit(ctx, gearman.Server{Address: d.Address()}, gearman.Submission{Function: "f"}, nil); err == nil {
		t.Error("it submits although it is over")
	}
}

func TestSubmitMistakes(t *testing.T) {
	d := gearmandtest.Start(t)
	for name, s := range map[string]gearman.Submission{
		"function name": {}, "unique": {Function: "f", Unique: "a\x00b"}, "ARGUMENT_TOO_LARGE": {Function: "f", Unique: strings.Repeat("u", 65)},
	} {
		if o := submit(t.Context(), d, s); o.err == nil || !strings.Contains(o.err.Error(), name) {
			t.Errorf("%s: %v", name, o.err)
		}
	}
	if err := gearman.Submit(t.Context(), gearman.Server{Address: "nowhere"}, gearman.Submission{Function: "f"}, nil); err == nil || !strings.Contains(err.Error(), "host:port") {
		t.Errorf("got %v", err)
	}
	var server *gearman.ServerError
	if o := submit(t.Context(), d, gearman.Submission{Function: "f", Unique: strings.Repeat("u", 65)}); !errors.As(o.err, &server) {
		t.Errorf("got %v", o.err)
	}
}

func TestCancelQueued(t *testing.T) {
	d := gearmandtest.Start(t)
	server := gearman.Server{Address: d.Address()}
	created, result := submitting(t, d, gearman.Submission{Function: "f", Unique: "cancelled"})
	handle := receive(t, created)
	if err := gearman.CancelQueued(t.Context(), server, handle); err != nil {
		t.Fatal(err)
	}
	if o := receive(t, result); o.err != nil || heard(o) != "created;fail;" {
		t.Errorf("the client hears %s, %v", heard(o), o.err)
	}
	if err := gearman.CancelQueued(t.Context(), server, "H:none:1"); !errors.Is(err, gearman.ErrUnknownJob) {
		t.Errorf("cancel a job that is not there: %v", err)
	}
	if err := gearman.CancelQueued(t.Context(), server, "a\nshutdown"); err == nil || errors.Is(err, gearman.ErrUnknownJob) {
		t.Errorf("got %v", err)
	}
	// No worker ever sees it.
	ran := make(chan string, 2)
	start(t, gearman.Options{Servers: servers(d), Functions: map[string]gearman.Handler{"f": func(_ context.Context, j *gearman.Job) {
		ran <- j.Unique()
		_ = j.Complete(nil)
	}}})
	if o := submit(t.Context(), d, gearman.Submission{Function: "f", Unique: "next"}); heard(o) != "created;complete;" {
		t.Errorf("got %s, %v", heard(o), o.err)
	}
	if got := receive(t, ran); got != "next" {
		t.Errorf("job %s ran", got)
	}
}

// A job that runs is not stopped: its client hears that it failed, and the worker
// nothing.
func TestCancelRunning(t *testing.T) {
	d := gearmandtest.Start(t)
	began, finish, sent := make(chan string), make(chan struct{}), make(chan error, 2)
	start(t, gearman.Options{Servers: servers(d), Functions: map[string]gearman.Handler{"f": func(_ context.Context, j *gearman.Job) {
		began <- j.Handle()
		<-finish
		sent <- j.Data([]byte("d"))
		sent <- j.Complete(nil)
	}}})
	_, result := submitting(t, d, gearman.Submission{Function: "f"})
	if err := gearman.CancelQueued(t.Context(), gearman.Server{Address: d.Address()}, receive(t, began)); err != nil {
		t.Error(err)
	}
	if o := receive(t, result); o.err != nil || heard(o) != "created;fail;" {
		t.Errorf("the client hears %s, %v", heard(o), o.err)
	}
	close(finish)
	if err := errors.Join(receive(t, sent), receive(t, sent)); err != nil {
		t.Error(err)
	}
}

func TestStatus(t *testing.T) {
	d := gearmandtest.Start(t)
	server := gearman.Server{Address: d.Address()}
	if all, err := gearman.Status(t.Context(), server); err != nil || len(all) != 0 {
		t.Errorf("a new server: %v, %v", all, err)
	}
	began, finish := make(chan struct{}, 3), make(chan struct{})
	start(t, gearman.Options{Servers: servers(d), ClientID: "me", Functions: map[string]gearman.Handler{"build:a:b": func(_ context.Context, j *gearman.Job) {
		began <- struct{}{}
		<-finish
		_ = j.Complete(nil)
	}}})
	for range 3 {
		if o := submit(t.Context(), d, gearman.Submission{Function: "build:a:b", Background: true}); o.err != nil {
			t.Fatal(o.err)
		}
	}
	receive(t, began)
	if all, err := gearman.Status(t.Context(), server); err != nil || len(all) != 1 || all[0] != (gearman.FunctionStatus{Function: "build:a:b", Queued: 2, Running: 1, Workers: 1}) {
		t.Errorf("got %v, %v", all, err)
	}
	if !registered(t, d, "me", "build:a:b") {
		t.Error("the worker is not listed")
	}
	d.Pause()
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errStopped)
	if _, err := gearman.Status(ctx, server); !errors.Is(err, errStopped) {
		t.Errorf("got %v", err)
	}
	d.Stop()
	if _, err := gearman.Workers(t.Context(), server); err == nil || !strings.Contains(err.Error(), "refused") {
		t.Errorf("got %v", err)
	}
	close(finish)
}
