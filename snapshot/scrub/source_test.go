package scrub_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/zstd"

	"github.com/turbo-hipster/turbo-hipster/snapshot/scrub"
)

func readAll(t *testing.T, s scrub.Source) string {
	t.Helper()
	text, read, err := s.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer text.Close()
	b, err := io.ReadAll(text)
	if err != nil {
		t.Fatal(err)
	}
	if read.Load() != s.SizeBytes() {
		t.Errorf("read %d bytes of the stored form, want %d", read.Load(), s.SizeBytes())
	}
	return string(b)
}

func TestSpoolReadsAgainWhatCameOnce(t *testing.T) {
	dump := strings.Repeat("INSERT INTO `t` VALUES (1,'canary');\n", 100_000)
	var compressed bytes.Buffer
	w, err := zstd.NewWriter(&compressed)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(w, dump) //nolint:errcheck // a buffer
	w.Close()
	for name, input := range map[string]string{"plain": dump, "zstd": compressed.String(), "empty": ""} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s, err := scrub.NewSpool(strings.NewReader(input), dir, rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			want := dump
			if input == "" {
				want = ""
			}
			for range 2 {
				if got := readAll(t, s); got != want {
					t.Fatalf("read %d bytes, want the %d that came", len(got), len(want))
				}
			}
			if left, _ := os.ReadDir(dir); len(left) > 0 {
				t.Errorf("the spool has a name on disk: %v", left)
			}
		})
	}
}

func TestSpoolIsUnreadableOnDisk(t *testing.T) {
	dir := t.TempDir()
	s, err := scrub.NewSpool(strings.NewReader(strings.Repeat("canary", 1000)), dir, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	// The file has no name any more; the process still holds it open.
	links, err := filepath.Glob("/proc/self/fd/*")
	if err != nil || len(links) == 0 {
		t.Skip("no /proc on this system")
	}
	found := false
	for _, link := range links {
		target, err := os.Readlink(link)
		if err != nil || !strings.HasPrefix(target, dir) {
			continue
		}
		found = true
		raw, err := os.ReadFile(link)
		if err != nil {
			t.Fatal(err)
		}
		if len(raw) != 6000 {
			t.Errorf("the spool has %d bytes, want 6000", len(raw))
		}
		if bytes.Contains(raw, []byte("canary")) {
			t.Error("the spool's file holds plain text")
		}
	}
	if !found {
		t.Error("the spool's file was not found")
	}
}

func TestSpoolReportsItsInputsError(t *testing.T) {
	trouble := errors.New("trouble")
	if _, err := scrub.NewSpool(iotest.ErrReader(trouble), t.TempDir(), rand.Reader); !errors.Is(err, trouble) {
		t.Errorf("NewSpool = %v, want %v", err, trouble)
	}
}

func TestOpenFileRefuses(t *testing.T) {
	for name, path := range map[string]string{"a directory": t.TempDir(), "what is not there": filepath.Join(t.TempDir(), "none")} {
		if _, err := scrub.OpenFile(path); err == nil {
			t.Errorf("OpenFile took %s", name)
		}
	}
}
