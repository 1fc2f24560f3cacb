package report

import "time"

// Schema is the number of the report's format.
const Schema = 1

// Report is report.json.
type Report struct {
	Schema      int       `json:"schema"`       // Schema
	Tool        string    `json:"tool"`         // th-worker
	ToolVersion string    `json:"tool_version"` // as th-worker --version prints it
	Build       string    `json:"build"`        // the build's id
	Job         string    `json:"job"`
	Project     string    `json:"project"` // "" when the job names none
	Plugin      string    `json:"plugin"`  // real_db_upgrade or shell_script
	Verdict     string    `json:"verdict"` // SUCCESS, UNTESTED, WARNING or FAILURE, over all datasets
	Findings    []Finding `json:"findings"`
	Source      Source    `json:"source"`
	Command     string    `json:"command"`    // what migrated, as configured
	StepsTool   string    `json:"steps_tool"` // worker.Tool's name; "" for a shell script
	Reproduce   string    `json:"reproduce"`  // a shell's line that does the same build again: same commit, same snapshots
	StartedAt   time.Time `json:"started_at"` // RFC 3339
	DurationS   float64   `json:"duration_seconds"`
	CheckoutS   float64   `json:"checkout_seconds"`

	// URL is where index.html is published; the caller sets it. Absent when the
	// build's results are not published.
	URL string `json:"url,omitempty"`
	// Parameters are those of the build that describe the change (ZUUL_*).
	Parameters  map[string]string `json:"parameters,omitempty"`
	Environment *Run              `json:"environment,omitempty"` // preparing it; absent when there was nothing to prepare
	Script      *Run              `json:"script,omitempty"`      // of shell_script
	Datasets    []Dataset         `json:"datasets"`              // in the order they were tested; never null
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
	Reference     string    `json:"reference"`      // name@sha256:…, or a dump's path
	Tag           string    `json:"tag,omitempty"`  // the version asked for; absent when it was asked for by digest
	Digest        string    `json:"digest"`         // of the snapshot's manifest, or of the dump: sha256:…
	Database      string    `json:"database"`       // the schema's name during the build
	ServerVersion string    `json:"server_version"` // of the private server
	Tables        int       `json:"tables"`         // restored
	Rows          int64     `json:"rows"`           // restored
	Verdict       string    `json:"verdict"`        // on this dataset
	Findings      []Finding `json:"findings"`       // on this dataset; never null
	Steps         []Step    `json:"steps"`          // never null
	// FinalVersion is where the last step that ended led to; absent when none ended.
	FinalVersion string `json:"final_version,omitempty"`
	// ReportedVersion is the final version that the command named; absent when it
	// named none.
	ReportedVersion string `json:"reported_version,omitempty"`
	// ExpectedFinalVersion is absent when the job expects none.
	ExpectedFinalVersion string `json:"expected_final_version,omitempty"`

	ExitCode   int      `json:"exit_code"` // of the command; -1 when a signal ended it
	Signal     string   `json:"signal,omitempty"`
	TimedOut   bool     `json:"timed_out,omitempty"`
	RestoreS   float64  `json:"restore_seconds"`      // server start and load
	MigrateS   float64  `json:"migrate_seconds"`      // the command, start to exit
	Log        string   `json:"log"`                  // absolute path; "" in a file that is published
	LogFile    string   `json:"log_file"`             // the same, relative to the report
	OutputTail []string `json:"output_tail"`          // the command's last lines, without ANSI codes; never null
	ToolError  string   `json:"tool_error,omitempty"` // the line in which the tool says why it failed

	First *Run `json:"first,omitempty"` // before a step over its time was measured again; absent when all was measured once
	Base  *Run `json:"base,omitempty"`  // before the change; absent when it was not needed
}

// Run is one run of a command beside that which was judged on a dataset.
type Run struct {
	ExitCode     int      `json:"exit_code"` // -1 when a signal ended it
	Signal       string   `json:"signal,omitempty"`
	TimedOut     bool     `json:"timed_out,omitempty"`
	DurationS    float64  `json:"duration_seconds"`
	Steps        []Step   `json:"steps,omitempty"` // without limits
	FinalVersion string   `json:"final_version,omitempty"`
	ToolError    string   `json:"tool_error,omitempty"`
	ResultLine   string   `json:"result_line,omitempty"` // the first line that a shell script left in TH_RESULT_FILE
	Log          string   `json:"log"`                   // absolute path; "" in a file that is published
	LogFile      string   `json:"log_file"`              // the same, relative to the report
	OutputTail   []string `json:"output_tail"`           // never null
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

	// FirstS is how long it took when it was measured the first time, over its
	// limit; absent when it was measured once.
	FirstS *float64 `json:"first_seconds,omitempty"`

	RowsChanged      *int64 `json:"rows_changed,omitempty"` // inserted, updated and deleted; absent when unknown
	RowsRead         *int64 `json:"rows_read,omitempty"`    // absent when unknown
	LimitRowsChanged *int64 `json:"limit_rows_changed,omitempty"`
	LimitRowsRead    *int64 `json:"limit_rows_read,omitempty"`
}

// Finding is something that a person should know of.
type Finding struct {
	Level   string `json:"level"`              // FAILURE, WARNING, UNTESTED, or SUCCESS for what is no fault
	Code    string `json:"code,omitempty"`     // what it is about: worker.Code
	Message string `json:"message"`            // the complete message
	Dataset string `json:"dataset"`            // the dataset's reference as asked for; "" when it is about none
	Step    string `json:"step,omitempty"`     // FROM->TO
	LogLine int    `json:"log_line,omitempty"` // the line of the log that it is about, or where its step starts
	Before  bool   `json:"before,omitempty"`   // found before the change too: does not count against it
}
