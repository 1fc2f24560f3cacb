package checkout

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// fetch gets the origin's branches and tags and the wanted ref into a repository
// and returns the ref's commit.
func (c *Checkouter) fetch(ctx context.Context, w *wanted, repository string) (string, error) {
	if err := c.fetchOrigin(ctx, w, repository); err != nil {
		var failed *Error
		if ctx.Err() != nil || w.URL == w.Origin || !errors.As(err, &failed) || failed.reason() == full || failed.reason() == broken {
			return "", err
		}
		c.log().Warn("the origin is out of reach; all is fetched from where the change is",
			"repository", worker.RedactURL(w.Origin), "err", err)
	}
	if w.fullID {
		if commit, err := c.commit(ctx, repository, w.Ref); err == nil || ctx.Err() != nil {
			return commit, err
		}
	}
	return c.fetchRef(ctx, w, repository)
}

// fetchOrigin makes the origin's branches refs/remotes/origin/* and its tags ours.
func (c *Checkouter) fetchOrigin(ctx context.Context, w *wanted, repository string) error {
	origin := logIn(w.Origin, originPasswordVariable)
	return c.fetchFrom(ctx, repository, origin, []string{"--no-write-fetch-head", "--prune"},
		[]string{"+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"})
}

// fetchRef gets the ref from where the change is, without touching any of ours.
// What is not the name of a ref there may be the start of a commit's id.
func (c *Checkouter) fetchRef(ctx context.Context, w *wanted, repository string) (string, error) {
	err := c.fetchFrom(ctx, repository, logIn(w.URL, passwordVariable), nil, []string{w.Ref})
	if err == nil {
		return c.commit(ctx, repository, "FETCH_HEAD")
	}
	if errors.Is(err, ErrNoRef) && isShortID(w.Ref) && ctx.Err() == nil {
		if commit, cerr := c.commit(ctx, repository, w.Ref); cerr == nil {
			return commit, nil
		}
	}
	return "", err // which says best what is missing
}

// fetchFrom runs git fetch.
func (c *Checkouter) fetchFrom(ctx context.Context, repository string, from login, options, refspecs []string) error {
	args := slices.Concat([]string{"fetch", "--quiet", "--no-tags", "--no-auto-maintenance", "--no-recurse-submodules"},
		options, []string{"--", from.url}, refspecs)
	_, err := c.git(ctx, call{dir: repository, args: args, timeout: c.timeout()}.with(from))
	return err
}

// commit is the full id of the commit that a revision names in one of our
// repositories.
func (c *Checkouter) commit(ctx context.Context, repository, revision string) (string, error) {
	return c.git(ctx, call{dir: repository, args: []string{"rev-parse", "--verify", "--end-of-options", revision + "^{commit}"}})
}

func (c *Checkouter) timeout() time.Duration {
	if c.Timeout > 0 {
		return c.Timeout
	}
	return defaultTimeout
}
