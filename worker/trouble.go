package worker

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
)

// Stage is a part of a build in which trouble may come.
type Stage string

// The stages.
const (
	StageSelect      Stage = "select datasets"
	StageCheckout    Stage = "check out"
	StageEnvironment Stage = "prepare the environment"
	StageRestore     Stage = "restore"
	StageMigrate     Stage = "migrate"
	StageReport      Stage = "report"
)

// Trouble is why a build came to no verdict. It says nothing about the change.
type Trouble struct {
	Stage   Stage
	Dataset string // the reference as asked for; "" when it is about none
	Err     error
}

func (t *Trouble) Error() string {
	if t.Dataset != "" {
		return fmt.Sprintf("%s dataset %q: %v", t.Stage, t.Dataset, t.Err)
	}
	return fmt.Sprintf("%s: %v", t.Stage, t.Err)
}

// Unwrap is what went wrong.
func (t *Trouble) Unwrap() error { return t.Err }

// ErrNoSnapshot is wrapped by trouble about a dataset of which there is no
// snapshot, or no seed.
var ErrNoSnapshot = errors.New("no such snapshot")

// Classic is the message that the classic worker had for this trouble; "" when it
// had none.
func (t *Trouble) Classic() string {
	switch {
	case errors.Is(t.Err, ErrNoSnapshot), t.Stage == StageSelect && errors.Is(t.Err, fs.ErrNotExist):
		return "FAILURE - Could not find seed database."
	case t.Stage == StageRestore:
		return "FAILURE - Could not setup seed database."
	}
	return ""
}

// trouble says where it came. What the end of the context brought about is
// nobody's trouble.
func trouble(ctx context.Context, stage Stage, dataset string, err error) error {
	if ctx.Err() != nil {
		return err
	}
	return &Trouble{Stage: stage, Dataset: dataset, Err: err}
}
