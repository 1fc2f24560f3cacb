package gearman_test

import (
	"context"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mikespook/gearman-go/client"
	foreign "github.com/mikespook/gearman-go/worker"

	"github.com/turbo-hipster/turbo-hipster/worker/gearman"
	"github.com/turbo-hipster/turbo-hipster/worker/gearman/gearmandtest"
)

// Small jobs, eight at once, each from one client's question to its answer, done
// by our worker and by gearman-go's.
func BenchmarkJobs(b *testing.B) {
	const slots = 8
	b.Run("ours", func(b *testing.B) {
		d := gearmandtest.Start(b)
		w, err := gearman.New(gearman.Options{Servers: servers(d), Slots: gearman.NewSlots(slots), Functions: map[string]gearman.Handler{"echo": echo}})
		if err != nil {
			b.Fatal(err)
		}
		done := make(chan error, 1)
		go func() { done <- w.Run(context.WithoutCancel(b.Context())) }()
		if clients(b, d, slots) {
			b.Error("a job is lost")
		}
		w.Drain()
		if err := <-done; err != nil {
			b.Error(err)
		}
	})
	b.Run("gearman-go", func(b *testing.B) {
		d := gearmandtest.Start(b)
		w := foreign.New(slots)
		w.ErrorHandler = func(error) {}
		if err := w.AddServer("tcp", d.Address()); err != nil {
			b.Fatal(err)
		}
		if err := w.AddFunc("echo", func(j foreign.Job) ([]byte, error) { return j.Data(), nil }, 0); err != nil {
			b.Fatal(err)
		}
		if err := w.Ready(); err != nil {
			b.Fatal(err)
		}
		go w.Work()
		if clients(b, d, slots) {
			b.Log("gearman-go's worker lost a job")
		}
		w.Close()
	})
}

// clients keeps some clients busy, and tells whether an answer did not come.
func clients(b *testing.B, d *gearmandtest.Daemon, n int) bool {
	payload := make([]byte, 512)
	var lost atomic.Bool
	b.SetBytes(int64(len(payload)))
	b.ReportAllocs()
	b.SetParallelism(max(n/runtime.GOMAXPROCS(0), 1))
	b.RunParallel(func(pb *testing.PB) {
		c, err := client.New("tcp", d.Address())
		if err != nil {
			b.Error(err)
			return
		}
		c.ResponseTimeout = patience
		answered := make(chan struct{}, 1)
		late := time.NewTimer(patience)
		for pb.Next() && !lost.Load() {
			late.Reset(patience)
			if _, err := c.Do("echo", payload, client.JobNormal, func(*client.Response) { answered <- struct{}{} }); err != nil {
				b.Error(err)
				return
			}
			select {
			case <-answered:
			case <-late.C:
				lost.Store(true)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "jobs/s")
	return lost.Load()
}
