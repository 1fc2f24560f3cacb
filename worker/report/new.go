package report

import (
	"path/filepath"
	"time"

	"github.com/turbo-hipster/turbo-hipster/datasets"
	"github.com/turbo-hipster/turbo-hipster/worker"
)

// New makes the report of a result. reproduce is the command that does the same
// build again; url is the source's URL without passwords. Where the report will be
// published the caller adds (Report.URL).
func New(r *worker.BuildResult, toolVersion, reproduce, url string) *Report {
	b := r.Build
	out := &Report{
		Schema: Schema, Tool: "th-worker", ToolVersion: toolVersion,
		Build: b.ID, Job: b.Job, Project: b.Project, Plugin: string(b.Plugin),
		Verdict: string(r.Verdict.Result), Findings: []Finding{},
		Source:  Source{URL: url, Ref: b.Source.Ref, Commit: r.Tree.Commit, Dir: b.Source.Dir, Dirty: r.Tree.Dirty},
		Command: b.Command.Text, StepsTool: b.Tool.Name, Reproduce: reproduce,
		StartedAt: r.Started.UTC(), DurationS: r.Duration.Seconds(), CheckoutS: r.Checkout.Seconds(),
		Parameters: shownParameters(b.Parameters), Datasets: []Dataset{},
	}
	from := origin{dir: b.OutputDir}
	out.Environment, out.Script = from.run(r.Environment), from.run(r.Script)
	for i := range r.Datasets {
		d := from.dataset(&r.Datasets[i])
		out.Datasets = append(out.Datasets, d)
		out.Findings = append(out.Findings, d.Findings...)
	}
	if len(r.Datasets) == 0 {
		out.Findings = findings(r.Verdict.Findings, "")
	}
	return out
}

// origin is where the logs of a result are.
type origin struct{ dir string }

func (from origin) dataset(r *worker.DatasetResult) Dataset {
	o, s := &r.Outcome, &r.Snapshot
	return Dataset{
		Requested: r.Dataset.Reference, Reference: s.Reference, Tag: s.Tag, Digest: s.Digest,
		Database: r.Dataset.Database, ServerVersion: s.ServerVersion, Tables: s.Tables, Rows: s.Rows,
		Verdict: string(r.Verdict.Result), Findings: findings(r.Verdict.Findings, r.Dataset.Reference),
		Steps:        steps(o.Steps, r.Dataset.Limits),
		FinalVersion: o.FinalVersion(), ReportedVersion: o.Version, ExpectedFinalVersion: o.ExpectedVersion,
		ExitCode: o.ExitCode, Signal: o.Signal, TimedOut: o.TimedOut,
		RestoreS: r.Restore.Seconds(), MigrateS: o.Duration.Seconds(),
		Log: o.LogPath, LogFile: from.relative(o.LogPath),
		OutputTail: append([]string{}, o.Tail...), ToolError: o.ToolError,
		First: from.run(r.First), Base: from.run(r.Base),
	}
}

// run is nil for no outcome.
func (from origin) run(o *worker.Outcome) *Run {
	if o == nil {
		return nil
	}
	return &Run{
		ExitCode: o.ExitCode, Signal: o.Signal, TimedOut: o.TimedOut, DurationS: o.Duration.Seconds(),
		Steps: steps(o.Steps, datasets.Limits{}), FinalVersion: o.FinalVersion(),
		ToolError: o.ToolError, ResultLine: o.ResultLine,
		Log: o.LogPath, LogFile: from.relative(o.LogPath), OutputTail: append([]string{}, o.Tail...),
	}
}

// relative is a log's path as seen from the report, with slashes; "" for no log.
// Logs are in the report's directory: of one that is not, the name alone is told.
func (from origin) relative(path string) string {
	if path == "" {
		return ""
	}
	rel, err := filepath.Rel(from.dir, path)
	if err != nil || !filepath.IsLocal(rel) {
		return filepath.Base(path)
	}
	return filepath.ToSlash(rel)
}

func steps(in []worker.Step, limits datasets.Limits) []Step {
	out := make([]Step, 0, len(in))
	for i := range in {
		s := &in[i]
		js := Step{
			From: s.From, To: s.To, Title: s.Title, StartedAt: s.Start.UTC(),
			DurationS: s.Duration.Seconds(), Ended: s.Ended, LogLine: s.LogLine,
			RowsChanged: known(s.Rows.RowsChanged), RowsRead: known(s.Rows.RowsRead),
			LimitSeconds:     some(inSeconds(limits.Time(s.From, s.To))),
			LimitRowsChanged: some(limits.MaxRowsChanged(s.From, s.To)),
			LimitRowsRead:    some(limits.MaxRowsRead(s.From, s.To)),
			FirstS:           some(inSeconds(s.First, s.First > 0)),
		}
		out = append(out, js)
	}
	return out
}

func findings(in []worker.Finding, dataset string) []Finding {
	out := make([]Finding, 0, len(in))
	for _, f := range in {
		jf := Finding{Level: string(f.Level), Code: string(f.Code), Message: f.Message, Dataset: dataset, LogLine: f.LogLine, Before: f.Before}
		if f.Step != nil {
			jf.Step = f.Step.Name()
			if jf.LogLine == 0 {
				jf.LogLine = f.Step.LogLine
			}
		}
		out = append(out, jf)
	}
	return out
}

func inSeconds(d time.Duration, ok bool) (float64, bool) { return d.Seconds(), ok }

// known is nil for a count that the server could not tell.
func known(c worker.Count) *int64 { return some(c.N, c.Known) }

// some is nil unless ok.
func some[V any](v V, ok bool) *V {
	if !ok {
		return nil
	}
	return &v
}
