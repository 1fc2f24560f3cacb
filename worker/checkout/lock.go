package checkout

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sys/unix"
)

// lockPoll is how often a lock that another build holds is tried again.
const lockPoll = 100 * time.Millisecond

// waitLock takes the exclusive lock of an open file, or ends with ctx.
func waitLock(ctx context.Context, fd int) error {
	tick := time.NewTicker(lockPoll)
	defer tick.Stop()
	for {
		err := unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB)
		if !errors.Is(err, unix.EWOULDBLOCK) {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-tick.C:
		}
	}
}
