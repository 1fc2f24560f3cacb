package report

import (
	"fmt"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// datasetView is a dataset as the page shows it.
type datasetView struct {
	Key, Name           string
	Href                string // of the dataset in the report, for the index
	Class, Symbol, Word string
	Summary             string
	Facts               []fact
	Findings, Before    []findingGroup
	MoreFindings        string // how many are not shown; "" for none
	Timeline            *timeline
	Rows, Notable       []stepRow
	MoreSteps           string // how many are not shown; "" for none
	Columns             string // classes that hide the columns in which no step has anything
	Base, First         *runView
}

// runView is a run beside the judged ones.
type runView struct {
	Key, Name, Class, Symbol string
	Text                     string
	ToolError                string
}

// view makes the view of a dataset; its log learns how its steps went.
func (d *Dataset) view(key string, log *logPart) datasetView {
	v := datasetView{Key: key, Name: brief(d.Requested, titleChars), Word: clean(d.Verdict), Summary: brief(d.course(), textChars), Facts: d.facts()}
	v.Class, v.Symbol = look(d.Verdict)
	var more int
	if v.Findings, v.Before, more = findingGroups(d.Findings, log); more > 0 {
		v.MoreFindings = plural(more, "further finding")
	}
	v.Rows = d.stepRows(log)
	if more := len(d.Steps) - len(v.Rows); more > 0 {
		v.MoreSteps = plural(more, "further step")
	}
	log.notes, log.open = map[int]stepRow{}, d.failed()
	v.Columns = hidden(v.Rows)
	for i := range v.Rows {
		log.notes[i] = v.Rows[i]
	}
	if len(v.Rows) > 0 {
		v.Timeline = newTimeline(v.Rows)
	}
	if len(v.Rows) > manySteps {
		v.Notable = notable(v.Rows)
	}
	v.Base = d.Base.view(key+"-base", "Before the change")
	v.First = d.First.view(key+"-first", "First measurement")
	return v
}

// failed tells whether the command did not end well.
func (d *Dataset) failed() bool { return d.ExitCode != 0 || d.Signal != "" || d.TimedOut }

// facts are what is known of the dataset and its run.
func (d *Dataset) facts() []fact {
	var s shell
	s.add("Snapshot", d.Reference)
	if d.Reference != "" && d.Digest != "" && !strings.HasSuffix(d.Reference, d.Digest) {
		s.add("Digest", d.Digest)
	}
	s.add("Version", d.Tag)
	s.add("Restored", fmt.Sprintf("%s, %s in %s", plural(d.Tables, "table"), plural(int(d.Rows), "row"), duration(d.RestoreS)))
	s.add("Server", d.ServerVersion)
	s.add("Database", d.Database)
	how := "Migrated in "
	if d.failed() {
		how = "Ended after "
	}
	s.add("Command", how+duration(d.MigrateS)+", "+ended(d.ExitCode, d.Signal, d.TimedOut))
	final := d.FinalVersion
	if final == "" {
		final = "unknown"
	}
	if d.ExpectedFinalVersion != "" {
		final += ", expected " + d.ExpectedFinalVersion
	}
	s.add("Final version", final)
	if d.ReportedVersion != "" && d.ReportedVersion != d.FinalVersion {
		s.add("Named by the command", d.ReportedVersion)
	}
	return s.Facts
}

func (r *Run) succeeded() bool {
	return r.ExitCode == 0 && r.Signal == "" && !r.TimedOut
}

// view is nil for no run.
func (r *Run) view(key, name string) *runView {
	if r == nil {
		return nil
	}
	v := &runView{Key: key, Name: name, ToolError: brief(r.ToolError, textChars), Text: duration(r.DurationS) + ", " + clean(ended(r.ExitCode, r.Signal, r.TimedOut))}
	v.Class, v.Symbol = look(string(worker.Failure))
	if r.succeeded() {
		v.Class, v.Symbol = look(string(worker.Success))
	}
	if len(r.Steps) > 0 {
		sum, slowest := total(r.Steps)
		v.Text += fmt.Sprintf(", %s in %s, slowest %s with %s", plural(len(r.Steps), "step"), duration(sum), arrow(slowest), duration(slowest.DurationS))
	}
	if r.FinalVersion != "" {
		v.Text += ", final version " + brief(r.FinalVersion, nameChars)
	}
	if r.ResultLine != "" {
		v.Text += ", result: " + brief(r.ResultLine, textChars)
	}
	return v
}

// runViews are the environment and the script.
func (r *Report) runViews() []runView {
	var out []runView
	if v := r.Environment.view("env", "Environment"); v != nil {
		out = append(out, *v)
	}
	if v := r.Script.view("script", "Script"); v != nil {
		out = append(out, *v)
	}
	return out
}
