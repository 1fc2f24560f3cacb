package gearman

import (
	"container/list"
	"context"
	"sync"
)

// Slots bounds how many jobs run at once. It is a semaphore whose size may be
// changed, so that it can outlive the workers that share it: after a reload the
// jobs of the old worker still count. It is safe for concurrent use.
type Slots struct {
	mu      sync.Mutex
	size    int
	busy    int
	waiting list.List // of chan struct{}, each closed when its waiter has a slot; first come, first served
}

// NewSlots returns n free slots. With none (n ≤ 0) nobody gets one until Resize.
func NewSlots(n int) *Slots { return &Slots{size: max(n, 0)} }

// Acquire waits for a slot. The error is the cause of ctx's end, and then there is
// no slot to release.
func (s *Slots) Acquire(ctx context.Context) error {
	s.mu.Lock()
	if ctx.Err() != nil {
		s.mu.Unlock()
		return context.Cause(ctx)
	}
	if s.busy < s.size && s.waiting.Len() == 0 {
		s.busy++
		s.mu.Unlock()
		return nil
	}
	granted := make(chan struct{})
	place := s.waiting.PushBack(granted)
	s.mu.Unlock()

	select {
	case <-granted:
		return nil
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-granted: // at the same time
		s.busy--
		s.grant()
	default:
		s.waiting.Remove(place)
	}
	return context.Cause(ctx)
}

// Release gives a slot back. It panics when none is taken.
func (s *Slots) Release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy == 0 {
		panic("gearman: Release without Acquire")
	}
	s.busy--
	s.grant()
}

// Resize makes it n slots (n ≤ 0: none). Jobs that run over a smaller number go
// on; no other starts until enough of them have ended.
func (s *Slots) Resize(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.size = max(n, 0)
	s.grant()
}

// Usage returns how many slots are taken and how many there are. For a moment
// while a worker asks its server for a job, that takes a slot too.
func (s *Slots) Usage() (busy, size int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.busy, s.size
}

// grant gives free slots to those who wait longest.
func (s *Slots) grant() {
	for s.busy < s.size && s.waiting.Len() > 0 {
		if granted, ok := s.waiting.Remove(s.waiting.Front()).(chan struct{}); ok {
			close(granted)
			s.busy++
		}
	}
}
