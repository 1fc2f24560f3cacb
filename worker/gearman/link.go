package gearman

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// limits bound what a link waits for and takes.
type limits struct {
	dial, write, reply, keepAlive time.Duration
	maxBodyBytes                  int64
}

// link is one connection to a server, for packets. All of it may be used by
// several goroutines, but read by one only.
//
// A link ends once, with one reason, and everything that waits for it ends then:
// after a failed or timed-out write nobody knows where in the stream the server
// is, so no link is ever used after an error.
type link struct {
	conn   net.Conn // TLS or raw
	raw    net.Conn
	limits limits

	lost context.Context // ends with the reason
	lose context.CancelCauseFunc

	writing sync.Mutex // held for one whole packet

	received atomic.Int64  // bytes, ever
	awaited  atomic.Uint64 // a request that read must see answered before a later ping; 0 is none

	mu    sync.Mutex
	count uint64                   // of pings
	pings map[string]chan struct{} // pings under way, closed when answered
}

func newLink(conn, raw net.Conn, l limits) *link {
	lost, lose := context.WithCancelCause(context.Background())
	return &link{conn: conn, raw: raw, limits: l, lost: lost, lose: lose, pings: map[string]chan struct{}{}}
}

// err returns why the link was lost: an error that wraps ErrConnectionLost, or nil.
func (l *link) err() error { return context.Cause(l.lost) }

// fail ends the link for a reason, unless it has ended.
func (l *link) fail(reason error) {
	l.lose(fmt.Errorf("%w: %w", ErrConnectionLost, reason))
	_ = l.raw.Close()
}

// close ends the link in good order.
func (l *link) close() {
	l.lose(fmt.Errorf("%w: closed", ErrConnectionLost))
	_ = l.conn.Close()
}

// send writes one packet, whole or not at all as far as the server can tell. Its
// error is always the link's end. The server may take its time for a long packet,
// as long as it takes some bytes of it.
func (l *link) send(k kind, arguments []string, last []byte) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	// One system call for small packets; long ones are not copied.
	const (
		small = 64 << 10
		piece = 256 << 10
	)
	head := appendRequest(nil, k, arguments, len(last))
	if len(last) <= small {
		head, last = append(head, last...), nil
	}
	if err := l.write(head); err != nil {
		return err
	}
	for len(last) > 0 {
		n := min(len(last), piece)
		if err := l.write(last[:n]); err != nil {
			return err
		}
		last = last[n:]
	}
	return nil
}

func (l *link) write(b []byte) error {
	if err := l.err(); err != nil {
		return err
	}
	stuck := time.AfterFunc(l.limits.write, func() {
		l.fail(fmt.Errorf("the server took nothing for %s", l.limits.write))
	})
	defer stuck.Stop()
	if _, err := l.conn.Write(b); err != nil {
		// A server that hangs up may have said why: let that be read first.
		const grace = time.Second
		select {
		case <-l.lost.Done():
		case <-time.After(grace):
			l.fail(err)
		}
		return l.err()
	}
	return nil
}

// errOver ends the reading of a link that has done its work, but not the link.
var errOver = errors.New("over")

// read hands every packet to handle until the link ends, which any error of handle
// but errOver does too. Answers to pings are not handed on.
func (l *link) read(handle func(packet) error) {
	d := decoder{r: bufio.NewReader(counter{l.conn, &l.received}), maxBodyBytes: l.limits.maxBodyBytes}
	for {
		p, err := d.next()
		if err == nil {
			if p.kind == statusReply && l.answered(p) {
				continue
			}
			err = handle(p)
		}
		if errors.Is(err, errOver) {
			return
		}
		if errors.Is(err, io.EOF) {
			err = errors.New("the server closed it")
		}
		if err != nil {
			l.fail(err)
			return
		}
	}
}

// ping returns when the server has read all that was sent before. It asks for the
// status of a job that does not exist: every server answers that, while the
// server in Zuul (the Python library gear) leaves ECHO_REQ unanswered.
//
// A server that says nothing at all for the reply limit is lost. The error is the
// link's end, or ctx's.
func (l *link) ping(ctx context.Context) error {
	l.mu.Lock()
	l.count++
	name, answered := "ping-"+strconv.FormatUint(l.count, 10), make(chan struct{})
	l.pings[name] = answered
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		delete(l.pings, name)
		l.mu.Unlock()
	}()
	if err := l.send(getStatus, nil, []byte(name)); err != nil {
		return err
	}
	silence := time.NewTicker(l.limits.reply)
	defer silence.Stop()
	for before := l.received.Load(); ; {
		select {
		case <-answered:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-l.lost.Done():
			return l.err()
		case <-silence.C:
			now := l.received.Load()
			if now == before { // else a long packet may be on its way
				l.fail(fmt.Errorf("the server said nothing for %s", l.limits.reply))
			}
			before = now
		}
	}
}

// answered tells whether p answers a ping, and lets that end.
func (l *link) answered(p packet) bool {
	name, _, _ := strings.Cut(string(p.body), "\x00")
	l.mu.Lock()
	defer l.mu.Unlock()
	ping, ok := l.pings[name]
	if ok {
		delete(l.pings, name)
		close(ping)
	}
	return ok
}

// watch pings now and then until the link ends: TCP alone does not notice a
// server that hangs, nor for a long time one whose machine is gone. A server that
// answers a later ping will never answer an earlier request: it has forgotten it.
func (l *link) watch() {
	every := time.NewTicker(l.limits.keepAlive)
	defer every.Stop()
	for {
		select {
		case <-l.lost.Done():
			return
		case <-every.C:
		}
		request := l.awaited.Load()
		if l.ping(l.lost) != nil {
			return
		}
		if request != 0 && l.awaited.Load() == request {
			l.fail(errors.New("the server left a request unanswered"))
			return
		}
	}
}

// counter counts the bytes that are read.
type counter struct {
	r     io.Reader
	total *atomic.Int64
}

func (c counter) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.total.Add(int64(n))
	return n, err
}
