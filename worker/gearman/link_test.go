package gearman

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// crowd is a connection on which whoever has written lets the others have a turn.
type crowd struct {
	net.Conn
	mu  sync.Mutex
	all bytes.Buffer
}

func (c *crowd) Write(b []byte) (int, error) {
	c.mu.Lock()
	n, err := c.all.Write(b)
	c.mu.Unlock()
	time.Sleep(time.Millisecond)
	return n, err
}

func (c *crowd) Close() error { return nil }

// Long packets take several writes, between which nothing may come.
func TestPacketsAreWhole(t *testing.T) {
	c := &crowd{}
	l := newLink(c, c, defaultLimits())
	var wg sync.WaitGroup
	for _, name := range []string{"a", "b", "c", "d"} {
		wg.Go(func() {
			for range 3 {
				if err := errors.Join(l.send(preSleep, nil, nil), l.send(workData, []string{name}, []byte(strings.Repeat(name, 600<<10)))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	in := decoder{r: strings.NewReader(strings.ReplaceAll(c.all.String(), magicRequest, magicReply)), maxBodyBytes: 1 << 20}
	for range 24 {
		p, err := in.next()
		if err != nil {
			t.Fatal(err)
		}
		if p.kind == workData && string(p.body[2:]) != strings.Repeat(string(p.body[:1]), 600<<10) {
			t.Fatal("two packets are mixed")
		}
	}
	if _, err := in.next(); !errors.Is(err, io.EOF) {
		t.Errorf("more than was sent: %v", err)
	}
}

// A server that takes a long packet slowly is not stuck: what counts is that it
// takes some of it.
func TestSlowReader(t *testing.T) {
	here, there := net.Pipe()
	limits := defaultLimits()
	limits.write = 700 * time.Millisecond
	l := newLink(here, here, limits)
	var total int
	done := make(chan struct{})
	go func() {
		defer close(done)
		for b := make([]byte, 64<<10); ; time.Sleep(15 * time.Millisecond) {
			n, err := there.Read(b)
			total += n
			if err != nil {
				return
			}
		}
	}()
	payload := make([]byte, 4<<20) // a second's worth
	if err := l.send(workData, []string{"h"}, payload); err != nil {
		t.Error(err)
	}
	l.close()
	<-done
	if want := headerBytes + 2 + len(payload); total != want {
		t.Errorf("%d bytes arrive, want %d", total, want)
	}
	if err := l.send(preSleep, nil, nil); !errors.Is(err, ErrConnectionLost) {
		t.Errorf("sending after the end: %v", err)
	}
	if err := l.ping(context.Background()); !errors.Is(err, ErrConnectionLost) {
		t.Errorf("asking after the end: %v", err)
	}
}
