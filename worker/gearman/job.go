package gearman

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
)

// ErrAnswered is the error of sending for a job that has been answered, by
// Complete, Fail or Exception, or whose handler has returned.
var ErrAnswered = errors.New("the job has been answered already")

// Handler does one job. The context ends when the job is over whatever the handler
// does: its server is gone (the cause wraps ErrConnectionLost), or the worker was
// stopped (the cause is that of Run's context). A handler that returns without an
// answer, or panics, has failed: the worker sends WORK_FAIL for it and logs that,
// without the payload.
type Handler func(ctx context.Context, job *Job)

// Job is one job of a server, assigned to this worker. It is safe for concurrent
// use. What is sent goes to the server whole and in the order of the calls, each
// of which returns when the bytes are with the operating system; an error is
// ErrAnswered, or wraps ErrConnectionLost.
type Job struct {
	handle, function, unique string
	payload                  []byte
	link                     *link

	mu       sync.Mutex // held while sending, so that nothing follows the answer
	answered bool
}

// parseJob reads a JOB_ASSIGN or JOB_ASSIGN_UNIQ packet.
func parseJob(p packet, l *link) (*Job, error) {
	names := 3
	if p.kind == jobAssign {
		names = 2
	}
	parts, err := p.arguments(names + 1)
	if err != nil {
		return nil, err
	}
	j := &Job{handle: string(parts[0]), function: string(parts[1]), payload: parts[names], link: l}
	if names == 3 {
		j.unique = string(parts[2])
	}
	return j, nil
}

// Handle is the server's name of the job.
func (j *Job) Handle() string { return j.handle }

// Function is the name that the handler was registered under.
func (j *Job) Function() string { return j.function }

// Unique is the client's name of the job, or "".
func (j *Job) Unique() string { return j.unique }

// Payload is the client's argument. It is the handler's: the worker does not use
// it again.
func (j *Job) Payload() []byte { return j.payload }

// Data sends a part of the result (WORK_DATA).
func (j *Job) Data(b []byte) error { return j.send(workData, []string{j.handle}, b) }

// Warning sends WORK_WARNING. Zuul takes it for a part of the result.
func (j *Job) Warning(b []byte) error { return j.send(workWarning, []string{j.handle}, b) }

// Status tells how much is done (WORK_STATUS): done of total steps, neither
// negative. The server keeps it for those who ask.
func (j *Job) Status(done, total int) error {
	if done < 0 || total < 0 {
		return fmt.Errorf("status %d of %d is negative", done, total)
	}
	return j.send(workStatus, []string{j.handle, strconv.Itoa(done)}, []byte(strconv.Itoa(total)))
}

// Complete answers the job with its result (WORK_COMPLETE).
func (j *Job) Complete(b []byte) error { return j.send(workComplete, []string{j.handle}, b) }

// Fail answers the job with WORK_FAIL.
func (j *Job) Fail() error { return j.send(workFail, nil, []byte(j.handle)) }

// Exception answers the job with a text why it failed (WORK_EXCEPTION). Of
// gearmand's clients only those see it that asked for exceptions; the others see
// WORK_FAIL.
func (j *Job) Exception(b []byte) error { return j.send(workException, []string{j.handle}, b) }

func (j *Job) send(k kind, arguments []string, last []byte) error {
	if len(last) > maxBodyBytes-len(j.handle)-headerBytes {
		return fmt.Errorf("%d bytes do not fit in a Gearman packet", len(last))
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.answered {
		return ErrAnswered
	}
	switch k {
	case workComplete, workFail, workException:
		j.answered = true
	default:
	}
	return j.link.send(k, arguments, last)
}

// end sends WORK_FAIL unless the job has been answered, and tells whether it had
// to.
func (j *Job) end() bool { return !errors.Is(j.Fail(), ErrAnswered) }
