package scrub

import (
	"context"

	"github.com/turbo-hipster/turbo-hipster/anonymize"
	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
)

// Sources are the tables of a survey as package anonymize chooses rows from them.
func (s *Survey) Sources() []anonymize.Source {
	var out []anonymize.Source
	for _, d := range s.Tables {
		out = append(out, anonymize.Source{Database: d.Database, Table: d.Table})
	}
	return out
}

// choose finds which rows of tables that lose some are kept, where foreign keys refer to those tables. Where rows depend on others the
// dump is read once more, for the keys of those tables alone: a child may stand before its parent. o's Progress then counts both
// readings as one.
func choose(ctx context.Context, src Source, survey *Survey, o *Options) (*anonymize.Selection, error) {
	selection, err := o.Anonymizer.Selection(survey.Sources())
	if err != nil {
		return nil, err
	}
	if !selection.NeedsRows() {
		return selection, selection.Settle()
	}
	options := *o
	if progress := o.Progress; progress != nil {
		options.Progress = func(bytes int64) { progress(bytes / 2) }
		o.Progress = func(bytes int64) { progress((src.SizeBytes() + bytes) / 2) }
	}
	r := &run{
		source: src, survey: survey, options: options, selection: selection,
		render:    (*worker).gather,
		statement: func(*mysqldump.Statement, *plan) ([]byte, error) { return nil, nil },
		emit: func(t *task) error {
			selection.Add(t.plan.database, t.plan.table.Name, t.out)
			return nil
		},
		skip: func(database, table string) bool { return !selection.Gathers(database, table) },
	}
	if err := r.do(ctx); err != nil {
		return nil, err
	}
	return selection, selection.Settle()
}

// gather collects what the choice of rows has to know of a block.
func (w *worker) gather(t *task) error {
	return w.scan(t, func() error {
		var err error
		if t.out, err = w.rows.Gather(t.out, w.row); err != nil {
			return w.fail(t, -1, err)
		}
		return nil
	})
}
