package mysqldump

import (
	"errors"
	"io"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// insert reads the head of an INSERT or REPLACE, up to its first row.
func (r *Reader) insert(start int) error {
	r.stmt.Kind = Insert
	database := r.stmt.Database
	n, err := r.scan(func(x *lexical, b []byte) (int, error) {
		r.stmt.Name, r.stmt.Database, r.stmt.Columns = "", database, nil
		h := insertHead{classifier: classifier{lex: ddl.NewLexer(b[start:], x.mode), stmt: &r.stmt}}
		h.next()
		err := h.read()
		if !x.eof && (h.tok.End == len(b)-start || h.tok.Kind == ddl.EOF) {
			return 0, errMore
		}
		if err != nil && (h.tok.Kind == ddl.EOF || h.tok.Kind == ddl.Bad) {
			err = ErrTruncated
		}
		if err == nil && h.conditional {
			err = problem("rows inside a conditional comment")
		}
		return start + h.tok.Start, err
	})
	if err != nil {
		return err
	}
	if msg := rowCharset(r.stmt.Session.CharacterSetClient); msg != "" {
		return r.fail(nil, msg)
	}
	if systemTable(&r.stmt) {
		return r.fail(errSystem, "")
	}
	r.completion.statements = true
	r.rows = 0
	r.phase = atRows
	return r.emit(start, n, 0)
}

// insertHead reads the head of an Insert.
type insertHead struct{ classifier }

const errInsert = problem("an INSERT without a plain list of rows: with SELECT, SET or PARTITION, as no dump program writes it")

// read leaves the lexer at the first row's parenthesis.
func (h *insertHead) read() error {
	h.stmt.Replace, h.stmt.Ignore = h.tok.Is("REPLACE"), false
	h.next()
	for {
		switch {
		case h.tok.Is("IGNORE"):
			h.stmt.Ignore = true
		case h.tok.Is("LOW_PRIORITY"), h.tok.Is("DELAYED"), h.tok.Is("HIGH_PRIORITY"), h.tok.Is("INTO"):
		default:
			return h.table()
		}
		h.next()
	}
}

func (h *insertHead) table() error {
	if !h.name() {
		return errName
	}
	if h.tok.IsPunct('(') {
		if err := h.columns(); err != nil {
			return err
		}
	}
	if !h.tok.Is("VALUES") && !h.tok.Is("VALUE") {
		return errInsert
	}
	h.next()
	if !h.tok.IsPunct('(') {
		return errInsert
	}
	return nil
}

func (h *insertHead) columns() error {
	h.stmt.Columns = []string{}
	h.next()
	for !h.tok.IsPunct(')') {
		name, ok := h.part()
		if !ok {
			return errName
		}
		if len(h.stmt.Columns) == ddl.MaxColumns {
			return errColumns
		}
		h.stmt.Columns = append(h.stmt.Columns, name)
		if h.tok.IsPunct(',') {
			h.next()
		} else if !h.tok.IsPunct(')') {
			return errName
		}
	}
	h.next()
	return nil
}

// NextRows fills b with the next whole rows of the current Insert: about 1 MiB
// of them, at least one. After the last row, and when the current statement is
// no Insert, it returns io.EOF. b is only changed when the error is nil.
func (r *Reader) NextRows(b *Rows) error {
	if r.failed != nil {
		return r.failed
	}
	if r.phase != atRows {
		return io.EOF
	}
	n, count, last, err := r.block()
	if err != nil {
		r.failed = err
		return err
	}
	b.Raw = append(b.Raw[:0], r.bytes()[:n]...)
	b.Count, b.Offset, b.First, b.Table = count, r.offset, r.rows+1, r.stmt.Name
	r.took(n, count, last)
	return nil
}

// SkipRows steps over the rows of the current Insert that are left.
func (r *Reader) SkipRows() error {
	for r.failed == nil && r.phase == atRows {
		n, count, last, err := r.block()
		if err != nil {
			r.failed = err
			break
		}
		r.took(n, count, last)
	}
	return r.failed
}

func (r *Reader) took(n, count int, last bool) {
	r.consume(n)
	r.rows += int64(count)
	if last {
		r.phase = atTail
	}
}

// block finds the next whole rows.
func (r *Reader) block() (n, count int, last bool, err error) {
	for {
		n, count, last, err = r.lexical().rows(r.bytes())
		switch {
		case err == nil:
			return n, count, last, nil
		case errors.Is(err, errMore) && r.eof:
			err = ErrTruncated
			fallthrough
		case !errors.Is(err, errMore): // in the row after those counted
			r.consume(n)
			r.rows += int64(count)
			return 0, 0, false, r.position(err)
		}
		if err = r.more(); err != nil {
			return 0, 0, false, r.position(err)
		}
	}
}

// tail reads what follows the last row of an Insert: its terminator, and what
// stands before it.
func (r *Reader) tail() error {
	r.phase = atStatement
	head := r.stmt
	r.stmt = Statement{
		Kind: InsertEnd, Offset: r.offset, Line: r.line, Name: head.Name, Database: head.Database,
		Replace: head.Replace, Ignore: head.Ignore, Session: head.Session, Rows: r.rows,
	}
	start := 0
	n, err := r.scan(func(x *lexical, b []byte) (int, error) {
		var err error
		if start, err = x.leading(b); err != nil {
			return 0, err
		}
		n, err := x.statementEnd(b[start:])
		return start + n, err
	})
	if err != nil {
		return err
	}
	r.stmt.Line += countLines(r.bytes()[:start])
	c := clause{classifier: classifier{lex: ddl.NewLexer(r.bytes()[start:n], r.mode), stmt: &r.stmt}}
	c.next()
	if err := c.read(); err != nil {
		return r.refuse(err)
	}
	return r.emit(start, n, len(r.delimiter))
}
