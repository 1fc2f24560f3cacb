package zuul_test

import (
	"encoding/json"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// packet is what a worker sent, or tried to.
type packet struct {
	kind        string // data, status, complete or fail
	payload     string
	done, total int
	err         error
}

// fakeJob records what is sent for a job, and hands it to Zuul.
type fakeJob struct {
	t        testing.TB
	handle   string
	function string
	unique   string
	payload  string
	zuul     *zuulBuild                     // nil when nobody listens
	hook     func(n int, kind string) error // before the n-th packet; what it returns is the send's error
	busy     atomic.Bool                    // a packet is being sent
	mu       sync.Mutex
	packets  []packet
}

func (j *fakeJob) Handle() string      { return j.handle }
func (j *fakeJob) Function() string    { return j.function }
func (j *fakeJob) Unique() string      { return j.unique }
func (j *fakeJob) Payload() []byte     { return []byte(j.payload) }
func (j *fakeJob) Data(p []byte) error { return j.send(packet{kind: "data", payload: string(p)}) }
func (j *fakeJob) Complete(p []byte) error {
	return j.send(packet{kind: "complete", payload: string(p)})
}
func (j *fakeJob) Fail() error { return j.send(packet{kind: "fail"}) }
func (j *fakeJob) Status(done, total int) error {
	return j.send(packet{kind: "status", done: done, total: total})
}

func (j *fakeJob) send(p packet) error {
	if !j.busy.CompareAndSwap(false, true) {
		j.t.Error("two packets of a job are sent at the same time")
	}
	defer j.busy.Store(false)
	j.mu.Lock()
	n := len(j.packets)
	j.mu.Unlock()
	if j.hook != nil {
		p.err = j.hook(n, p.kind)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.packets = append(j.packets, p)
	if p.err == nil && j.zuul != nil {
		j.zuul.packet(p)
	}
	return p.err
}

func (j *fakeJob) sent() []packet {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append([]packet(nil), j.packets...)
}

// answers are the packets that end a job.
func (j *fakeJob) answers() (n int) {
	for _, p := range j.sent() {
		if p.kind == "complete" || p.kind == "fail" {
			n++
		}
	}
	return n
}

// zuulBuild is a build as Zuul sees it: a model of what its Gearman launcher does
// with packets.
type zuulBuild struct {
	t   testing.TB
	v20 bool // Zuul 2.0, which has neither attempts nor worker information

	mu       sync.Mutex
	data     []string // the non-empty payloads
	number   any      // until it is not null, every packet starts the build
	manager  any
	url      string
	worker   map[string]any
	seconds  float64 // the expected duration
	fraction float64
	canceled bool

	over   int    // how often it was completed
	retry  bool   // Zuul starts it again
	shown  string // what the author reads; SUCCESS passes
	labels []any
	node   any
}

// packet is what a client gets: server to client, nothing is lost.
func (z *zuulBuild) packet(p packet) {
	z.mu.Lock()
	defer z.mu.Unlock()
	if p.payload != "" {
		z.data = append(z.data, p.payload)
	}
	switch p.kind {
	case "data":
		z.status()
	case "status":
		z.fraction = float64(p.done) / float64(p.total)
		z.seconds = float64(p.total) / 1000
		z.status()
	case "complete", "fail":
		z.completed()
	}
}

// lost is what Zuul does when the connection or the worker is gone.
func (z *zuulBuild) lost() {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.completed()
}

// last is the only payload that counts. One that is no JSON is an exception in
// Zuul, and the build hangs.
func (z *zuulBuild) last() map[string]any {
	values := map[string]any{}
	if len(z.data) == 0 {
		return values
	}
	if err := json.Unmarshal([]byte(z.data[len(z.data)-1]), &values); err != nil {
		z.t.Errorf("Zuul cannot read the payload %q: %v", z.data[len(z.data)-1], err)
	}
	return values
}

func (z *zuulBuild) status() {
	values := z.last()
	if url, ok := values["url"].(string); ok && url != "" {
		z.url = url
	}
	if z.worker == nil {
		z.worker = map[string]any{}
	}
	for name, value := range values {
		if strings.HasPrefix(name, "worker_") {
			z.worker[name] = value
		}
	}
	if z.number == nil {
		z.number, z.manager = values["number"], values["manager"]
	}
}

func (z *zuulBuild) completed() {
	z.over++
	if z.canceled {
		return
	}
	values := z.last()
	z.node = values["node_name"]
	z.labels, _ = values["node_labels"].([]any)
	switch result := values["result"].(type) {
	case nil:
		z.retry = !z.v20
		if z.v20 {
			z.shown = "LOST"
		}
	case string:
		z.shown = result
	default:
		z.t.Errorf("a result that is no string: %v", result)
	}
}
