package report_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/datasets"
	"github.com/turbo-hipster/turbo-hipster/worker"
	"github.com/turbo-hipster/turbo-hipster/worker/report"
)

// chatty is a report of a build whose log has about 50 MB, in dir.
func chatty(tb testing.TB, dir string) (r *report.Report, size int64) {
	tb.Helper()
	path := filepath.Join(dir, "a.log")
	f, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	w := bufio.NewWriter(f)
	const lines = 500_000
	for i := range lines {
		n, _ := fmt.Fprintf(w, "2026-11-22 14:00:01,000 [output] INFO [alembic.runtime.migration] <line> %-30d\n", i)
		size += int64(n)
	}
	if err := w.Flush(); err != nil {
		tb.Fatal(err)
	}
	if err := f.Close(); err != nil {
		tb.Fatal(err)
	}
	o := worker.Outcome{LogPath: path}
	for i := range 140 {
		o.Steps = append(o.Steps, worker.Step{From: fmt.Sprint(i), To: fmt.Sprint(i + 1), Start: began, Duration: 1e9, Ended: i%20 != 3, LogLine: i * 3000})
	}
	return report.New(build(dir, datasets.Limits{}, o), "1", "", ""), size
}

// However long a log is, no more of it is held than a line: what is allocated, in all, for the
// pages of a log of 50 MB is bounded.
func TestMemory(t *testing.T) {
	dir := t.TempDir()
	r, size := chatty(t, dir)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := r.Write(dir); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 24<<20 {
		t.Errorf("pages of a log of %d bytes allocate %d bytes", size, allocated)
	}
	info, err := os.Stat(filepath.Join(dir, report.HTMLName))
	if err != nil || info.Size() < 5<<20 || info.Size() > 15<<20 {
		t.Errorf("the page has %d bytes, %v", info.Size(), err)
	}
	page := parse(t, read(t, filepath.Join(dir, report.HTMLName)))
	page.checkPage(t)
	if page.elements["li"] < 40_000 || page.elements["li"] > 60_000 || page.rows != 140 {
		t.Errorf("the page has %d lines and %d steps", page.elements["li"], page.rows)
	}
}

func BenchmarkWrite(b *testing.B) {
	dir := b.TempDir()
	r, size := chatty(b, dir)
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Write(dir); err != nil {
			b.Fatal(err)
		}
	}
}
