package zuul_test

import (
	"errors"
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/worker"
	"github.com/turbo-hipster/turbo-hipster/worker/zuul"
)

// params are a change's, changed.
func params(t *testing.T, changes map[string]any) zuul.Params {
	t.Helper()
	p, err := zuul.ParseParams([]byte(with(t, changes)), testNumber, "gate-migrations")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSource(t *testing.T) {
	const (
		zuulNova   = "https://zuul.example.org/p/openstack/nova"
		gitNova    = "https://git.example.org/openstack/nova"
		gerritNova = "https://review.example.org/p/openstack/nova"
	)
	git := zuul.Origins{GitURL: "https://git.example.org/"}
	classic := zuul.Origins{GitOrigin: "https://git.example.org", GerritSite: "https://review.example.org"}
	gerrit := zuul.Origins{GerritSite: "https://review.example.org/"}
	timer := map[string]any{"ZUUL_REF": nil, "ZUUL_COMMIT": nil, "ZUUL_CHANGE": nil}
	for name, test := range map[string]struct {
		origins zuul.Origins
		changes map[string]any
		want    worker.Source
	}{
		"a change":                                   {zuul.Origins{}, nil, worker.Source{URL: zuulNova, Ref: "refs/zuul/stable/kilo/Zabc", Commit: testCommit}},
		"a change, with an origin":                   {git, nil, worker.Source{URL: zuulNova, Ref: "refs/zuul/stable/kilo/Zabc", Commit: testCommit, Origin: gitNova}},
		"a change, with a mirror":                    {classic, nil, worker.Source{URL: zuulNova, Ref: "refs/zuul/stable/kilo/Zabc", Commit: testCommit, Origin: gitNova}},
		"a change, with Gerrit":                      {gerrit, nil, worker.Source{URL: zuulNova, Ref: "refs/zuul/stable/kilo/Zabc", Commit: testCommit, Origin: gerritNova}},
		"a change without its commit":                {git, map[string]any{"ZUUL_COMMIT": nil}, worker.Source{URL: zuulNova, Ref: "refs/zuul/stable/kilo/Zabc", Origin: gitNova}},
		"a ref update":                               {git, refUpdate("master", testCommit), worker.Source{URL: gitNova, Ref: testCommit, Commit: testCommit, Origin: gitNova}},
		"a ref update, where the mirror may be late": {classic, refUpdate("refs/heads/master", testCommit), worker.Source{URL: gerritNova, Ref: testCommit, Commit: testCommit, Origin: gerritNova}},
		"a tag":                           {git, refUpdate("refs/tags/1.0", testCommit), worker.Source{URL: gitNova, Ref: "refs/tags/1.0", Origin: gitNova}},
		"a timer with its branch":         {git, mergeInto(timer, map[string]any{"ZUUL_BRANCH": "stable/juno"}), worker.Source{URL: gitNova, Ref: "stable/juno", Origin: gitNova}},
		"a timer with the classic branch": {git, mergeInto(timer, map[string]any{"ZUUL_BRANCH": nil, "BRANCH": "stable/juno"}), worker.Source{URL: gitNova, Ref: "stable/juno", Origin: gitNova}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := test.origins.Source(params(t, test.changes))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func mergeInto(a, b map[string]any) map[string]any {
	all := map[string]any{}
	for _, m := range []map[string]any{a, b} {
		maps.Copy(all, m)
	}
	return all
}

func TestNoSource(t *testing.T) {
	git := zuul.Origins{GitURL: "https://git.example.org"}
	for name, test := range map[string]struct {
		origins zuul.Origins
		changes map[string]any
		want    error // nil is any
	}{
		"a deleted branch":               {git, refUpdate("master", zeros), zuul.ErrDeleted},
		"a deleted branch, short zeros":  {git, mergeInto(zuul20(refUpdate("master", zeros)), map[string]any{"ZUUL_NEWREV": zeros[:32], "ZUUL_COMMIT": nil}), zuul.ErrDeleted},
		"a deleted tag":                  {git, refUpdate("refs/tags/1.0", zeros), zuul.ErrDeleted},
		"no ref":                         {git, map[string]any{"ZUUL_REF": nil, "ZUUL_BRANCH": nil}, zuul.ErrNoRef},
		"no URL":                         {git, map[string]any{"ZUUL_URL": nil}, nil},
		"a ref update without an origin": {zuul.Origins{}, refUpdate("master", testCommit), nil},
		"a hostile branch":               {git, map[string]any{"ZUUL_REF": nil, "ZUUL_BRANCH": nil, "BRANCH": "--upload-pack=id"}, worker.ErrBadRef},
		"a program as the URL":           {git, map[string]any{"ZUUL_URL": "ext::sh -c id"}, worker.ErrBadURL},
		"an option as the URL":           {git, map[string]any{"ZUUL_URL": "--upload-pack=id"}, worker.ErrBadURL},
		"a mistaken origin":              {zuul.Origins{GitURL: "ext::sh -c id"}, nil, worker.ErrBadURL},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := test.origins.Source(params(t, test.changes))
			var source *zuul.SourceError
			if !errors.As(err, &source) || !source.Permanent() || test.want != nil && !errors.Is(err, test.want) {
				t.Errorf("%+v, error %v", s, err)
			}
		})
	}
}

func TestZuulURLs(t *testing.T) {
	list := []string{"https://zuul.example.org/p/", "ssh://zuul@example.org:29418", "/srv/zuul/git", "file:///srv/zuul/git"}
	for _, test := range []struct {
		allowed []string
		url     string
		passes  bool
	}{
		{nil, "https://zuul.example.org/p", true},
		{nil, "git@zuul.example.org:p", true},
		{nil, "/srv/zuul/git", false},
		{nil, "file:///srv/zuul/git", false},
		{nil, "https://zuul.example.org/p/../x", false},
		{nil, "https://zuul.example.org/p?x=", false},
		{nil, "https://zuul.example.org/p#", false},
		{list, "https://zuul.example.org/p", true},
		{list, "https://zuul.example.org/p/", true},
		{list, "https://zuul.example.org/p/gate", true},
		{list, "ssh://zuul@example.org:29418/git", true},
		{list, "/srv/zuul/git", true},
		{list, "/srv/zuul/git/gate", true},
		{list, "file:///srv/zuul/git", true},
		{list, "https://zuul.example.org/pevil", false},
		{list, "https://zuul.example.org", false},
		{list, "https://zuul.example.org/p/../../other", false},
		{list, "https://zuul.example.org/p/%2e%2e/other", false},
		{list, "https://zuul.example.org/p/%zz", false},
		{list, "https://zuul.example.org@evil.example/p", false},
		{list, "https://zuul.example.org.evil.example/p", false},
		{list, "http://zuul.example.org/p", false},
		{list, "ssh://zuul@example.org:294180/git", false},
		{list, "/srv/zuul/git/../../../etc", false},
		{list, "/srv/zuul/gitolite", false},
		{list, "/etc", false},
		{list, "file:///etc", false},
		{[]string{"/", ""}, "/srv/zuul/git", false},
		{[]string{"https://zuul.example.org"}, "/srv/zuul/git", false},
	} {
		_, err := zuul.Origins{ZuulURLs: test.allowed}.Source(params(t, map[string]any{"ZUUL_URL": test.url}))
		if (err == nil) != test.passes {
			t.Errorf("%s with %d allowed: %v", test.url, len(test.allowed), err)
		}
	}
}

func TestSourceErrorHasNoPassword(t *testing.T) {
	_, err := zuul.Origins{ZuulURLs: []string{"https://a"}}.Source(params(t, map[string]any{"ZUUL_URL": "https://user:hunter2@zuul.example.org"}))
	if want := `source of the change: ZUUL_URL: "https://zuul.example.org" is not among the allowed URLs`; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}
