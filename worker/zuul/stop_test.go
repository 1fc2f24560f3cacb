package zuul_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/turbo-hipster/turbo-hipster/worker/zuul"
)

func TestFunctionsOfTheManager(t *testing.T) {
	stop, describe := newManager(t, verdict("SUCCESS"), nil).FunctionNames()
	if stop != "stop:turbo-hipster-manager-ci1" || describe != "set_description:turbo-hipster-manager-ci1" || zuul.DefaultName("ci1") != testManager {
		t.Errorf("functions %s and %s, default name %s", stop, describe, zuul.DefaultName("ci1"))
	}
}

// Zuul stops a running build: the stop completes at once, while the build still
// ends; then it is ABORTED and fails.
func TestStop(t *testing.T) {
	for name, called := range map[string]string{
		"as Zuul calls it": "gate-migrations", "by its function": "build:gate-migrations", "by its number alone": "",
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ended := make(chan struct{})
				m := newManager(t, runnerFunc(func(ctx context.Context, _ *zuul.Request) (zuul.Answer, error) {
					<-ctx.Done()
					<-ended // its processes take a while
					return zuul.Answer{}, context.Cause(ctx)
				}), nil)
				job, z := newJob(t)
				go m.Build(t.Context(), job, testFunction)
				synctest.Wait()

				z.canceled = true
				stop(t, m, called, z.number) // returns while the build has not ended
				if job.answers() != 0 {
					t.Error("answered before the build has ended")
				}
				stop(t, m, called, z.number) // twice is harmless
				close(ended)
				synctest.Wait()
				checkAborted(t, job)
				stop(t, m, called, z.number) // too late is harmless
				if z.over != 1 {
					t.Errorf("over %d times", z.over)
				}
			})
		})
	}
}

// checkAborted checks the last two packets of a build that was stopped.
func checkAborted(t *testing.T, job *fakeJob) {
	t.Helper()
	sent := job.sent()
	data, fail := sent[len(sent)-2], sent[len(sent)-1]
	var last map[string]any
	if err := json.Unmarshal([]byte(data.payload), &last); err != nil {
		t.Fatal(err)
	}
	if data.kind != "data" || last["result"] != "ABORTED" || fail.kind != "fail" || job.answers() != 1 {
		t.Errorf("ends with %+v", sent[len(sent)-2:])
	}
}

func TestStopMissesOtherBuilds(t *testing.T) {
	for name, payload := range map[string]string{
		"another number":            `{"name": "gate-migrations", "number": "fedcba"}`,
		"another job":               `{"name": "gate-docs", "number": "` + testNumber + `"}`,
		"another node of the job":   `{"name": "gate-migrations:bare", "number": "` + testNumber + `"}`,
		"the beginning of a number": `{"name": "gate-migrations", "number": "1234567"}`,
		"no number":                 `{"name": "gate-migrations"}`,
		"a null number":             `{"name": "gate-migrations", "number": null}`,
		"a list":                    `{"name": "gate-migrations", "number": ["` + testNumber + `"]}`,
		"not an object":             `["` + testNumber + `"]`,
		"not JSON":                  testNumber,
		"empty":                     "",
		"hostile":                   "{\"number\": \"\x00\x1b[2J\"}",
		"too long":                  `{"name": "gate-migrations", "number": "` + testNumber + `", "x": "` + strings.Repeat("x", 1<<20) + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				log := newMessages()
				release := make(chan struct{})
				m := newManager(t, runnerFunc(func(ctx context.Context, _ *zuul.Request) (zuul.Answer, error) {
					<-release
					return zuul.Answer{Result: "SUCCESS"}, ctx.Err()
				}), func(o *zuul.Options) { o.Log = log.logger() })
				build, z := newJob(t)
				go m.Build(t.Context(), build, testFunction)
				synctest.Wait()

				job := &fakeJob{t: t, function: "stop:" + testManager, payload: payload}
				m.Stop(t.Context(), job)
				checkDone(t, job)
				if log.count("WARN") != 1 {
					t.Errorf("want one warning in %q", log.lines)
				}
				close(release)
				synctest.Wait()
				if z.shown != "SUCCESS" {
					t.Errorf("shown %q", z.shown)
				}
			})
		})
	}
}

// A build on a node is known by its job's name, with the node or without.
func TestStopOnANode(t *testing.T) {
	for _, name := range []string{"gate-migrations", "gate-migrations:bare", "build:gate-migrations:bare"} {
		m := newManager(t, runnerFunc(waits), nil)
		job, _ := newJob(t)
		job.hook = func(n int, _ string) error {
			if n == 1 {
				stop(t, m, name, testNumber)
			}
			return nil
		}
		m.Build(t.Context(), job, zuul.Function{Job: "gate-migrations", Node: "bare"})
		checkAborted(t, job)
	}
}

// A number is text, but a Gearman client may write it as one.
func TestStopByAJSONNumber(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newManager(t, runnerFunc(waits), nil)
		job, _ := newJob(t)
		job.unique = "12345678901234567890"
		go m.Build(t.Context(), job, testFunction)
		synctest.Wait()
		stop(t, m, "gate-migrations", json.Number("12345678901234567890"))
		synctest.Wait()
		checkAborted(t, job)
	})
}

// The build is known before its first packet has gone out.
func TestStopBeforeTheFirstPacket(t *testing.T) {
	m := newManager(t, runnerFunc(func(context.Context, *zuul.Request) (zuul.Answer, error) {
		t.Error("it is run")
		return zuul.Answer{Result: "SUCCESS"}, nil
	}), nil)
	job, _ := newJob(t)
	job.hook = func(n int, _ string) error {
		if n == 0 {
			stop(t, m, "gate-migrations", testNumber)
		}
		return nil
	}
	m.Build(t.Context(), job, testFunction)
	checkAborted(t, job)
}

// A stop that comes when the answer goes out changes nothing.
func TestStopAtTheVeryEnd(t *testing.T) {
	for n := 2; n <= 3; n++ { // the last WORK_DATA, WORK_COMPLETE
		m := newManager(t, verdict("FAILURE - a"), nil)
		job, z := newJob(t)
		job.hook = func(i int, _ string) error {
			if i == n {
				stop(t, m, "gate-migrations", testNumber)
			}
			return nil
		}
		m.Build(t.Context(), job, testFunction)
		if z.shown != "FAILURE - a" || job.answers() != 1 {
			t.Errorf("at packet %d: shown %q, %d answers", n, z.shown, job.answers())
		}
	}
}

// A build that pays no heed, or has a verdict already, is ABORTED all the same:
// what was cut short may look like a failure of the change.
func TestStoppedVerdictIsNotSent(t *testing.T) {
	m := newManager(t, runnerFunc(func(ctx context.Context, _ *zuul.Request) (zuul.Answer, error) {
		<-ctx.Done()
		return zuul.Answer{Result: "FAILURE - Migration started but did not end"}, nil
	}), nil)
	job, _ := newJob(t)
	job.hook = func(n int, _ string) error {
		if n == 1 {
			stop(t, m, "gate-migrations", testNumber)
		}
		return nil
	}
	m.Build(t.Context(), job, testFunction)
	checkAborted(t, job)
}

// Zuul sends a job again after a lost connection, while the first one still ends.
func TestStopOfABuildThatIsThereTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newManager(t, runnerFunc(waits), nil)
		first, _ := newJob(t)
		second, _ := newJob(t)
		other, _ := newJob(t)
		other.unique = "other"
		ctx, cancel := context.WithCancel(t.Context())
		for _, job := range []*fakeJob{first, second, other} {
			go m.Build(ctx, job, testFunction)
		}
		synctest.Wait()
		if n := len(m.Running()); n != 3 {
			t.Errorf("%d are said to run", n)
		}
		stop(t, m, "gate-migrations", testNumber)
		synctest.Wait()
		checkAborted(t, first)
		checkAborted(t, second)
		if other.answers() != 0 {
			t.Error("another build was stopped too")
		}
		cancel()
		synctest.Wait()
	})
}

// A stop ends the pause before another attempt too.
func TestStopInThePause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newManager(t, trouble(errDisk), func(o *zuul.Options) { o.Sleep = nil })
		job, _ := newJob(t)
		go m.Build(t.Context(), job, testFunction)
		synctest.Wait()
		stop(t, m, "gate-migrations", testNumber)
		synctest.Wait()
		checkAborted(t, job)
	})
}

// Who runs the manager may stop a build too, with the same reason.
func TestBuildEndedWithErrAborted(t *testing.T) {
	m := newManager(t, runnerFunc(waits), nil)
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(zuul.ErrAborted)
	job, _ := newJob(t)
	m.Build(ctx, job, testFunction)
	checkAborted(t, job)
}

func TestSetDescription(t *testing.T) {
	m := newManager(t, verdict("SUCCESS"), nil)
	for _, payload := range []string{
		`{"name": "gate-migrations", "number": "` + testNumber + `", "html_description": "<b>Build</b>"}`, `{}`, `not JSON`, "",
	} {
		job := &fakeJob{t: t, function: "set_description:" + testManager, payload: payload}
		m.SetDescription(t.Context(), job)
		checkDone(t, job)
	}
}

// A stop job whose connection is gone harms nothing.
func TestStopOnALostConnection(t *testing.T) {
	log := newMessages()
	m := newManager(t, verdict("SUCCESS"), func(o *zuul.Options) { o.Log = log.logger() })
	job := stopJob(t, "gate-migrations", testNumber)
	job.hook = func(int, string) error { return errDisk }
	m.Stop(t.Context(), job)
	if log.count("WARN a packet was not sent") != 1 {
		t.Errorf("log %q", log.lines)
	}
}

// TestStopThroughARenewedManager: a build that began before the configuration was
// read again is stopped by the manager that serves since, and the other way round.
func TestStopThroughARenewedManager(t *testing.T) {
	for _, oldBuild := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			runner := runnerFunc(func(ctx context.Context, _ *zuul.Request) (zuul.Answer, error) {
				<-ctx.Done()
				return zuul.Answer{}, context.Cause(ctx)
			})
			builds := newManager(t, runner, nil)
			stops, err := builds.Renew(zuul.Options{Runner: runner, Name: testManager, Now: time.Now})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := builds.Renew(zuul.Options{}); err == nil {
				t.Error("renewed without options")
			}
			if !oldBuild {
				builds, stops = stops, builds
			}
			job, z := newJob(t)
			z.canceled = true
			go builds.Build(t.Context(), job, testFunction)
			synctest.Wait()
			stop(t, stops, testFunction.Job, z.number)
			synctest.Wait()
			checkAborted(t, job)
			if got := len(builds.Running()); got != 0 {
				t.Errorf("%d builds run", got)
			}
		})
	}
}
