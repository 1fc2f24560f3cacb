package environment

import (
	"bytes"
	"time"
)

// maxLineBytes is the longest line that is kept whole; tools print no longer ones
// on purpose.
const maxLineBytes = 64 << 10

// output is where a program writes. It cuts what arrives into lines, without
// their ends and without secrets, and hands each on with the time at which it
// arrived. It holds one line at most.
type output struct {
	now    func() time.Time
	redact *redactor
	line   func(text []byte, at time.Time, continued bool)
	flush  func() // after what arrived together

	buf       []byte
	continued bool // buf continues a line whose first part is handed on already
}

// Write takes the next bytes. It never fails.
func (o *output) Write(p []byte) (int, error) {
	at, n := o.now(), len(p)
	for len(p) > 0 {
		end := bytes.IndexByte(p, '\n')
		if end < 0 {
			o.add(p, at)
			break
		}
		o.add(p[:end], at)
		o.emit(o.buf, at)
		o.buf, o.continued = o.buf[:0], false
		p = p[end+1:]
	}
	o.flush()
	return n, nil
}

// add appends to the line; what makes it too long is handed on. The last bytes
// stay, since they may be the start of a secret.
func (o *output) add(p []byte, at time.Time) {
	for len(p) > 0 {
		take := min(len(p), maxLineBytes-len(o.buf))
		o.buf = append(o.buf, p[:take]...)
		p = p[take:]
		if len(o.buf) < maxLineBytes {
			return
		}
		safe := o.redact.line(o.buf)
		cut := max(len(safe)-o.redact.longest(), 0)
		o.line(safe[:cut], at, o.continued)
		o.buf = append(o.buf[:0], safe[cut:]...)
		o.continued = true
	}
}

// close hands on a last line that has no end.
func (o *output) close() {
	if len(o.buf) > 0 {
		o.emit(o.buf, o.now())
		o.flush()
	}
	o.buf = nil
}

func (o *output) emit(text []byte, at time.Time) {
	o.line(bytes.TrimSuffix(o.redact.line(text), []byte("\r")), at, o.continued)
}
