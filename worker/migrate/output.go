package migrate

import (
	"bytes"
	"regexp"
	"time"
)

// maxLineBytes is the longest line that is kept whole; tools print no longer ones
// on purpose.
const maxLineBytes = 64 << 10

// redacted stands for a secret.
const redacted = "***"

// output is where a command writes. It cuts what arrives into lines, without
// their ends, and hands each on with the time at which it arrived; secrets are
// replaced. It holds one line at most.
type output struct {
	now    func() time.Time
	secret []byte // may be empty
	line   func(text []byte, at time.Time, continued bool)
	flush  func() // after what arrived together; nil for nothing

	buf       []byte
	continued bool // buf continues a line whose first part is handed on already
}

// Write takes the next bytes. It never fails.
func (o *output) Write(p []byte) (int, error) {
	at, n := o.now(), len(p)
	for len(p) > 0 {
		end := bytes.IndexByte(p, '\n')
		if end >= 0 {
			o.add(p[:end], at)
			o.emit(o.buf, at)
			o.buf, o.continued = o.buf[:0], false
			p = p[end+1:]
			continue
		}
		o.add(p, at)
		break
	}
	if o.flush != nil {
		o.flush()
	}
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
		o.buf = o.redact(o.buf)
		cut := len(o.buf) - max(len(o.secret)-1, 0)
		o.emit(o.buf[:cut], at)
		o.buf = append(o.buf[:0], o.buf[cut:]...)
		o.continued = true
	}
}

// close hands on a last line that has no end.
func (o *output) close() {
	if len(o.buf) > 0 {
		o.emit(o.buf, o.now())
	}
	o.buf = nil
}

func (o *output) emit(text []byte, at time.Time) {
	o.line(bytes.TrimSuffix(o.redact(text), []byte("\r")), at, o.continued)
}

func (o *output) redact(text []byte) []byte {
	if len(o.secret) == 0 || !bytes.Contains(text, o.secret) {
		return text
	}
	return bytes.ReplaceAll(text, o.secret, []byte(redacted))
}

// ansiCodes are the control sequences that terminals read: CSI (colours), OSC
// (titles) and two-byte ones (ECMA-48).
func ansiCodes() *regexp.Regexp {
	return regexp.MustCompile(`\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])`)
}
