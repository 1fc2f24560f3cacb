//go:build unix && !linux

package subprocess

import "syscall"

// attributes give the program a session of its own. Only Linux can tie its life
// to ours.
func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
