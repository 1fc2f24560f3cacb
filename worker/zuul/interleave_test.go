package zuul_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/turbo-hipster/turbo-hipster/worker/zuul"
)

// TestEveryInterleaving lets verdicts, trouble, panics, stops, shutdowns and lost
// packets meet in any order. Whatever happens, there is exactly one answer, it is
// the last packet, every payload is JSON, and Zuul gets what it must.
func TestEveryInterleaving(t *testing.T) {
	outcomes := map[string]int{}
	for seed := range uint64(600) {
		synctest.Test(t, func(t *testing.T) {
			s := newStory(t, seed)
			s.play()
			outcomes[s.check()]++
		})
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	for _, name := range []string{"aborted", "verdict", "retry", "reported", "lost"} {
		if outcomes[name] < 10 {
			t.Errorf("%q came up in %d stories only: %v", name, outcomes[name], outcomes)
		}
	}
}

// story is one build and what happens to it, chosen by a seed.
type story struct {
	t       *testing.T
	random  *rand.Rand
	log     *messages
	job     *fakeJob
	zuul    *zuulBuild
	then    zuul.Then
	came    string // the verdict that the Runner came to
	losing  bool   // packets are lost
	down    bool   // the worker is shut down
	runs    []time.Duration
	results []string // what each run comes to: a verdict, trouble, final trouble, panic or nothing
	heeds   bool     // the Runner ends with its context
}

func newStory(t *testing.T, seed uint64) *story {
	job, z := newJob(t)
	random := rand.New(rand.NewPCG(seed, 0))
	s := &story{t: t, random: random, log: newMessages(), job: job, zuul: z, heeds: random.IntN(4) > 0}
	s.then = []zuul.Then{zuul.Retry, zuul.Report}[random.IntN(2)]
	for range 3 {
		s.runs = append(s.runs, s.moment())
		s.results = append(s.results, []string{"verdict", "verdict", "trouble", "trouble", "trouble", "final", "panic", "nothing"}[random.IntN(8)])
	}
	if random.IntN(4) == 0 {
		s.losing = true
		from, to := random.IntN(8), 1+random.IntN(8)
		job.hook = func(n int, _ string) error {
			if n >= from && n < from+to {
				return errors.New("broken pipe")
			}
			return nil
		}
	}
	return s
}

// moment is a time within a story; some coincide.
func (s *story) moment() time.Duration { return time.Duration(s.random.IntN(12)) * time.Second }

// run is the Runner.
func (s *story) run(ctx context.Context, r *zuul.Request) (zuul.Answer, error) {
	i := r.Attempt - 1
	var wg sync.WaitGroup
	for n := range 3 {
		wg.Go(func() { r.Progress(n, 3) })
	}
	defer wg.Wait()
	time.AfterFunc(s.runs[i]+time.Second, func() { r.Progress(3, 3) }) // a straggler
	timer := time.NewTimer(s.runs[i])
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		if s.heeds {
			return zuul.Answer{}, context.Cause(ctx)
		}
		<-timer.C
	}
	switch s.results[i] {
	case "verdict":
		s.came = fmt.Sprintf("FAILURE - seen in run %d", i)
		return zuul.Answer{Result: s.came, Data: map[string]any{"url": "https://logs.example.org/x"}}, nil
	case "trouble":
		return zuul.Answer{}, errDisk
	case "final":
		return zuul.Answer{}, permanentError{}
	case "panic":
		panic("in a story")
	}
	return zuul.Answer{}, nil
}

// play runs the build, with up to two stops and perhaps a shutdown at any time.
func (s *story) play() {
	m := newManager(s.t, runnerFunc(s.run), func(o *zuul.Options) {
		o.Sleep, o.Log, o.Trouble = nil, s.log.logger(), zuul.Trouble{Attempts: 3, Pause: 2 * time.Second, Then: s.then}
	})
	ctx, cancel := context.WithCancelCause(s.t.Context())
	defer cancel(nil)
	var wg sync.WaitGroup
	for range s.random.IntN(3) {
		at := s.moment()
		wg.Go(func() {
			time.Sleep(at)
			stop(s.t, m, "gate-migrations", testNumber)
		})
	}
	if s.random.IntN(3) == 0 {
		s.down = true
		at := s.moment()
		wg.Go(func() {
			time.Sleep(at)
			cancel(errors.New("shutting down"))
		})
	}
	wg.Go(func() { m.Build(ctx, s.job, testFunction) })
	wg.Wait()
	time.Sleep(time.Minute) // until the stragglers are heard
	if n := len(m.Running()); n != 0 {
		s.t.Errorf("%d are said to run", n)
	}
}

// check tells how the story ended.
func (s *story) check() string {
	sent := s.job.sent()
	last := sent[len(sent)-1]
	if s.job.answers() != 1 || last.kind != "complete" && last.kind != "fail" {
		s.t.Errorf("%d answers; the last packet is %+v", s.job.answers(), last)
	}
	for _, p := range sent {
		if p.kind == "data" && !json.Valid([]byte(p.payload)) || p.kind == "complete" && p.payload == "" {
			s.t.Errorf("%s with payload %q", p.kind, p.payload)
		}
	}
	if s.losing {
		return s.checkLosing(sent)
	}
	stopped := s.log.count("INFO stopping, as Zuul asks") > 0
	z := s.zuul
	switch {
	case z.over != 1 || z.number != testNumber:
		s.t.Errorf("Zuul: over %d times, number %v", z.over, z.number)
	case stopped:
		if z.shown != "ABORTED" || last.kind != "fail" {
			s.t.Errorf("stopped, but shown %q after %s", z.shown, last.kind)
		}
		return "aborted"
	case s.came != "":
		if z.shown != s.came || z.retry || last.kind != "complete" {
			s.t.Errorf("came to %q, but shown %q, retry %v", s.came, z.shown, z.retry)
		}
		return "verdict"
	case z.retry:
		if s.then == zuul.Report && !s.down {
			s.t.Error("left to Zuul, not reported")
		}
		return "retry"
	case s.then != zuul.Report || !slices.Contains([]string{
		"FAILURE during the job setup\nException: no space left on device",
		"FAILURE during the job setup\nException: no such job",
		"FAILURE during the job setup\nException: panic: in a story",
		"FAILURE during the job setup\nException: the runner gave neither a verdict nor an error",
	}, z.shown):
		s.t.Errorf("shown %q", z.shown)
	}
	return "reported"
}

// checkLosing checks a story in which packets were lost: what arrived is the
// truth, or leaves the build to Zuul.
func (s *story) checkLosing(sent []packet) string {
	s.zuul.lost()
	if s.came == "" && s.then == zuul.Retry && !s.zuul.retry && s.zuul.shown != "ABORTED" {
		s.t.Errorf("shown %q without a verdict", s.zuul.shown)
	}
	if s.came != "" && !s.zuul.retry && s.zuul.shown != s.came && s.zuul.shown != "ABORTED" {
		s.t.Errorf("came to %q, but shown %q", s.came, s.zuul.shown)
	}
	arrived := slices.ContainsFunc(sent[len(sent)-2:], func(p packet) bool { return p.err == nil })
	if stopped := s.log.count("INFO stopping, as Zuul asks") > 0; s.came != "" && !stopped && arrived && s.zuul.shown != s.came {
		s.t.Errorf("came to %q, and the answer arrived, but shown %q", s.came, s.zuul.shown)
	}
	if slices.ContainsFunc(sent, func(p packet) bool { return p.err != nil }) {
		return "lost"
	}
	return "none was lost"
}
