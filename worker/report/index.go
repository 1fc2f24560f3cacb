package report

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// refreshSeconds is how often the page of a build that runs loads itself again.
const refreshSeconds = 10

// Index is what index.html tells: a report, or why there is none, or that the build
// runs still.
type Index struct {
	Build, Job, Project string
	Parameters          map[string]string // the build's; what is not public of them is not shown
	Since               time.Time         // when the build started
	Done, Total         int               // parts of the build; 0, 0 is not shown
	Logs                []string          // logs that stream while the build runs, relative to the index, with slashes

	// Trouble is why the build came to no verdict, in one line; "" for none.
	Trouble string

	report *rendering
}

// NewIndex is the index of a build that has just started.
func NewIndex(b *worker.Build, since time.Time) Index {
	x := Index{Build: b.ID, Job: b.Job, Project: b.Project, Parameters: b.Parameters, Since: since}
	if b.Environment.Python != nil || len(b.Environment.Command.Argv) > 0 {
		x.Logs = append(x.Logs, "environment.log")
	}
	if b.Plugin == worker.PluginShellScript {
		x.Logs = append(x.Logs, "script.log")
		return x
	}
	for i := range b.Datasets {
		x.Logs = append(x.Logs, worker.LogName(b.Datasets, i, ""))
	}
	return x
}

// indexPage is what index.html is made from. All text in it is clean.
type indexPage struct {
	page                  // of the report, with links into report.html
	Report  string        // report.html; "" when there is none
	Short   []findingView // the first findings
	Running bool
	Trouble string
	Files   []fileView
}

// fileView is a file of the results directory.
type fileView struct {
	Href, Name, What, Size string
	rank                   int
}

// WriteIndex makes dir/index.html, which appears complete or not at all. dir is made if
// need be. While the build runs the page loads itself again and again, until another index
// is in its place; write it anew whenever there is news. Write makes the index of a build that
// came to a verdict. Nobody else may write into dir at the same time.
func WriteIndex(dir string, x Index) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("write index: %w", err)
	}
	files, err := listFiles(dir)
	if err != nil {
		return err
	}
	t, style, _, err := openAssets()
	if err != nil {
		return err
	}
	p := x.page(files)
	p.dress(style, "")
	return writeFile(filepath.Join(dir, IndexName), func(w io.Writer) error {
		out := bufio.NewWriter(w)
		if err := t.ExecuteTemplate(out, "index", p); err != nil {
			return fmt.Errorf("write index: %w", err)
		}
		return out.Flush()
	})
}

// page makes the view of an index.
func (x *Index) page(files []fileView) *indexPage {
	p := &indexPage{Files: files}
	switch {
	case x.report != nil:
		p.tell(x.report)
		return p
	case x.Trouble != "":
		p.Word, p.Class, p.Symbol = "NO VERDICT", "untested", "!"
		p.Lead = "The build came to no verdict. That says nothing about the change."
		p.Trouble = oneLine(x.Trouble, 500)
	default:
		p.Word, p.Class, p.Symbol = "RUNNING", "running", "…"
		p.Lead = "The build runs. This page shows its result as soon as there is one."
		p.Running, p.Refresh = true, refreshSeconds
		p.stream(x.Logs)
	}
	p.Title = brief(p.Word+" · "+(&Report{Job: x.Job, Project: x.Project}).subject(), titleChars)
	p.add("Job", x.Job)
	p.add("Project", x.Project)
	p.Facts = append(p.Facts, change(shownParameters(x.Parameters))...)
	p.add("Build", x.Build)
	if !x.Since.IsZero() {
		p.add("Started", x.Since.UTC().Format("2006-01-02 15:04:05 UTC"))
	}
	if x.Total > 0 && p.Running {
		p.add("Done", fmt.Sprintf("%d of %d parts", x.Done, x.Total))
	}
	return p
}

// stream adds the logs that are still to come to the files.
func (p *indexPage) stream(logs []string) {
	for _, name := range logs {
		if !slices.ContainsFunc(p.Files, func(f fileView) bool { return f.Href == fileHref(name) }) {
			p.Files = append(p.Files, fileView{Href: fileHref(name), Name: clean(name), What: "log, from when it starts"})
		}
	}
}

// tell shows a report in short.
func (p *indexPage) tell(r *rendering) {
	const findings = 12
	p.page, p.Report = *r.page, fileHref(HTMLName)
	for i := range p.Datasets {
		d := &p.Datasets[i]
		d.Href = p.Report + "#" + d.Key
		for _, g := range d.Findings {
			for _, f := range g.Shown {
				if f.Href = intoReport(f.Href); len(p.Datasets) > 1 {
					f.Where = d.Name
				}
				p.Short = append(p.Short, f)
			}
		}
	}
	slices.SortStableFunc(p.Short, func(a, b findingView) int { return b.rank - a.rank })
	p.Short = p.Short[:min(len(p.Short), findings)]
	for i := range p.Files {
		f := &p.Files[i]
		if at := slices.IndexFunc(r.logs, func(part *logPart) bool { return part.Href() == f.Href }); at >= 0 {
			f.What = "log: " + r.logs[at].Title
		}
	}
	if p.First != nil {
		first := *p.First
		first.Href = intoReport(first.Href)
		p.First = &first
	}
}

// intoReport is a link of the report's as other pages have it.
func intoReport(href string) string {
	if href == "" {
		return ""
	}
	return fileHref(HTMLName) + href
}

// listFiles are the files and directories in dir: the report first, then logs, then others.
// What begins with a dot is not listed.
func listFiles(dir string) ([]fileView, error) {
	const most = 500
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("write index: %w", err)
	}
	var out []fileView
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || strings.HasPrefix(e.Name(), ".") || e.Name() == IndexName || len(out) == most {
			continue
		}
		f := fileView{Href: fileHref(e.Name()), Name: clean(e.Name())}
		f.rank, f.What = kindOf(e.Name())
		switch {
		case info.IsDir():
			f.Href, f.Name, f.What = f.Href+"/", f.Name+"/", "directory"
		case !info.Mode().IsRegular():
			continue
		default:
			f.Size = size(info.Size())
		}
		out = append(out, f)
	}
	slices.SortStableFunc(out, func(a, b fileView) int { return a.rank - b.rank })
	return out, nil
}

// kindOf says what a file of the results is, and its place in the list.
func kindOf(name string) (rank int, what string) {
	switch {
	case name == HTMLName:
		return 0, "the whole report, in one file"
	case strings.HasSuffix(name, ".log"):
		return 1, "log"
	case name == TextName:
		return 2, "the review comment"
	case name == Name:
		return 3, "the report, for programs"
	}
	return 4, ""
}
