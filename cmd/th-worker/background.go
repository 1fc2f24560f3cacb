package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"
)

// readyVariable tells a process in the background on which file descriptor its parent waits for it to be ready.
const readyVariable = "TH_WORKER_READY_FD"

// readyDescriptor is the first of exec.Cmd.ExtraFiles.
const readyDescriptor = 3

// background starts the same command line once more, in a session of its own and without a terminal, and waits until
// that one says that it is ready, or why it is not. Go cannot fork; a new process it must be.
func (p *program) background(ctx context.Context, args []string) error {
	read, write, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("go to the background: %w", err)
	}
	defer read.Close()
	cmd := exec.Command(args[0], args[1:]...) //nolint:noctx // it outlives this process
	cmd.Env = append(slices.Clone(p.environ), fmt.Sprintf("%s=%d", readyVariable, readyDescriptor))
	cmd.ExtraFiles = []*os.File{write}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	err = errors.Join(cmd.Start(), write.Close())
	if err != nil {
		return fmt.Errorf("go to the background: %w", err)
	}
	// Who interrupts the start does not want what starts, nor to wait for it.
	defer context.AfterFunc(ctx, func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = read.SetReadDeadline(time.Unix(1, 0))
	})()
	answer, err := io.ReadAll(bufio.NewReader(read))
	text := strings.TrimSpace(string(answer))
	if err == nil && text == readyWord {
		return cmd.Process.Release()
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if text == "" {
		text = "it ended without saying why; see debug_log"
	}
	_ = cmd.Wait()
	return errors.New(text)
}

// readyWord is what a service in the background says when it is ready.
const readyWord = "ready"

// inBackground makes sure that what the service runs knows nothing of its parent: a program that inherited the pipe would
// keep the parent waiting for as long as it runs.
func (p *program) inBackground() {
	if p.env(readyVariable) == "" {
		return
	}
	syscall.CloseOnExec(readyDescriptor)
	p.environ = slices.DeleteFunc(slices.Clone(p.environ), func(v string) bool { return strings.HasPrefix(v, readyVariable+"=") })
}

// sayReady tells the parent, if there is one that waits, how the start went; it does so once.
func (p *program) sayReady(err error) {
	if p.env(readyVariable) == "" || p.saidReady {
		return
	}
	p.saidReady = true
	parent := os.NewFile(readyDescriptor, "ready")
	if parent == nil {
		return
	}
	text := readyWord
	if err != nil {
		text = err.Error()
	}
	_, _ = parent.WriteString(text)
	_ = parent.Close()
}
