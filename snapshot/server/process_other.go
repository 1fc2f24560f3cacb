//go:build unix && !linux

package server

import (
	"os"
	"syscall"
)

// attributes put the server in a process group of its own. Only Linux can tie
// its life to ours.
func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func reflink(_, _ *os.File) bool { return false }

// runs cannot tell whose the process is, so a stale server is left alone.
func runs(int, string) bool { return false }
