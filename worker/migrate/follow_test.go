package migrate

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/internal/classiclog"
	"github.com/turbo-hipster/turbo-hipster/worker"
)

// appendTo appends text to a file.
func appendTo(t *testing.T, path, text string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestFollow: what is new is read once, whatever happens to the file.
func TestFollow(t *testing.T) {
	move := func(t *testing.T, from, to string) {
		if err := os.Rename(from, to); err != nil {
			t.Fatal(err)
		}
	}
	for _, tc := range []struct {
		name  string
		steps func(t *testing.T, path string, poll func())
		want  string
	}{
		{"only what is new", func(t *testing.T, path string, poll func()) {
			poll()
			appendTo(t, path, "a\nb\n")
			poll()
			poll()
			appendTo(t, path, "c\n")
		}, "a|b|c"},
		{"lines in pieces", func(t *testing.T, path string, poll func()) {
			appendTo(t, path, "a")
			poll()
			appendTo(t, path, "b\nc")
			poll()
			appendTo(t, path, "d")
		}, "ab|cd"},
		{"truncated", func(t *testing.T, path string, poll func()) {
			appendTo(t, path, "a\nb")
			poll()
			if err := os.Truncate(path, 0); err != nil {
				t.Fatal(err)
			}
			appendTo(t, path, "c\n")
			poll()
		}, "a|b|c"},
		{"rotated, and written into still", func(t *testing.T, path string, poll func()) {
			appendTo(t, path, "a\n")
			move(t, path, path+".1")
			appendTo(t, path+".1", "b\n")
			poll()
			appendTo(t, path, "c\n")
			appendTo(t, path+".1", "d\n")
			poll()
			appendTo(t, path+".1", "e\n")
			appendTo(t, path, "f\n")
		}, "a|b|d|c|e|f"},
		{"rotated often", func(t *testing.T, path string, poll func()) {
			for i := range 3 * maxGenerations {
				appendTo(t, path, fmt.Sprintln(i))
				poll()
				move(t, path, fmt.Sprint(path, ".", i))
			}
		}, "0|1|2|3|4|5|6|7|8|9|10|11"},
		{"removed, and made again", func(t *testing.T, path string, poll func()) {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			poll()
			appendTo(t, path, "a\n")
		}, "a"},
		{"a secret", func(t *testing.T, path string, poll func()) {
			appendTo(t, path, "identified by '5ec")
			poll()
			appendTo(t, path, "2e7'\n")
		}, "identified by '***'"},
	} {
		for _, there := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, there at the start %v", tc.name, there), func(t *testing.T) {
				path := filepath.Join(t.TempDir(), "log")
				if there {
					appendTo(t, path, "old\nold too\n")
				}
				var got []string
				f := follow(worker.LogSource{Name: "x", Path: path}, func() *classiclog.Lines {
					return &classiclog.Lines{Now: time.Now, Secrets: classiclog.NewSecrets("5ec2e7"), Line: func(text []byte, _ time.Time, _ bool) { got = append(got, string(text)) }}
				}, func(err error) { t.Error(err) })
				if !there {
					appendTo(t, path, "")
					f.poll() // what comes and goes between two looks is not seen
				}
				tc.steps(t, path, f.poll)
				f.poll()
				f.close()
				if diff := cmp.Diff(tc.want, strings.Join(got, "|")); diff != "" {
					t.Errorf("lines differ (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// TestFollowNoFile: what is no file, or may not be read, is told once and given up.
func TestFollowNoFile(t *testing.T) {
	for _, path := range []string{t.TempDir(), "/dev/null", "/dev/null/x"} {
		told := 0
		f := follow(worker.LogSource{Name: "x", Path: path}, func() *classiclog.Lines { return &classiclog.Lines{} }, func(error) { told++ })
		f.poll()
		f.poll()
		f.close()
		if told != 1 {
			t.Errorf("%s: told %d times", path, told)
		}
	}
}

// TestLogIsWhole: writers of all kinds at once leave whole lines, and the numbers of
// lines are right.
func TestLogIsWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	log, err := classiclog.Create(path, time.Now(), 0)
	if err != nil {
		t.Fatal(err)
	}
	s := &session{now: time.Now, log: log}
	where := map[string]int{}
	var mu sync.Mutex
	var writers sync.WaitGroup
	for w := range 4 {
		writers.Go(func() {
			name := fmt.Sprint("source", w)
			o := s.source(name)
			if w == 0 { // the command's
				o.Line = func(text []byte, at time.Time, _ bool) {
					n := log.Text(at, name, text)
					mu.Lock()
					defer mu.Unlock()
					where[string(text)] = n
				}
			}
			for i := range 500 {
				_, _ = fmt.Fprintf(o, "%s line %d %s", name, i, strings.Repeat("x", i%50))
				_, _ = fmt.Fprintf(o, "\n")
				if i%100 == 0 {
					log.Event(time.Now(), "event")
					log.Heartbeat(time.Now(), -time.Hour)
				}
			}
		})
	}
	writers.Wait()
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	if want := 4*500 + 2*4*5; len(lines) != want {
		t.Errorf("%d lines, want %d", len(lines), want)
	}
	for n, line := range lines {
		at, rest, ok := cutTime(line)
		if source, text, _ := strings.Cut(rest, " "); !ok || at.IsZero() || text != "" && !strings.HasPrefix(text, strings.Trim(source, "[]")+" line ") {
			t.Fatalf("line %d is %q", n+1, line)
		}
	}
	for text, n := range where {
		if !strings.HasSuffix(lines[n-1], " [source0] "+text) {
			t.Errorf("line %d is %q, want %q", n, lines[n-1], text)
		}
	}
}
