package mysqldump_test

import (
	"errors"
	"io"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
)

// statement is a Statement that lasts, with its rows.
type statement struct {
	mysqldump.Statement
	Text, SQL string
	Rows      [][]string // values as text: NULL, DEFAULT, or what AppendBytes gives
}

// dump is all that a reader says of an input.
type dump struct {
	Statements []statement
	Text       string // texts and rows, concatenated
	Header     mysqldump.Header
}

// of returns the statements of one kind.
func (d dump) of(kind mysqldump.Kind) []statement {
	var out []statement
	for _, s := range d.Statements {
		if s.Kind == kind {
			out = append(out, s)
		}
	}
	return out
}

// read reads a whole input.
func read(input io.Reader) (dump, error) {
	var d dump
	r := mysqldump.NewReader(input)
	for {
		s, err := r.Next()
		d.Header = r.Header()
		if errors.Is(err, io.EOF) {
			return d, nil
		}
		if err != nil {
			return d, err
		}
		kept := statement{Statement: *s, Text: string(s.Text), SQL: string(s.SQL)}
		kept.Statement.Text, kept.Statement.SQL = nil, nil
		d.Text += kept.Text
		if s.Kind == mysqldump.Insert {
			raw, rows, err := readRows(r, s.Session.Mode())
			d.Text += raw
			kept.Rows = rows
			if err != nil {
				return d, err
			}
		}
		d.Statements = append(d.Statements, kept)
	}
}

func readRows(r *mysqldump.Reader, m ddl.Mode) (raw string, rows [][]string, err error) {
	var block mysqldump.Rows
	for {
		switch err := r.NextRows(&block); {
		case errors.Is(err, io.EOF):
			return raw, rows, nil
		case err != nil:
			return raw, rows, err
		}
		raw += string(block.Raw)
		before := len(rows)
		scanner := mysqldump.NewRowScanner(&block, m)
		for {
			values, err := scanner.Next(nil)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return raw, rows, err
			}
			row, err := textOf(values, m)
			if err != nil {
				return raw, rows, err
			}
			rows = append(rows, row)
		}
		if len(rows)-before != block.Count || int64(before+1) != block.First {
			return raw, rows, errors.New("the block's count and ordinal are not those of its rows")
		}
	}
}

func textOf(values []mysqldump.Value, m ddl.Mode) ([]string, error) {
	row := []string{}
	for _, v := range values {
		switch v.Kind {
		case mysqldump.Null:
			row = append(row, "NULL")
		case mysqldump.Default:
			row = append(row, "DEFAULT")
		default:
			b, err := v.AppendBytes(nil, m)
			if err != nil {
				return row, err
			}
			row = append(row, string(b))
		}
	}
	return row, nil
}

// mustRead reads an input that is a whole dump, and checks that nothing of it
// was lost.
func mustRead(t *testing.T, input []byte) dump {
	t.Helper()
	d, err := read(&repeatedReader{input: input})
	if err != nil {
		t.Fatal(err)
	}
	if d.Text != string(input) {
		t.Fatalf("texts and rows, concatenated, are %d bytes and not the %d of the input", len(d.Text), len(input))
	}
	return d
}

// repeatedReader reads input in pieces of changing sizes.
type repeatedReader struct {
	input []byte
	size  int
}

func (r *repeatedReader) Read(p []byte) (int, error) {
	if len(r.input) == 0 {
		return 0, io.EOF
	}
	r.size = r.size%4099 + 7
	n := copy(p[:min(r.size, len(p))], r.input)
	r.input = r.input[n:]
	return n, nil
}
