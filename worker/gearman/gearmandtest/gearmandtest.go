// Package gearmandtest gives tests a real Gearman server.
//
// Each test has a gearmand of its own, on a free port of the loopback
// interface, which ends with the test, or with the test binary when that is
// killed. Its queue is in memory: what was queued is lost when it stops.
//
// Without gearmand on the machine a test is skipped, or failed when the
// environment says CI=true.
package gearmandtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// startTimeout is how long gearmand may take until it answers: it needs 10 ms,
// and far longer on a machine where everything else is tested at once.
const startTimeout = 30 * time.Second

// Daemon is one gearmand. Its methods are for the goroutine of the test.
type Daemon struct {
	t       testing.TB
	program string
	args    []string
	port    int
	log     string

	running *process // nil while it is stopped
}

// process is one run of the program.
type process struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended
}

// Start starts a gearmand for t alone, with args added to its command line. It
// is stopped when t ends.
func Start(t testing.TB, args ...string) *Daemon {
	t.Helper()
	program, err := find()
	if err != nil {
		if os.Getenv("CI") == "true" { //nolint:forbidigo // tests only
			t.Fatal(err)
		}
		t.Skip(err)
	}
	d := &Daemon{t: t, program: program, args: args, log: filepath.Join(t.TempDir(), "gearmand.log")}
	t.Cleanup(d.Stop)
	for attempt := 0; ; attempt++ {
		if d.port, err = freePort(); err == nil {
			err = d.start()
		}
		if err == nil {
			return d
		}
		if attempt == 5 {
			t.Fatal(err)
		}
	}
}

// Address returns where the server listens, as host:port. It stays the same over
// restarts.
func (d *Daemon) Address() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(d.port)) }

// Stop kills the server, as a crash would: all connections break and its queue
// is lost. Stopping a stopped server does nothing.
func (d *Daemon) Stop() {
	if d.running == nil {
		return
	}
	_ = d.running.cmd.Process.Kill()
	<-d.running.done
	d.running = nil
}

// Restart stops the server and starts it again on the same port, with an empty
// queue.
func (d *Daemon) Restart() {
	d.t.Helper()
	d.Stop()
	if err := d.start(); err != nil {
		d.t.Fatal(err)
	}
}

// Pause freezes the server: connections stay open and nothing answers. Stop and
// Resume end the pause.
func (d *Daemon) Pause() {
	d.t.Helper()
	d.signal(syscall.SIGSTOP)
	if err := awaitStop(d.running.cmd.Process.Pid); err != nil {
		d.t.Fatalf("pause gearmand: %v", err)
	}
}

// Resume lets a paused server go on.
func (d *Daemon) Resume() { d.t.Helper(); d.signal(syscall.SIGCONT) }

func (d *Daemon) signal(s os.Signal) {
	d.t.Helper()
	if d.running == nil {
		d.t.Fatal("signal gearmand: it is stopped")
	}
	if err := d.running.cmd.Process.Signal(s); err != nil {
		d.t.Fatalf("signal gearmand: %v", err)
	}
}

// start runs the program and waits until it answers.
func (d *Daemon) start() error {
	args := append([]string{"--listen=127.0.0.1", "--port=" + strconv.Itoa(d.port), "--log-file=" + d.log, "--threads=2"}, d.args...)
	cmd := exec.Command(d.program, args...) //nolint:noctx // Stop ends it
	cmd.SysProcAttr = attributes()
	p := &process{cmd: cmd, done: make(chan struct{})}
	started := make(chan error)
	go func() {
		defer close(p.done)
		// Linux ends the child with the thread that started it.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait()
		}
	}()
	if err := <-started; err != nil {
		return fmt.Errorf("start gearmand: %w", err)
	}
	d.running = p
	if err := d.await(p); err != nil {
		d.Stop()
		text, _ := os.ReadFile(d.log)
		return fmt.Errorf("start gearmand: %w: %s", err, text)
	}
	return nil
}

// await asks the server who it is until it says so: another process could have
// taken the port.
func (d *Daemon) await(p *process) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(d.t.Context()), startTimeout)
	defer cancel()
	want := "OK " + strconv.Itoa(p.cmd.Process.Pid)
	for {
		got, err := ask(ctx, d.Address(), "getpid")
		if err == nil && got == want {
			return nil
		}
		select {
		case <-p.done:
			return errors.New("it ended at once")
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("it does not answer: got %q, want %q", got, want), err)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// ask sends one administrative command and returns the first line of the answer.
func ask(ctx context.Context, address, command string) (string, error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(time.Second)); err != nil { //nolint:forbidigo // tests only
		return "", err
	}
	if _, err := io.WriteString(conn, command+"\n"); err != nil {
		return "", err
	}
	var line strings.Builder
	for buf := make([]byte, 1); ; {
		if _, err := io.ReadFull(conn, buf); err != nil {
			return "", err
		}
		if buf[0] == '\n' {
			return strings.TrimRight(line.String(), "\r"), nil
		}
		line.WriteByte(buf[0])
	}
}

// find returns the path of gearmand, which Debian puts where only root's PATH
// looks.
func find() (string, error) {
	if path, err := exec.LookPath("gearmand"); err == nil {
		return path, nil
	}
	for _, path := range []string{"/usr/sbin/gearmand", "/usr/local/sbin/gearmand", "/opt/homebrew/sbin/gearmand"} {
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", errors.New("found no gearmand: install gearman-job-server")
}

// freePort returns a port that nothing listens on. It is below the range that
// systems give to outgoing connections: while the server is stopped, a client
// that tries to reach one of those may be connected to itself.
func freePort() (int, error) {
	const first, last = 20000, 32000
	var err error
	for range 100 {
		port := first + rand.IntN(last-first)
		var l net.Listener
		if l, err = net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port))); err == nil { //nolint:noctx // it does not wait
			return port, l.Close()
		}
	}
	return 0, fmt.Errorf("find a free port: %w", err)
}
