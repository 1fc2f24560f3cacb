package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// quotedLines is how much of a failing command's output the table quotes.
const quotedLines = 8

// Table writes the report for a terminal: verdict and findings, then the steps on
// each dataset. path is where report.json is.
func (r *Report) Table(w io.Writer, path string) error {
	var b strings.Builder
	commit := ""
	if r.Source.Commit != "" {
		commit = fmt.Sprintf("  commit %.12s", r.Source.Commit)
		if r.Source.Dirty {
			commit += " with changes"
		}
	}
	say(&b, "%s  job %s%s  in %s", r.Verdict, r.Job, commit, seconds(r.DurationS))
	for _, f := range r.Findings {
		say(&b, "  %s%s", f.Message, about(&f))
	}
	r.Environment.table(&b, "environment")
	r.Script.table(&b, "script")
	for i := range r.Datasets {
		r.Datasets[i].table(&b)
	}
	b.WriteString("\n")
	say(&b, "report: %s", path)
	say(&b, "again:  %s", r.Reproduce)
	_, err := io.WriteString(w, b.String())
	return err
}

// table writes one dataset's part.
func (d *Dataset) table(b *strings.Builder) {
	b.WriteString("\n")
	say(b, "%s: %d tables, %d rows restored in %s on %s, migrated in %s",
		d.Requested, d.Tables, d.Rows, seconds(d.RestoreS), d.ServerVersion, seconds(d.MigrateS))
	say(b, "snapshot %s", d.Digest)
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.Style().Options = table.OptionsNoBordersAndSeparators
	t.Style().Format.Header = text.FormatDefault
	t.AppendHeader(table.Row{"step", "seconds", "limit", "", "changed", "read", "title"})
	t.SetColumnConfigs([]table.ColumnConfig{
		{Number: 2, Align: text.AlignRight},
		{Number: 3, Align: text.AlignRight},
		{Number: 5, Align: text.AlignRight},
		{Number: 6, Align: text.AlignRight},
	})
	for i := range d.Steps {
		s := &d.Steps[i]
		limit := "-"
		if s.LimitSeconds != nil {
			limit = fmt.Sprintf("%g", *s.LimitSeconds)
		}
		t.AppendRow(table.Row{brief(s.Name(), 2*nameChars), fmt.Sprintf("%.3f", s.DurationS), limit, d.state(s), count(s.RowsChanged), count(s.RowsRead), brief(s.Title, titleChars)})
	}
	if len(d.Steps) > 0 {
		t.SuppressTrailingSpaces()
		b.WriteString(t.Render() + "\n")
	}
	if d.ExpectedFinalVersion != "" {
		reached := d.FinalVersion
		if reached == "" {
			reached = "unknown"
		}
		say(b, "final version %s, expected %s", reached, d.ExpectedFinalVersion)
	}
	if d.failed() {
		quote(b, d.OutputTail)
	}
	say(b, "log: %s", d.Log)
}

// about says which dataset a finding is about, and whether it counts.
func about(f *Finding) string {
	words := []string{}
	if f.Dataset != "" {
		words = append(words, f.Dataset)
	}
	if f.Before {
		words = append(words, "before the change too")
	}
	if len(words) == 0 {
		return ""
	}
	return " (" + strings.Join(words, ", ") + ")"
}

// table writes a run's part; nothing for no run.
func (r *Run) table(b *strings.Builder, name string) {
	if r == nil {
		return
	}
	b.WriteString("\n")
	say(b, "%s: %s in %s", name, ended(r.ExitCode, r.Signal, r.TimedOut), seconds(r.DurationS))
	if !r.succeeded() {
		quote(b, r.OutputTail)
	}
	say(b, "log: %s", r.Log)
}

// quote writes a command's last lines.
func quote(b *strings.Builder, tail []string) {
	if len(tail) == 0 {
		b.WriteString("the command printed nothing\n")
		return
	}
	b.WriteString("the command's last lines:\n")
	for _, line := range tail[max(0, len(tail)-quotedLines):] {
		say(b, "  | %s", line)
	}
}

// say writes a line of clean text.
func say(b *strings.Builder, format string, args ...any) {
	b.WriteString(clean(fmt.Sprintf(format, args...)) + "\n")
}

func seconds(s float64) string { return fmt.Sprintf("%.2f s", s) }
