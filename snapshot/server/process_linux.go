package server

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// attributes put the server in a process group of its own, so that an interrupt
// typed at the terminal reaches us first, and have the kernel kill it when the
// thread that started it ends (see supervise).
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// reflink makes dst share the blocks of src, and reports whether it could.
func reflink(dst, src *os.File) bool {
	return unix.IoctlFileClone(int(dst.Fd()), int(src.Fd())) == nil
}

// runs reports whether process pid is a server that was started on the data
// directory, and not a stranger that got its number.
func runs(pid int, data string) bool {
	line, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "cmdline"))
	if err != nil {
		return false
	}
	for arg := range bytes.SplitSeq(line, []byte{0}) {
		if string(arg) == "--datadir="+data {
			return true
		}
	}
	return false
}
