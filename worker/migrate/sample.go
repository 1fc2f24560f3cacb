package migrate

import (
	"context"
	"sync"
	"time"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// sampleTimeout is how long the server may take to answer before the counters are
// not known; it may be busy, or gone.
const sampleTimeout = 10 * time.Second

// sampler asks the server for its counters when steps start and end. It asks in a
// goroutine of its own, so that reading the command's output, and so the times of
// steps, never wait for the server.
//
// What is asked for late says nothing: meanwhile the next step runs. Counters of a
// step are known only when the server answered within late of the lines that start
// and end it, and when the answer for the start was there before the end: of a
// step that was over sooner, the server could not be asked.
type sampler struct {
	counters func(context.Context) (worker.Counters, error)
	failed   func(error) // told of the first error; nil for nobody
	now      func() time.Time
	late     time.Duration

	wake chan struct{}
	over chan struct{} // closed when the goroutine has ended

	mu      sync.Mutex
	pending []*sample
	steps   []bounds
}

// sample is what the counters were at a time.
type sample struct {
	at       time.Time
	taken    bool
	counters worker.Counters
}

// bounds are the samples of a step.
type bounds struct {
	start, end *sample
	inTime     bool // start's was taken before the end
	exact      bool // nothing but the step ran between them
}

// start starts the goroutine, which ends when stop is called, or asks in vain when
// ctx ends.
func (s *sampler) start(ctx context.Context) {
	s.wake, s.over = make(chan struct{}, 1), make(chan struct{})
	go func() {
		defer close(s.over)
		for range s.wake {
			s.take(ctx)
		}
		s.take(ctx)
	}()
}

// stop ends the goroutine when all samples are taken.
func (s *sampler) stop() {
	close(s.wake)
	<-s.over
}

// seen is told of a step's start or end, and returns at once. It is not called
// after stop.
func (s *sampler) seen(step int, end bool, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.steps) <= step {
		s.steps = append(s.steps, bounds{})
	}
	var now *sample
	if n := len(s.pending); n > 0 && s.pending[n-1].at.Equal(at) {
		now = s.pending[n-1] // the end of one is the start of the next
	} else {
		now = &sample{at: at}
		s.pending = append(s.pending, now)
	}
	if b := &s.steps[step]; end {
		b.end, b.inTime = now, b.start != nil && b.start.taken
	} else {
		b.start = now
	}
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// take asks once, for all that wait.
func (s *sampler) take(ctx context.Context) {
	s.mu.Lock()
	pending := s.pending
	s.pending = nil
	s.mu.Unlock()
	if len(pending) == 0 {
		return
	}
	counters := s.ask(ctx)
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range pending {
		p.taken = true
		if now.Sub(p.at) <= s.late {
			p.counters = counters
		}
	}
}

// ask asks the server. An error is nobody's trouble: then nothing is known.
func (s *sampler) ask(ctx context.Context) worker.Counters {
	ctx, cancel := context.WithTimeout(ctx, sampleTimeout)
	defer cancel()
	counters, err := s.counters(ctx)
	if err == nil {
		return counters
	}
	s.mu.Lock()
	failed := s.failed
	s.failed = nil
	s.mu.Unlock()
	if failed != nil && ctx.Err() == nil {
		failed(err)
	}
	return worker.Counters{}
}

// exactly says what the counters were before the first and after the last of the
// steps of a run, which started and ended while nothing else ran.
func (s *sampler) exactly(first, last int, before, after worker.Counters) {
	if first > last {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.steps) <= last {
		s.steps = append(s.steps, bounds{})
	}
	s.steps[first].start, s.steps[first].inTime = &sample{taken: true, counters: before}, true
	s.steps[last].end, s.steps[last].exact = &sample{taken: true, counters: after}, first == last
}

// rows are the rows that a step changed and read, as far as that is known, and
// whether they were counted without a look at when its lines arrived. It is called
// after stop.
func (s *sampler) rows(step int) (rows worker.Counters, exact bool) {
	if step >= len(s.steps) {
		return worker.Counters{}, false
	}
	b := s.steps[step]
	if b.start == nil || b.end == nil || !b.inTime {
		return worker.Counters{}, false
	}
	return b.end.counters.Since(b.start.counters), b.exact
}
