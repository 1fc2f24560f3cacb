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
	fmt.Fprintf(&b, "%s  job %s", r.Verdict, r.Job)
	if r.Source.Commit != "" {
		fmt.Fprintf(&b, "  commit %.12s", r.Source.Commit)
		if r.Source.Dirty {
			b.WriteString(" with changes")
		}
	}
	fmt.Fprintf(&b, "  in %s\n", seconds(r.DurationS))
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "  %s (%s)\n", f.Message, f.Dataset)
	}
	for i := range r.Datasets {
		r.Datasets[i].table(&b)
	}
	fmt.Fprintf(&b, "\nreport: %s\n", path)
	fmt.Fprintf(&b, "again:  %s\n", r.Reproduce)
	_, err := io.WriteString(w, b.String())
	return err
}

// table writes one dataset's part.
func (d *Dataset) table(b *strings.Builder) {
	fmt.Fprintf(b, "\n%s: %d tables, %d rows restored in %s on %s, migrated in %s\n",
		d.Requested, d.Tables, d.Rows, seconds(d.RestoreS), d.ServerVersion, seconds(d.MigrateS))
	fmt.Fprintf(b, "snapshot %s\n", d.Digest)
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.Style().Options = table.OptionsNoBordersAndSeparators
	t.Style().Format.Header = text.FormatDefault
	t.AppendHeader(table.Row{"step", "seconds", "limit", "", "title"})
	t.SetColumnConfigs([]table.ColumnConfig{{Number: 2, Align: text.AlignRight}, {Number: 3, Align: text.AlignRight}})
	for _, s := range d.Steps {
		limit, state := "-", "ok"
		if s.LimitSeconds != nil {
			limit = fmt.Sprintf("%g", *s.LimitSeconds)
		}
		switch {
		case !s.Ended:
			state = "did not end"
		case s.LimitSeconds != nil && s.DurationS > *s.LimitSeconds:
			state = "too long"
		}
		t.AppendRow(table.Row{s.From + "->" + s.To, fmt.Sprintf("%.3f", s.DurationS), limit, state, s.Title})
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
		fmt.Fprintf(b, "final version %s, expected %s\n", printable(reached), d.ExpectedFinalVersion)
	}
	if d.ExitCode != 0 || d.TimedOut {
		d.quote(b)
	}
	fmt.Fprintf(b, "log: %s\n", d.Log)
}

// quote writes the command's last lines.
func (d *Dataset) quote(b *strings.Builder) {
	if len(d.OutputTail) == 0 {
		b.WriteString("the command printed nothing\n")
		return
	}
	b.WriteString("the command's last lines:\n")
	for _, line := range d.OutputTail[max(0, len(d.OutputTail)-quotedLines):] {
		fmt.Fprintf(b, "  | %s\n", printable(line))
	}
}

// printable is the line without what a terminal could take for a command.
func printable(line string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' && c != '\t' || c == 0x7f || c >= 0x80 && c < 0xa0 {
			return '?'
		}
		return c
	}, line)
}

func seconds(s float64) string { return fmt.Sprintf("%.2f s", s) }
