package migrate

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// markerVariable marks the processes of one run.
const markerVariable = "TH_MIGRATION_ID"

// killGrace is how long a command may take to end after SIGTERM. With what the
// server takes to end, a build is gone within five seconds.
const killGrace = 2 * time.Second

// ownGroup makes the command a process group's leader that is asked to end when
// its context does; WaitDelay bounds how long it, or one that kept its output
// open, may take.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = killGrace
}

// killLeftovers ends what is left of the command's process group and whatever
// else carries the marker. It sees the processes of its own user only.
func killLeftovers(group int, marker string) {
	_ = syscall.Kill(-group, syscall.SIGKILL) // mostly nothing is left
	needle := []byte("\x00" + markerVariable + "=" + marker + "\x00")
	for range 5 { // what forks while it is looked for is found the next time
		found := false
		environs, err := filepath.Glob("/proc/[0-9]*/environ")
		if err != nil {
			return
		}
		for _, path := range environs {
			env, err := os.ReadFile(path)
			if err != nil || !bytes.Contains(append([]byte{0}, env...), needle) {
				continue
			}
			if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path))); err == nil {
				found = syscall.Kill(pid, syscall.SIGKILL) == nil || found
			}
		}
		if !found {
			return
		}
		time.Sleep(10 * time.Millisecond) // until the kernel has removed them
	}
}

// exitOf tells how the command ended; an error of another sort is trouble.
func exitOf(err error) (code int, signal string, trouble error) {
	if err == nil || errors.Is(err, exec.ErrWaitDelay) {
		return 0, "", nil
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return 0, "", err
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return -1, status.Signal().String(), nil
	}
	return exit.ExitCode(), "", nil
}
