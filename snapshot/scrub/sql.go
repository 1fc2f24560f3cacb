package scrub

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
)

// FailedLine ends the output of a run that failed: every SQL client stops at it with a syntax error.
const FailedLine = "\nFUZZY SCRUB FAILED: this dump is incomplete, do not use it;\n"

// ToSQL writes the dump to w with its rows anonymized. Statements of tables that the policy does not touch come out byte for byte;
// comments that a dump program does not write, the host's and the database's name in comments, DEFINER clauses, and what concerns
// replication, are left out. After an error that is not w's, FailedLine is written.
func ToSQL(ctx context.Context, src Source, survey *Survey, w io.Writer, o Options) (Summary, error) {
	out := bufio.NewWriterSize(w, 1<<20)
	counts := counter{}
	r := &run{
		source: src, survey: survey, options: o,
		render:    (*worker).sql,
		statement: sqlStatement,
		emit: func(t *task) error {
			if t.plan != nil {
				counts.add(t)
			}
			if _, err := out.Write(t.out); err != nil {
				return fmt.Errorf("write dump: %w", err)
			}
			return nil
		},
	}
	err := r.do(ctx)
	if err != nil {
		out.WriteString(FailedLine)
	}
	if flushErr := out.Flush(); err == nil && flushErr != nil {
		err = fmt.Errorf("write dump: %w", flushErr)
	}
	return counts.summary(survey), err
}

// sqlStatement returns a statement as it goes out.
func sqlStatement(st *mysqldump.Statement, p *plan) ([]byte, error) {
	switch st.Kind {
	case mysqldump.Replication, mysqldump.Maintenance:
		return nil, nil
	case mysqldump.Set:
		if bytes.Contains(bytes.ToLower(st.SQL), []byte("gtid_purged")) {
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
	default:
	}
	return cleanStatement(st), nil
}

// cleanStatement returns a statement's text without DEFINER and without comments that name somebody.
func cleanStatement(st *mysqldump.Statement) []byte {
	start := bytes.LastIndex(st.Text, st.SQL) // only a terminator follows
	if len(st.SQL) == 0 {
		start = len(st.Text)
	}
	if st.Kind == mysqldump.InsertEnd {
		return st.Text
	}
	out := cleanComments(st.Text[:start])
	sql := st.SQL
	switch st.Kind {
	case mysqldump.CreateView, mysqldump.CreateTrigger, mysqldump.CreateRoutine, mysqldump.CreateEvent:
		sql = ddl.StripDefiner(sql, st.Session.Mode())
	default:
	}
	out = append(out, sql...)
	return append(out, st.Text[start+len(st.SQL):]...)
}

// sql renders a block as SQL text.
func (w *worker) sql(t *task) error {
	if t.plan.verbatim {
		t.out, t.kept = append(t.out[:0], t.rows.Raw...), int64(t.rows.Count)
		return nil
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
	if err == nil && !bytes.HasSuffix(t.rows.Raw, []byte{')'}) {
		t.out = append(t.out, ",\n"...)
	}
	return err
}

// literal appends one value of a row as an SQL literal.
func (w *worker) literal(dst []byte, i int, p *plan) ([]byte, error) {
	c, v := &p.columns[i], w.byIndex[i]
	switch {
	case c.generated:
		return append(dst, "DEFAULT"...), nil
	case !w.rows.Needs(i):
		return appendAsWritten(dst, v)
	case w.row[i].Null:
		return append(dst, "NULL"...), nil
	case v.Kind == mysqldump.Number && c.text:
		return append(dst, w.row[i].Bytes...), nil
	case !c.text && v.Kind != mysqldump.Text:
		return mysqldump.AppendHex(dst, w.row[i].Bytes), nil
	case !c.text:
		return mysqldump.AppendQuoted(appendIntroducer(dst, v), w.row[i].Bytes, p.mode), nil
	}
	var ok bool
	if w.decoded, ok = c.charset.appendFrom(w.decoded[:0], w.row[i].Bytes); !ok {
		return dst, errCharset
	}
	return mysqldump.AppendQuoted(appendIntroducer(dst, v), w.decoded, p.mode), nil
}

// appendAsWritten appends a value as the dump has it.
func appendAsWritten(dst []byte, v mysqldump.Value) ([]byte, error) {
	switch v.Kind {
	case mysqldump.Null:
		return append(dst, "NULL"...), nil
	case mysqldump.Default:
		return append(dst, "DEFAULT"...), nil
	case mysqldump.Number:
		return append(dst, v.Raw...), nil
	case mysqldump.Hex:
		dst = append(appendIntroducer(dst, v), "x'"...)
		return append(append(dst, v.Raw...), '\''), nil
	case mysqldump.Bit:
		dst = append(appendIntroducer(dst, v), "b'"...)
		return append(append(dst, v.Raw...), '\''), nil
	case mysqldump.Text:
		dst = append(appendIntroducer(dst, v), v.Quote)
		return append(append(dst, v.Raw...), v.Quote), nil
	}
	return dst, errLiteral
}

func appendIntroducer(dst []byte, v mysqldump.Value) []byte {
	if v.Introducer == nil {
		return dst
	}
	return append(append(append(dst, '_'), v.Introducer...), ' ')
}
