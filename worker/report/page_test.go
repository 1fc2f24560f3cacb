package report_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/datasets"
	"github.com/turbo-hipster/turbo-hipster/worker"
	"github.com/turbo-hipster/turbo-hipster/worker/report"
)

// document is a page, read by a parser. Pages are well-formed XML as well as HTML, and a strict
// parser of that refuses what an escape that is missing leaves behind.
type document struct {
	elements map[string]int // how often each is there
	ids      map[string]bool
	hrefs    []string
	rows     int // of the complete tables of steps
	text     string
	problems []string
	style    string
	script   string
	policy   string
}

// parse reads a page.
func parse(t *testing.T, page []byte) *document {
	t.Helper()
	d := &document{elements: map[string]int{}, ids: map[string]bool{}}
	cut := func(name string, into *string) { // they are text in HTML, and not in XML
		page = regexp.MustCompile(`(?s)<`+name+`>.*?</`+name+`>`).ReplaceAllFunc(page, func(b []byte) []byte {
			*into += string(b[len(name)+2 : len(b)-len(name)-3])
			return []byte("<" + name + "></" + name + ">")
		})
	}
	cut("style", &d.style)
	cut("script", &d.script)
	decoder := xml.NewDecoder(bytes.NewReader(page))
	var text strings.Builder
	var open []string
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("the page is not well-formed: %v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			open = append(open, name(token))
			d.element(token, open)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			text.Write(token)
		case xml.Comment, xml.ProcInst:
			d.problems = append(d.problems, fmt.Sprintf("%v", token))
		case xml.Directive:
			if string(token) != "DOCTYPE html" {
				d.problems = append(d.problems, string(token))
			}
		}
	}
	d.text = text.String()
	return d
}

// name is the element's name, with the class where a test asks for it.
func name(e xml.StartElement) string {
	for _, a := range e.Attr {
		if e.Name.Local == "table" && a.Name.Local == "class" {
			return "table." + strings.Fields(a.Value)[0]
		}
	}
	return e.Name.Local
}

// element notes an element, and what it must not have.
func (d *document) element(e xml.StartElement, open []string) {
	d.elements[e.Name.Local]++
	if e.Name.Local == "tr" && slices.Contains(open, "table.steps") && slices.Contains(open, "tbody") {
		d.rows++
	}
	allowed := strings.Fields("a b body br button code dd details div dl dt em fieldset figure footer g h1 h2 h3 h4 head header html i input label legend li line main meta nav ol output p pre section small span strong summary svg table tbody td text th thead title tr tspan ul defs pattern rect script style")
	if !slices.Contains(allowed, e.Name.Local) {
		d.problems = append(d.problems, "element "+e.Name.Local)
	}
	for _, a := range e.Attr {
		switch key := a.Name.Local; {
		case key == "id":
			if d.ids[a.Value] {
				d.problems = append(d.problems, "twice: id "+a.Value)
			}
			d.ids[a.Value] = true
		case key == "href" && e.Name.Local == "a":
			d.hrefs = append(d.hrefs, a.Value)
		case key == "content" && strings.HasPrefix(a.Value, "default-src"):
			d.policy = a.Value
		case key == "href", key == "src", key == "style", key == "srcdoc", key == "action", key == "data", key == "background", strings.HasPrefix(key, "on"):
			d.problems = append(d.problems, fmt.Sprintf("attribute %s of %s", key, e.Name.Local))
		}
	}
}

// checkPage checks what holds for all pages.
func (d *document) checkPage(t *testing.T) {
	t.Helper()
	for _, problem := range d.problems {
		t.Errorf("the page has %s", problem)
	}
	for _, href := range d.hrefs {
		anchor, inside := strings.CutPrefix(href, "#")
		if inside && !d.ids[anchor] {
			t.Errorf("a link to %s, which is not there", href)
		}
		if !inside && !strings.HasPrefix(href, "./") {
			t.Errorf("a link to %s", href)
		}
	}
	for _, text := range []string{d.style, d.script} {
		sum := sha256.Sum256([]byte(text))
		if hash := base64.StdEncoding.EncodeToString(sum[:]); text != "" && !strings.Contains(d.policy, "'sha256-"+hash+"'") {
			t.Errorf("the policy %q does not let our own style or script be", d.policy)
		}
	}
	if !strings.HasPrefix(d.policy, "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-") || strings.Contains(d.policy, "unsafe") {
		t.Errorf("the policy is %q", d.policy)
	}
}

// write makes the files of a report and reads the page.
func write(t *testing.T, dir string, r *report.Report) (page, index *document) {
	t.Helper()
	if _, err := r.Write(dir); err != nil {
		t.Fatal(err)
	}
	return parse(t, read(t, filepath.Join(dir, report.HTMLName))), parse(t, read(t, filepath.Join(dir, report.IndexName)))
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestPages(t *testing.T) {
	dir := t.TempDir()
	for name, r := range sampleReports(t, dir) {
		t.Run(name, func(t *testing.T) {
			page, index := write(t, filepath.Join(dir, name), r)
			page.checkPage(t)
			index.checkPage(t)
			steps := 0
			for i := range r.Datasets {
				d := &r.Datasets[i]
				steps += len(d.Steps)
				for _, f := range d.Findings {
					if anchor := fmt.Sprintf("d%d-L%d", i, f.LogLine); f.LogLine > 0 && (!page.ids[anchor] || !slices.Contains(page.hrefs, "#"+anchor)) {
						t.Errorf("finding %q: no anchor %s, or no link to it", f.Message, anchor)
					}
				}
				for j := range d.Steps {
					if anchor := fmt.Sprintf("d%d-s%d", i, j); !page.ids[anchor] {
						t.Errorf("no anchor %s", anchor)
					}
				}
			}
			if page.rows != steps {
				t.Errorf("the tables have %d rows; want one for each of %d steps", page.rows, steps)
			}
			for _, want := range []string{r.Verdict, r.Job, r.Project, r.Source.Commit, "65615, patch set 3", "master"} {
				if !strings.Contains(page.text, want) || !strings.Contains(index.text, want) {
					t.Errorf("a page does not say %q", want)
				}
			}
			if !strings.Contains(page.text, r.Reproduce) {
				t.Error("the page does not say how to do the build again")
			}
			if strings.Contains(page.text, "canary") {
				t.Error("a parameter that is no one's business is shown")
			}
		})
	}
}

// Small builds have small pages: most of a page is its style and script.
func TestSmall(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "good"), sampleReports(t, dir)["good"])
	for name, most := range map[string]int{report.HTMLName: 64 << 10, report.IndexName: 24 << 10} {
		if got := len(read(t, filepath.Join(dir, "good", name))); got > most {
			t.Errorf("%s has %d bytes", name, got)
		}
	}
}

// hostile is text that would break out of any context in which an escape is missing.
const hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>]]><!--</style></title></textarea>\x00\x1b[31mred\x1b]0;title\a\xff\xfe\u202eevil {{.}} javascript:alert(1) &lt; \r\n\ttab"

// visible is what a page shows of it.
const visible = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>]]><!--</style></title></textarea>␀red␛]0;title␇\ufffd\ufffd\ufffdevil {{.}} javascript:alert(1) &lt; ␍␊\ttab"

// hostileResult has hostile text wherever text comes from outside.
func hostileResult(t *testing.T, dir string) *worker.BuildResult {
	log := "2026-11-22 14:00:01,000 [output] " + strings.ReplaceAll(hostile, "\n", "") + "\n" +
		hostile + "\n2026-11-22 14:00:02,000 [running " + strings.ReplaceAll(hostile, "\n", "; ") + "]\n" +
		"2026-11-22 14:00:02,000 [<b>x</b>] y\n2026-11-22 <i>4:00:02,000 [output] z\n"
	writeLog(t, filepath.Join(dir, "h.log"), log)
	step := worker.Step{From: hostile, To: hostile, Title: hostile, Start: began, Duration: 2e9, LogLine: 1}
	o := worker.Outcome{Steps: []worker.Step{step, step}, ExitCode: 1, Signal: hostile, LogPath: filepath.Join(dir, "h.log"), Tail: []string{hostile}, ToolError: hostile, Version: hostile, ExpectedVersion: hostile, ResultLine: hostile}
	r := build(dir, datasets.Limits{}, o)
	b := r.Build
	b.ID, b.Job, b.Project, b.Command.Text, b.Source.Ref, b.Source.Dir, r.Tree.Commit = hostile, hostile, hostile, hostile, hostile, hostile, hostile
	for _, name := range []string{"CHANGE", "PATCHSET", "BRANCH", "PIPELINE", "REFNAME", "OLDREV", "NEWREV", "PROJECT", "URL"} {
		b.Parameters["ZUUL_"+name] = hostile
	}
	d := &r.Datasets[0]
	d.Dataset.Reference, d.Dataset.Name, d.Dataset.Database = hostile, hostile, hostile
	d.Snapshot = worker.Snapshot{Reference: hostile, Digest: hostile, Tag: hostile, ServerVersion: hostile}
	d.Verdict = worker.Verdict{Result: worker.Failure, Findings: []worker.Finding{
		{Level: worker.Failure, Code: hostile, Message: hostile, Step: &step, LogLine: 1},
		{Level: worker.Failure, Code: hostile, Message: hostile, Step: &step, LogLine: 2, Before: true},
		{Level: hostile, Code: hostile, Message: hostile},
	}}
	r.Verdict = d.Verdict
	d.First, d.Base, r.Environment, r.Script = &o, &o, &o, &o
	return r
}

func TestHostileText(t *testing.T) {
	dir := t.TempDir()
	r := report.New(hostileResult(t, dir), hostile, hostile, hostile)
	r.URL = hostile
	page, index := write(t, dir, r)
	for name, d := range map[string]*document{"report": page, "index": index} {
		d.checkPage(t)
		if d.elements["script"] > 1 || d.elements["style"] != 1 || d.elements["img"] != 0 || d.elements["title"] > 9 {
			t.Errorf("%s: elements %v", name, d.elements)
		}
		if !strings.Contains(d.text, visible) {
			t.Errorf("%s does not show hostile text as it is", name)
		}
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(r.Comment(), "\n"), "\n") {
		if strings.ContainsFunc(line, func(c rune) bool { return c < ' ' && c != '\t' || c >= 0x7f && c < 0xa0 || c == 0x202e }) || len([]rune(line)) > 300 {
			t.Errorf("comment %q", line)
		}
	}
	if got := strings.Count(r.Comment(), "\n"); got > 16 {
		t.Errorf("the comment has %d lines:\n%s", got, r.Comment())
	}
	var table bytes.Buffer
	if err := r.Table(&table, "x"); err != nil {
		t.Fatal(err)
	}
	if bytes.ContainsAny(table.Bytes(), "\x1b\x00\a\r") {
		t.Errorf("the table has control characters: %q", table.String())
	}
}

// What is endless is cut, and nothing that is shown once for each step makes a page endless.
func TestEndlessText(t *testing.T) {
	dir := t.TempDir()
	o := migration(t, filepath.Join(dir, "a.log"), 3, 1, 1)
	endless := strings.Repeat("é", 1<<20)
	o.ToolError = endless
	for i := range o.Steps {
		o.Steps[i].From, o.Steps[i].To, o.Steps[i].Title = endless, endless, endless
	}
	writeLog(t, filepath.Join(dir, "a.log"), strings.Repeat(endless+"\n", 2))
	page, index := write(t, dir, report.New(build(dir, datasets.Limits{}, o), "1", "", ""))
	page.checkPage(t)
	index.checkPage(t)
	for _, name := range []string{report.HTMLName, report.IndexName, report.TextName} {
		if got := len(read(t, filepath.Join(dir, name))); got > 128<<10 {
			t.Errorf("%s has %d bytes", name, got)
		}
	}
	if !strings.Contains(page.text, "… 2.1 MB more, see the file") {
		t.Error("the page does not say that a line is cut")
	}
}

// A change may print more steps than a browser can show.
func TestManySteps(t *testing.T) {
	dir := t.TempDir()
	o := worker.Outcome{LogPath: filepath.Join(dir, "a.log")}
	for i := range 5000 {
		o.Steps = append(o.Steps, worker.Step{From: fmt.Sprint(i), To: fmt.Sprint(i + 1), LogLine: i + 1})
	}
	writeLog(t, o.LogPath, strings.Repeat("x\n", 5000))
	page, index := write(t, dir, report.New(build(dir, datasets.Limits{}, o), "1", "", ""))
	page.checkPage(t)
	index.checkPage(t)
	if page.rows != 2000 || !strings.Contains(page.text, "3,000 further steps in report.json") || !strings.Contains(page.text, "further findings in report.json") {
		t.Errorf("%d rows, or the page does not say how many are not shown", page.rows)
	}
}

// Each hostile text alone, so that none hides behind another.
func TestHostileTitles(t *testing.T) {
	for _, text := range []string{"</script>", "</title>", "</summary></details>", "]]>", "<!--", "-->", `" onfocus=alert(1) autofocus="`, "' x='", "`", "{{.}}", "\x00", "\xed\xa0\x80", "\ufffe\uffff", "\u2028", "&#60;", "</li></ol><h1>"} {
		dir := t.TempDir()
		o := migration(t, filepath.Join(dir, "a.log"), 3, 1, 1)
		for i := range o.Steps {
			o.Steps[i].Title, o.Steps[i].To = text, text
		}
		r := report.New(build(dir, datasets.Limits{}, o), "1", text, "")
		page, index := write(t, dir, r)
		page.checkPage(t)
		index.checkPage(t)
	}
}

func TestNoLog(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	writeLog(t, secret, "canary\n")
	for name, make := range map[string]func(path string) error{
		"missing":            func(string) error { return nil },
		"a link outside":     func(path string) error { return os.Symlink(secret, path) },
		"a directory":        func(path string) error { return os.Mkdir(path, 0o755) },
		"a pipe":             func(path string) error { return syscall.Mkfifo(path, 0o644) },
		"a link to a device": func(path string) error { return os.Symlink("/dev/zero", path) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			o := migration(t, filepath.Join(dir, "a.log"), 3, 1, 1)
			if err := errors.Join(os.Remove(o.LogPath), make(o.LogPath)); err != nil {
				t.Fatal(err)
			}
			page, index := write(t, dir, report.New(build(dir, datasets.Limits{}, o), "1", "", ""))
			page.checkPage(t)
			index.checkPage(t)
			if strings.Contains(page.text, "canary") || !strings.Contains(page.text, "The log ") {
				t.Error("the page does not say that there is no log, or follows the link")
			}
		})
	}
	dir := t.TempDir()
	page, _ := write(t, dir, report.New(build(dir, datasets.Limits{}, worker.Outcome{}), "1", "", ""))
	page.checkPage(t)
}

// A log that is a link to somewhere else in the results is not read either.
func TestUnknownCounts(t *testing.T) {
	dir := t.TempDir()
	o := migration(t, filepath.Join(dir, "a.log"), 1, -1, 1)
	o.Steps[0].Rows = worker.Counters{}
	write(t, dir, report.New(build(dir, datasets.Limits{}, o), "1", "", ""))
	page := string(read(t, filepath.Join(dir, report.HTMLName)))
	got := regexp.MustCompile(`data-l="rows (?:changed|read)" data-v="([^"]*)">([^<]*)<`).FindAllStringSubmatch(page, -1)
	want := []string{"-1 n/a", "-1 n/a"}
	var cells []string
	for _, m := range got {
		cells = append(cells, m[1]+" "+m[2])
	}
	if diff := cmp.Diff(want, cells); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}
