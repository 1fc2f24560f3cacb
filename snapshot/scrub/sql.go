package scrub

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
)

// FailedLine ends the output of a run that failed: every SQL client stops at it with a syntax error.
const FailedLine = "\nFUZZY SCRUB FAILED: this dump is incomplete, do not use it;\n"

// ToSQL writes the dump to w with its rows anonymized. Statements of tables that the policy does not touch come out byte for byte, but for
// what a server would not take back from a dump in character set binary ([mysqldump.IsAddressText], [mysqldump.AroundDefinition]);
// comments that a dump program does not write, the host's and the database's name in comments, DEFINER clauses, and what concerns
// replication, are left out. After an error that is not w's, FailedLine is written.
func ToSQL(ctx context.Context, src Source, survey *Survey, w io.Writer, o Options) (Summary, error) {
	out := &sqlWriter{w: bufio.NewWriterSize(w, 1<<20)}
	counts := counter{}
	r := &run{
		source: src, survey: survey, options: o,
		render:    (*worker).sql,
		statement: sqlStatement,
		emit: func(t *task) error {
			if t.plan != nil {
				counts.add(t)
			}
			if err := out.emit(t); err != nil {
				return fmt.Errorf("write dump: %w", err)
			}
			return nil
		},
	}
	err := r.check(ctx)
	if err != nil {
		out.w.WriteString(FailedLine)
	}
	if flushErr := out.w.Flush(); err == nil && flushErr != nil {
		err = fmt.Errorf("write dump: %w", flushErr)
	}
	return counts.summary(survey), err
}

// sqlWriter writes statements and blocks of rows in order. The head of an INSERT whose rows are chosen waits for the first of them.
type sqlWriter struct {
	w       *bufio.Writer
	head    []byte
	waiting bool // for the first row
}

func (s *sqlWriter) emit(t *task) error {
	switch {
	case t.head:
		s.head, s.waiting = append(s.head[:0], t.out...), true
		return nil
	case t.end && s.waiting:
		s.waiting = false
		return nil
	case t.plan != nil && t.plan.chooses:
		if len(t.out) == 0 {
			return nil
		}
		before := []byte(",\n")
		if s.waiting {
			before, s.waiting = s.head, false
		}
		if _, err := s.w.Write(before); err != nil {
			return err
		}
	}
	_, err := s.w.Write(t.out)
	return err
}

// sqlStatement returns a statement as it goes out.
func sqlStatement(st *mysqldump.Statement, p *plan) ([]byte, error) {
	switch st.Kind {
	case mysqldump.Replication, mysqldump.Maintenance:
		return nil, nil
	case mysqldump.Set:
		if sql := bytes.ToLower(st.SQL); bytes.Contains(sql, []byte("gtid_purged")) || bytes.Contains(sql, []byte("gtid_slave_pos")) {
			return nil, nil
		}
	case mysqldump.Insert:
		if p.drop {
			return nil, nil
		}
	case mysqldump.InsertEnd:
		if p.drop {
			return nil, nil
		}
		if err := checkEnd(st, p); err != nil {
			return nil, err
		}
	case mysqldump.CreateTable:
		return definition(st), nil
	default:
	}
	return cleanStatement(st), nil
}

// definition returns a CREATE TABLE as it goes out, with what must stand around it for the server to read it right.
func definition(st *mysqldump.Statement) []byte {
	text := cleanStatement(st)
	before, after := mysqldump.AroundDefinition(st)
	if before == "" {
		return text
	}
	end := st.Text[bytes.LastIndex(st.Text, st.SQL)+len(st.SQL):] // the terminator, whichever it is
	return slices.Concat([]byte("\n"+before), end, []byte("\n"), text, []byte("\n"+after), end)
}

// cleanStatement returns a statement's text without DEFINER and without comments that may name somebody.
func cleanStatement(st *mysqldump.Statement) []byte {
	before, sql, after := st.Text, st.SQL, []byte(nil)
	if len(sql) > 0 {
		start := bytes.LastIndex(st.Text, sql) // only a terminator follows
		before, after = st.Text[:start], st.Text[start+len(sql):]
	}
	switch st.Kind {
	case mysqldump.InsertEnd:
		// Comments stand before the clause or the terminator.
		return slices.Concat(withoutComments(before, st.Session.Mode()), sql, after)
	case mysqldump.Insert:
		sql, after = withoutComments(st.Text[len(before):], st.Session.Mode()), nil
	case mysqldump.Delimiter, mysqldump.Sandbox:
	default:
		sql = cleanSQL(st)
	}
	return slices.Concat(cleanComments(before), sql, after)
}

// sql renders a block as SQL text.
func (w *worker) sql(t *task) error {
	if t.plan.verbatim {
		return w.verbatim(t)
	}
	err := w.eachRow(t, func() (int, error) {
		if len(t.out) > 0 {
			t.out = append(t.out, ",\n"...)
		}
		t.out = append(t.out, '(')
		for n, i := range t.plan.given {
			if n > 0 {
				t.out = append(t.out, ',')
			}
			var err error
			if t.out, err = w.literal(t.out, i, t.plan); err != nil {
				return i, err
			}
		}
		t.out = append(t.out, ')')
		return 0, nil
	})
	if err == nil && !t.plan.chooses && !bytes.HasSuffix(t.rows.Raw, []byte{')'}) {
		t.out = append(t.out, ",\n"...)
	}
	return err
}

// verbatim passes a block on as it came, once every row was read: rows that are not understood may hold another table's.
func (w *worker) verbatim(t *task) error {
	if err := w.eachRow(t, func() (int, error) { return 0, nil }); err != nil {
		return err
	}
	rows := t.rows.Raw
	if w.scanner.Commented() {
		rows = withoutComments(rows, t.plan.mode)
	}
	t.out = append(t.out[:0], rows...)
	return nil
}

// literal appends one value of a row as an SQL literal.
func (w *worker) literal(dst []byte, i int, p *plan) ([]byte, error) {
	c, v := &p.columns[i], w.byIndex[i]
	switch {
	case c.generated:
		return append(dst, "DEFAULT"...), nil
	case !w.rows.Needs(i) && c.address && v.IsBytes():
		return v.AppendAddress(dst, c.def.Type, p.mode)
	case !w.rows.Needs(i):
		return v.AppendAsWritten(dst), nil
	case w.row[i].Null:
		return append(dst, "NULL"...), nil
	case v.Kind == mysqldump.Number && c.text && isNumber(w.row[i].Bytes):
		return append(dst, w.row[i].Bytes...), nil
	case c.address:
		return mysqldump.AppendAddressText(dst, w.row[i].Bytes, p.mode), nil
	case !c.text && v.Kind != mysqldump.Text:
		return mysqldump.AppendHex(dst, w.row[i].Bytes), nil
	case !c.text:
		return mysqldump.AppendQuoted(v.AppendIntroducer(dst), w.row[i].Bytes, p.mode), nil
	}
	cs := c.charset
	if v.Introducer != nil {
		var err error
		if cs, err = c.charsetOf(v); err != nil {
			return dst, err
		}
	}
	var ok bool
	if w.decoded, ok = cs.appendFrom(w.decoded[:0], w.row[i].Bytes); !ok {
		// A character that the dump's character set lacks: the pseudonym is of the column's.
		return mysqldump.AppendHex(append(dst, "_utf8mb4 "...), w.row[i].Bytes), nil
	}
	return mysqldump.AppendQuoted(v.AppendIntroducer(dst), w.decoded, p.mode), nil
}

// isNumber reports whether text is a number that can stand in SQL as it is. The pseudonym of a number in a text column may be
// none.
func isNumber(text []byte) bool {
	digits := bytes.TrimPrefix(text, []byte("-"))
	return len(digits) > 0 && ddl.NumberLen(digits) == len(digits)
}
