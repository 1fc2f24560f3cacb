package zuul

import (
	"context"
	"errors"
)

// ErrAborted is why a build's context ends when Zuul stops the build.
var ErrAborted = errors.New("stopped by Zuul")

// Job is a Gearman job as its worker sees it. Its methods may be called from
// several goroutines, never at the same time.
type Job interface {
	Handle() string
	Function() string
	Unique() string
	Payload() []byte
	Data(payload []byte) error     // WORK_DATA
	Status(done, total int) error  // WORK_STATUS
	Complete(payload []byte) error // WORK_COMPLETE
	Fail() error                   // WORK_FAIL
}

// Runner does builds. It may do several at once.
type Runner interface {
	// Run does one build and returns when nothing of it is left. A verdict is an
	// Answer and a nil error, whatever it says. An error is trouble: there is no
	// verdict. When ctx ends before there is one, Run must return an error, since
	// what was cut short cannot be judged.
	Run(ctx context.Context, r *Request) (Answer, error)
}

// Request is what a Runner is asked to do.
type Request struct {
	Params

	Job       string // the job's name, without "build:"
	Node      string // the node label of its function; "" is none
	Number    string // what Zuul knows the build by
	Attempt   int    // from 1; over 1 after trouble
	ReportURL string // where Zuul was told that the logs will be; "" without Options.URLPrefix

	// Progress tells Zuul that done of total steps are done. It may be called from
	// any goroutine, and does nothing once the build has been answered.
	Progress func(done, total int)
}

// Answer is a verdict as Zuul gets it.
type Answer struct {
	// Result is SUCCESS, or what the author is to read: messages joined by newlines.
	// An empty one is a mistake of the Runner's, and treated as trouble.
	Result string
	// Data is added to the last payload, such as a better "url". It cannot change
	// the result, the number and the manager.
	Data map[string]any
}
