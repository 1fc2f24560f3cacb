package report_test

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/turbo-hipster/turbo-hipster/worker/report"
)

var shots = flag.String("shots", "", "take pictures of the sample reports into this directory, to be looked at")

// browser is a headless Chromium with one page, told what to do through a pair of pipes (the
// DevTools protocol: JSON messages that end with a NUL).
type browser struct {
	t       *testing.T
	to      *os.File
	from    *bufio.Reader
	id      int
	session string
}

// newBrowser starts a browser, which ends with the test. Without Chromium the test is skipped:
// the pages' structure is proved without it, and only what a reader's browser makes of them is
// not.
func newBrowser(t *testing.T) *browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium")
	}
	in, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	from, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	profile, err := os.MkdirTemp("", "report-browser-") //nolint:usetesting // TempDir fails when a helper of the browser writes there while it is removed
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--user-data-dir="+profile, "about:blank")
	cmd.ExtraFiles = []*os.File{in, out}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	b := &browser{t: t, to: to, from: bufio.NewReader(from)}
	t.Cleanup(func() {
		to.Close() // which ends the browser
		late := time.AfterFunc(5*time.Second, func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
		_ = cmd.Wait()
		late.Stop()
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // its helpers
		from.Close()
		_ = os.RemoveAll(profile) // a helper may still write there
	})
	if err := errors.Join(in.Close(), out.Close(), from.SetReadDeadline(time.Now().Add(2*time.Minute))); err != nil {
		t.Fatal(err)
	}
	target := b.call("Target.createTarget", map[string]any{"url": "about:blank"})
	b.session = b.call("Target.attachToTarget", map[string]any{"targetId": target["targetId"], "flatten": true})["sessionId"].(string)
	return b
}

// call sends a command and returns its result.
func (b *browser) call(method string, params map[string]any) map[string]any {
	b.t.Helper()
	b.id++
	message := map[string]any{"id": b.id, "method": method, "params": params}
	if b.session != "" {
		message["sessionId"] = b.session
	}
	data, err := json.Marshal(message)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.to.Write(append(data, 0)); err != nil {
		b.t.Fatal(err)
	}
	for {
		data, err := b.from.ReadBytes(0)
		if err != nil {
			b.t.Fatalf("%s: %v", method, err)
		}
		var answer struct {
			ID     int
			Result map[string]any
			Error  map[string]any
		}
		if err := json.Unmarshal(bytes.TrimSuffix(data, []byte{0}), &answer); err != nil {
			b.t.Fatal(err)
		}
		if answer.ID != b.id {
			continue // an event
		}
		if answer.Error != nil {
			b.t.Fatalf("%s: %v", method, answer.Error)
		}
		return answer.Result
	}
}

// open loads a page, of the given width, and waits until it is there.
func (b *browser) open(path string, width int, scheme string) {
	b.t.Helper()
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false})
	b.call("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]any{{"name": "prefers-color-scheme", "value": scheme}}})
	b.call("Page.navigate", map[string]any{"url": "about:blank"})
	b.call("Page.navigate", map[string]any{"url": "file://" + path})
	for range 600 {
		if b.eval("location.protocol + document.readyState") == "file:complete" {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	b.t.Fatal("the page does not load")
}

// eval is the value of an expression in the page.
func (b *browser) eval(expression string) any {
	b.t.Helper()
	answer := b.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true})
	if failed, ok := answer["exceptionDetails"]; ok {
		b.t.Fatalf("%s: %v", expression, failed)
	}
	return answer["result"].(map[string]any)["value"]
}

// shot takes a picture of the whole page.
func (b *browser) shot(path string, maxHeight float64) {
	b.t.Helper()
	height := min(b.eval("document.documentElement.scrollHeight").(float64), maxHeight)
	width := b.eval("innerWidth").(float64)
	answer := b.call("Page.captureScreenshot", map[string]any{
		"captureBeyondViewport": true,
		"clip":                  map[string]any{"x": 0, "y": 0, "width": width, "height": height, "scale": 1},
	})
	data, err := base64.StdEncoding.DecodeString(answer["data"].(string))
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// TestPictures takes pictures of the samples when asked to.
func TestPictures(t *testing.T) {
	if *shots == "" {
		t.Skip("no -shots")
	}
	dir := t.TempDir()
	writeSamples(t, dir)
	b := newBrowser(t)
	for _, page := range []string{"good/report", "bad/report", "long/report", "script/report", "good/index", "bad/index", "running/index", "trouble/index"} {
		for _, look := range []struct {
			width  int
			scheme string
		}{{1200, "light"}, {1200, "dark"}, {400, "light"}} {
			b.open(filepath.Join(dir, page+".html"), look.width, look.scheme)
			name := fmt.Sprintf("%s-%s-%d-%s.png", filepath.Dir(page), filepath.Base(page), look.width, look.scheme)
			b.shot(filepath.Join(*shots, name), 6000)
		}
		b.open(filepath.Join(dir, page+".html"), 800, "light")
		b.call("Emulation.setEmulatedMedia", map[string]any{"media": "print"})
		b.eval("dispatchEvent(new Event('beforeprint'))")
		b.shot(filepath.Join(*shots, fmt.Sprintf("%s-%s-print.png", filepath.Dir(page), filepath.Base(page))), 6000)
		b.call("Emulation.setEmulatedMedia", map[string]any{"media": ""})
	}
}

// TestReader does what a reader does with a report.
func TestReader(t *testing.T) {
	dir := t.TempDir()
	reports := sampleReports(t, dir)
	for _, name := range []string{"bad", "long"} {
		write(t, filepath.Join(dir, name), reports[name])
	}
	b := newBrowser(t)
	expect := func(what, expression string, want any) {
		t.Helper()
		if got := b.eval(expression); got != want {
			t.Errorf("%s: %s is %v, want %v", what, expression, got, want)
		}
	}
	const visible = "all('.log li').filter(e => e.checkVisibility()).length"
	b.open(filepath.Join(dir, "long", report.HTMLName), 1200, "light")
	b.eval("window.all = s => [...document.querySelectorAll(s)]; window.type = async text => { q.value = text; q.dispatchEvent(new Event('input')); await new Promise(r => setTimeout(r, 300)); }")
	expect("rows", "all('table.steps tbody tr').length", 140.0)
	lines := b.eval("all('.log li').length")

	expect("before a search", visible+" < all('.log li').length", true)
	b.eval("type('212 -> 213')")
	expect("a search", visible, 1.0)
	expect("a search", "hits.textContent", "1 line")
	expect("a search that finds nothing", "type('no such line').then(() => "+visible+")", 0.0)
	b.eval("location.hash = 'd0-L7'; new Promise(r => setTimeout(r, 100))")
	expect("a link to a line that is filtered out", "document.getElementById('d0-L7').checkVisibility() && q.value", "")
	b.eval("unfold.click()")
	expect("unfold all", visible, lines)
	b.eval("document.querySelector('.t0').click()")
	expect("without output", visible+" > 0 && all('.log li.s0').every(e => !e.checkVisibility())", true)
	b.eval("location.hash = 'd0-L6'; new Promise(r => setTimeout(r, 100))")
	expect("a link to a line whose source is hidden", "document.getElementById('d0-L6').checkVisibility()", true)
	b.eval("fold.click()")
	expect("fold all", visible, 0.0)
	b.eval("location.hash = 'd0-s139'; new Promise(r => setTimeout(r, 100))")
	expect("a link to a step", "document.getElementById('d0-s139').open", true)

	const seconds = "all('table.steps tbody tr').map(r => Number(r.cells[3].textContent))"
	b.eval("document.querySelector('details.all').open = true; all('table.steps thead button')[3].click()")
	expect("sorted", seconds+".every((v, i, a) => i === 0 || a[i-1] <= v)", true)
	expect("sorted", "all('table.steps thead th')[3].getAttribute('aria-sort')", "ascending")
	b.eval("all('table.steps thead button')[3].click()")
	expect("sorted down", seconds+".every((v, i, a) => i === 0 || a[i-1] >= v)", true)
	b.eval("all('table.steps thead button')[0].click()")
	expect("sorted by step", "all('table.steps tbody th').map(e => e.textContent).slice(0, 3).join()", "73 → 74,74 → 75,75 → 76")

	for _, width := range []int{400, 1200} {
		b.open(filepath.Join(dir, "bad", report.HTMLName), width, "dark")
		expect("nothing is wider than the window", "document.documentElement.scrollWidth <= innerWidth", true)
		expect("the failed step is unfolded", "document.getElementById('d1-s5').open", true)
	}
	b.call("Emulation.setScriptExecutionDisabled", map[string]any{"value": true})
	b.open(filepath.Join(dir, "long", report.HTMLName), 1200, "light")
	expect("without a script", "document.querySelectorAll('table.steps thead button, html.js').length", 0.0)
	expect("without a script", "document.getElementById('q').checkVisibility()", false)
	b.eval("document.querySelector('.t0').click()")
	expect("sources are hidden without a script", "[...document.querySelectorAll('.log li.s0')].every(e => !e.checkVisibility())", true)
}

// TestHostileTextInBrowser asks a real browser what it makes of hostile text.
func TestHostileTextInBrowser(t *testing.T) {
	dir := t.TempDir()
	r := report.New(hostileResult(t, dir), hostile, hostile, hostile)
	page, index := write(t, dir, r)
	b := newBrowser(t)
	for name, parsed := range map[string]*document{report.HTMLName: page, report.IndexName: index} {
		b.open(filepath.Join(dir, name), 1200, "light")
		counts := b.eval("Object.fromEntries([...document.querySelectorAll('*')].reduce((m, e) => m.set(e.localName, (m.get(e.localName) || 0) + 1), new Map()))").(map[string]any)
		for element, n := range counts {
			if int(n.(float64)) != parsed.elements[element] && element != "button" { // our script makes some
				t.Errorf("%s: the browser finds %v %s; want %d", name, n, element, parsed.elements[element])
			}
		}
		if got := b.eval("performance.getEntriesByType('resource').length"); got != 0.0 {
			t.Errorf("%s loads %v other things", name, got)
		}
		for _, width := range []float64{320, 400, 1200} {
			b.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false})
			if got := b.eval("document.documentElement.scrollWidth").(float64); got > width {
				t.Errorf("%s is %v wide in a window of %v", name, got, width)
			}
		}
		// The policy holds though an escape were missing.
		b.eval("const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s); document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran = 2\"><p style=\"color: red\" id=probe>'); new Promise(r => setTimeout(r, 200))")
		if got := b.eval("String(window.ran) + (getComputedStyle(document.getElementById('probe')).color === 'rgb(255, 0, 0)')"); got != "undefinedfalse" {
			t.Errorf("%s: the policy lets things run: %v", name, got)
		}
	}
}
