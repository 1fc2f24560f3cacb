package checkout

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// errClimbs is about a URL that leads out of where it begins: such a one comes
// from joining a base and the name of a hostile project.
var errClimbs = errors.New(`the URL's path has ".."`)

// wanted is a source that was checked.
type wanted struct {
	worker.Source
	fullID   bool // Ref can only be a commit's full id
	fullName bool // Ref needs no guessing
}

// check refuses what git could be misled by. Nothing has run yet.
func check(s worker.Source) (*wanted, error) {
	if s.Origin == "" {
		s.Origin = s.URL
	}
	for _, u := range []string{s.URL, s.Origin} {
		if err := checkURL(u); err != nil {
			return nil, fmt.Errorf("repository %s: %w", worker.RedactURL(u), err)
		}
	}
	if err := worker.CheckRef(s.Ref); err != nil {
		return nil, fmt.Errorf("ref %q: %w", s.Ref, err)
	}
	if s.Commit != "" && !isFullID(s.Commit) {
		return nil, fmt.Errorf("commit %q: want a full id in hexadecimal", s.Commit)
	}
	w := &wanted{Source: s, fullID: isFullID(s.Ref)}
	w.fullName = w.fullID || strings.HasPrefix(s.Ref, "refs/")
	return w, nil
}

func checkURL(raw string) error {
	if err := worker.CheckURL(raw); err != nil {
		return err
	}
	plain := regexp.MustCompile(`(?i)%2e`).ReplaceAllString(raw, ".")
	plain = regexp.MustCompile(`(?i)%2f|%5c|[\\:]`).ReplaceAllString(plain, "/")
	for part := range strings.SplitSeq(plain, "/") {
		if part == ".." {
			return errClimbs
		}
	}
	return nil
}

// local tells whether a URL is a directory of this machine.
func local(raw string) bool { return filepath.IsAbs(raw) || strings.HasPrefix(raw, "file://") }

func isFullID(ref string) bool {
	return regexp.MustCompile(`^(?:[0-9a-f]{40}|[0-9a-f]{64})$`).MatchString(ref)
}

// isShortID tells whether ref may be the first digits of a commit's id.
func isShortID(ref string) bool { return regexp.MustCompile(`^[0-9a-f]{7,63}$`).MatchString(ref) }

// login is a URL and, apart from it, its password: what stands on git's command
// lines, and on those of the programs that git calls, everybody on the machine
// can read.
type login struct {
	url    string // without password
	config []setting
	env    []string
}

// passwordVariable and originPasswordVariable give passwords to git's credential
// helper.
const (
	passwordVariable       = "TH_GIT_PASSWORD"
	originPasswordVariable = "TH_GIT_ORIGIN_PASSWORD"
)

// logIn takes the password out of a URL and makes it the answer of a credential
// helper that is asked for this user on this host only.
func logIn(raw, variable string) login {
	u, err := url.Parse(raw)
	if err != nil || u.User == nil || u.Scheme != "http" && u.Scheme != "https" {
		return login{url: raw}
	}
	password, ok := u.User.Password()
	if !ok {
		return login{url: raw}
	}
	u.User = url.User(u.User.Username())
	name := "credential." + u.Scheme + "://" + u.User.String() + "@" + u.Host + ".helper"
	return login{
		url: u.String(),
		config: []setting{
			{name, ""}, // none of the operator's
			{name, `!f() { test "$1" = get && printf 'password=%s\n' "$` + variable + `"; }; f`},
		},
		env: []string{variable + "=" + password},
	}
}

// with are the call's settings and variables with those that a login needs.
func (g call) with(logins ...login) call {
	for _, l := range logins {
		g.config = append(g.config, l.config...)
		g.env = append(g.env, l.env...)
	}
	return g
}

// cloneName names a repository's clone: for people by the end of its URL, and for
// sure by a digest of it. Its password does not count.
func cloneName(origin string) string {
	shown := logIn(origin, "").url
	base := strings.TrimSuffix(filepath.Base(strings.TrimRight(worker.RedactURL(shown), "/")), ".git")
	base = regexp.MustCompile(`[^A-Za-z0-9_-]+`).ReplaceAllString(base, "-")
	return fmt.Sprintf("%.40s-%s.git", strings.Trim(base, "-"), digest(shown))
}
