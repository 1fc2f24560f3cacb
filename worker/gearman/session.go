package gearman

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// closeTimeout bounds how long a stopped worker waits until its servers have read
// the last answers.
const closeTimeout = 5 * time.Second

// session is a worker's dealings over one connection.
type session struct {
	w    *Worker
	link *link
	log  *slog.Logger

	asked   uint64        // requests for jobs so far
	replies chan packet   // the answer to the one request for a job under way
	wake    chan struct{} // a NOOP came after the last NO_JOB

	jobs     sync.WaitGroup // handlers, of this connection
	answered atomic.Bool    // something may be unread by the server

	mu        sync.Mutex
	offered   map[string]bool // functions that the server gives us
	running   map[string]int  // jobs by function
	finishing bool
}

func newSession(w *Worker, l *link, log *slog.Logger) *session {
	return &session{
		w: w, link: l, log: log, replies: make(chan packet, 1), wake: make(chan struct{}, 1),
		offered: map[string]bool{}, running: map[string]int{},
	}
}

// register says who we are and what we can do, and waits until the server has
// heard it.
func (s *session) register(ctx context.Context) error {
	if id := s.w.o.ClientID; id != "" {
		if err := s.link.send(setClientID, nil, []byte(id)); err != nil {
			return err
		}
	}
	for _, function := range slices.Sorted(maps.Keys(s.w.o.Functions)) {
		if err := s.link.send(canDo, nil, []byte(function)); err != nil {
			return err
		}
		s.offered[function] = true
	}
	return s.link.ping(ctx)
}

// receive takes what the server sends, in order. It never waits.
func (s *session) receive(p packet) error {
	switch p.kind {
	case noop:
		select {
		case s.wake <- struct{}{}:
		default:
		}
	case noJob, jobAssign, jobAssignUniq:
		if s.link.awaited.Swap(0) == 0 {
			return fmt.Errorf("the server sent a packet of kind %d that nobody asked for", p.kind)
		}
		// A NOOP from before this answer has been answered by it.
		select {
		case <-s.wake:
		default:
		}
		s.replies <- p
	case errorReply:
		s.log.Warn("error from the Gearman server", slog.Any("err", parseError(p)))
	default:
		s.log.Debug("packet of no use to a worker", slog.Int("kind", int(p.kind)))
	}
	return nil
}

// grabJobs takes jobs until the connection is lost, which is its error, or
// grabbing ends. A slot comes first, then the question for a job: while the
// worker sleeps, or all slots are busy, no slot and no job waits for the other.
func (s *session) grabJobs(ctx, grabbing context.Context) error {
	waiting, cancel := context.WithCancel(grabbing)
	defer cancel()
	defer context.AfterFunc(s.link.lost, cancel)()

	for {
		if s.w.o.Slots.Acquire(waiting) != nil {
			return s.link.err()
		}
		if waiting.Err() != nil { // a slot and the end may come at once
			s.w.o.Slots.Release()
			return s.link.err()
		}
		reply, err := s.grab(ctx)
		if err != nil || reply.kind == noJob {
			s.w.o.Slots.Release()
		} else {
			err = s.begin(ctx, reply)
		}
		if err != nil {
			return err
		}
		if reply.kind != noJob {
			continue
		}
		if waiting.Err() != nil { // a worker that sleeps could be woken in another's stead
			return s.link.err()
		}
		if err := s.link.send(preSleep, nil, nil); err != nil {
			return err
		}
		select {
		case <-s.wake:
		case <-waiting.Done():
			return s.link.err()
		}
	}
}

// grab asks for a job and waits for the answer even when the worker is draining,
// for it may be a job; only the end of ctx ends the wait.
func (s *session) grab(ctx context.Context) (packet, error) {
	s.asked++
	s.link.awaited.Store(s.asked)
	if err := s.link.send(grabJobUniq, nil, nil); err != nil {
		return packet{}, err
	}
	select {
	case p := <-s.replies:
		return p, nil
	case <-s.link.lost.Done():
		return packet{}, s.link.err()
	case <-ctx.Done():
		return packet{kind: noJob}, nil
	}
}

// begin starts the handler of an assigned job, which takes the slot over. A job
// that cannot be done is failed. One that comes when the worker has been stopped
// is left: the end of the connection gives it back.
func (s *session) begin(ctx context.Context, p packet) error {
	job, err := parseJob(p, s.link)
	if err != nil {
		s.w.o.Slots.Release()
		s.link.fail(err)
		return s.link.err()
	}
	handler := s.w.o.Functions[job.function]
	if handler == nil || ctx.Err() != nil {
		s.w.o.Slots.Release()
		if handler == nil {
			s.log.Error("job for a function that was not offered", slog.String("job", job.handle))
			s.answered.Store(true)
			return job.Fail()
		}
		return nil
	}
	s.mu.Lock()
	s.running[job.function]++
	s.mu.Unlock()
	s.jobs.Add(1)
	s.w.jobs.Go(func() {
		defer s.jobs.Done()
		defer s.w.o.Slots.Release()
		defer s.ended(job.function)
		s.do(ctx, job, handler)
	})
	return nil
}

// do runs the handler and sees to it that there is an answer.
func (s *session) do(ctx context.Context, job *Job, handler Handler) {
	log := s.log.With(slog.String("job", job.handle), slog.String("unique", job.unique), slog.String("function", job.function))
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(s.link.lost, func() { cancel(s.link.err()) })()

	log.Debug("job begins")
	defer func() {
		if cause := recover(); cause != nil {
			log.Error("job panicked", slog.String("panic", describePanic(cause)), slog.String("stack", string(debug.Stack())))
		}
		s.answered.Store(true)
		if job.end() && s.link.err() == nil {
			log.Warn("job ended without an answer and was failed")
		}
		log.Debug("job ended")
	}()
	handler(ctx, job)
}

// describePanic tells the type of what a handler panicked with, and the text only
// where that is Go's own: others may quote the payload.
func describePanic(cause any) string {
	var own runtime.Error
	if err, ok := cause.(error); ok && errors.As(err, &own) {
		return own.Error()
	}
	return fmt.Sprintf("%T", cause)
}

// ended takes note that a job of function has ended.
func (s *session) ended(function string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running[function]--
	if s.finishing {
		s.withdraw()
	}
}

// finish waits for the running jobs and for the server to have read their answers.
// Meanwhile the server is told that we do no more jobs.
func (s *session) finish(ctx context.Context) {
	s.mu.Lock()
	s.finishing = true
	s.withdraw()
	s.mu.Unlock()
	s.jobs.Wait()
	if !s.answered.Load() || s.link.err() != nil {
		return
	}
	if err := s.confirm(ctx); err != nil {
		s.log.Warn("the Gearman server may not have read the last answers", slog.Any("err", err))
	}
}

// confirm returns when the server has read everything. A worker that has been
// stopped waits for closeTimeout at most.
func (s *session) confirm(ctx context.Context) error {
	if ctx.Err() == nil {
		if err := s.link.ping(ctx); err == nil || s.link.err() != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	return s.link.ping(ctx)
}

// withdraw takes back the functions that no job runs of: gearmand gives the
// running jobs of a function that is taken back to somebody else (CANT_DO and
// RESET_ABILITIES alike). That a function is still offered for a while does not
// matter: a worker that is awake is not woken. Errors are the connection's end,
// which is noticed elsewhere. s.mu is held.
func (s *session) withdraw() {
	for _, function := range slices.Sorted(maps.Keys(s.offered)) {
		if s.running[function] == 0 {
			delete(s.offered, function)
			_ = s.link.send(cantDo, nil, []byte(function))
		}
	}
}
