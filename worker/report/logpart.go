package report

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"syscall"
)

// logPart is one log in the page.
type logPart struct {
	Key   string // anchors begin with it, such as d0
	Title string // clean
	File  string // relative to the page; "" for none

	Size    int64
	Problem string // why it is not in the page; "" when it is
	steps   []Step
	notes   map[int]stepRow // step → its row, where there is one
	points  []int           // lines of findings
	open    bool            // shown unfolded at its end
	excerpt *excerpt
}

// newLogPart is the log of a run; findings are those with places in it.
func newLogPart(key, title, file string, steps []Step, findings []Finding) *logPart {
	p := &logPart{Key: key, Title: brief(title, titleChars), File: file, steps: steps[:min(len(steps), maxStepRows)]}
	for i := range findings {
		if n := findings[i].LogLine; n > 0 && len(p.points) < maxFindings {
			p.points = append(p.points, n)
		}
	}
	slices.Sort(p.points)
	lines := make([]int, 0, len(p.steps))
	for i := range p.steps {
		lines = append(lines, p.steps[i].LogLine)
	}
	p.excerpt = newExcerpt(lines, p.points)
	return p
}

// Href is the log's own file.
func (p *logPart) Href() string {
	if p.File == "" {
		return ""
	}
	return fileHref(p.File)
}

// fileHref is a relative link to a file, given with slashes.
func fileHref(file string) string { return "./" + (&url.URL{Path: file}).EscapedPath() }

// errNotAFile is about a log that a build's processes have replaced by something else.
var errNotAFile = errors.New("not a regular file")

// openFile opens a file in dir, if it is a regular one: what a build's processes may have put in
// its place could be a link to somewhere else, or a pipe that nobody writes to.
func openFile(dir, file string) (_ *os.File, size int64, err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, 0, err
	}
	defer root.Close()
	f, err := root.OpenFile(filepath.FromSlash(file), os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOFOLLOW, 0)
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errNotAFile
	}
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return f, info.Size(), nil
}

// scan learns what the log has. A log that cannot be read is no trouble of the report's: the
// page says so.
func (p *logPart) scan(dir string) {
	if p.File == "" {
		p.Problem = "There is no log."
		return
	}
	f, size, err := openFile(dir, p.File)
	if err == nil {
		p.Size = size
		err = p.excerpt.scan(f)
		err = errors.Join(err, f.Close())
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		p.Problem = "The log is not there."
	case err != nil:
		p.Problem = "The log could not be read."
	}
}

// stepHref is where the log has step i; "" where it has none.
func (p *logPart) stepHref(i int) string {
	if p == nil || p.Problem != "" || i >= len(p.steps) {
		return ""
	}
	return fmt.Sprintf("#%s-s%d", p.Key, i)
}

// href is the place of the log that a finding is about: its line, else its step, else
// where the log ends, which is where a command says what went wrong.
func (p *logPart) href(f *Finding) string {
	if p.Problem != "" {
		return ""
	}
	if f.LogLine > 0 && p.excerpt.has(f.LogLine) {
		return fmt.Sprintf("#%s-L%d", p.Key, f.LogLine)
	}
	if i := slices.IndexFunc(p.steps, func(s Step) bool { return s.Name() == f.Step }); i >= 0 && f.Step != "" {
		return p.stepHref(i)
	}
	if n := p.excerpt.lines; n > 0 {
		return fmt.Sprintf("#%s-L%d", p.Key, n)
	}
	return fmt.Sprintf("#%s-log", p.Key)
}

// Lines is how many lines the log has.
func (p *logPart) Lines() string { return plural(p.excerpt.lines, "line") }

// SizeText is how long the log is.
func (p *logPart) SizeText() string { return size(p.Size) }

// logParts are the logs of a report in the order of the page, scanned, each with its share of
// the page.
func (r *Report) logParts(dir string) []*logPart {
	var out []*logPart
	add := func(key, title, file string, steps []Step, findings []Finding) {
		out = append(out, newLogPart(key, title, file, steps, findings))
	}
	if run := r.Environment; run != nil {
		add("env", "Environment", run.LogFile, nil, r.runFindings(run))
	}
	if run := r.Script; run != nil {
		add("script", "Script", run.LogFile, nil, r.runFindings(run))
	}
	for i := range r.Datasets {
		d, key := &r.Datasets[i], fmt.Sprintf("d%d", i)
		add(key, d.Requested, d.LogFile, d.Steps, d.Findings)
		if d.First != nil {
			add(key+"-first", d.Requested+", the first measurement", d.First.LogFile, d.First.Steps, nil)
		}
		if d.Base != nil {
			add(key+"-base", d.Requested+", before the change", d.Base.LogFile, d.Base.Steps, nil)
		}
	}
	var costs []int64
	for _, p := range out {
		p.scan(dir)
		costs = append(costs, p.excerpt.cost)
	}
	for i, budget := range share(costs) {
		out[i].excerpt.grant(budget)
	}
	return out
}

// runFindings are the report's findings if they are about this run: the last one of a build
// without datasets.
func (r *Report) runFindings(run *Run) []Finding {
	if len(r.Datasets) > 0 || run == r.Environment && r.Script != nil {
		return nil
	}
	return r.Findings
}
