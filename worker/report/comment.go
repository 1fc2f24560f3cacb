package report

import (
	"fmt"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// What a comment has at most.
const (
	commentFindings = 5
	commentDatasets = 8
	commentChars    = 300 // of a line
)

// Comment is the review comment: a few plain lines of clean text without markup, the
// first of which has the verdict. It ends with a newline.
func (r *Report) Comment() string {
	var b strings.Builder
	line := func(format string, args ...any) {
		b.WriteString(oneLine(fmt.Sprintf(format, args...), commentChars) + "\n")
	}
	line("%s: %s", r.Verdict, r.subject())
	told := r.counting()
	for i, f := range told {
		if i == commentFindings {
			line("… and %d more", len(told)-i)
			break
		}
		line("- %s%s", f.Message, in(f))
	}
	for i := range r.Datasets {
		if i == commentDatasets {
			line("… and %d more datasets", len(r.Datasets)-i)
			break
		}
		line("%s: %s", r.Datasets[i].Requested, r.Datasets[i].course())
	}
	if r.URL != "" {
		b.WriteString(clean(r.URL) + "\n")
	}
	return b.String()
}

// counting are the findings that make the verdict, failures first.
func (r *Report) counting() []*Finding {
	var out []*Finding
	for _, level := range []worker.Result{worker.Failure, worker.Warning, worker.Untested} {
		for i := range r.Findings {
			if f := &r.Findings[i]; !f.Before && f.Level == string(level) {
				out = append(out, f)
			}
		}
	}
	return out
}

// subject is what was tested.
func (r *Report) subject() string {
	s := r.Job
	if r.Project != "" {
		s += " on " + r.Project
	}
	return s
}

// in says which dataset and, where the message does not, which step a finding is about.
func in(f *Finding) string {
	var where []string
	if f.Dataset != "" {
		where = append(where, f.Dataset)
	}
	if f.Step != "" && !strings.Contains(f.Message, f.Step) {
		where = append(where, f.Step)
	}
	if len(where) == 0 {
		return ""
	}
	return " (" + strings.Join(where, ", ") + ")"
}

// course is how the steps went, in a line.
func (d *Dataset) course() string {
	sum, slowest := total(d.Steps)
	s := plural(len(d.Steps), "step")
	if slowest != nil {
		s += fmt.Sprintf(" in %s, slowest %s with %s", duration(sum), slowest.Name(), duration(slowest.DurationS))
	}
	if before := d.before(); before > 0 {
		s += fmt.Sprintf("; %s before the change too", plural(before, "finding"))
	}
	return s
}

// before counts the findings that do not count.
func (d *Dataset) before() int {
	n := 0
	for i := range d.Findings {
		if d.Findings[i].Before {
			n++
		}
	}
	return n
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%s %ss", thousands(int64(n)), what)
}
