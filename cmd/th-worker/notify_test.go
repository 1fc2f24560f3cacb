package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestNotify: what a service manager (systemd, Type=notify with a watchdog) is told, and when.
func TestNotify(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	socket := filepath.Join(s.dir, "notify")
	manager, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer manager.Close()
	p := s.launchWith([]string{"NOTIFY_SOCKET=" + socket, "WATCHDOG_USEC=100000"}, "-c", s.config("one", ""))
	// next is the next message that is not the watchdog's, or the watchdog's alone.
	next := func(watchdog bool) string {
		t.Helper()
		buffer := make([]byte, 1000)
		if err := manager.SetReadDeadline(time.Now().Add(patience)); err != nil {
			t.Fatal(err)
		}
		for {
			n, err := manager.Read(buffer)
			if err != nil {
				t.Fatal(err)
			}
			if text := string(buffer[:n]); (text == "WATCHDOG=1") == watchdog {
				return text
			}
		}
	}
	if got := next(false); got != "READY=1" {
		t.Errorf("started: %q", got)
	}
	next(true)
	p.signal(syscall.SIGHUP)
	if got := next(false); !strings.HasPrefix(got, "RELOADING=1\nMONOTONIC_USEC=") {
		t.Errorf("reloading: %q", got)
	}
	if got := next(false); got != "READY=1" {
		t.Errorf("reloaded: %q", got)
	}
	next(true)
	p.signal(syscall.SIGTERM)
	if got := next(false); got != "STOPPING=1" {
		t.Errorf("stopping: %q", got)
	}
	if got := p.end(); got != 0 {
		t.Errorf("exit status %d", got)
	}
}

// TestWatchdog: a service that hangs is not said to be alive.
func TestWatchdog(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	socket := filepath.Join(s.dir, "notify")
	manager, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer manager.Close()
	file := s.config("one", "")
	p := s.launchWith([]string{"NOTIFY_SOCKET=" + socket, "WATCHDOG_USEC=20000"}, "-c", file)
	p.await("msg=serving")
	resume := s.stall(file, func() { p.signal(syscall.SIGHUP) })
	defer resume()
	buffer := make([]byte, 1000)
	said := ""
	for range 1000 { // what was said before it hung
		if err := manager.SetReadDeadline(time.Now().Add(300 * time.Millisecond)); err != nil {
			t.Fatal(err)
		}
		n, err := manager.Read(buffer)
		if os.IsTimeout(err) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		said = string(buffer[:n])
	}
	t.Errorf("it goes on saying %q", said)
}
