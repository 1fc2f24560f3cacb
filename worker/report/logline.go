package report

import "bytes"

// The sources of a log's lines that are ours; others are the names of followed files.
const (
	sourceOutput = "output" // what the command printed
	sourceWorker = "worker" // what the worker did: [running …], [timeout], [script exit code = 0]
)

// logLine is a line of a log in the classic form, taken apart:
//
//	2014-01-16 06:57:33,961 [output] text
//
// Its parts are parts of the line.
type logLine struct {
	day    []byte // 2014-01-16; empty when the line has no time
	time   []byte // 06:57:33,961
	source []byte // output, sqlslo, …; empty when the line is not of the classic form
	text   []byte
}

// parseLine takes a line, without its end, apart. It is total: what is not of the
// classic form is text.
func parseLine(b []byte) logLine {
	const form = "2014-01-16 06:57:33,961 "
	if len(b) < len(form) || !likeTime(b[:len(form)], form) {
		return logLine{text: b}
	}
	l := logLine{day: b[:10], time: b[11:23], text: b[len(form):]}
	if len(l.text) == 0 || l.text[0] != '[' {
		return l
	}
	name, rest, ok := bytes.Cut(l.text[1:], []byte("] "))
	if ok && isSource(name) {
		l.source, l.text = name, rest
		return l
	}
	l.source = []byte(sourceWorker)
	if name, ok := bytes.CutSuffix(l.text[1:], []byte("]")); ok && string(name) == "heartbeat" {
		l.source = name
	}
	return l
}

// likeTime tells whether b has digits where form has some, and otherwise the same.
func likeTime(b []byte, form string) bool {
	for i, c := range b {
		digit := form[i] >= '0' && form[i] <= '9'
		if digit != (c >= '0' && c <= '9') || !digit && c != form[i] {
			return false
		}
	}
	return true
}

// isSource tells whether a name can be a source's: the text of an event has other
// characters as well.
func isSource(name []byte) bool {
	const maxChars = 32
	for _, c := range name {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' && c != '-' && c != '.' {
			return false
		}
	}
	return len(name) > 0 && len(name) <= maxChars
}
