package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/turbo-hipster/turbo-hipster/worker/gearman"
)

// soakBuilds is how many builds a soak does when SOAK_N is not set.
const soakBuilds = 6

// TestSoak plays Zuul for SOAK_N builds while things go wrong: builds are stopped, the Gearman server restarts, workers are
// killed, told to stop, and reloaded. Every build is answered once, as its change deserves, or tried again by Zuul's rules;
// at the end nothing is left. SOAK_SEED does the same again, as far as time allows.
func TestSoak(t *testing.T) {
	t.Parallel()
	n, seed := soakBuilds, uint64(time.Now().UnixNano())
	if text := os.Getenv("SOAK_N"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	if text := os.Getenv("SOAK_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("SOAK_N=%d SOAK_SEED=%d", n, seed)
	s := newSite(t)
	k := &soak{site: s, random: rand.New(rand.NewPCG(seed, 0)), counts: map[string]int{}}
	for _, name := range []string{"one", "two"} {
		file := s.config(name, "slots: 2\n")
		k.workers = append(k.workers, &soakWorker{file: file, name: name, process: s.serve("-c", file)})
	}
	busy, done := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		defer done()
		k.builds(n)
	})
	k.mischief(busy)
	wg.Wait()
	k.finish()
	t.Logf("%v", k.counts)
}

// soak is a site in trouble.
type soak struct {
	*site
	workers []*soakWorker

	lock    sync.Mutex
	random  *rand.Rand
	running map[string]string // number to manager
	counts  map[string]int    // of what happened
}

// soakWorker is a service that is killed and started again.
type soakWorker struct {
	file, name string
	process    *process
}

func (k *soak) count(what string) {
	k.lock.Lock()
	defer k.lock.Unlock()
	k.counts[what]++
}

func (k *soak) intn(n int) int {
	k.lock.Lock()
	defer k.lock.Unlock()
	return k.random.IntN(n)
}

// atOnce is how many builds Zuul waits for at a time.
const atOnce = 4

// builds asks for n builds and judges their answers.
func (k *soak) builds(n int) {
	k.running = map[string]string{}
	slots := make(chan struct{}, atOnce)
	var wg sync.WaitGroup
	for i := range n {
		slots <- struct{}{}
		ref := []string{"good", "bad", "long", "long"}[k.intn(4)]
		wg.Go(func() {
			defer func() { <-slots }()
			k.build(fmt.Sprintf("b%d", i), ref)
		})
	}
	wg.Wait()
}

// soakAttempts is how often Zuul asks again; its own limit would end a soak too early.
const soakAttempts = 50

// build asks for a build until it has an answer.
func (k *soak) build(name, ref string) {
	for attempt := range soakAttempts {
		number := fmt.Sprintf("%s.%d", name, attempt)
		stopped := false
		a, err := k.submit(context.WithoutCancel(k.t.Context()), number, ref, nil)
		k.lock.Lock()
		stopped = k.running[number] == "stopped"
		delete(k.running, number)
		k.lock.Unlock()
		switch {
		case errors.Is(err, gearman.ErrConnectionLost), err != nil:
			k.count("connection lost")
			time.Sleep(100 * time.Millisecond)
		case a.result == nil:
			k.count("no result")
		case a.result == "ABORTED":
			if !stopped {
				k.t.Errorf("%s was aborted, and nobody stopped it", number)
			}
			k.count("aborted")
			return
		case ref == "bad" == (a.result == "SUCCESS"):
			k.t.Errorf("%s on %s was answered with %v", number, ref, a.result)
			return
		default:
			k.count("verdict")
			return
		}
	}
	k.t.Errorf("%s has no answer after %d attempts", name, soakAttempts)
}

// mischief makes trouble until ctx ends.
func (k *soak) mischief(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Duration(100+k.intn(900)) * time.Millisecond):
		}
		w := k.workers[k.intn(len(k.workers))]
		switch k.intn(5) {
		case 0:
			k.count("gearmand restarted")
			k.gearmand.Restart()
		case 1:
			k.count("worker killed")
			k.signal(w, syscall.SIGKILL)
		case 2:
			k.count("worker told to stop")
			k.signal(w, syscall.SIGTERM)
		case 3:
			k.count("worker reloaded")
			w.process.signal(syscall.SIGHUP)
		case 4:
			k.stopOne(ctx)
		}
	}
}

// signal ends a worker and starts it again.
func (k *soak) signal(w *soakWorker, sig syscall.Signal) {
	w.process.signal(sig)
	w.process.end()
	w.process = k.serve("-c", w.file)
}

// stopOne stops a build that runs, if one does: those are known by what is published.
func (k *soak) stopOne(ctx context.Context) {
	dirs, err := filepath.Glob(filepath.Join(k.dir, "published/15/65615/7/check/good/*"))
	if err != nil || len(dirs) == 0 {
		return
	}
	dirs = slices.DeleteFunc(dirs, func(dir string) bool {
		_, err := os.Stat(filepath.Join(dir, "report.json"))
		return err == nil // it has ended
	})
	if len(dirs) == 0 {
		return
	}
	number := filepath.Base(dirs[k.intn(len(dirs))])
	k.lock.Lock()
	k.running[number] = "stopped"
	k.lock.Unlock()
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	for _, w := range k.workers {
		_ = k.stop(ctx, "manager-"+w.name, number) // the server may just be away
	}
	k.count("stop")
}

// finish stops the workers and looks for what is left.
func (k *soak) finish() {
	for _, w := range k.workers {
		w.process.signal(syscall.SIGTERM)
		if got := w.process.end(); got != 0 {
			k.t.Errorf("worker %s: exit status %d", w.name, got)
		}
	}
	// What killed workers left goes when the next one starts.
	for _, w := range k.workers {
		p := k.serve("-c", w.file)
		p.signal(syscall.SIGTERM)
		p.end()
	}
	if left := k.left(); len(left) > 0 {
		k.t.Errorf("left: %v", left)
	}
}
