package worker

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// dataset tests the change on the build's dataset i. What took too long is
// measured again, alone, before it is believed; what fails is compared with the
// state before the change.
func (r *run) dataset(ctx context.Context, i int) (DatasetResult, error) {
	d := r.build.Datasets[i]
	result, err := r.shared(ctx, &r.change, i, "")
	if err != nil {
		return DatasetResult{}, err
	}
	result.Verdict = Judge(result.Outcome, d.Limits)
	if tooLong(result.Verdict) {
		if result, err = r.again(ctx, i, result); err != nil {
			return DatasetResult{}, err
		}
	}
	result.Verdict, err = r.compared(ctx, result.Verdict, func(base *workplace) (Verdict, error) {
		if !base.verdict.Result.Passes() {
			return base.verdict, nil
		}
		measure := r.shared
		if tooLong(result.Verdict) { // others could make the base slow, and so excuse the change
			measure = r.alone
		}
		before, err := measure(ctx, base, i, "base")
		if err != nil {
			return Verdict{}, err
		}
		result.Base = &before.Outcome
		return Judge(before.Outcome, d.Limits), nil
	})
	r.log.Info("judged", "dataset", d.Reference, "verdict", string(result.Verdict.Result), "steps", len(result.Outcome.Steps))
	return result, err
}

// tooLong tells whether time is what is wrong, so that measuring again can help:
// a migration that fails as well is not excused by being fast.
func tooLong(v Verdict) bool {
	long := false
	for _, f := range v.Findings {
		if f.Level == Failure {
			return false
		}
		long = long || f.Code == CodeTooLong
	}
	return long
}

// again migrates a second time, while nothing else is measured on this machine.
// The second outcome is what counts.
func (r *run) again(ctx context.Context, i int, first DatasetResult) (DatasetResult, error) {
	r.log.Info("measuring again, alone", "dataset", r.build.Datasets[i].Reference)
	second, err := r.alone(ctx, &r.change, i, "again")
	if err != nil {
		return DatasetResult{}, err
	}
	second.First = &first.Outcome
	keepRows(first.Outcome.Steps, second.Outcome.Steps)
	limits := r.build.Datasets[i].Limits
	keepFirst(first.Outcome.Steps, second.Outcome.Steps, func(s *Step) bool {
		limit, ok := limits.Time(s.From, s.To)
		return ok && s.Duration > limit
	})
	second.Verdict = Judge(second.Outcome, limits)
	return second, nil
}

// keepFirst notes in the steps of the second run how long those that were over
// their limits took in the first.
func keepFirst(first, second []Step, over func(*Step) bool) {
	pairs(first, second, func(was, is *Step) {
		if over(was) {
			is.First = was.Duration
		}
	})
}

// keepRows takes the rows that were counted the first time, and not the second, for
// those of the second: how many there are does not depend on who else is measured,
// and a step that was over its limit is not excused by a count that came too late.
func keepRows(first, second []Step) {
	pairs(first, second, func(was, is *Step) {
		is.Rows.RowsChanged = is.Rows.RowsChanged.or(was.Rows.RowsChanged)
		is.Rows.RowsRead = is.Rows.RowsRead.or(was.Rows.RowsRead)
	})
}

// pairs finds the same steps in two runs, where they come in the same order; a name
// may come several times.
func pairs(first, second []Step, same func(was, is *Step)) {
	next := map[string]int{}
	for i := range second {
		name := second[i].Name()
		for j := next[name]; j < len(first); j++ {
			if first[j].Name() == name {
				next[name] = j + 1
				same(&first[j], &second[i])
				break
			}
		}
	}
}

// shared migrates while others may.
func (r *run) shared(ctx context.Context, w *workplace, i int, suffix string) (DatasetResult, error) {
	release, err := r.Gate.Share(ctx)
	if err != nil {
		return DatasetResult{}, err
	}
	defer release()
	return r.once(ctx, w, i, suffix)
}

// alone migrates while nothing else is measured on this machine.
func (r *run) alone(ctx context.Context, w *workplace, i int, suffix string) (DatasetResult, error) {
	release, err := r.Gate.Alone(ctx)
	if err != nil {
		return DatasetResult{}, err
	}
	defer release()
	return r.once(ctx, w, i, suffix)
}

// once restores a dataset into a database of its own, which is gone when it
// returns, and runs the migrations of a tree on it. suffix tells runs of the same
// dataset apart.
func (r *run) once(ctx context.Context, w *workplace, i int, suffix string) (_ DatasetResult, err error) {
	d := r.build.Datasets[i]
	log := r.log.With("dataset", d.Reference)
	start := r.Now()
	log.Info("restoring")
	database, err := r.Restorer.Restore(ctx, d)
	if err != nil {
		return DatasetResult{}, trouble(ctx, StageRestore, d.Reference, err)
	}
	defer func() {
		if cerr := database.Close(); cerr != nil {
			err = errors.Join(err, trouble(ctx, StageRestore, d.Reference, fmt.Errorf("discard database: %w", cerr)))
		}
	}()
	result := DatasetResult{Dataset: d, Snapshot: database.Snapshot(), Restore: r.Now().Sub(start)}
	log.Info("migrating", "snapshot", result.Snapshot.Digest)
	name := fmt.Sprint(i)
	if suffix != "" {
		name += "-" + suffix
	}
	result.Outcome, err = r.Migrator.Migrate(ctx, Migration{
		Build: r.build, Dataset: d, Tree: w.tree, Prepared: w.prepared, Database: database, Run: name,
		HomeDir: filepath.Join(r.build.Dir, "home-"+name),
		LogPath: filepath.Join(r.build.OutputDir, LogName(r.build.Datasets, i, suffix)),
	})
	if err != nil {
		return DatasetResult{}, trouble(ctx, StageMigrate, d.Reference, err)
	}
	return result, nil
}

// LogName is the name of a dataset's log in the output directory: the dataset's
// name with what paths cannot have replaced. Two datasets never have the same, and
// none has that of a log that belongs to no dataset.
func LogName(datasets []Dataset, i int, suffix string) string {
	safe := strings.TrimLeft(strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' {
			return c
		}
		return '_'
	}, datasets[i].Name), ".")
	if i > 0 || safe == "" || strings.HasPrefix(safe, "environment") {
		safe = fmt.Sprintf("%s~%d", safe, i) // no name has a "~"
	}
	if suffix != "" {
		safe += "." + suffix
	}
	return safe + ".log"
}
