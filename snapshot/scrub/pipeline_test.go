package scrub

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"
)

func TestPipelineKeepsTheOrder(t *testing.T) {
	var got []int
	p := pipeline[int]{
		jobs: 4,
		produce: func(_ context.Context, next func() (*int, error), send func()) error {
			for i := range 200 {
				n, err := next()
				if err != nil {
					return err
				}
				*n = i
				send()
			}
			return nil
		},
		work: func(_ int, n *int) error {
			if *n%7 == 0 {
				time.Sleep(time.Millisecond) // let others overtake
			}
			return nil
		},
		consume: func(n *int) error { got = append(got, *n); return nil },
	}
	if err := p.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(got) != 200 || !slices.IsSorted(got) {
		t.Errorf("consumed %d tasks, sorted %v; want 200 in order", len(got), slices.IsSorted(got))
	}
}

func TestPipelineStopsAtTheFirstError(t *testing.T) {
	trouble := errors.New("trouble")
	endless := func(_ context.Context, next func() (*int, error), send func()) error {
		for i := 0; ; i++ {
			n, err := next()
			if err != nil {
				return err
			}
			*n = i
			send()
		}
	}
	tests := []struct {
		name string
		p    pipeline[int]
	}{
		{"in the producer", pipeline[int]{
			produce: func(context.Context, func() (*int, error), func()) error { return trouble },
		}},
		{"in a worker", pipeline[int]{produce: endless, work: func(_ int, n *int) error {
			if *n == 10 {
				return trouble
			}
			return nil
		}}},
		{"in the consumer", pipeline[int]{produce: endless, consume: func(n *int) error {
			if *n == 10 {
				return trouble
			}
			return nil
		}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, last := tt.p, -1
			p.jobs = 3
			if p.work == nil {
				p.work = func(int, *int) error { return nil }
			}
			consume := p.consume
			p.consume = func(n *int) error {
				last = *n
				if consume != nil {
					return consume(n)
				}
				return nil
			}
			if err := p.run(t.Context()); !errors.Is(err, trouble) {
				t.Errorf("run = %v, want %v", err, trouble)
			}
			if last > 10 {
				t.Errorf("task %d was consumed after the failure at 10", last)
			}
		})
	}
}

func TestPipelineEndsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	p := pipeline[int]{
		jobs: 2,
		produce: func(_ context.Context, next func() (*int, error), send func()) error {
			for {
				if _, err := next(); err != nil {
					return err
				}
				send()
			}
		},
		work:    func(int, *int) error { return nil },
		consume: func(*int) error { cancel(); return nil },
	}
	if err := p.run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("run = %v, want context.Canceled", err)
	}
}
