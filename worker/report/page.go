package report

import (
	"bufio"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

//go:embed assets
var assets embed.FS

// shell is what all pages have around them.
type shell struct {
	Title        string
	CSP          string
	Style        template.CSS
	Script       template.JS
	Refresh      int // seconds after which the page loads itself again; 0 never
	Class, Word  string
	Symbol, Lead string
	Facts        []fact
}

// page is what report.html is made from. All text in it is clean.
type page struct {
	shell
	First     *findingView
	FirstIn   string // the step that it is about
	ToolError string
	Tail      []string
	Findings  []findingGroup // of a build without datasets
	Before    []findingGroup
	Runs      []runView
	Datasets  []datasetView
	Logs      []*logPart
	Sources   []sourceView
	Reproduce string
	Made      string
}

// sourceView is a source of log lines, which can be shown and hidden.
type sourceView struct {
	Class string // s0, …, as its lines have it; t0 is its switch
	Name  string
	Lines string
}

// openAssets gives the templates, style and script.
func openAssets() (t *template.Template, style, script string, err error) {
	t, err = template.ParseFS(assets, "assets/*.gohtml")
	css, cerr := assets.ReadFile("assets/page.css")
	js, jerr := assets.ReadFile("assets/page.js")
	if err := errors.Join(err, cerr, jerr); err != nil {
		return nil, "", "", fmt.Errorf("read built-in page: %w", err)
	}
	return t, string(css), string(js), nil
}

// dress gives a page its style and script, and a policy by which nothing else runs
// or loads: CSP level 2, by the hashes of exactly these texts.
func (s *shell) dress(style, script string) {
	s.Style, s.Script = template.CSS(style), template.JS(script)
	s.CSP = "default-src 'none'; base-uri 'none'; form-action 'none'; style-src " + cspHash(style)
	if script != "" {
		s.CSP += "; script-src " + cspHash(script)
	}
}

func cspHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// rendering is a report on its way into pages: its logs were scanned.
type rendering struct {
	dir       string
	logs      []*logPart
	sources   []string
	page      *page
	templates *template.Template
}

// render prepares the pages of a report whose logs are in dir.
func (r *Report) render(dir string) (*rendering, error) {
	t, style, script, err := openAssets()
	if err != nil {
		return nil, err
	}
	x := &rendering{dir: dir, logs: r.logParts(dir), templates: t}
	x.sources = sourceNames(x.logs)
	x.page = r.page(x.logs)
	x.page.Sources = sourceViews(x.logs, x.sources)
	x.page.dress(style, script)
	return x, nil
}

// html writes report.html.
func (x *rendering) html(w io.Writer) error {
	out := bufio.NewWriterSize(w, 1<<16)
	execute := func(name string, data any) error {
		if err := x.templates.ExecuteTemplate(out, name, data); err != nil {
			return fmt.Errorf("write page: %w", err)
		}
		return nil
	}
	if err := execute("top", x.page); err != nil {
		return err
	}
	for _, part := range x.logs {
		if err := execute("log", part); err != nil {
			return err
		}
		if part.Problem == "" {
			if err := newLogWriter(out, part, x.sources, x.templates).write(x.dir); err != nil {
				return err
			}
		}
		out.WriteString("</section>\n")
	}
	if err := execute("bottom", x.page); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	return nil
}

// page makes the view of a report.
func (r *Report) page(logs []*logPart) *page {
	p := &page{shell: r.shell(), Logs: logs, Reproduce: clean(r.Reproduce), Made: clean(r.Tool + " " + r.ToolVersion)}
	byKey := map[string]*logPart{}
	for _, part := range logs {
		byKey[part.Key] = part
	}
	p.Runs = r.runViews()
	if len(r.Datasets) == 0 {
		part := byKey["script"]
		if part == nil {
			part = byKey["env"]
		}
		p.Findings, p.Before, _ = findingGroups(r.Findings, part)
	}
	for i := range r.Datasets {
		key := fmt.Sprintf("d%d", i)
		p.Datasets = append(p.Datasets, r.Datasets[i].view(key, byKey[key]))
	}
	r.first(p, byKey)
	return p
}

// shell is the head of the report's page.
func (r *Report) shell() shell {
	s := shell{Title: brief(r.Verdict+" · "+r.subject(), titleChars), Word: clean(r.Verdict), Lead: r.meaning()}
	s.Class, s.Symbol = look(r.Verdict)
	s.add("Job", r.Job)
	s.add("Project", r.Project)
	s.Facts = append(s.Facts, change(r.Parameters)...)
	commit := r.Source.Commit
	if r.Source.Dirty {
		commit += " with changes that are not committed"
	}
	s.add("Commit", commit)
	s.add("Tree", r.Source.Dir)
	s.add("Build", r.Build)
	s.add("Started", r.StartedAt.Format("2006-01-02 15:04:05 UTC"))
	s.add("Took", duration(r.DurationS))
	return s
}

// add adds a fact, if there is one.
func (s *shell) add(label, value string) {
	if value != "" {
		s.Facts = append(s.Facts, fact{label, brief(value, textChars)})
	}
}

// first finds what to do first: the first finding that makes the verdict.
func (r *Report) first(p *page, logs map[string]*logPart) {
	tell := func(fs []Finding, part *logPart, toolError string, tail []string, failed bool) bool {
		i := slices.IndexFunc(fs, func(f Finding) bool { return !f.Before && f.Level == r.Verdict && r.Verdict != string(worker.Success) })
		if i < 0 {
			return false
		}
		v := fs[i].view(part)
		v.Where = brief(fs[i].Dataset, titleChars)
		if p.First = &v; !strings.Contains(v.Message, brief(fs[i].Step, 2*nameChars)) {
			p.FirstIn = brief(fs[i].Step, 2*nameChars)
		}
		if !strings.Contains(fs[i].Message, toolError) || toolError == "" {
			p.ToolError = brief(toolError, textChars)
		}
		if failed {
			p.Tail = cleanTail(tail)
		}
		return true
	}
	for i := range r.Datasets {
		d := &r.Datasets[i]
		if tell(d.Findings, logs[fmt.Sprintf("d%d", i)], d.ToolError, d.OutputTail, d.failed()) {
			return
		}
	}
	for key, run := range map[string]*Run{"script": r.Script, "env": r.Environment} {
		if run != nil && len(r.runFindings(run)) > 0 && tell(r.runFindings(run), logs[key], run.ToolError, run.OutputTail, true) {
			return
		}
	}
}

// cleanTail is the end of what a command printed.
func cleanTail(tail []string) []string {
	const lines = 10
	var out []string
	for _, line := range tail[max(0, len(tail)-lines):] {
		out = append(out, brief(line, textChars))
	}
	return out
}

// maxSources is how many sources can be shown and hidden; the style knows as many.
const maxSources = 10

// sourceNames are the sources of all logs: the command's and the worker's lines first.
func sourceNames(logs []*logPart) []string {
	all := map[string]bool{}
	for _, part := range logs {
		for name := range maps.Keys(part.excerpt.source) {
			all[name] = name != ""
		}
	}
	out := []string{sourceOutput, sourceWorker}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if all[name] && len(out) < maxSources && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

func sourceViews(logs []*logPart, names []string) []sourceView {
	var out []sourceView
	for i, name := range names {
		n := 0
		for _, part := range logs {
			if lines := part.excerpt.source[name]; lines != nil {
				n += *lines
			}
		}
		if n > 0 {
			out = append(out, sourceView{Class: fmt.Sprint(i), Name: name, Lines: thousands(int64(n))})
		}
	}
	return out
}
