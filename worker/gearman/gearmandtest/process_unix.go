//go:build unix && !linux

package gearmandtest

import (
	"syscall"
	"time"
)

// attributes are none: only Linux can tie the server's life to ours.
func attributes() *syscall.SysProcAttr { return nil }

// awaitStop gives the signal time to arrive: only Linux tells.
func awaitStop(int) error {
	time.Sleep(100 * time.Millisecond)
	return nil
}
