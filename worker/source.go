package worker

import (
	"errors"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
)

// Errors of hostile or mistaken names. They are found before git is run.
var (
	ErrBadRef = errors.New("not a git ref: want a branch, a tag, refs/… or a commit")
	ErrBadURL = errors.New("not a git URL: want https, http, ssh, git or file, or a path that begins with ./, ../ or /")
)

// CheckRef refuses what is no ref by git's rules (git-check-ref-format) or what
// git could take for an option, a range or a refspec.
func CheckRef(ref string) error {
	bad := ref == "" || len(ref) > 255 || ref == "@" ||
		strings.HasPrefix(ref, "-") || strings.HasPrefix(ref, "/") || strings.HasSuffix(ref, "/") ||
		strings.HasSuffix(ref, ".") || strings.ContainsAny(ref, " ~^:?*[\\+") ||
		strings.Contains(ref, "..") || strings.Contains(ref, "//") || strings.Contains(ref, "@{") ||
		strings.ContainsFunc(ref, func(c rune) bool { return c < ' ' || c == 0x7f })
	for part := range strings.SplitSeq(ref, "/") {
		bad = bad || strings.HasPrefix(part, ".") || strings.HasSuffix(part, ".lock")
	}
	if bad {
		return ErrBadRef
	}
	return nil
}

// CheckURL refuses URLs that git could take for an option or that run a program.
func CheckURL(raw string) error {
	if raw == "" || strings.HasPrefix(raw, "-") || strings.Contains(raw, "::") ||
		strings.ContainsFunc(raw, func(c rune) bool { return c < ' ' || c == 0x7f }) {
		return ErrBadURL
	}
	if filepath.IsAbs(raw) {
		return nil
	}
	if scheme, _, ok := strings.Cut(raw, "://"); ok {
		switch scheme {
		case "file", "git", "http", "https", "ssh":
			if u, err := url.Parse(raw); err == nil && !strings.HasPrefix(u.Host, "-") {
				return nil
			}
		}
		return ErrBadURL
	}
	// USER@HOST:PATH, as ssh has it; a relative path is none of ours.
	if regexp.MustCompile(`^[A-Za-z0-9_.][A-Za-z0-9_.@-]*:[^:]`).MatchString(raw) && !strings.Contains(raw, "@-") {
		return nil
	}
	return ErrBadURL
}

// RedactURL is the URL without a password or token in it.
func RedactURL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.User == nil || u.Host == "" {
		return raw
	}
	u.User = nil
	return u.String()
}
