package gearman

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"log/slog"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience is for what must happen at some time.
const patience = 20 * time.Second

// fake is one end of a connection that plays a server, to show a worker what real
// servers do seldom or never.
type fake struct {
	t *testing.T
	net.Conn
}

// request reads the next request; kind is 0 when the worker has hung up.
func (f fake) request() (kind, string) {
	var header [headerBytes]byte
	if _, err := io.ReadFull(f, header[:]); err != nil {
		return 0, ""
	}
	body := make([]byte, binary.BigEndian.Uint32(header[8:]))
	if _, err := io.ReadFull(f, body); err != nil || string(header[:4]) != magicRequest {
		f.t.Errorf("half a request: %q, %v", header, err)
		return 0, ""
	}
	return kind(binary.BigEndian.Uint32(header[4:])), string(body)
}

// want reads requests until one of a kind comes, answering pings. When the worker
// hangs up first, the play is over.
func (f fake) want(k kind) string {
	for {
		switch got, body := f.request(); got {
		case k:
			if k == getStatus {
				f.pong(body)
			}
			return body
		case 0:
			runtime.Goexit()
		case getStatus:
			f.pong(body)
		default:
		}
	}
}

func (f fake) pong(name string) { f.send(reply(statusReply, name, "0", "0", "0", "0")) }

func (f fake) send(packets ...[]byte) {
	var all []byte
	for _, p := range packets {
		all = append(all, p...)
	}
	if _, err := f.Write(all); err != nil && !errors.Is(err, io.ErrClosedPipe) {
		f.t.Logf("fake server: %v", err)
	}
}

// listen plays servers, one for each connection, until t ends.
func listen(t *testing.T, play func(f fake)) Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var players sync.WaitGroup
	players.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			players.Go(func() {
				defer func() { _ = conn.Close() }()
				play(fake{t, conn})
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		players.Wait()
	})
	return Server{Address: l.Addr().String()}
}

// testOptions are for workers that need not be patient.
func testOptions(t *testing.T, functions map[string]Handler) Options {
	return Options{
		Functions: functions,
		Log:       slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug})),
		Backoff:   func(int) time.Duration { return 5 * time.Millisecond },
	}
}

// run runs a worker until t ends, or until the result is called, which returns
// what Run returned.
func run(t *testing.T, o Options) (*Worker, func() error) {
	t.Helper()
	w, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- w.Run(ctx)
		close(done)
	}()
	wait := func() error {
		select {
		case err := <-done:
			return err
		case <-time.After(patience):
			t.Error("the worker does not stop")
			return nil
		}
	}
	t.Cleanup(func() { stop(); _ = wait() })
	return w, wait
}

func receive[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(patience):
		t.Fatal("it does not happen")
		panic("unreachable")
	}
}

// cutter breaks what is written in two at one place, or everywhere.
type cutter struct {
	net.Conn
	at      int // -1 is everywhere
	written int
}

func (c *cutter) Write(b []byte) (int, error) {
	total := len(b)
	for len(b) > 0 {
		n := len(b)
		if c.at < 0 {
			n = 1
		} else if c.written < c.at && c.at < c.written+n {
			n = c.at - c.written
		}
		if _, err := c.Conn.Write(b[:n]); err != nil {
			return 0, err
		}
		b = b[n:]
		c.written += n
	}
	return total, nil
}

// All that a server can send, in as few segments as possible and cut at every
// byte: every job is done once, and every NOOP heard. Over a net.Pipe each write
// is one read.
func TestCutAnywhere(t *testing.T) {
	length := 1 << 20
	for at := -1; at <= length; at++ {
		var got []string
		w, err := New(Options{Servers: []Server{{Address: "fake:1"}}, Functions: map[string]Handler{"f": func(_ context.Context, j *Job) {
			got = append(got, j.Handle()+" "+j.Unique()+" "+string(j.Payload())) // one slot
			_ = j.Complete([]byte("r"))
		}}})
		if err != nil {
			t.Fatal(err)
		}
		here, there := net.Pipe()
		cut := &cutter{Conn: there, at: at}
		done, confirmed := make(chan struct{}), false
		go func() {
			defer close(done)
			f := fake{t, cut}
			f.want(grabJobUniq)
			f.send(reply(noop), reply(noJob))
			f.want(preSleep)
			f.send(reply(noop), reply(noop), reply(errorReply, "CODE", "text"))
			f.want(grabJobUniq)
			f.send(reply(noop), reply(jobAssignUniq, "h1", "f", "u1", "a\x00b"), reply(noop), reply(77, "news"))
			f.want(workComplete)
			f.want(grabJobUniq)
			f.send(reply(jobAssign, "h2", "f", ""))
			f.want(workComplete)
			f.want(grabJobUniq)
			f.send(reply(noJob), reply(noop))
			f.want(grabJobUniq)
			f.send(reply(jobAssignUniq, "h3", "f", "", "c"))
			f.want(workComplete)
			f.want(grabJobUniq)
			w.Drain()
			f.send(reply(noop), reply(jobAssignUniq, "h4", "f", "u4", "on its way"))
			f.want(workComplete)
			confirmed = f.want(getStatus) != ""
			_, _ = io.Copy(io.Discard, there)
		}()
		ctx, stop := context.WithCancelCause(t.Context())
		if err := w.start(stop); err != nil {
			t.Fatal(err)
		}
		if _, err := w.converse(t.Context(), ctx, newLink(here, here, w.o.limits()), "fake:1", w.o.Log); err != nil {
			t.Fatalf("cut at %d: %v", at, err)
		}
		<-done
		if !confirmed {
			t.Fatalf("cut at %d: nobody knows whether the last answer was read", at)
		}
		if text := strings.Join(got, ";"); text != "h1 u1 a\x00b;h2  ;h3  c;h4 u4 on its way" {
			t.Fatalf("cut at %d: %q", at, text)
		}
		length = cut.written
	}
	t.Logf("%d bytes", length)
}

// lines is a log that waits for some text.
type lines struct {
	t     *testing.T
	want  string
	once  sync.Once
	found chan struct{}
}

func (l *lines) logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }

func (l *lines) Write(p []byte) (int, error) {
	if strings.Contains(string(p), l.want) {
		l.once.Do(func() { close(l.found) })
	}
	return l.t.Output().Write(p)
}
