package gearmandtest

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// attributes have the kernel kill the server when the thread that started it
// ends.
func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }

// awaitStop returns when every thread of a child has stopped: a signal is on its
// way for a while.
func awaitStop(pid int) error {
	for {
		if err := unix.Waitid(unix.P_PID, pid, nil, unix.WSTOPPED, nil); err != unix.EINTR {
			return err
		}
	}
}
