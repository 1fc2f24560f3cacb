package classiclog

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strings"
	"time"
)

// MaxLineBytes is the longest line that is kept whole; tools print no longer ones
// on purpose.
const MaxLineBytes = 64 << 10

// Lines is where a program writes, and where a followed file's new text goes. It
// cuts what arrives into lines, without their ends, and hands each on with the time
// at which it arrived; secrets are replaced. It holds one line at most. A line that
// is too long is handed on in pieces; a progress bar's, which is many on top of one
// another, at a carriage return, so that what follows is a line again.
type Lines struct {
	Now     func() time.Time
	Secrets *Secrets // nil has none
	Line    func(text []byte, at time.Time, continued bool)
	Early   func(unfinished []byte) bool // what arrived of a line is handed on as a line already; nil for never
	Flush   func()                       // after what arrived together; nil for nothing

	// Raw is the line that Line is called with, before secrets were replaced: what a
	// line means does not depend on what is secret.
	Raw []byte

	// Ended is when the writer's end was seen by ReadFrom; Cut tells that others
	// still had it open, and were not waited for any longer.
	Ended time.Time
	Cut   bool

	buf       []byte
	continued bool // buf continues a line whose first part is handed on already
}

// ReadFrom reads until the end. That it was cut off is no error.
func (o *Lines) ReadFrom(r io.Reader) (total int64, err error) {
	p := make([]byte, 32<<10)
	for {
		n, err := r.Read(p)
		if n > 0 {
			_, _ = o.Write(p[:n]) // never fails
			total += int64(n)
		}
		if err != nil {
			o.Ended, o.Cut = o.Now(), !errors.Is(err, io.EOF)
			return total, nil
		}
	}
}

// Write takes the next bytes. It never fails.
func (o *Lines) Write(p []byte) (int, error) {
	at, n := o.Now(), len(p)
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
	if o.Early != nil && len(o.buf) > 0 && !o.continued && o.Early(o.buf) && o.Secrets.begun(o.buf) == 0 {
		o.emit(o.buf, at)
		o.buf = o.buf[:0]
	}
	if o.Flush != nil {
		o.Flush()
	}
	return n, nil
}

// add appends to the line; what makes it too long is handed on. The last bytes
// stay, since they may be the start of a secret.
func (o *Lines) add(p []byte, at time.Time) {
	for len(p) > 0 {
		take := min(len(p), MaxLineBytes-len(o.buf))
		o.buf = append(o.buf, p[:take]...)
		p = p[take:]
		if len(o.buf) < MaxLineBytes {
			return
		}
		o.shorten(at)
	}
}

// shorten hands on most of a line that is too long.
func (o *Lines) shorten(at time.Time) {
	if end := bytes.LastIndexByte(o.buf, '\r'); end > 0 {
		o.emit(o.buf[:end], at)
		o.buf = append(o.buf[:0], o.buf[end+1:]...)
		o.continued = false
		return
	}
	o.buf = o.Secrets.Redact(o.buf)
	cut := len(o.buf) - o.Secrets.begun(o.buf)
	o.emit(o.buf[:cut], at)
	o.buf = append(o.buf[:0], o.buf[cut:]...)
	o.continued = true
}

// Close hands on a last line that has no end.
func (o *Lines) Close() {
	if len(o.buf) > 0 {
		o.emit(o.buf, o.Now())
		if o.Flush != nil {
			o.Flush()
		}
	}
	o.buf, o.continued = nil, false
}

func (o *Lines) emit(text []byte, at time.Time) {
	o.Raw = bytes.TrimSuffix(text, []byte("\r"))
	o.Line(bytes.TrimSuffix(o.Secrets.Redact(text), []byte("\r")), at, o.continued)
}

// ANSICodes are the control sequences that terminals read: CSI (colours), OSC
// (titles) and two-byte ones (ECMA-48).
func ANSICodes() *regexp.Regexp {
	return regexp.MustCompile(`\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])`)
}

// What of a program's output a report quotes.
const (
	tailLines     = 20
	tailLineBytes = 1000
)

// Tail is the last lines of a program's output, as valid UTF-8.
type Tail []string

// Keep adds a line, or a further piece of a long one.
func (t *Tail) Keep(plain []byte) {
	if len(*t) == tailLines {
		*t = append((*t)[:0], (*t)[1:]...)
	}
	*t = append(*t, strings.ToValidUTF8(string(plain[:min(len(plain), tailLineBytes)]), "\uFFFD"))
}
