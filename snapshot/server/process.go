package server

import (
	"os/exec"
	"runtime"
	"syscall"
)

// A process is a running program with one goroutine that watches it.
type process struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when the program has ended and was waited for
	err  error         // how it ended; read only after done
}

// launch starts cmd and watches it.
//
// The kernel sends the parent-death signal when the *thread* that forked ends,
// and Go ends threads as it likes. So the watching goroutine keeps its thread
// until the program has ended.
func launch(cmd *exec.Cmd) (*process, error) {
	cmd.SysProcAttr = attributes()
	p := &process{cmd: cmd, done: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(p.done)
		err := cmd.Start()
		started <- err
		if err == nil {
			p.err = cmd.Wait()
		}
	}()
	return p, <-started
}

// signal sends sig to the program's whole group; a program that has ended is no
// error.
func (p *process) signal(sig syscall.Signal) {
	select {
	case <-p.done:
	default:
		_ = syscall.Kill(-p.cmd.Process.Pid, sig)
	}
}

// kill ends the program and waits until it is gone.
func (p *process) kill() {
	p.signal(syscall.SIGKILL)
	<-p.done
}
