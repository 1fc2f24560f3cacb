package zuul_test

import (
	"context"
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/worker/zuul"
)

func TestFirstPacketSaysWhoBuilds(t *testing.T) {
	job, z := newJob(t)
	m := newManager(t, runnerFunc(func(context.Context, *zuul.Request) (zuul.Answer, error) {
		if sent := job.sent(); len(sent) != 2 {
			t.Errorf("the build runs after %d packets, want WORK_DATA and WORK_STATUS", len(sent))
		}
		return zuul.Answer{Result: "SUCCESS"}, nil
	}), nil)
	m.Build(t.Context(), job, testFunction)

	sent := job.sent()
	if sent[0].kind != "data" || sent[1].kind != "status" || sent[1].done != 0 || sent[1].total < 1 {
		t.Fatalf("first packets: %+v", sent[:2])
	}
	var first map[string]any
	if err := json.Unmarshal([]byte(sent[0].payload), &first); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"name": "gate-migrations", "number": testNumber, "manager": testManager,
		"url":         "https://logs.example.org/th/45/12345/6/check/gate-migrations/1234567/index.html",
		"worker_name": testManager, "worker_hostname": "ci1", "worker_ips": []any{"192.0.2.7"}, "worker_fqdn": "ci1.example.org",
		"worker_program": "turbo-hipster", "worker_version": "2.0", "worker_extra": map[string]any{"rack": "b"},
	}
	if diff := cmp.Diff(want, first); diff != "" {
		t.Errorf("first payload (-want +got):\n%s", diff)
	}
	if z.number != testNumber || z.manager != testManager {
		t.Errorf("Zuul knows number %v and manager %v", z.number, z.manager)
	}
}

// Zuul formats what it reads; a null would be shown as None, or break a template.
func TestFirstPacketHasNoNull(t *testing.T) {
	job, _ := newJob(t)
	m := newManager(t, verdict("SUCCESS"), func(o *zuul.Options) {
		o.Identity = zuul.Identity{}
		o.URLPrefix = ""
	})
	m.Build(t.Context(), job, testFunction)
	var first map[string]any
	if err := json.Unmarshal([]byte(job.sent()[0].payload), &first); err != nil {
		t.Fatal(err)
	}
	for name, value := range first {
		if value == nil {
			t.Errorf("%s is null", name)
		}
	}
}

func TestLastPayload(t *testing.T) {
	const url = "https://logs.example.org/elsewhere/"
	job, z := newJob(t)
	m := newManager(t, runnerFunc(func(context.Context, *zuul.Request) (zuul.Answer, error) {
		return zuul.Answer{Result: "FAILURE - a", Data: map[string]any{
			"url": url, "th_steps": 4, "result": "SUCCESS", "number": "7", "manager": "other",
		}}, nil
	}), nil)
	m.Build(t.Context(), job, zuul.Function{Job: "gate-migrations", Node: "bare"})

	sent := job.sent()
	data, complete := sent[len(sent)-2], sent[len(sent)-1]
	if data.kind != "data" || complete.kind != "complete" || data.payload != complete.payload {
		t.Errorf("ends with %+v", sent[len(sent)-2:])
	}
	var last map[string]any
	if err := json.Unmarshal([]byte(complete.payload), &last); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"name": "gate-migrations", "number": testNumber, "manager": testManager, "url": url, "th_steps": 4.0, "result": "FAILURE - a",
		"node_name": "ci1", "node_labels": []any{"bare"},
		"worker_name": testManager, "worker_hostname": "ci1", "worker_ips": []any{"192.0.2.7"}, "worker_fqdn": "ci1.example.org",
		"worker_program": "turbo-hipster", "worker_version": "2.0", "worker_extra": map[string]any{"rack": "b"},
	}
	if diff := cmp.Diff(want, last); diff != "" {
		t.Errorf("last payload (-want +got):\n%s", diff)
	}
	if z.url != url || z.node != "ci1" || !cmp.Equal(z.labels, []any{"bare"}) {
		t.Errorf("Zuul knows url %q, node %v, labels %v", z.url, z.node, z.labels)
	}
}

// A verdict is never turned into a retry: data that is no JSON costs only itself.
func TestVerdictSurvivesBadData(t *testing.T) {
	for name, data := range map[string]map[string]any{
		"no number": {"x": math.NaN()}, "a channel": {"x": make(chan int)}, "a null": {"url": nil}, "too much": {"x": strings.Repeat("x", 1<<20)},
	} {
		t.Run(name, func(t *testing.T) {
			job, z := newJob(t)
			m := newManager(t, runnerFunc(func(context.Context, *zuul.Request) (zuul.Answer, error) {
				return zuul.Answer{Result: "SUCCESS", Data: data}, nil
			}), nil)
			m.Build(t.Context(), job, testFunction)
			if z.shown != "SUCCESS" || !strings.HasSuffix(z.url, "/1234567/index.html") {
				t.Errorf("Zuul shows %q at %q", z.shown, z.url)
			}
		})
	}
}

func TestLongResultIsCut(t *testing.T) {
	line := "FAILURE - " + strings.Repeat("x", 90) + "\n"
	for _, result := range []string{strings.Repeat(line, 1000), "SUCCESS" + strings.Repeat("é", 1<<16)} {
		job, z := newJob(t)
		newManager(t, verdict(result), nil).Build(t.Context(), job, testFunction)
		if len(z.shown) > 16<<10+10 || !strings.HasSuffix(z.shown, "…") || !strings.HasPrefix(result, strings.TrimRight(z.shown, "\n…")) {
			t.Errorf("%d bytes are shown, ending in %q", len(z.shown), z.shown[len(z.shown)-20:])
		}
	}
}

// The elements of LOG_PATH may have characters that mean something in a URL.
func TestURLIsEscaped(t *testing.T) {
	job, z := newJob(t)
	job.payload = with(t, map[string]any{"LOG_PATH": "45/gate #2/50%/a?b/"})
	newManager(t, verdict("SUCCESS"), nil).Build(t.Context(), job, testFunction)
	if want := "https://logs.example.org/th/45/gate%20%232/50%25/a%3Fb/index.html"; z.url != want {
		t.Errorf("URL %q, want %q", z.url, want)
	}
}

func TestProgress(t *testing.T) {
	type status struct{ done, total int }
	for name, test := range map[string]struct {
		estimate func(string) time.Duration
		want     []status
		seconds  float64 // that Zuul 2.5 expects
	}{
		"steps": {nil, []status{{0, 1}, {1, 4}, {4, 4}, {0, 4}}, 0.004},
		"an unknown estimate": {
			func(string) time.Duration { return 0 },
			[]status{{0, 1}, {1, 4}, {4, 4}, {0, 4}},
			0.004,
		},
		"milliseconds": {
			func(job string) time.Duration { return time.Duration(len(job)) * time.Minute },
			[]status{{0, 900000}, {225000, 900000}, {900000, 900000}, {0, 900000}},
			900,
		},
	} {
		t.Run(name, func(t *testing.T) {
			var late func(done, total int)
			m := newManager(t, runnerFunc(func(_ context.Context, r *zuul.Request) (zuul.Answer, error) {
				r.Progress(1, 4)
				r.Progress(9, 4)
				r.Progress(-1, 4)
				r.Progress(1, 0)
				late = r.Progress
				return zuul.Answer{Result: "SUCCESS"}, nil
			}), func(o *zuul.Options) { o.Estimate = test.estimate })
			job, z := newJob(t)
			m.Build(t.Context(), job, testFunction)
			late(2, 4)
			var got []status
			for _, p := range job.sent() {
				if p.kind == "status" {
					got = append(got, status{p.done, p.total})
				}
			}
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(status{})); diff != "" {
				t.Errorf("WORK_STATUS (-want +got):\n%s", diff)
			}
			if z.seconds != test.seconds {
				t.Errorf("Zuul expects %v s, want %v", z.seconds, test.seconds)
			}
		})
	}
}
