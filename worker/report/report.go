package report

import (
	"time"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// Schema is the number of the report's format.
const Schema = 1

// Report is report.json.
type Report struct {
	Schema      int       `json:"schema"`       // Schema
	Tool        string    `json:"tool"`         // th-worker
	ToolVersion string    `json:"tool_version"` // as th-worker --version prints it
	Build       string    `json:"build"`        // the build's id
	Job         string    `json:"job"`
	Project     string    `json:"project"`  // "" when the job names none
	Verdict     string    `json:"verdict"`  // SUCCESS, WARNING or FAILURE, over all datasets
	Findings    []Finding `json:"findings"` // of all datasets; never null
	Source      Source    `json:"source"`
	Command     string    `json:"command"`    // what migrated, as configured
	StepsTool   string    `json:"steps_tool"` // sqlalchemy-migrate, alembic or patterns
	Reproduce   string    `json:"reproduce"`  // a shell's line that does the same build again: same commit, same snapshots
	StartedAt   time.Time `json:"started_at"` // RFC 3339
	DurationS   float64   `json:"duration_seconds"`
	CheckoutS   float64   `json:"checkout_seconds"`
	Datasets    []Dataset `json:"datasets"` // in the order they were tested
}

// Source is what was tested.
type Source struct {
	URL    string `json:"url,omitempty"`   // without passwords; "" for an existing tree
	Ref    string `json:"ref,omitempty"`   // as asked for
	Commit string `json:"commit"`          // full id; "" for a directory that is no git tree
	Dir    string `json:"dir,omitempty"`   // the existing tree that was used
	Dirty  bool   `json:"dirty,omitempty"` // it had changes that are not committed, so that commit does not say all
}

// Dataset is what happened on one dataset.
type Dataset struct {
	Requested     string    `json:"requested"`      // the reference as asked for
	Reference     string    `json:"reference"`      // name@sha256:…
	Tag           string    `json:"tag,omitempty"`  // the version asked for; absent when it was asked for by digest
	Digest        string    `json:"digest"`         // of the snapshot's manifest: sha256:…
	Database      string    `json:"database"`       // the schema's name during the build
	ServerVersion string    `json:"server_version"` // of the private server
	Tables        int       `json:"tables"`         // restored
	Rows          int64     `json:"rows"`           // restored
	Verdict       string    `json:"verdict"`        // on this dataset
	Findings      []Finding `json:"findings"`       // on this dataset; never null
	Steps         []Step    `json:"steps"`          // never null
	// FinalVersion is where the last step that ended led to; absent when none ended.
	FinalVersion string `json:"final_version,omitempty"`
	// ExpectedFinalVersion is absent when the job expects none.
	ExpectedFinalVersion string `json:"expected_final_version,omitempty"`

	ExitCode   int      `json:"exit_code"` // of the command; -1 when a signal ended it
	Signal     string   `json:"signal,omitempty"`
	TimedOut   bool     `json:"timed_out,omitempty"`
	RestoreS   float64  `json:"restore_seconds"` // server start and load
	MigrateS   float64  `json:"migrate_seconds"` // the command, start to exit
	Log        string   `json:"log"`             // absolute path
	OutputTail []string `json:"output_tail"`     // the command's last lines, without ANSI codes; never null
}

// Step is one migration.
type Step struct {
	From         string    `json:"from"`
	To           string    `json:"to"`
	Title        string    `json:"title,omitempty"`
	StartedAt    time.Time `json:"started_at"`       // when its start was read
	DurationS    float64   `json:"duration_seconds"` // without an end: until the output ended or the next step started
	Ended        bool      `json:"ended"`
	LimitSeconds *float64  `json:"limit_seconds,omitempty"` // the longest it may take; absent for no limit
	LogLine      int       `json:"log_line"`                // the line of the log that starts it, from 1
}

// Finding is something that a person should know of.
type Finding struct {
	Level   string `json:"level"`              // FAILURE or WARNING
	Message string `json:"message"`            // the complete message
	Dataset string `json:"dataset"`            // the dataset's reference as asked for
	Step    string `json:"step,omitempty"`     // FROM->TO
	LogLine int    `json:"log_line,omitempty"` // where the step starts in the dataset's log
}

// New makes the report of a result. reproduce is the command that does the same
// build again; url is the source's URL without passwords.
func New(r *worker.BuildResult, toolVersion, reproduce, url string) *Report {
	b := r.Build
	out := &Report{
		Schema: Schema, Tool: "th-worker", ToolVersion: toolVersion,
		Build: b.ID, Job: b.Job, Project: b.Project,
		Verdict: string(r.Verdict.Result), Findings: []Finding{},
		Source:  Source{URL: url, Ref: b.Source.Ref, Commit: r.Tree.Commit, Dir: b.Source.Dir, Dirty: r.Tree.Dirty},
		Command: b.Command.Text, StepsTool: b.Tool.Name, Reproduce: reproduce,
		StartedAt: r.Started.UTC(), DurationS: r.Duration.Seconds(), CheckoutS: r.Checkout.Seconds(),
	}
	for i := range r.Datasets {
		d := dataset(&r.Datasets[i])
		out.Datasets = append(out.Datasets, d)
		out.Findings = append(out.Findings, d.Findings...)
	}
	return out
}

func dataset(r *worker.DatasetResult) Dataset {
	o, s := &r.Outcome, &r.Snapshot
	d := Dataset{
		Requested: r.Dataset.Reference, Reference: s.Reference, Tag: s.Tag, Digest: s.Digest,
		Database: r.Dataset.Database, ServerVersion: s.ServerVersion, Tables: s.Tables, Rows: s.Rows,
		Verdict: string(r.Verdict.Result), Findings: []Finding{}, Steps: []Step{},
		FinalVersion: o.FinalVersion(), ExpectedFinalVersion: o.ExpectedVersion,
		ExitCode: o.ExitCode, Signal: o.Signal, TimedOut: o.TimedOut,
		RestoreS: r.Restore.Seconds(), MigrateS: o.Duration.Seconds(),
		Log: o.LogPath, OutputTail: append([]string{}, o.Tail...),
	}
	for _, step := range o.Steps {
		js := Step{
			From: step.From, To: step.To, Title: step.Title, StartedAt: step.Start.UTC(),
			DurationS: step.Duration.Seconds(), Ended: step.Ended, LogLine: step.LogLine,
		}
		if limit, ok := r.Dataset.Limits.Time(step.From, step.To); ok {
			seconds := limit.Seconds()
			js.LimitSeconds = &seconds
		}
		d.Steps = append(d.Steps, js)
	}
	for _, f := range r.Verdict.Findings {
		jf := Finding{Level: string(f.Level), Message: f.Message, Dataset: d.Requested}
		if f.Step != nil {
			jf.Step, jf.LogLine = f.Step.Name(), f.Step.LogLine
		}
		d.Findings = append(d.Findings, jf)
	}
	return d
}
