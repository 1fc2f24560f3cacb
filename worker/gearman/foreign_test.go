package gearman_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/mikespook/gearman-go/client"

	"github.com/turbo-hipster/turbo-hipster/worker/gearman"
	"github.com/turbo-hipster/turbo-hipster/worker/gearman/gearmandtest"
)

// foreignKinds are the packets of which gearman-go's client tells.
var foreignKinds = map[int]string{
	client.WorkData: "data", client.WorkWarning: "warning", client.WorkStatus: "status",
	client.WorkComplete: "complete", client.WorkFail: "fail", client.WorkException: "exception",
}

// A client that is not ours sees what our worker says, for several jobs at once.
func TestForeignClient(t *testing.T) {
	d := gearmandtest.Start(t)
	start(t, gearman.Options{Servers: servers(d), Slots: gearman.NewSlots(4), Functions: map[string]gearman.Handler{
		"good": func(_ context.Context, j *gearman.Job) {
			_ = j.Data([]byte("one"))
			_ = j.Status(1, 3)
			_ = j.Warning([]byte("careful"))
			_ = j.Complete(append([]byte(j.Unique()+" "), j.Payload()...))
		},
		"bad": func(_ context.Context, j *gearman.Job) { _ = j.Fail() },
	}})
	c, err := client.New("tcp", d.Address())
	if err != nil {
		t.Fatal(err)
	}
	c.ResponseTimeout = patience // for its waiting for JOB_CREATED

	const jobs = 20
	var mu sync.Mutex
	heard, ended := map[string]string{}, make(chan struct{}, 2*jobs)
	listen := func(name string) client.ResponseHandler {
		return func(r *client.Response) {
			mu.Lock()
			defer mu.Unlock()
			heard[name] += foreignKinds[int(r.DataType)] + " " + strings.ReplaceAll(string(r.Data), "\x00", "/") + ";"
			if r.DataType == client.WorkComplete || r.DataType == client.WorkFail {
				ended <- struct{}{}
			}
		}
	}
	for n := range jobs {
		name := fmt.Sprint("u", n)
		if _, err := c.DoWithId("good", []byte("payload"), client.JobNormal, listen(name), name); err != nil {
			t.Fatal(err)
		}
		if _, err := c.DoWithId("bad", nil, client.JobHigh, listen("bad "+name), name); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 * jobs {
		receive(t, ended)
	}
	mu.Lock()
	defer mu.Unlock()
	for n := range jobs {
		name := fmt.Sprint("u", n)
		// Of a status it keeps the numbers.
		want := "data one;status 1/3;warning careful;complete " + name + " payload;"
		if heard[name] != want {
			t.Errorf("%s: %q, want %q", name, heard[name], want)
		}
		if heard["bad "+name] != "fail ;" {
			t.Errorf("bad %s: %q", name, heard["bad "+name])
		}
	}
}
