package gearman

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// A server that sends what no server should is left, and tried again after a
// pause.
func TestServersThatAreNot(t *testing.T) {
	ready := func(f fake) { f.want(getStatus) }
	for _, tc := range []struct {
		name string
		play func(f fake)
		log  string
	}{
		{"a web server", func(f fake) { f.send([]byte("HTTP/1.1 400 Bad Request\r\n\r\n")) }, "not a Gearman packet"},
		{"one that hangs up", func(fake) {}, "connection to the Gearman server lost"},
		{"one that hangs up in a packet", func(f fake) { ready(f); f.send(reply(noJob)[:5]) }, "unexpected EOF"},
		{"garbage later", func(f fake) { f.want(grabJobUniq); f.send(reply(noJob), []byte("garbage follows")) }, "not a Gearman packet"},
		{"too long a packet", func(f fake) { f.want(grabJobUniq); f.send([]byte("\x00RES\x00\x00\x00\x1f\x7f\xff\xff\xff")) }, "over the limit of 1000"},
		{"a job nobody asked for", func(f fake) {
			f.want(grabJobUniq)
			f.send(reply(noJob), reply(jobAssignUniq, "h", "f", "", ""))
		}, "nobody asked for"},
		{"a job of no form", func(f fake) { f.want(grabJobUniq); f.send(reply(jobAssignUniq, "h", "f")) }, "2 arguments instead of 4"},
		{"one that forgets a question", func(f fake) { f.want(grabJobUniq); f.want(grabJobUniq) }, "unanswered"},
		{"one that says nothing", func(f fake) { _, _ = io.Copy(io.Discard, f) }, "said nothing for 100ms"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var connections atomic.Int64
			again := make(chan struct{})
			server := listen(t, func(f fake) {
				if connections.Add(1) == 3 {
					close(again)
				}
				tc.play(f)
			})
			o := testOptions(t, map[string]Handler{"f": func(context.Context, *Job) { t.Error("a job ran") }})
			lines := &lines{t: t, found: make(chan struct{}), want: tc.log}
			o.Log = lines.logger()
			o.Servers, o.MaxPayloadBytes = []Server{server}, 1000
			o.KeepAlive, o.ReplyTimeout = 10*time.Millisecond, 100*time.Millisecond
			w, wait := run(t, o)
			receive(t, lines.found)
			receive(t, again)
			w.Drain()
			if err := wait(); err != nil {
				t.Error(err)
			}
		})
	}
}

// A server that takes nothing holds a handler up for no longer than WriteTimeout.
func TestStuckServer(t *testing.T) {
	server := listen(t, func(f fake) {
		f.want(grabJobUniq)
		f.send(reply(jobAssignUniq, "h", "f", "", ""))
		_, _ = io.ReadFull(f, make([]byte, 1<<20)) // and no more
		<-t.Context().Done()
	})
	sent, cause := make(chan error, 1), make(chan error, 1)
	o := testOptions(t, map[string]Handler{"f": func(ctx context.Context, j *Job) {
		block := bytes.Repeat([]byte("x"), 8<<20)
		var err error
		for err == nil {
			err = j.Data(block)
		}
		sent <- err
		<-ctx.Done()
		cause <- context.Cause(ctx)
	}})
	o.Servers, o.WriteTimeout = []Server{server}, 100*time.Millisecond
	_, _ = run(t, o)
	for _, c := range []chan error{sent, cause} {
		if err := receive(t, c); !errors.Is(err, ErrConnectionLost) || !strings.Contains(err.Error(), "took nothing for 100ms") {
			t.Errorf("got %v", err)
		}
	}
}

// A server that sends a long packet slowly is not silent.
func TestSlowServer(t *testing.T) {
	payload := strings.Repeat("x", 2<<20)
	server := listen(t, func(f fake) {
		f.want(grabJobUniq)
		for job := range slices.Chunk(reply(jobAssignUniq, "h", "f", "", payload), 128<<10) {
			f.send(job)
			time.Sleep(50 * time.Millisecond)
		}
		if got := f.want(workComplete); got != "h\x00"+payload {
			t.Errorf("%d bytes arrive", len(got))
		}
		f.want(grabJobUniq)
		f.send(reply(noJob))
		f.want(0)
	})
	done := make(chan struct{})
	o := testOptions(t, map[string]Handler{"f": func(_ context.Context, j *Job) {
		if err := j.Complete(j.Payload()); err != nil {
			t.Error(err)
		}
		close(done)
	}})
	o.Servers, o.ReplyTimeout, o.KeepAlive = []Server{server}, 400*time.Millisecond, 20*time.Millisecond
	w, wait := run(t, o)
	receive(t, done)
	w.Drain()
	if err := wait(); err != nil {
		t.Error(err)
	}
}

// The server in Zuul knows few requests, and answers no ECHO_REQ. The worker keeps
// to those, and its questions whether the server is there are answered.
func TestServerOfZuul(t *testing.T) {
	var pings atomic.Int64
	asked, over := make(chan struct{}), make(chan struct{})
	server := listen(t, func(f fake) {
		defer close(over)
		functions, answered := map[string]bool{}, false
		for {
			k, body := f.request()
			switch k {
			case 0:
				return
			case canDo:
				functions[body] = true
			case cantDo:
				if !functions[body] {
					t.Errorf("a function is taken back that is not there: %q", body)
				}
				delete(functions, body)
			case getStatus:
				f.pong(body)
				if pings.Add(1) == 5 {
					close(asked)
				}
			case grabJobUniq:
				if answered {
					f.send(reply(noJob))
				} else {
					f.send(reply(jobAssignUniq, "H:127.0.0.1:1", "build:x", "uuid", "{}"))
				}
			case workComplete:
				answered = true
			case setClientID, preSleep, workData, workStatus:
			default:
				t.Errorf("Zuul does not know a request of kind %d", k)
			}
		}
	})
	o := testOptions(t, map[string]Handler{
		"build:x": func(_ context.Context, j *Job) {
			if err := errors.Join(j.Data([]byte("{}")), j.Status(1, 2), j.Complete([]byte("{}"))); err != nil {
				t.Error(err)
			}
		},
		"stop:x": func(context.Context, *Job) {},
	})
	o.Servers, o.ClientID, o.KeepAlive = []Server{server}, "w", 5*time.Millisecond
	w, wait := run(t, o)
	receive(t, asked)
	w.Drain()
	if err := wait(); err != nil {
		t.Error(err)
	}
	receive(t, over)
}

// A job for a function that was not offered is failed, or its client would wait
// for ever.
func TestUnknownFunction(t *testing.T) {
	failed := make(chan string, 1)
	server := listen(t, func(f fake) {
		f.want(grabJobUniq)
		f.send(reply(jobAssignUniq, "h", "other", "", ""))
		failed <- f.want(workFail)
		f.want(grabJobUniq)
		f.send(reply(noJob))
		f.want(0)
	})
	o := testOptions(t, map[string]Handler{"f": func(context.Context, *Job) {}})
	o.Servers = []Server{server}
	w, wait := run(t, o)
	if got := receive(t, failed); got != "h" {
		t.Errorf("job %q is failed", got)
	}
	w.Drain()
	if err := wait(); err != nil {
		t.Error(err)
	}
}

// A job that arrives when the worker has been stopped is given back by hanging up:
// an answer would end it.
func TestJobThatComesTooLate(t *testing.T) {
	stopped, over, confirmed := make(chan struct{}), make(chan struct{}), false
	server := listen(t, func(f fake) {
		defer close(over)
		f.want(grabJobUniq)
		f.send(reply(jobAssignUniq, "h1", "f", "", ""))
		f.want(grabJobUniq)
		<-stopped
		f.send(reply(jobAssignUniq, "h2", "f", "", ""))
		for k, body := f.request(); k != 0; k, body = f.request() {
			switch {
			case k == getStatus:
				confirmed = true
				f.pong(body)
			case strings.HasPrefix(body, "h2"):
				t.Errorf("an answer of kind %d", k)
			}
		}
	})
	began := make(chan struct{})
	o := testOptions(t, map[string]Handler{"f": func(ctx context.Context, j *Job) {
		if j.Handle() != "h1" {
			t.Errorf("job %s runs", j.Handle())
		}
		close(began)
		<-ctx.Done()
		close(stopped)
		time.Sleep(20 * time.Millisecond)
		_ = j.Fail()
	}})
	o.Servers, o.Slots = []Server{server}, NewSlots(2)
	w, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	receive(t, began)
	stop()
	if err := receive(t, done); !errors.Is(err, context.Canceled) {
		t.Errorf("run: %v", err)
	}
	receive(t, over)
	if !confirmed {
		t.Error("nobody knows whether the answer to h1 was read")
	}
}

// What clients see of servers that do not keep to the protocol.
func TestSubmitFaults(t *testing.T) {
	for _, tc := range []struct {
		name string
		play func(f fake)
		err  string
	}{
		{"the queue is full", func(f fake) {
			f.want(submitJob)
			f.request()
			f.send(reply(errorReply, "QUEUE_ERROR", "Job queue is full"))
		}, `"QUEUE_ERROR": "Job queue is full"`},
		{"the job is ignored", func(f fake) { f.want(getStatus); f.want(0) }, "does not take such jobs"},
		{"a half answer", func(f fake) { f.want(submitJob); f.request(); f.send(reply(jobCreated, "H:1")[:13]) }, "unexpected EOF"},
		{"garbage", func(f fake) { f.want(submitJob); f.request(); f.send([]byte("garbage follows here")) }, "not a Gearman packet"},
		{"a handle that ends with a NUL", func(f fake) { f.want(submitJob); f.send(reply(jobCreated, "h"), reply(workFail, "h", "")) }, ""},
		{"the option is unknown, the job is done", func(f fake) {
			f.want(submitJob)
			f.send(reply(errorReply, "UNKNOWN_OPTION", "no"), reply(workData, "h", "before"), reply(jobCreated, "h"),
				reply(workData, "other", "x"), reply(workStatus, "h", "?", "!"), reply(workComplete, "h", "done"))
		}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var events []string
			err := Submit(t.Context(), listen(t, tc.play), Submission{Function: "f"}, func(e Event) { events = append(events, e.Kind.String()+" "+string(e.Data)) })
			if fmt.Sprint(err) == "<nil>" != (tc.err == "") || err != nil && !strings.Contains(err.Error(), tc.err) {
				t.Errorf("got %v", err)
			}
			if got := strings.Join(events, ";"); err == nil && got != "created ;status ;complete done" && got != "created ;fail " {
				t.Errorf("got %q", events)
			}
		})
	}
}

// What administrators see of servers that answer otherwise.
func TestAdminFaults(t *testing.T) {
	for _, tc := range []struct{ name, answer, status, workers, cancel string }{
		{"refusals", "ERR PERMISSION_DENIED Not for you\r\n", `"PERMISSION_DENIED": "Not for you"`, `"PERMISSION_DENIED"`, `"PERMISSION_DENIED"`},
		{"half an answer", "f\t1\t1\t1\n", "not whole", "not whole", `reports "f`},
		{"no answer", "", "not whole", "not whole", "not whole"},
		{"other columns", "f\t1\n.\n", "2 columns instead of 4", "not of the known form", ""},
		{"no number", "f\t1\tmany\t0\n.\n", "column 3 is not a number", "not of the known form", ""},
		{"an odd count", "f\t1\t2\t0\n.\n", "<nil>", "", ""},
		{"other addresses", "12 ::1 - :\n13 10.0.0.1 id : f g\n.\n", "", "<nil>", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			server := listen(t, func(f fake) {
				_, _ = f.Read(make([]byte, 100))
				f.send([]byte(tc.answer))
			})
			status, err := Status(t.Context(), server)
			if !strings.Contains(fmt.Sprint(err), tc.status) {
				t.Errorf("status: %v", err)
			}
			if err == nil && status[0] != (FunctionStatus{Function: "f", Running: 2}) {
				t.Errorf("got %+v", status)
			}
			workers, err := Workers(t.Context(), server)
			if !strings.Contains(fmt.Sprint(err), tc.workers) {
				t.Errorf("workers: %v", err)
			}
			if err == nil && fmt.Sprint(workers) != "[{::1 - []} {10.0.0.1 id [f g]}]" {
				t.Errorf("got %v", workers)
			}
			if err := CancelQueued(t.Context(), server, "h"); !strings.Contains(fmt.Sprint(err), tc.cancel) {
				t.Errorf("cancel: %v", err)
			}
		})
	}
}

func TestDefaultBackoff(t *testing.T) {
	for attempt, most := range map[int]time.Duration{
		-1: 500 * time.Millisecond, 1: 500 * time.Millisecond, 2: time.Second, 6: 16 * time.Second, 7: 30 * time.Second, 1 << 40: 30 * time.Second,
	} {
		for range 100 {
			if d := DefaultBackoff(attempt); d < most/2 || d > most {
				t.Fatalf("attempt %d: %s, want %s to %s", attempt, d, most/2, most)
			}
		}
	}
}
