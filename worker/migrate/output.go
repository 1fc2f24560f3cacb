package migrate

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"time"
)

// maxLineBytes is the longest line that is kept whole; tools print no longer ones
// on purpose.
const maxLineBytes = 64 << 10

// redacted stands for a secret.
const redacted = "***"

// output is where a command writes, and where a followed file's new text goes. It
// cuts what arrives into lines, without their ends, and hands each on with the time
// at which it arrived; secrets are replaced. It holds one line at most.
type output struct {
	now     func() time.Time
	secrets [][]byte // none is empty
	line    func(text []byte, at time.Time, continued bool)
	early   func(unfinished []byte) bool // what arrived of a line is handed on as a line already; nil for never
	flush   func()                       // after what arrived together; nil for nothing

	// raw is the line that line is called with, before secrets were replaced: what a
	// line means does not depend on what is secret.
	raw []byte

	buf       []byte
	continued bool // buf continues a line whose first part is handed on already

	// ended is when the writer's end was seen; cut tells that others still had it
	// open, and were not waited for any longer.
	ended time.Time
	cut   bool
}

// ReadFrom reads until the end. That it was cut off is no error.
func (o *output) ReadFrom(r io.Reader) (total int64, err error) {
	p := make([]byte, 32<<10)
	for {
		n, err := r.Read(p)
		if n > 0 {
			_, _ = o.Write(p[:n]) // never fails
			total += int64(n)
		}
		if err != nil {
			o.ended, o.cut = o.now(), !errors.Is(err, io.EOF)
			return total, nil
		}
	}
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
	if o.early != nil && len(o.buf) > 0 && !o.continued && o.early(o.buf) && !o.mayBeSecret() {
		o.emit(o.buf, at)
		o.buf = o.buf[:0]
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
		cut := len(o.buf)
		for _, secret := range o.secrets {
			cut = min(cut, len(o.buf)-len(secret)+1)
		}
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
	o.buf, o.continued = nil, false
}

func (o *output) emit(text []byte, at time.Time) {
	o.raw = bytes.TrimSuffix(text, []byte("\r"))
	o.line(bytes.TrimSuffix(o.redact(text), []byte("\r")), at, o.continued)
}

func (o *output) redact(text []byte) []byte {
	for _, secret := range o.secrets {
		if bytes.Contains(text, secret) {
			text = bytes.ReplaceAll(text, secret, []byte(redacted))
		}
	}
	return text
}

// mayBeSecret tells whether a secret may have begun and not ended yet.
func (o *output) mayBeSecret() bool {
	for _, secret := range o.secrets {
		for n := 1; n < len(secret) && n <= len(o.buf); n++ {
			if bytes.HasSuffix(o.buf, secret[:n]) {
				return true
			}
		}
	}
	return false
}

// ansiCodes are the control sequences that terminals read: CSI (colours), OSC
// (titles) and two-byte ones (ECMA-48).
func ansiCodes() *regexp.Regexp {
	return regexp.MustCompile(`\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])`)
}
