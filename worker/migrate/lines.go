package migrate

import (
	"strings"
	"sync"
	"time"
)

// tailLines and tailLineBytes bound what of the output a report quotes.
const (
	tailLines     = 20
	tailLineBytes = 1000
)

// lines is what is made of a command's output: it is logged and analysed. It is
// safe for concurrent use, since standard output and error may be apart.
type lines struct {
	log *logFile

	mu    sync.Mutex
	found *analysis
	tail  []string
}

// output makes an output that is logged as the command's. Steps are looked for in
// it, or not. Where each is not nil, it is given every line, or further piece of a
// long one, without ANSI codes, and nothing is looked for.
func (l *lines) output(s *session, steps bool, each func(plain []byte, continued bool)) *output {
	o := s.source("output")
	o.flush = l.log.flush
	o.line = func(text []byte, at time.Time, continued bool) {
		l.mu.Lock()
		defer l.mu.Unlock()
		where := l.log.text(at, "output", text)
		plain := l.found.plain(text)
		l.keep(plain)
		switch {
		case each != nil:
			each(plain, continued)
		case !continued:
			l.found.line(l.found.plain(o.raw), plain, at, where, steps)
		}
	}
	return o
}

// keep remembers the last lines.
func (l *lines) keep(plain []byte) {
	if len(l.tail) == tailLines {
		l.tail = append(l.tail[:0], l.tail[1:]...)
	}
	l.tail = append(l.tail, strings.ToValidUTF8(string(plain[:min(len(plain), tailLineBytes)]), "\uFFFD"))
}
