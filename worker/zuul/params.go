package zuul

import (
	"log/slog"
	"path"
	"regexp"
	"strings"
)

// Params are the arguments of a build, checked. Text that is missing is "".
type Params struct {
	UUID     string // the build's number: the job's unique, or without one ZUUL_UUID
	SentUUID string // ZUUL_UUID as it was sent; normally the same
	Project  string // never ""; safe as a relative path and as the end of a URL
	Pipeline string // safe as an element of a path
	URL      string // ZUUL_URL, not checked yet: Origins.Source does
	Voting   *bool  // nil when Zuul does not say; see IsVoting

	// Where logs go: relative paths of safe elements, without a slash at the end.
	BaseLogPath string // "" for builds of neither a change nor a ref update
	LogPath     string // never ""

	Ref    string // ZUUL_REF: a safe git ref
	Commit string // ZUUL_COMMIT: the full id that Ref has in ZUUL_URL

	// Of changes.
	Branch    string // a safe git ref
	Changes   string // PROJECT:BRANCH:REF^…, the last is the change itself
	ChangeIDs string // "12345,6 12346,1": change and patch set
	Change    string // digits
	Patchset  string // digits

	// Of ref updates. Revisions are full ids, or zeros where there is none.
	RefName string
	OldRev  string
	NewRev  string

	Swift map[string]Swift // by name; nil without any

	// All has every string, number and boolean as text, for the environment of
	// scripts. LOG_PATH, BASE_LOG_PATH and ZUUL_UUID are as above.
	All map[string]string
	// Dropped names the arguments that are not in All: lists and objects, names
	// that are no shell identifiers, and such as PATH; sorted.
	Dropped []string
}

// Swift is where one set of logs may be uploaded, with the credentials for it.
type Swift struct {
	URL             string
	HMACBody        string // several lines
	Signature       string // a credential
	LogserverPrefix string
}

// ParseParams reads a build's payload. unique is the job's, job the job's name
// without "build:". The error is a *PayloadError; even then UUID is set if there
// is a usable one.
func ParseParams(payload []byte, unique, job string) (Params, error) {
	a := readArguments(payload)
	p := Params{SentUUID: a.texts["ZUUL_UUID"]}
	p.UUID = number(a, unique)
	if len(a.texts) == 0 && len(a.mistakes) > 0 {
		return p, a.err()
	}
	p.Project = a.take("ZUUL_PROJECT", badProject)
	a.need("ZUUL_PROJECT", "missing")
	p.Pipeline = a.take("ZUUL_PIPELINE", badElement)
	p.URL = a.take("ZUUL_URL", badLine)
	p.Voting = voting(a.take("ZUUL_VOTING", badLine))
	p.Ref = a.take("ZUUL_REF", badRef)
	p.Commit = a.take("ZUUL_COMMIT", badRevision)
	p.Branch = a.take("ZUUL_BRANCH", badRef)
	p.Changes = a.take("ZUUL_CHANGES", badLine)
	p.ChangeIDs = a.take("ZUUL_CHANGE_IDS", badLine)
	p.Change = a.take("ZUUL_CHANGE", badChange)
	p.Patchset = a.take("ZUUL_PATCHSET", badPatchset)
	p.RefName = a.take("ZUUL_REFNAME", badRef)
	p.OldRev = a.take("ZUUL_OLDREV", badRevision)
	p.NewRev = a.take("ZUUL_NEWREV", badRevision)
	p.Swift = swift(a)
	p.logPaths(a, job)
	if err := a.err(); err != nil {
		return Params{UUID: p.UUID, SentUUID: p.SentUUID}, err
	}
	p.All, p.Dropped = a.environment()
	p.All["ZUUL_UUID"], p.All["LOG_PATH"], p.All["BASE_LOG_PATH"] = p.UUID, p.LogPath, p.BaseLogPath
	return p, nil
}

// number is the build's: the job's unique, or without one ZUUL_UUID.
func number(a *arguments, unique string) string {
	if unique == "" {
		uuid := a.take("ZUUL_UUID", badNumber)
		if len(a.texts) > 0 {
			a.need("ZUUL_UUID", "missing, and the job has no unique")
		}
		return uuid
	}
	if why := badNumber(unique); why != "" {
		a.mistakes = append(a.mistakes, "the job's unique: "+why)
		return ""
	}
	return unique
}

// voting reads ZUUL_VOTING, which Zuul sends as 1 or 0.
func voting(text string) *bool {
	switch strings.ToLower(text) {
	case "1", "true":
		return new(true)
	case "0", "false":
		return new(false)
	}
	return nil
}

// IsVoting tells whether the build's result counts. It does when Zuul does not
// say otherwise.
func (p Params) IsVoting() bool { return p.Voting == nil || *p.Voting }

// Deleted tells whether the build is for a ref that was deleted.
func (p Params) Deleted() bool { return p.NewRev != "" && strings.Trim(p.NewRev, "0") == "" }

// LogValue is what may be logged of the parameters: no credentials.
func (p Params) LogValue() slog.Value {
	return slog.GroupValue(slog.String("project", p.Project), slog.String("pipeline", p.Pipeline), slog.String("ref", p.Ref),
		slog.String("change", p.Change), slog.String("patchset", p.Patchset))
}

var swiftPattern = regexp.MustCompile(`^SWIFT_(.+)_(URL|HMAC_BODY|SIGNATURE|LOGSERVER_PREFIX)$`)

// swift gathers the SWIFT_name_… arguments.
func swift(a *arguments) map[string]Swift {
	var all map[string]Swift
	for key := range a.texts {
		m := swiftPattern.FindStringSubmatch(key)
		if m == nil {
			continue
		}
		s := all[m[1]]
		switch m[2] {
		case "URL":
			s.URL = a.take(key, badLine)
		case "HMAC_BODY":
			s.HMACBody = a.texts[key]
		case "SIGNATURE":
			s.Signature = a.take(key, badLine)
		case "LOGSERVER_PREFIX":
			s.LogserverPrefix = a.take(key, badLine)
		}
		if all == nil {
			all = map[string]Swift{}
		}
		all[m[1]] = s
	}
	return all
}

// shortUUID is how much of the number Zuul puts into LOG_PATH.
const shortUUID = 7

// logPaths takes LOG_PATH and BASE_LOG_PATH, or builds them as Zuul 2.5 does.
func (p *Params) logPaths(a *arguments, job string) {
	slashed := func(s string) string { return badLogPath(strings.TrimSuffix(s, "/")) }
	p.BaseLogPath = strings.TrimSuffix(a.take("BASE_LOG_PATH", slashed), "/")
	p.LogPath = strings.TrimSuffix(a.take("LOG_PATH", slashed), "/")
	if p.BaseLogPath == "" {
		p.BaseLogPath = p.basePath()
	}
	if p.LogPath != "" || len(a.mistakes) > 0 {
		return
	}
	parts := make([]string, 0, 4)
	for _, part := range []string{p.BaseLogPath, p.Pipeline, job, p.UUID[:min(shortUUID, len(p.UUID))]} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	p.LogPath = strings.Join(parts, "/")
	if why := badLogPath(p.LogPath); why != "" {
		a.mistake("LOG_PATH", "missing, and cannot be built: "+why)
	}
}

// basePath is Zuul's own: of a change its last two digits, number and patch set;
// of a ref update the first two digits of the revision, and the revision.
func (p *Params) basePath() string {
	switch {
	case p.Change != "":
		return path.Join(p.Change[max(0, len(p.Change)-2):], p.Change, p.Patchset)
	case p.NewRev != "":
		return path.Join(p.NewRev[:2], p.NewRev)
	}
	return ""
}
