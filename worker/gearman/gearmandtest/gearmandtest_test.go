package gearmandtest_test

import (
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"github.com/turbo-hipster/turbo-hipster/worker/gearman/gearmandtest"
)

func TestDaemon(t *testing.T) {
	d := gearmandtest.Start(t)
	other := gearmandtest.Start(t)
	if d.Address() == other.Address() {
		t.Fatalf("two servers at %s", d.Address())
	}
	address := d.Address()
	conn := connect(t, address)
	ask(t, conn, "version")

	d.Pause()
	if _, err := io.WriteString(conn, "version\n"); err != nil {
		t.Fatal(err)
	}
	if err := conn.SetReadDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("read from a paused server: %v", err)
	}
	d.Resume()
	ask(t, conn, "")

	d.Stop()
	d.Stop()
	if c, err := net.Dial("tcp", address); err == nil {
		t.Fatalf("a stopped server accepts %s", c.LocalAddr())
	}
	ask(t, connect(t, other.Address()), "version")
	d.Restart()
	d.Restart()
	if d.Address() != address {
		t.Fatalf("moved from %s to %s", address, d.Address())
	}
	ask(t, connect(t, address), "version")
}

func connect(t *testing.T, address string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// ask sends a command, if any, and reads the start of the answer.
func ask(t *testing.T, conn net.Conn, command string) {
	t.Helper()
	if command != "" {
		command += "\n"
	}
	if _, err := io.WriteString(conn, command); err != nil {
		t.Fatal(err)
	}
	if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	answer := make([]byte, 2)
	if _, err := io.ReadFull(conn, answer); err != nil || string(answer) != "OK" {
		t.Fatalf("got %q, %v", answer, err)
	}
	// The rest of the line.
	for b := make([]byte, 1); b[0] != '\n'; {
		if _, err := conn.Read(b); err != nil {
			t.Fatal(err)
		}
	}
}
