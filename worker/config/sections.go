package config

import (
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/turbo-hipster/turbo-hipster/internal/strictyaml"
)

// manager reads the name that Zuul stops builds by. It is the end of a Gearman
// function's name.
func manager(n strictyaml.Node) string {
	name := n.Text()
	if name == "" || len(name) > 255 || strings.ContainsFunc(name, func(c rune) bool { return unicode.IsSpace(c) || !unicode.IsPrint(c) }) {
		n.Mistake("want a name without white space, of at most 255 bytes")
	}
	return name
}

// Bounds of the pause between attempts, during which a slot does nothing.
const (
	minPause = time.Millisecond
	maxPause = time.Hour
)

// trouble reads what is done when a build comes to no verdict.
func (r *reader) trouble(n strictyaml.Node) {
	t := &r.config.Trouble
	n.Fields(strictyaml.Fields{
		"attempts": func(n strictyaml.Node) { t.Attempts = n.Whole(1, 100) },
		"pause":    func(n strictyaml.Node) { t.Pause = n.SecondsWithin(minPause, maxPause) },
		"then":     func(n strictyaml.Node) { t.Then = Then(n.Choice(string(ThenRetry), string(ThenReport))) },
	})
}

// logs reads what is followed during a build.
func (r *reader) logs(n strictyaml.Node) {
	l := &r.config.Logs
	n.Fields(strictyaml.Fields{
		"syslog": func(n strictyaml.Node) {
			if l.Syslog = r.log(n); l.Syslog.Own {
				n.Mistake("want a path, or false")
			}
		},
		"sqlslo": func(n strictyaml.Node) { l.SQLSlow = r.log(n) },
		"sqlerr": func(n strictyaml.Node) { l.SQLErr = r.log(n) },
	})
}

// log reads one followed file: a path, true for the private server's own, or false
// for none.
func (r *reader) log(n strictyaml.Node) Log {
	if n.IsBool() {
		return Log{Own: n.Bool()}
	}
	switch text := n.Path(); strings.ToLower(text) {
	case "on", "off", "yes", "no", "none": // nobody means a file of that name
		n.Mistake("want a path, true or false")
		return Log{}
	}
	return Log{Path: r.path(n)}
}

// publish reads where results are copied to. The classic keys of Swift are read
// over: the type says that they are of no use.
func (r *reader) publish(n strictyaml.Node) {
	p := &r.config.Publish
	fields := strictyaml.Fields{
		"type": func(n strictyaml.Node) { p.Type = n.Text() },
		"path": func(n strictyaml.Node) { p.Path = r.path(n) },
		"prepend_url": func(n strictyaml.Node) {
			if p.PrependURL = strings.TrimRight(n.Text(), "/"); p.PrependURL != "" && !isWebURL(p.PrependURL) {
				n.Mistake("want an http or https URL with a host, and without a password, a query and a fragment")
			}
		},
	}
	for _, key := range []string{"authurl", "user", "password", "tenant", "region", "container"} {
		fields[key] = func(strictyaml.Node) {}
	}
	r.fields(n, "publish_logs.", fields)
}

// isWebURL tells whether a path can be added to the URL for people to follow.
func isWebURL(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil &&
		!strings.ContainsAny(raw, "?# \\")
}

// completePublish checks what all files together say of publishing.
func (l *loader) completePublish() {
	p, at := &l.config.Publish, l.places["publish_logs"]
	if at.Line() == 0 {
		return
	}
	if kind, ok := l.places["publish_logs.type"]; ok {
		at = kind
	}
	switch {
	case p.Type == "swift":
		at.Mistake("swift is not supported yet: want local, with path and prepend_url")
	case p.Type != "" && p.Type != PublishLocal:
		at.Mistake("want local")
	case p.Path == "":
		at.Mistake("no path: want the directory that results are copied to")
	default:
		p.Type = PublishLocal
	}
}
