package gearman

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// Priority of a submitted job within its server.
type Priority int

// The zero value is Normal.
const (
	Normal Priority = iota
	Low
	High
)

// Submission is a job for a server to have done.
type Submission struct {
	Function string
	// Unique names the job; gearmand takes at most 64 bytes. A server does jobs of
	// one function and one unique that are there at the same time once, and tells
	// all their clients. "" is none.
	Unique   string
	Payload  []byte
	Priority Priority
	// Background jobs are done whether or not the client stays, and it hears of
	// nothing but their creation.
	Background bool
}

// EventKind is what happened to a submitted job.
type EventKind int

// What can happen. The last three end the job.
const (
	EventCreated   EventKind = iota // the server has the job
	EventData                       // WORK_DATA
	EventWarning                    // WORK_WARNING
	EventStatus                     // WORK_STATUS
	EventComplete                   // WORK_COMPLETE
	EventFail                       // WORK_FAIL; gearmand sends it for cancelled jobs, too
	EventException                  // WORK_EXCEPTION
)

// Ends tells whether nothing follows.
func (k EventKind) Ends() bool { return k >= EventComplete }

func (k EventKind) String() string {
	return [...]string{"created", "data", "warning", "status", "complete", "fail", "exception"}[k]
}

// Event is one thing that happened to a submitted job.
type Event struct {
	Kind        EventKind
	Handle      string // the server's name of the job
	Data        []byte // of EventData, EventWarning, EventComplete and EventException; the receiver's
	Done, Total int    // of EventStatus
}

// Submit has a server do a job, and tells on (unless nil) what happens to it, in
// order, in the calling goroutine. It returns nil when the job has ended, in
// whatever way: that is the last event; a background job's only event is EventCreated.
// Errors are trouble: ctx ended (the cause), the server cannot be reached
// (ErrNotConnected), the connection was lost (ErrConnectionLost), or the server
// refused (*ServerError). A job whose client has gone is dropped by servers unless
// it runs already.
func Submit(ctx context.Context, server Server, s Submission, on func(Event)) error {
	if on == nil {
		on = func(Event) {}
	}
	err := validateAddress(server.Address)
	if err == nil {
		err = s.validate()
	}
	if err == nil {
		err = submit(ctx, server, s, on)
	}
	if err != nil {
		return fmt.Errorf("submit job to Gearman server %s: %w", server.Address, err)
	}
	return nil
}

func (s Submission) validate() error {
	if strings.Contains(s.Unique, "\x00") {
		return errors.New("the unique has a NUL byte")
	}
	if int64(len(s.Payload))+int64(len(s.Function))+int64(len(s.Unique))+2 > maxBodyBytes {
		return fmt.Errorf("%d bytes do not fit in a Gearman packet", len(s.Payload))
	}
	return validateFunction(s.Function)
}

func submit(ctx context.Context, server Server, s Submission, on func(Event)) error {
	l, err := dialLink(ctx, server, defaultLimits())
	if err != nil {
		return err
	}
	c := &submitting{s: s, on: on}
	var others sync.WaitGroup
	defer others.Wait()
	defer l.close()
	defer context.AfterFunc(ctx, func() { l.fail(context.Cause(ctx)) })()
	others.Go(l.watch)
	// A server that does not read while it writes must not stop us from reading.
	others.Go(func() { _ = c.request(l) })
	l.read(c.receive)
	switch {
	case c.ended:
		return nil
	case c.refused != nil:
		return c.refused
	case ctx.Err() != nil:
		return context.Cause(ctx)
	}
	return l.err()
}

// submitting is a job that is on its way.
type submitting struct {
	s      Submission
	on     func(Event)
	handle string // "" until the server has it

	ended   bool
	refused error
}

// receipt asks for something that a server answers after the submission, so that
// one which ignored that is noticed. See link.ping.
const receipt = "receipt"

func (c *submitting) request(l *link) error {
	// gearmand shows exceptions only to those who ask; others do not know the
	// option and need not be asked.
	if err := l.send(optionRequest, nil, []byte("exceptions")); err != nil {
		return err
	}
	if err := l.send(c.s.kind(), []string{c.s.Function, c.s.Unique}, c.s.Payload); err != nil {
		return err
	}
	return l.send(getStatus, nil, []byte(receipt))
}

func (s Submission) kind() kind {
	foreground, background := submitJob, submitJobBg
	switch s.Priority {
	case Low:
		foreground, background = submitLow, submitLowBg
	case High:
		foreground, background = submitHigh, submitHighBg
	case Normal:
	}
	if s.Background {
		return background
	}
	return foreground
}

func (c *submitting) receive(p packet) error {
	switch p.kind {
	case jobCreated:
		c.handle = string(p.body)
		c.on(Event{Kind: EventCreated, Handle: c.handle})
		if c.s.Background {
			c.ended = true
		}
	case errorReply:
		if e := parseError(p); e.Code != "UNKNOWN_OPTION" {
			c.refused = e
		}
	case statusReply:
		if c.handle == "" && bytes.HasPrefix(p.body, []byte(receipt)) {
			c.refused = errors.New("the server does not take such jobs")
		}
	case workData, workWarning, workStatus, workComplete, workFail, workException:
		c.work(p)
	default: // OPTION_RES, or something newer than this package
	}
	if c.ended || c.refused != nil {
		return errOver
	}
	return nil
}

// work reads what a worker sent.
func (c *submitting) work(p packet) {
	// gearmand ends the handle of a WORK_FAIL with a NUL when it was an exception.
	handle, rest, _ := bytes.Cut(p.body, []byte{0})
	if c.handle == "" || string(handle) != c.handle {
		return
	}
	e := Event{Handle: c.handle, Data: rest}
	switch p.kind {
	case workData:
		e.Kind = EventData
	case workWarning:
		e.Kind = EventWarning
	case workStatus:
		done, total, _ := bytes.Cut(rest, []byte{0})
		e.Kind, e.Data = EventStatus, nil
		e.Done, _ = strconv.Atoi(string(done))
		e.Total, _ = strconv.Atoi(string(bytes.TrimRight(total, "\x00")))
	case workComplete:
		e.Kind = EventComplete
	case workFail:
		e.Kind, e.Data = EventFail, nil
	case workException:
		e.Kind = EventException
	default:
		return
	}
	c.ended = e.Kind.Ends()
	c.on(e)
}
