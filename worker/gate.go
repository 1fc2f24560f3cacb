package worker

import (
	"context"

	"golang.org/x/sync/semaphore"
)

// Gate lets builds measure side by side, or one of them alone. It is fair: who
// waits to be alone is not overtaken by those who come later. A nil Gate is open
// to all. It is safe for concurrent use.
type Gate struct{ places *semaphore.Weighted }

// gatePlaces is more than there can be builds at once.
const gatePlaces = 1 << 20

// NewGate makes an open gate.
func NewGate() *Gate { return &Gate{semaphore.NewWeighted(gatePlaces)} }

// Share waits until nobody is alone; release lets go, and may be called once.
func (g *Gate) Share(ctx context.Context) (release func(), err error) { return g.enter(ctx, 1) }

// Alone waits until nobody else is inside.
func (g *Gate) Alone(ctx context.Context) (release func(), err error) {
	return g.enter(ctx, gatePlaces)
}

func (g *Gate) enter(ctx context.Context, places int64) (func(), error) {
	if g == nil {
		return func() {}, nil
	}
	if err := g.places.Acquire(ctx, places); err != nil {
		return nil, context.Cause(ctx)
	}
	return func() { g.places.Release(places) }, nil
}
