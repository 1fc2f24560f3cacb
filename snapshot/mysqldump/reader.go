package mysqldump

import (
	"bytes"
	"errors"
	"io"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// Reader splits a dump into statements and rows. It is for one goroutine. Make
// one with NewReader.
type Reader struct {
	buffer
	delimiter  string
	session    session
	mode       ddl.Mode // of session
	database   string   // in force
	header     Header
	completion completion
	phase      phase
	stmt       Statement
	rows       int64 // rows read of the current Insert
	failed     error
}

// byteOrderMark may start the input; clients skip it.
const byteOrderMark = "\xef\xbb\xbf"

// phase is what comes next in the input.
type phase int

const (
	atStatement phase = iota
	atRows            // rows of the current Insert
	atTail            // what follows its last row
)

// NewReader returns a reader of plain (not compressed) dump text; Decompress
// finds out what is compressed. It reads ahead, about 2 MiB at a time.
func NewReader(r io.Reader) *Reader {
	return &Reader{
		buffer:    buffer{src: r, line: 1, limit: MaxUnitBytes},
		delimiter: ";",
		session:   newSession(),
	}
}

// Next returns the next statement, valid until the next call of any method.
// Rows of an Insert that have not been read are skipped. At the end of a whole
// dump it returns io.EOF. Any other error is a *SyntaxError or the input's own,
// and stays.
func (r *Reader) Next() (*Statement, error) {
	if r.failed != nil {
		return nil, r.failed
	}
	if r.phase == atRows {
		if err := r.SkipRows(); err != nil {
			return nil, err
		}
	}
	err := r.next()
	if err != nil {
		r.failed = err
		return nil, err
	}
	return &r.stmt, nil
}

// Session is in force after the statements that have been read.
func (r *Reader) Session() Session { return r.session.Session }

// Header is what the comments read so far say about the dump.
func (r *Reader) Header() Header { return r.header }

func (r *Reader) lexical() *lexical {
	return &lexical{delimiter: r.delimiter, mode: r.mode, eof: r.eof}
}

// scan calls f with the bytes at hand, and again with more while f asks for
// them.
func (r *Reader) scan(f func(x *lexical, b []byte) (int, error)) (int, error) {
	for {
		n, err := f(r.lexical(), r.bytes())
		if !errors.Is(err, errMore) {
			return n, r.position(err)
		}
		if r.eof {
			return 0, r.position(ErrTruncated)
		}
		if err := r.more(); err != nil {
			return 0, r.position(err)
		}
	}
}

// position turns an error of the lexical level into one with a position.
func (r *Reader) position(err error) error {
	if err == nil || r.err != nil && errors.Is(err, r.err) {
		return err
	}
	e := &SyntaxError{Offset: r.offset, Line: r.line}
	if r.stmt.Kind != Unknown {
		e.Statement, e.Table = r.stmt.Kind.String(), r.stmt.Name
	}
	if r.phase == atRows {
		e.Row = r.rows + 1
	}
	if p, ok := errors.AsType[problem](err); ok {
		e.Msg = string(p)
	} else {
		e.Err = err
	}
	return e
}

// next reads one statement into r.stmt.
func (r *Reader) next() error {
	if r.phase == atTail {
		return r.tail()
	}
	r.stmt = Statement{Offset: r.offset, Line: r.line, Database: r.database, Session: r.session.Session}
	start, err := r.scan(func(x *lexical, b []byte) (int, error) {
		mark := 0
		if r.offset == 0 && bytes.HasPrefix(b, []byte(byteOrderMark)) {
			mark = len(byteOrderMark)
		}
		n, err := x.leading(b[mark:])
		n += mark
		if errors.Is(err, errMore) && n >= blockBytes {
			err = nil // many comments: hand them on
		}
		return n, err
	})
	if err != nil {
		return err
	}
	text := r.bytes()[:start]
	if i := hiding(text); i >= 0 {
		r.stmt.Offset += int64(i)
		r.stmt.Line += countLines(text[:i])
		return r.fail(nil, string(errComment))
	}
	r.note(text)
	r.stmt.Line += countLines(text)
	switch {
	case start == len(r.bytes()) && start > 0, start >= blockBytes:
		r.stmt.Kind = Comment
		return r.emit(start, start, 0)
	case start == len(r.bytes()):
		return r.finish()
	}
	return r.statement(start)
}

// emit makes r.stmt out of the next bytes: a start, SQL up to sqlEnd, and a
// terminator.
func (r *Reader) emit(start, sqlEnd, terminator int) error {
	b := r.bytes()
	end := sqlEnd + terminator
	r.stmt.Text = b[:end:end]
	for sqlEnd > start && isSpace(b[sqlEnd-1]) {
		sqlEnd--
	}
	r.stmt.SQL = b[start:sqlEnd:sqlEnd]
	r.consume(end)
	return nil
}

// statement reads the statement that starts after start bytes.
func (r *Reader) statement(start int) error {
	first, err := r.firstWord(start)
	if err != nil {
		return err
	}
	switch first {
	case sandboxWord:
		return r.sandbox(start)
	case "DELIMITER":
		return r.delimiterLine(start)
	case "INSERT", "REPLACE":
		return r.insert(start)
	}
	if !startsStatement(first) && !r.completion.statements {
		return r.fail(ErrNotDump, "")
	}
	n, err := r.scan(func(x *lexical, b []byte) (int, error) {
		n, err := x.statementEnd(b[start:])
		return start + n, err
	})
	if err != nil {
		return err
	}
	if err := r.classify(r.bytes()[start:n]); err != nil {
		return err
	}
	r.completion.statements = true
	return r.emit(start, n, len(r.delimiter))
}

// fail returns an error at the start of the current statement.
func (r *Reader) fail(err error, msg string) error {
	e := &SyntaxError{Offset: r.stmt.Offset, Line: r.stmt.Line, Table: r.stmt.Name, Msg: msg, Err: err}
	if r.stmt.Kind != Unknown {
		e.Statement = r.stmt.Kind.String()
	}
	return e
}
