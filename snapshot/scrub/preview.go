package scrub

import (
	"bytes"
	"context"
	"errors"

	"github.com/turbo-hipster/turbo-hipster/anonymize"
	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
)

// Change is what becomes of one value. It holds an original: show it to the operator on a terminal, and nowhere else.
type Change struct {
	Column        string
	Before, After anonymize.Value
}

// errEnough ends a preview.
var errEnough = errors.New("enough rows were seen")

// Preview treats the first rows of a table and returns what changed in those that are kept: for each, the columns that the policy treats. It
// writes nothing. Fewer rows are returned when the table has fewer.
func Preview(ctx context.Context, src Source, survey *Survey, o Options, database, table string, rows int) ([][]Change, error) {
	if survey.Table(database, table) == nil {
		return nil, errors.New("the dump has no such table")
	}
	var out [][]Change
	o.Jobs = 1 // so that one goroutine renders
	r := &run{
		source: src, survey: survey, options: o,
		render: func(w *worker, t *task) error {
			return w.scan(t, func() error {
				if len(out) >= rows {
					return errEnough
				}
				changes, err := w.preview(t)
				if len(changes) > 0 {
					out = append(out, changes)
				}
				return err
			})
		},
		statement: func(*mysqldump.Statement, *plan) ([]byte, error) { return nil, nil },
		emit:      func(*task) error { return nil },
		skip:      func(d, name string) bool { return d != database || name != table },
	}
	if err := r.do(ctx); err != nil && !errors.Is(err, errEnough) {
		return nil, err
	}
	return out, nil
}

// preview treats the current row and returns what became of its values, nothing for a row that is left out.
func (w *worker) preview(t *task) ([]Change, error) {
	var changes []Change
	for i, c := range w.plan.columns {
		if w.rows.Needs(i) {
			changes = append(changes, Change{Column: c.def.Name, Before: clone(w.row[i])})
		}
	}
	keep, err := w.rows.Apply(w.row)
	if err != nil {
		return nil, w.fail(t, -1, err)
	}
	if !keep {
		return nil, nil
	}
	n := 0
	for i := range w.plan.columns {
		if w.rows.Needs(i) {
			changes[n].After = clone(w.row[i])
			n++
		}
	}
	return changes, nil
}

func clone(v anonymize.Value) anonymize.Value {
	return anonymize.Value{Bytes: bytes.Clone(v.Bytes), Null: v.Null}
}
