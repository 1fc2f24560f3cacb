package migrate

import (
	"sync"
	"time"

	"github.com/turbo-hipster/turbo-hipster/internal/classiclog"
)

// lines is what is made of a command's output: it is logged and analysed. It is
// safe for concurrent use, since standard output and error may be apart.
type lines struct {
	log *classiclog.Log

	mu    sync.Mutex
	found *analysis
	tail  classiclog.Tail
}

// output makes an output that is logged as the command's. Steps are looked for in
// it, or not. Where each is not nil, it is given every line, or further piece of a
// long one, without ANSI codes, and nothing is looked for.
func (l *lines) output(s *session, steps bool, each func(plain []byte, continued bool)) *classiclog.Lines {
	o := s.source("output")
	o.Flush = l.log.Flush
	o.Line = func(text []byte, at time.Time, continued bool) {
		l.mu.Lock()
		defer l.mu.Unlock()
		where := l.log.Text(at, "output", text)
		plain := l.found.plain(text)
		l.tail.Keep(plain)
		switch {
		case each != nil:
			each(plain, continued)
		case !continued:
			l.found.line(l.found.plain(o.Raw), plain, at, where, steps)
		}
	}
	return o
}
