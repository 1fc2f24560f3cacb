package mysqldump

import (
	"bytes"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// sandboxOpen starts the line by which mariadb-dump asks the client to refuse
// commands; sandboxWord is what firstWord answers for it.
const (
	sandboxOpen = `/*M!999999\-`
	sandboxWord = `\-`
	// maxSandboxBytes is well over the length of the line, "/*M!999999\- enable the sandbox mode */".
	maxSandboxBytes = 128
)

// firstWord returns the first word of the statement in upper case, whether in a
// conditional comment or not; "" when the statement is empty, "?" when it starts
// with something else.
func (r *Reader) firstWord(start int) (string, error) {
	word := ""
	_, err := r.scan(func(x *lexical, b []byte) (int, error) {
		b = b[start:]
		if len(b) < len(sandboxOpen) && !x.eof {
			return 0, errMore
		}
		switch {
		case bytes.HasPrefix(b, []byte(sandboxOpen)):
			word = sandboxWord
			return 0, nil
		case bytes.HasPrefix(b, []byte(x.delimiter)):
			word = "" // an empty statement
			return 0, nil
		}
		t := ddl.NewLexer(b, x.mode).Next()
		if t.End == len(b) && !x.eof {
			return 0, errMore
		}
		word = "?"
		if t.Kind == ddl.EOF { // a conditional comment with nothing in it
			word = ""
		}
		if t.Kind == ddl.Word {
			word = strings.ToUpper(string(t.Text))
		}
		return 0, nil
	})
	return word, err
}

// sandbox reads the sandbox line, which has no terminator.
func (r *Reader) sandbox(start int) error {
	r.stmt.Kind = Sandbox
	r.completion.sandbox = true
	sqlEnd := 0
	n, err := r.scan(func(x *lexical, b []byte) (int, error) {
		line, more := b[start:], !x.eof
		if len(line) > maxSandboxBytes {
			line, more = line[:maxSandboxBytes], false
		}
		n := bytes.Index(line, []byte("*/"))
		switch {
		case n >= 0 && bytes.IndexByte(line[:n], '\n') < 0:
		case n < 0 && more:
			return 0, errMore
		default:
			return 0, problem("the first line is not closed")
		}
		sqlEnd = start + n + 2
		return x.lineEnd(b, sqlEnd)
	})
	if err != nil {
		return err
	}
	return r.emit(start, sqlEnd, n-sqlEnd)
}

// lineEnd returns where the line that holds b[i] ends if only blanks are left
// in it; else i.
func (x *lexical) lineEnd(b []byte, i int) (int, error) {
	for n := i; n < len(b); n++ {
		switch b[n] {
		case '\n':
			return n + 1, nil
		case ' ', '\t', '\r':
		default:
			return i, nil
		}
	}
	if !x.eof {
		return 0, errMore
	}
	return len(b), nil
}

// delimiterLine reads DELIMITER, a command of the client that ends with its
// line.
func (r *Reader) delimiterLine(start int) error {
	r.stmt.Kind = Delimiter
	n, err := r.scan(func(x *lexical, b []byte) (int, error) {
		if n := bytes.IndexByte(b[start:], '\n'); n >= 0 {
			return start + n + 1, nil
		}
		if !x.eof {
			return 0, errMore
		}
		return len(b), nil
	})
	if err != nil {
		return err
	}
	fields := bytes.Fields(r.bytes()[start:n])
	if len(fields) != 2 || !usableDelimiter(fields[1]) {
		return r.fail(nil, "the delimiter is not understood")
	}
	r.delimiter = string(fields[1])
	r.completion.statements = true
	return r.emit(start, n, 0)
}

// usableDelimiter refuses delimiters that start like a comment or stand in rows: clients differ in what they take first.
func usableDelimiter(d []byte) bool {
	const most = 16
	return len(d) <= most && !bytes.ContainsAny(d, "\\'\"`(),#-") && !bytes.HasPrefix(d, []byte("/*"))
}
