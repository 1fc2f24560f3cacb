package main

import (
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/turbo-hipster/turbo-hipster/worker/gearman"
)

// gate is a way to a server that can be held shut for new connections.
type gate struct {
	net.Listener
	to     string
	hold   sync.Mutex
	copies sync.WaitGroup
}

// newGate opens a way to the server at the address to.
func newGate(t *testing.T, to string) *gate {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{Listener: listener, to: to}
	g.copies.Go(func() {
		for {
			from, err := g.Accept()
			if err != nil {
				return
			}
			g.copies.Go(func() { g.pass(from) })
		}
	})
	t.Cleanup(func() {
		_ = g.Close()
		g.copies.Wait()
	})
	return g
}

// pass connects from with the server until either hangs up.
func (g *gate) pass(from net.Conn) {
	defer from.Close()
	g.hold.Lock()
	to, err := net.Dial("tcp", g.to)
	g.hold.Unlock()
	if err != nil {
		return
	}
	var back sync.WaitGroup
	back.Go(func() {
		_, _ = io.Copy(from, to)
		_ = from.Close()
	})
	_, _ = io.Copy(to, from)
	_ = to.Close()
	back.Wait()
}

// workers is how many connections offer the function of the job good.
func (s *site) workers() int {
	s.t.Helper()
	all, err := gearman.Status(s.t.Context(), gearman.Server{Address: s.gearmand.Address()})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, f := range all {
		if f.Function == "build:good" {
			return f.Workers
		}
	}
	return 0
}

// awaitWorkers waits until that many connections offer the function.
func (s *site) awaitWorkers(n int) {
	s.t.Helper()
	for deadline := time.Now().Add(patience); s.workers() != n; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatalf("%d workers, want %d", s.workers(), n)
		}
	}
}

// TestReloadKeepsFunctions: a reload does not take the functions back before they are offered anew. Zuul answers a build whose
// function nobody offers with NOT_REGISTERED, which its author reads.
func TestReloadKeepsFunctions(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	file := s.config("one", "")
	g := newGate(t, s.gearmand.Address())
	_, port, _ := net.SplitHostPort(s.gearmand.Address())
	_, other, _ := net.SplitHostPort(g.Addr().String())
	s.edit(file, "gearman_port: "+port, "gearman_port: "+other)
	p := s.serve("-c", file)
	s.awaitWorkers(1)
	g.hold.Lock()
	p.signal(syscall.SIGHUP)
	p.await("msg=reloaded")
	for range 50 {
		if s.workers() == 0 {
			t.Error("nobody offers the function")
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	g.hold.Unlock()
	s.awaitWorkers(1)
	if a, err := s.submit(t.Context(), "u1", "good", nil); err != nil || a.result != "SUCCESS" {
		t.Errorf("answered %v, %v", a.result, err)
	}
	p.signal(syscall.SIGTERM)
	if got := p.end(); got != 0 {
		t.Errorf("exit status %d", got)
	}
}

// TestReloadRenames: a build that began under another name of the manager can be stopped by that.
func TestReloadRenames(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	file := s.config("one", "slots: 2\n")
	p := s.serve("-c", file)
	a, err := s.submit(t.Context(), "u1", "slow", func() {
		s.edit(file, "manager: manager-one", "manager: manager-new")
		p.signal(syscall.SIGHUP)
		p.await("msg=reloaded")
		if err := s.stop(t.Context(), "manager-one", "u1"); err != nil {
			t.Error(err)
		}
	})
	if err != nil || a.result != "ABORTED" {
		t.Errorf("answered %v, %v", a.result, err)
	}
	if a, err := s.submit(t.Context(), "u2", "good", nil); err != nil || a.result != "SUCCESS" || a.first["manager"] != "manager-new" {
		t.Errorf("answered %v by %v, %v", a.result, a.first["manager"], err)
	}
}

// stall puts a pipe in the place of a file, and returns when somebody reads it, as read has them do. Who reads waits for
// resume, which puts the file back.
func (s *site) stall(path string, read func()) (resume func()) {
	s.t.Helper()
	text, err := os.ReadFile(path)
	if err = errors.Join(err, os.Rename(path, path+".kept"), syscall.Mkfifo(path, 0o644)); err != nil {
		s.t.Fatal(err)
	}
	read()
	var pipe *os.File
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		var err error
		if pipe, err = os.OpenFile(path, os.O_WRONLY|syscall.O_NONBLOCK, 0); err == nil {
			break
		}
		if time.Now().After(deadline) {
			s.t.Fatal(err)
		}
	}
	return func() {
		_, err := pipe.Write(text)
		if err = errors.Join(err, os.Rename(path+".kept", path), pipe.Close()); err != nil {
			s.t.Error(err)
		}
	}
}

// TestSignalStorm: a service that is told to reload again and again while it reads its configuration still hears that it is to
// stop. SIGTERM was lost behind eight reloads.
func TestSignalStorm(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	file := s.config("one", "")
	p := s.serve("-c", file)
	resume := s.stall(file, func() { p.signal(syscall.SIGHUP) })
	for range 12 {
		p.signal(syscall.SIGHUP)
		time.Sleep(10 * time.Millisecond) // or the kernel makes one of them
	}
	p.signal(syscall.SIGTERM)
	time.Sleep(50 * time.Millisecond)
	resume()
	if got := p.end(); got != 0 {
		t.Errorf("exit status %d", got)
	}
}
