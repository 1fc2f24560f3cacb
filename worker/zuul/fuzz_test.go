package zuul_test

import (
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/turbo-hipster/turbo-hipster/worker/zuul"
)

// FuzzParseParams: whatever is sent, nothing panics, and what is accepted is
// harmless: paths stay below their base, the source is no program, no option and
// not of this machine, and scripts get variables that execve takes.
func FuzzParseParams(f *testing.F) {
	add := func(changes map[string]any) { f.Add(with(f, changes), testNumber, "gate-migrations") }
	add(nil)
	add(zuul20(nil))
	add(refUpdate("refs/heads/master", testCommit))
	add(refUpdate("refs/tags/1.0", testCommit))
	add(refUpdate("master", zeros))
	add(zuul20(map[string]any{"ZUUL_CHANGE": nil, "BRANCH": "master"}))
	add(map[string]any{"LOG_PATH": "../../x"})
	add(map[string]any{"LOG_PATH": "a/b/", "BASE_LOG_PATH": "a/"})
	add(map[string]any{"ZUUL_PROJECT": "../x"})
	add(map[string]any{"ZUUL_URL": "ext::sh -c id"})
	add(map[string]any{"ZUUL_URL": "/srv/git"})
	add(map[string]any{"X": true, "Y": 1.5, "Z": []int{1}, "LD_PRELOAD": "x", "SWIFT_logs_HMAC_BODY": "a\n\nb"})
	f.Add(`{"ZUUL_PROJECT": "a"}`, "", "job")
	f.Add(`{"ZUUL_PROJECT": "a", "ZUUL_UUID": "x"}`, "", "..")
	f.Add("null", "../x", "")
	identifier := regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

	f.Fuzz(func(t *testing.T, payload, unique, job string) {
		p, err := zuul.ParseParams([]byte(payload), unique, job)
		if err != nil {
			if strings.ContainsFunc(err.Error(), unicode.IsControl) {
				t.Errorf("error with control characters: %q", err)
			}
			return
		}
		const base = "/srv/logs"
		for _, relative := range []string{p.LogPath, p.Project} {
			if !filepath.IsLocal(relative) || path.Clean(relative) != relative || !strings.HasPrefix(filepath.Join(base, relative), base+"/") {
				t.Errorf("path %q leaves its base", relative)
			}
			if strings.HasPrefix(relative, "-") || strings.ContainsFunc(relative, unicode.IsControl) {
				t.Errorf("path %q", relative)
			}
		}
		if p.UUID == "" {
			t.Error("no number")
		}
		size := 0
		for name, value := range p.All {
			size += len(name) + len(value) + 2
			if !identifier.MatchString(name) || strings.Contains(value, "\x00") || len(name)+len(value)+2 > 128<<10 {
				t.Errorf("variable %q of %d bytes", name, len(value))
			}
		}
		if size > 3<<20/2 {
			t.Errorf("an environment of %d bytes", size)
		}
		s, err := zuul.Origins{GitURL: "https://git.example.org"}.Source(p)
		if err != nil {
			return
		}
		if strings.HasPrefix(s.URL, "/") || strings.HasPrefix(s.URL, "-") || strings.HasPrefix(s.URL, "file:") || strings.Contains(s.URL, "::") ||
			strings.HasPrefix(s.Ref, "-") || strings.ContainsAny(s.Ref, ": ") || !strings.HasSuffix(s.URL, "/"+p.Project) {
			t.Errorf("source %+v", s)
		}
	})
}

// FuzzStop: whatever is sent, a stop is completed once, and stops nothing that it
// does not name.
func FuzzStop(f *testing.F) {
	f.Add(`{"name": "gate-migrations", "number": "` + testNumber + `"}`)
	f.Add(`{"name": "gate-migrations", "number": 7}`)
	f.Add(`{"number": {}}`)
	f.Add(`[]`)
	f.Add("")
	f.Fuzz(func(t *testing.T, payload string) {
		m := newManager(t, verdict("SUCCESS"), nil)
		for _, serve := range []func(*fakeJob){
			func(j *fakeJob) { m.Stop(t.Context(), j) },
			func(j *fakeJob) { m.SetDescription(t.Context(), j) },
		} {
			job := &fakeJob{t: t, payload: payload}
			serve(job)
			checkDone(t, job)
		}
	})
}
