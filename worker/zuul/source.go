package zuul

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// ErrDeleted means that the build is for a ref that was deleted. A Runner may
// return it: it is answered as it is, since there is nothing to test and nothing
// to try again.
var ErrDeleted = errors.New("the ref was deleted, there is nothing to test")

// ErrNoRef means that nothing in the arguments says which state of the project to
// test: neither ZUUL_REF nor ZUUL_NEWREV nor a branch.
var ErrNoRef = errors.New("no ZUUL_REF, ZUUL_NEWREV or branch: nothing says what to test")

// SourceError says why a build's arguments name no source. Trying again does not
// help. It wraps ErrDeleted, ErrNoRef, worker.ErrBadURL or worker.ErrBadRef where
// that is the reason.
type SourceError struct{ Err error }

func (e *SourceError) Error() string { return "source of the change: " + e.Err.Error() }

// Unwrap is the reason.
func (e *SourceError) Unwrap() error { return e.Err }

// Permanent is true: the arguments stay as they are.
func (e *SourceError) Permanent() bool { return true }

// Origins are where projects are cloned from: base URLs, to which a slash and the
// project's name are added. Any may be "".
type Origins struct {
	GitURL     string
	GitOrigin  string
	GerritSite string // with /p added it serves without GitURL and GitOrigin, and for ref updates

	// ZuulURLs are what ZUUL_URL may be, or begin with up to a slash. Empty means any
	// URL but a path or file URL of this machine. Those must be listed.
	ZuulURLs []string
}

// Source is where the state to test is.
//
//	a change         ZUUL_REF at ZUUL_URL/PROJECT, which must be ZUUL_COMMIT
//	a ref update     ZUUL_NEWREV at the origin
//	… of a tag       the tag at the origin; its revision may be a tag object's, so it is not compared
//	a branch alone   ZUUL_BRANCH or BRANCH at the origin, as a job by timer has it
//
// The error is a *SourceError.
func (o Origins) Source(p Params) (worker.Source, error) {
	source, err := o.source(p)
	if err == nil {
		err = errors.Join(worker.CheckURL(source.URL), worker.CheckRef(source.Ref))
	}
	if err == nil && source.Origin != "" {
		err = worker.CheckURL(source.Origin)
	}
	if err != nil {
		return worker.Source{}, &SourceError{Err: err}
	}
	return source, nil
}

func (o Origins) source(p Params) (worker.Source, error) {
	branch := p.Branch
	if branch == "" {
		branch = p.All["BRANCH"]
	}
	switch {
	case p.Deleted():
		return worker.Source{}, ErrDeleted
	case p.NewRev != "":
		return o.update(p)
	case p.Ref != "":
		return o.change(p)
	case branch != "":
		return o.fromOrigin(p, o.origin(), branch, "")
	}
	return worker.Source{}, ErrNoRef
}

// update is the source of a ref update.
func (o Origins) update(p Params) (worker.Source, error) {
	base := o.origin()
	if o.GerritSite != "" {
		base = gerritBase(o.GerritSite) // a mirror may be late
	}
	if strings.HasPrefix(p.Ref, "refs/tags/") {
		return o.fromOrigin(p, base, p.Ref, "")
	}
	return o.fromOrigin(p, base, p.NewRev, p.NewRev)
}

// change is the source of a change.
func (o Origins) change(p Params) (worker.Source, error) {
	if p.URL == "" {
		return worker.Source{}, errors.New("ZUUL_URL: missing")
	}
	if err := o.checkZuulURL(p.URL); err != nil {
		return worker.Source{}, err
	}
	s := worker.Source{URL: join(p.URL, p.Project), Ref: p.Ref, Commit: p.Commit}
	if base := o.origin(); base != "" {
		s.Origin = join(base, p.Project)
	}
	return s, nil
}

// fromOrigin is a source in the project's own repository.
func (o Origins) fromOrigin(p Params, base, ref, commit string) (worker.Source, error) {
	if base == "" {
		return worker.Source{}, errors.New("no git_url, git_origin or gerrit_site is configured, and Zuul's repository does not have what it asks for")
	}
	repository := join(base, p.Project)
	return worker.Source{URL: repository, Ref: ref, Commit: commit, Origin: repository}, nil
}

// origin is the base URL to clone from; "" when none is configured.
func (o Origins) origin() string {
	switch {
	case o.GitURL != "":
		return o.GitURL
	case o.GitOrigin != "":
		return o.GitOrigin
	case o.GerritSite != "":
		return gerritBase(o.GerritSite)
	}
	return ""
}

// gerritBase is where a Gerrit site has its repositories for everybody.
func gerritBase(site string) string { return strings.TrimRight(site, "/") + "/p" }

func join(base, project string) string { return strings.TrimRight(base, "/") + "/" + project }

// checkZuulURL refuses URLs that are not allowed.
func (o Origins) checkZuulURL(raw string) error {
	if err := worker.CheckURL(raw); err != nil {
		return fmt.Errorf("ZUUL_URL: %w", err)
	}
	if strings.ContainsAny(raw, "?#\\") || climbs(raw) {
		return fmt.Errorf("ZUUL_URL: %w", worker.ErrBadURL)
	}
	for _, allowed := range o.ZuulURLs {
		allowed = strings.TrimRight(allowed, "/")
		if allowed != "" && (strings.TrimRight(raw, "/") == allowed || strings.HasPrefix(raw, allowed+"/")) {
			return nil
		}
	}
	switch {
	case filepath.IsAbs(raw) || strings.HasPrefix(raw, "file:"):
		return errors.New("ZUUL_URL: a repository of this machine, which is not among the allowed URLs")
	case len(o.ZuulURLs) > 0:
		return fmt.Errorf("ZUUL_URL: %q is not among the allowed URLs", worker.RedactURL(raw))
	}
	return nil
}

// climbs tells whether a URL leaves the directory that it seems to be in.
func climbs(raw string) bool {
	plain, err := url.PathUnescape(raw)
	if err != nil {
		return true
	}
	for part := range strings.SplitSeq(plain, "/") {
		if part == "." || part == ".." {
			return true
		}
	}
	return false
}
