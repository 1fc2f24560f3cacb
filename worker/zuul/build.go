package zuul

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"time"
)

// build is one build from its job to its answer.
type build struct {
	o         Options // as they were when it began
	f         Function
	number    string
	params    Params
	reportURL string
	millis    int // how long it is expected to take; 0 is unknown
	since     time.Time
	log       *slog.Logger
	cancel    context.CancelCauseFunc
	packets   *packets

	aborted bool // guarded by running.mu
}

// outcome is how a build ended.
type outcome struct {
	answer Answer
	err    error // trouble, or why there was no time for a verdict
}

// Build does the build that a job of the function f asks for, and returns when
// it has been answered: exactly once, whatever happens. When ctx ends, so does the
// build.
func (m *Manager) Build(ctx context.Context, job Job, f Function) {
	o := m.o
	params, err := ParseParams(job.Payload(), job.Unique(), f.Job)
	number := cmp.Or(params.UUID, job.Handle())
	log := m.log.With("job", f.Job, "unique", oneLine(number))
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	b := &build{
		o: o, f: f, number: number, params: params, since: o.Now(), log: log, cancel: cancel,
		reportURL: reportURL(o.URLPrefix, params.LogPath),
		packets:   &packets{job: job, log: log},
	}
	if o.Estimate != nil {
		b.millis = int(max(0, o.Estimate(f.Job).Milliseconds()))
	}
	m.add(b)
	out := outcome{err: errors.New("the runner ended its goroutine")} // what a runtime.Goexit leaves
	defer func() {
		aborted := m.remove(b) || errors.Is(context.Cause(ctx), ErrAborted)
		b.answer(out, aborted, ctx.Err() != nil)
	}()
	b.warn()
	switch serr := b.packets.first(b.started(), b.millis); {
	case serr != nil: // nobody would hear the verdict
		out.err = fmt.Errorf("send the first packet: %w", serr)
		cancel(out.err)
	case err != nil:
		out.err = err
	default:
		out = b.attempts(ctx)
	}
}

// warn logs what is odd about a build's arguments.
func (b *build) warn() {
	b.log.Info("starting", "arguments", b.params)
	if sent := b.params.SentUUID; sent != b.params.UUID && b.params.UUID != "" {
		b.log.Warn("ZUUL_UUID is not the job's unique, which counts", "sent", oneLine(sent))
	}
	if len(b.params.Dropped) > 0 {
		b.log.Info("arguments that are no variables of scripts", "names", oneLine(strings.Join(b.params.Dropped, " ")))
	}
}

// attempts runs the build until it comes to a verdict, or trouble is final.
func (b *build) attempts(ctx context.Context) outcome {
	policy := b.o.Trouble
	for attempt := 1; ; attempt++ {
		if ctx.Err() != nil {
			return outcome{err: context.Cause(ctx)}
		}
		answer, err := b.once(ctx, attempt)
		if err == nil || ctx.Err() != nil || isPermanent(err) || attempt >= policy.Attempts {
			return outcome{answer, err}
		}
		b.log.Warn("trouble; trying again", "attempt", attempt, "pause", policy.Pause, "err", err)
		if b.o.Sleep(ctx, policy.Pause) != nil {
			return outcome{err: err}
		}
	}
}

// once runs the build once. What was left of the contract by the Runner is made
// trouble.
func (b *build) once(ctx context.Context, attempt int) (answer Answer, err error) {
	defer func() {
		if v := recover(); v != nil {
			b.log.Error("panic in a build", "panic", oneLine(fmt.Sprint(v)), "stack", string(debug.Stack()))
			answer, err = Answer{}, permanent{fmt.Errorf("panic: %v", v)}
		}
	}()
	answer, err = b.o.Runner.Run(ctx, &Request{
		Params: b.params, Job: b.f.Job, Node: b.f.Node, Number: b.number, Attempt: attempt,
		ReportURL: b.reportURL, Progress: b.progress,
	})
	switch {
	case errors.Is(err, ErrDeleted):
		return Answer{Result: "NOTHING TO TEST - the ref was deleted"}, nil
	case err == nil && strings.TrimSpace(answer.Result) == "":
		return Answer{}, permanent{errors.New("the runner gave neither a verdict nor an error")}
	}
	return answer, err
}

// progress is Request.Progress.
func (b *build) progress(done, total int) {
	if total < 1 {
		return
	}
	done = min(max(done, 0), total)
	if b.millis > 0 {
		done, total = int(float64(b.millis)*float64(done)/float64(total)), b.millis
	}
	b.packets.status(done, total)
}

// answer sends the one answer.
func (b *build) answer(out outcome, aborted, ended bool) {
	log := b.log.With("duration", b.o.Now().Sub(b.since))
	switch {
	case aborted:
		log.Info("stopped by Zuul")
		b.packets.fail(b.ended(new("ABORTED"), nil))
	case out.err == nil:
		log.Info("answered", "verdict", oneLine(out.answer.Result))
		b.packets.complete(b.ended(new(bounded(out.answer.Result)), out.answer.Data))
	case ended:
		log.Warn("ended without a verdict; Zuul is to try again", "err", out.err)
		b.packets.fail(b.ended(nil, why(out.err)))
	case b.o.Trouble.Then == Report:
		log.Error("trouble; reported as an internal error", "err", out.err)
		b.packets.fail(b.ended(new(words(out.err)), why(out.err)))
	default:
		log.Error("trouble; Zuul is to try again", "err", out.err)
		b.packets.fail(b.ended(nil, why(out.err)))
	}
}

// why says in the last payload why there is no verdict. Zuul does not read it; who
// asks by hand does.
func why(err error) map[string]any { return map[string]any{"trouble": oneLine(err.Error())} }
