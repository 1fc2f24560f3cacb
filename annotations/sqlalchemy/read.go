package sqlalchemy

import (
	"context"

	"github.com/turbo-hipster/turbo-hipster/annotations"
)

// Read reads the models in the files and directories named.
func Read(ctx context.Context, paths []string) (*annotations.Markup, error) {
	panic("not built yet")
}
