package subprocess

import "syscall"

// attributes give the program a session of its own, and have the kernel kill it
// when the thread that started it ends (see wait).
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
}
