package scrub

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/turbo-hipster/turbo-hipster/anonymize"
	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
)

// Options are the settings of ToSnapshot and ToSQL.
type Options struct {
	// Anonymizer carries out the policy.
	Anonymizer *anonymize.Anonymizer
	// Jobs is how many goroutines anonymize and encode; below 1 means 1. The result does not depend on it. Memory is about
	// 8 MiB for each, more only when single rows are larger than that.
	Jobs int
	// Progress, which may be nil, is told the number of bytes read of the stored form.
	Progress func(bytes int64)
}

// TableSummary counts one table's rows.
type TableSummary struct {
	Database string `json:"database,omitempty"`
	Name     string `json:"name"`
	Rows     int64  `json:"rows"`
}

// Summary counts what was written.
type Summary struct {
	Tables []TableSummary // in the order of the dump, those without rows included
	Rows   int64
}

// run is one second reading of a dump.
type run struct {
	source  Source
	survey  *Survey
	options Options
	// render fills a task's out from its rows, on a worker's goroutine.
	render func(w *worker, t *task) error
	// statement is told every statement but the rows, in order, and returns what to emit in its place. The text is the
	// statement's and is copied.
	statement func(st *mysqldump.Statement, p *plan) ([]byte, error)
	// emit gets the tasks' results in order. t.plan is nil for statements.
	emit func(t *task) error
	// selection knows which rows of other tables are kept. It is settled, but for gathering.
	selection *anonymize.Selection
	// skip, which may be nil, says which tables' rows are not read.
	skip func(database, table string) bool

	// unique, which may be nil, compares rows that are not distinct by construction.
	unique *uniqueness

	// wholeRows: render needs every column of a row, given or not.
	wholeRows bool

	text     io.Reader  // of the source
	plan     *plan      // of the current Insert
	lastHead insertHead // what plan was made from
}

// insertHead is what a plan depends on.
type insertHead struct {
	database, table, mode, charset string
	columns                        []string
}

// do reads the dump. It chooses rows first, where some depend on others.
func (r *run) do(ctx context.Context) error {
	if r.selection == nil {
		var err error
		if r.selection, err = choose(ctx, r.source, r.survey, &r.options); err != nil {
			return err
		}
	}
	jobs := max(r.options.Jobs, 1)
	workers := make([]*worker, jobs)
	for i := range workers {
		workers[i] = newWorker(r.options.Anonymizer, r.selection)
	}
	p := pipeline[task]{
		jobs:    jobs,
		produce: r.produce,
		work: func(i int, t *task) error {
			if t.plan == nil {
				return nil
			}
			return r.render(workers[i], t)
		},
		consume: r.consume,
	}
	err := p.run(ctx)
	return InFile(r.text, err)
}

func (r *run) consume(t *task) error {
	if r.unique != nil && t.plan != nil {
		if err := r.unique.add(t); err != nil {
			return err
		}
	}
	return r.emit(t)
}

// produce reads the dump and sends statements and blocks of rows.
func (r *run) produce(ctx context.Context, next func() (*task, error), send func()) error {
	text, read, err := r.source.Open()
	if err != nil {
		return err
	}
	defer text.Close()
	r.text = text
	reader := mysqldump.NewReader(text)
	for {
		st, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := r.sendStatement(st, next, send); err != nil {
			return err
		}
		if st.Kind == mysqldump.Insert && !r.plan.drop && !r.skips(st) {
			if err := r.sendRows(reader, next, send); err != nil {
				return err
			}
		}
		if r.options.Progress != nil {
			r.options.Progress(read.Load())
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
}

func (r *run) skips(st *mysqldump.Statement) bool {
	return r.skip != nil && r.skip(st.Database, st.Name)
}

func (r *run) sendStatement(st *mysqldump.Statement, next func() (*task, error), send func()) error {
	if st.Kind == mysqldump.Insert {
		if err := r.setPlan(st); err != nil {
			return &mysqldump.SyntaxError{
				Offset: st.Offset, Line: st.Line, Statement: st.Kind.String(), Table: st.Name, Err: err,
			}
		}
	}
	text, err := r.statement(st, r.plan)
	if err != nil || len(text) == 0 {
		return err
	}
	t, err := next()
	if err != nil {
		return err
	}
	t.plan, t.out = nil, append(t.out[:0], text...)
	t.head = st.Kind == mysqldump.Insert && r.plan.chooses
	t.end = st.Kind == mysqldump.InsertEnd && r.plan.chooses
	send()
	return nil
}

func (r *run) sendRows(reader *mysqldump.Reader, next func() (*task, error), send func()) error {
	for {
		t, err := next()
		if err != nil {
			return err
		}
		err = reader.NextRows(&t.rows)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		t.plan, t.head, t.end = r.plan, false, false
		send()
	}
}

// setPlan makes the plan of an Insert, or keeps the last one's.
func (r *run) setPlan(st *mysqldump.Statement) error {
	h := insertHead{
		database: st.Database, table: st.Name, mode: st.Session.SQLMode, charset: st.Session.CharacterSetClient,
		columns: st.Columns,
	}
	if r.plan != nil && r.lastHead.equal(h) {
		return nil
	}
	d := r.survey.definition(st.Database, st.Name)
	if d == nil {
		return errors.New("rows for a table whose definition was not seen")
	}
	rows, err := r.options.Anonymizer.Rows(st.Database, d.Table)
	if err != nil {
		return err
	}
	rows.Link(r.selection)
	if r.plan, err = newPlan(st, d, rows, r.wholeRows); err != nil {
		return err
	}
	h.columns = slices.Clone(h.columns)
	r.lastHead = h
	return nil
}

func (h insertHead) equal(o insertHead) bool {
	return h.database == o.database && h.table == o.table && h.mode == o.mode && h.charset == o.charset &&
		(h.columns == nil) == (o.columns == nil) && slices.Equal(h.columns, o.columns)
}

// checkEnd refuses a clause after the rows where it could carry values past the policy: where it is more than the columns of the table.
func checkEnd(st *mysqldump.Statement, p *plan) error {
	if len(st.SQL) == 0 || p == nil || p.verbatim {
		return nil
	}
	unknown := func(name string) bool { return p.table.ColumnIndex(name) < 0 }
	if !st.Update.Carries && !slices.ContainsFunc(st.Update.Columns, unknown) {
		return nil
	}
	return &mysqldump.SyntaxError{
		Offset: st.Offset, Line: st.Line, Statement: st.Kind.String(), Table: p.table.Name,
		Msg: "a clause after the rows of a treated table could carry values past the policy; dump with ON DUPLICATE KEY UPDATE column=VALUES(column), or without",
	}
}

// counter counts rows by table.
type counter map[string]int64

func (c counter) add(t *task) { c[key(t.plan.database, t.plan.table.Name)] += t.kept }

func (c counter) summary(s *Survey) Summary {
	var out Summary
	for _, d := range s.Tables {
		n := c[key(d.Database, d.Table.Name)]
		out.Tables = append(out.Tables, TableSummary{Database: d.Database, Name: d.Table.Name, Rows: n})
		out.Rows += n
	}
	return out
}

func key(database, table string) string { return fmt.Sprintf("%q.%q", database, table) }
