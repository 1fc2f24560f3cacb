package migrate

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

func counted(n int64) worker.Counters {
	return worker.Counters{RowsChanged: worker.Count{N: n, Known: true}, RowsRead: worker.Count{N: 2 * n, Known: true}}
}

// TestSampler: which steps' rows are known, with a server that counts a row each
// millisecond and takes a while to answer.
func TestSampler(t *testing.T) {
	for _, tc := range []struct {
		name   string
		answer time.Duration
		steps  []time.Duration // one after the other
		want   []worker.Counters
	}{
		{"prompt", time.Millisecond, []time.Duration{time.Second, 500 * time.Millisecond}, []worker.Counters{counted(1000), counted(500)}},
		{"over before the server answered", 20 * time.Millisecond, []time.Duration{time.Second, 10 * time.Millisecond, time.Second}, []worker.Counters{counted(1000), {}, counted(990)}},
		{"the server is busy", 200 * time.Millisecond, []time.Duration{time.Second, time.Second}, []worker.Counters{{}, {}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				s := &sampler{now: time.Now, late: 100 * time.Millisecond, counters: func(context.Context) (worker.Counters, error) {
					time.Sleep(tc.answer)
					return counted(time.Since(begin).Milliseconds()), nil
				}}
				s.start(t.Context())
				for i, d := range tc.steps {
					at := time.Now()
					if i > 0 {
						s.seen(i-1, true, at)
					}
					s.seen(i, false, at)
					time.Sleep(d)
				}
				s.seen(len(tc.steps)-1, true, time.Now())
				s.stop()
				for i, want := range tc.want {
					if got, exact := s.rows(i); got != want || exact {
						t.Errorf("step %d: %+v, want %+v", i, got, want)
					}
				}
			})
		})
	}
}

// TestSamplerDoesNotWait: who reads the output never waits for a server that hangs,
// and a server that fails is nobody's trouble.
func TestSamplerDoesNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var failures atomic.Int32
		s := &sampler{
			now: time.Now, late: time.Hour, failed: func(error) { failures.Add(1) },
			counters: func(ctx context.Context) (worker.Counters, error) {
				<-ctx.Done()
				return counted(1), ctx.Err()
			},
		}
		ctx, cancel := context.WithCancel(t.Context())
		s.start(ctx)
		begin := time.Now()
		for i := range 1000 {
			s.seen(i, false, time.Now())
			s.seen(i, true, time.Now())
		}
		if took := time.Since(begin); took > 0 {
			t.Errorf("waited %v", took)
		}
		cancel()
		s.stop()
		if got, _ := s.rows(500); got != (worker.Counters{}) {
			t.Errorf("got %+v from a server that gave no answer", got)
		}
		if failures.Load() > 0 {
			t.Error("the end of the build was told as a failure")
		}
	})
}

func TestSamplerExact(t *testing.T) {
	failed := 0
	s := &sampler{now: time.Now, late: time.Hour, failed: func(error) { failed++ }, counters: func(context.Context) (worker.Counters, error) {
		return counted(1), errors.New("no")
	}}
	s.start(t.Context())
	for i := range 3 { // steps 0 and 1 of one run, step 2 of another
		s.seen(i, false, time.Now())
		s.seen(i, true, time.Now())
	}
	s.exactly(0, 1, counted(1), counted(5))
	s.exactly(2, 2, counted(5), counted(9))
	s.exactly(3, 2, counted(9), counted(10)) // a run without steps
	s.exactly(3, 3, counted(10), counted(12))
	s.stop()
	for i, want := range []worker.Counters{{}, {}, counted(4), counted(2), {}} {
		if got, exact := s.rows(i); got != want || exact != want.RowsRead.Known {
			t.Errorf("step %d: %+v, exact %v; want %+v", i, got, exact, want)
		}
	}
	if failed != 1 {
		t.Errorf("told of %d failures, want one", failed)
	}
}
