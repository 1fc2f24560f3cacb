package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"time"

	"github.com/turbo-hipster/turbo-hipster/worker"
	"github.com/turbo-hipster/turbo-hipster/worker/config"
	"github.com/turbo-hipster/turbo-hipster/worker/publish"
	"github.com/turbo-hipster/turbo-hipster/worker/report"
	"github.com/turbo-hipster/turbo-hipster/worker/zuul"
)

// Run implements zuul.Runner: one build, from its arguments to its published results.
func (g *generation) Run(ctx context.Context, r *zuul.Request) (zuul.Answer, error) {
	job, err := g.workshop.config.Served(r.Job, r.Node)
	if err != nil {
		return zuul.Answer{}, err
	}
	log := g.service.log.With("job", r.Job, "unique", r.Number)
	dir, err := g.workshop.newBuildDir()
	if err != nil {
		return zuul.Answer{}, err
	}
	one := &zuulBuild{
		generation: g, job: job, request: r, dir: dir, log: log,
		output: filepath.Join(dir.path, filepath.FromSlash(r.LogPath), "results"),
	}
	defer func() { dir.close(one.keep(), log) }()
	if job.ShutdownAfter {
		defer g.service.drainAfter()
	}
	return one.run(ctx)
}

// drainAfter shuts the service down gracefully, as a job with shutdown-th asks.
func (s *service) drainAfter() {
	select {
	case s.drain <- drained:
	default: // one is enough
	}
}

// zuulBuild is one attempt at a build that Zuul asked for.
type zuulBuild struct {
	*generation
	job     *config.Job
	request *zuul.Request
	dir     *buildDir
	output  string // absolute
	log     *slog.Logger

	index  report.Index
	stream *publish.Stream // nil when results are not published
	lost   bool            // there is a verdict, and its results could not be published
}

// keep is the directory of results when nobody else has them; else "".
func (b *zuulBuild) keep() string {
	if b.workshop.config.Publish.Path == "" || b.lost {
		return b.output
	}
	return ""
}

// run does the build and publishes what comes of it, a verdict or trouble. That results cannot be published is trouble when
// it shows at the beginning; a verdict stands without them.
func (b *zuulBuild) run(ctx context.Context) (zuul.Answer, error) {
	b.index = report.Index{
		Build: b.dir.id, Job: b.job.Name, Project: b.request.Project, Parameters: b.request.All, Since: b.service.program.now(),
	}
	result, err := b.attempt(ctx)
	if err != nil {
		b.index.Trouble = err.Error()
		if errors.Is(context.Cause(ctx), zuul.ErrAborted) {
			b.index.Trouble = zuul.ErrAborted.Error()
		}
		return zuul.Answer{}, errors.Join(err, report.WriteIndex(b.output, b.index), b.published(ctx))
	}
	text := answer(result.Verdict)
	if err := b.published(ctx); err != nil {
		b.lost = true
		b.log.Error("the results were not published; they are kept", "path", b.output, "err", err)
		if !result.Verdict.Result.Passes() {
			text += "\n" + notPublished
		}
	}
	return zuul.Answer{Result: text}, nil
}

// notPublished is what an author reads who will not find what the answer is about.
const notPublished = "The results could not be published."

// attempt comes to a result, or says why not.
func (b *zuulBuild) attempt(ctx context.Context) (*worker.BuildResult, error) {
	if err := b.publish(ctx); err != nil {
		return nil, err
	}
	source, err := b.workshop.origins().Source(b.request.Params)
	if err != nil {
		return nil, err
	}
	base, err := b.workshop.base("", b.job, source, b.request.Params)
	if err != nil {
		return nil, err
	}
	build, err := b.workshop.build(b.job, ask{
		dir: b.dir, source: source, base: base, project: b.request.Project,
		parameters: b.request.All, output: b.output, reportURL: b.request.ReportURL,
	})
	if err != nil {
		return nil, err
	}
	b.index = report.NewIndex(build, b.index.Since)
	return b.runner.Run(ctx, build, b.progress)
}

// progress tells Zuul, and those who look at the page.
func (b *zuulBuild) progress(done, total int) {
	b.request.Progress(done, total)
	b.index.Done, b.index.Total = done, total
	if done == total {
		return // the report stands there
	}
	if err := report.WriteIndex(b.output, b.index); err != nil {
		b.log.Warn("cannot show progress", "err", err)
	}
}

// publish begins to show what the build writes.
func (b *zuulBuild) publish(ctx context.Context) (err error) {
	if err := report.WriteIndex(b.output, b.index); err != nil {
		return err
	}
	to := b.workshop.config.Publish
	if to.Path == "" {
		return nil
	}
	local := publish.Local{Dir: to.Path, PrependURL: to.PrependURL, Log: b.log}
	b.stream, err = local.Start(ctx, b.output, b.request.LogPath)
	return err
}

// publishTimeout bounds how long a build that was cancelled may take to show what it has.
const publishTimeout = 30 * time.Second

// published shows the rest.
func (b *zuulBuild) published(ctx context.Context) error {
	if b.stream == nil {
		return nil
	}
	longer, cancel := outliving(ctx, publishTimeout)
	defer cancel()
	return b.stream.Close(longer)
}

// outliving is a context that ends some time after ctx does.
func outliving(ctx context.Context, by time.Duration) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		select {
		case <-longer.Done():
		case <-time.After(by):
			cancel()
		}
	})
	return longer, func() { stop(); cancel() }
}

// mostMessages is how many findings an answer quotes; the report has all.
const mostMessages = 10

// answer is the verdict as Zuul shows it to the author: SUCCESS, or what is wrong, in the classic words.
func answer(v worker.Verdict) string {
	if v.Result.Passes() {
		return string(worker.Success)
	}
	var messages []string
	more := 0
	for _, f := range v.Findings {
		switch {
		case f.Before || f.Level == worker.Success:
		case len(messages) == mostMessages:
			more++
		default:
			messages = append(messages, f.Message)
		}
	}
	if more > 0 {
		messages = append(messages, fmt.Sprintf("… and %d more", more))
	}
	if len(messages) == 0 {
		return string(v.Result)
	}
	return strings.Join(messages, "\n")
}
