package zuul

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
)

// packets sends a build's packets, one at a time, and nothing after the answer.
// Lost ones are logged: nobody can be told.
type packets struct {
	job Job
	log *slog.Logger

	mu       sync.Mutex
	answered bool
	failing  bool // a packet was lost: the connection probably is
}

// first starts the build for Zuul, which reads number and manager from the first
// packet only, and expects 0 percent next.
func (p *packets) first(payload map[string]any, millis int) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.job.Data(encode(payload)); err != nil {
		return err
	}
	p.note(p.job.Status(0, max(1, millis)))
	return nil
}

// status tells how far the build is.
func (p *packets) status(done, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.answered {
		p.note(p.job.Status(done, total))
	}
}

// complete is the answer that has a verdict. The payload is sent as data, as Zuul
// asks, and again in the last packet, so that the verdict arrives if either does.
func (p *packets) complete(payload map[string]any) {
	body := encode(payload)
	p.last(body, func() error { return p.job.Complete(body) })
}

// fail is the answer that has none.
func (p *packets) fail(payload map[string]any) { p.last(encode(payload), p.job.Fail) }

func (p *packets) last(body []byte, end func() error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.answered {
		return
	}
	p.answered = true
	p.note(p.job.Data(body))
	if err := end(); err != nil {
		p.log.Error("the answer was not sent", "err", err)
	}
}

// note logs the first packet that was lost.
func (p *packets) note(err error) {
	if err != nil && !p.failing {
		p.failing = true
		p.log.Warn("a packet was not sent", "err", err)
	}
}

// encode makes a payload. Its values were found to be JSON before.
func encode(payload map[string]any) []byte {
	body, err := json.Marshal(payload)
	if err != nil {
		panic(fmt.Sprintf("encode a payload: %v", err))
	}
	return body
}
