package scrub

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// pipeline moves tasks from one producer through several workers to one consumer, in the producer's order:
//
//	produce → work (on jobs goroutines) → consume
//
// A fixed number of tasks circulates, so memory is bounded whatever the input's size. The first error of any part stops
// all of them and is returned; the consumer sees no task after one that failed.
type pipeline[T any] struct {
	jobs int
	// produce takes a task with next, fills it, and sends it; a task that it took and did not send is the next one again.
	produce func(ctx context.Context, next func() (*T, error), send func()) error
	work    func(worker int, t *T) error
	consume func(t *T) error
}

type slot[T any] struct {
	task T
	done chan error
}

func (p pipeline[T]) run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	circulating := 2*p.jobs + 2
	free := make(chan *slot[T], circulating)
	for range circulating {
		free <- &slot[T]{done: make(chan error, 1)}
	}
	toWork := make(chan *slot[T], circulating)
	inOrder := make(chan *slot[T], circulating)

	g.Go(func() error {
		defer close(toWork)
		defer close(inOrder)
		return p.producer(ctx, free, toWork, inOrder)
	})
	for worker := range p.jobs {
		g.Go(func() error {
			for s := range toWork {
				s.done <- p.work(worker, &s.task)
			}
			return nil
		})
	}
	g.Go(func() error { return p.consumer(ctx, inOrder, free) })
	return g.Wait()
}

func (p pipeline[T]) producer(ctx context.Context, free <-chan *slot[T], toWork, inOrder chan<- *slot[T]) error {
	var current *slot[T]
	next := func() (*T, error) {
		if current != nil {
			return &current.task, nil // it was taken and not sent
		}
		select {
		case current = <-free:
			return &current.task, nil
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
	send := func() {
		inOrder <- current // never blocks: it has room for all slots
		toWork <- current
		current = nil
	}
	return p.produce(ctx, next, send)
}

func (p pipeline[T]) consumer(ctx context.Context, inOrder <-chan *slot[T], free chan<- *slot[T]) error {
	for s := range inOrder {
		select {
		case err := <-s.done:
			if err != nil {
				return err
			}
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		if err := p.consume(&s.task); err != nil {
			return err
		}
		free <- s
	}
	return nil
}
