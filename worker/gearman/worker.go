package gearman

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// errDrained ends the grabbing of jobs.
var errDrained = errors.New("the worker is draining")

// Worker serves functions to Gearman servers.
type Worker struct {
	o    Options
	jobs sync.WaitGroup // handlers, of all connections

	mu      sync.Mutex
	started bool
	drained bool
	stop    context.CancelCauseFunc // ends the grabbing of jobs; set by Run
}

// New checks the options, reporting every mistake at once.
func New(o Options) (*Worker, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("set up Gearman worker: %w", err)
	}
	return &Worker{o: o}, nil
}

// Run serves until the worker is drained, and returns nil, or until ctx ends, and
// returns the cause of that: then the contexts of the running jobs end, and Run
// waits for their handlers. It is called once.
//
// What goes wrong with a server is logged, and the server tried again for ever.
func (w *Worker) Run(ctx context.Context) error {
	grabbing, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	if err := w.start(stop); err != nil {
		return err
	}
	var servers sync.WaitGroup
	for _, s := range w.o.Servers {
		servers.Go(func() { w.serve(ctx, grabbing, s) })
	}
	servers.Wait()
	w.jobs.Wait()
	return context.Cause(ctx)
}

func (w *Worker) start(stop context.CancelCauseFunc) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.started {
		return errors.New("a Gearman worker runs once")
	}
	w.started, w.stop = true, stop
	if w.drained {
		stop(errDrained)
	}
	return nil
}

// Drain makes the worker take no more jobs. A job that a server has assigned is
// done, even if the assignment is still on its way. Run returns nil when the last
// job has ended and its server has read the answer. Drain does not wait; it may be
// called more than once, before Run, and by handlers.
func (w *Worker) Drain() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.drained = true
	if w.stop != nil {
		w.stop(errDrained)
	}
}

// serve keeps a connection to one server until grabbing ends.
func (w *Worker) serve(ctx, grabbing context.Context, server Server) {
	log := w.o.Log.With(slog.String("server", server.Address))
	for attempt := 1; ; attempt++ {
		connected, err := w.connect(ctx, grabbing, server, log)
		if grabbing.Err() != nil {
			return
		}
		if connected {
			attempt = 1
		}
		wait := w.o.Backoff(attempt)
		log.Warn("no connection to the Gearman server", slog.Any("err", err), slog.Duration("retry_in", wait))
		select {
		case <-grabbing.Done():
			return
		case <-time.After(wait):
		}
	}
}

// connect makes one connection and serves it until it is lost or grabbing ends. It
// tells whether the server ever answered.
func (w *Worker) connect(ctx, grabbing context.Context, server Server, log *slog.Logger) (bool, error) {
	l, err := dialLink(grabbing, server, w.o.limits())
	if err != nil {
		return false, err
	}
	return w.converse(ctx, grabbing, l, server.Address, log)
}

// converse serves a new connection, and closes it.
func (w *Worker) converse(ctx, grabbing context.Context, l *link, address string, log *slog.Logger) (bool, error) {
	s := newSession(w, l, log)
	var watchers sync.WaitGroup
	watchers.Go(func() { l.read(s.receive) })
	watchers.Go(l.watch)
	defer watchers.Wait()
	defer l.close()

	if err := s.register(grabbing); err != nil {
		return false, err
	}
	log.Info("connected to the Gearman server")
	w.o.Connected(address, true)
	defer w.o.Connected(address, false)
	if err := s.grabJobs(ctx, grabbing); err != nil {
		return true, err
	}
	s.finish(ctx)
	return true, nil
}
