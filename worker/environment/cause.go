package environment

import (
	"regexp"
	"strings"
)

// cause is why pip failed, when that is not the tree's fault.
type cause struct {
	line   string // what pip says
	passes bool   // it may be gone a little later
	hint   string
}

// causeOf reads one line of pip's own; nil when it blames nothing.
//
// The texts are those of pip 20 to 25: _handle_get_simple_fail in
// pip/_internal/index/collector.py ("Could not fetch URL"), create_os_error_message
// in pip/_internal/commands/install.py, raise_for_status in
// pip/_internal/network/utils.py, and the names of urllib3's errors.
func causeOf(line string) *cause {
	text := strings.TrimSpace(line)
	own := strings.HasPrefix(line, "ERROR:") || strings.HasPrefix(line, "pip._vendor.")
	for _, known := range []struct {
		pattern string
		own     bool // in a line that is certainly pip's
		passes  bool
		hint    string
	}{
		{`No space left on device|Disk quota exceeded|Read-only file system`, false, false, ""},
		{`Could not fetch URL .* (?:401|403|407) Client Error|HTTP error (?:401|403|407) `, false, false, hintRefused},
		{`\b(?:401|403|407) Client Error`, true, false, hintRefused},
		{`Could not fetch URL .*certificate|SSLCertVerificationError|CERTIFICATE_VERIFY_FAILED`, false, false, hintCertificate},
		{`is not a trusted or secure host and is being ignored`, false, false, "Use an index with https, or give pip --trusted-host."},
		{`HTTP error (?:408|425|429|5\d\d) `, false, true, ""},
		{`\b(?:408|425|429|5\d\d) (?:Client|Server) Error`, true, true, ""},
		{`ConnectionPool\(|Max retries exceeded|ReadTimeoutError|Read timed out|ConnectTimeout|NewConnectionError|NameResolutionError|` +
			`Connection (?:aborted|broken|refused|reset)|ProtocolError|ProxyError|SSLError|IncompleteRead|RemoteDisconnected|` +
			`[Nn]ame resolution|not enough bytes|incomplete-download|MaxRetryError`, true, true, ""},
		{`^fatal: unable to access '`, false, true, ""}, // git, for requirements like git+https://…
	} {
		if (own || !known.own) && regexp.MustCompile(known.pattern).MatchString(text) {
			return &cause{line: text, passes: known.passes, hint: known.hint}
		}
	}
	// A page that is not there (404, 410) is an answer; any other reason is none.
	if m := regexp.MustCompile(`Could not fetch URL .*?: (.*?)(?: - skipping)?$`).FindStringSubmatch(text); m != nil &&
		!regexp.MustCompile(`^4(?:04|10) Client Error`).MatchString(m[1]) {
		return &cause{line: text, passes: true}
	}
	return nil
}

const (
	hintRefused     = "The index does not let the worker in: see the account in the index's URL, and the proxy."
	hintCertificate = "pip does not trust the index's certificate: give the authority's in pip's configuration (cert)."
)

// seen is what a program's output says, read line by line.
type seen struct {
	cause     *cause
	ambiguous bool   // the tree may be to blame, or an index that gave less than it has
	retried   string // the last line in which pip says that it tries a page again
	noVenv    bool   // Python lacks its venv module, or part of it
	last      string // the last line that is not empty

	block      bool   // within quoted output of a program that pip ran
	nested     bool   // which is pip
	errorLine  string // pip's first ERROR:
	otherError string // its first error: in small letters, which says less
	exception  string // the last exception of a failed build
}

// line takes one line, without secrets and colours.
func (s *seen) line(text string) {
	trimmed := strings.TrimSpace(text)
	if trimmed == "" {
		return
	}
	s.last = trimmed
	switch {
	case strings.Contains(text, "pip subprocess to install"):
		s.nested = true
	case regexp.MustCompile(`\[\d+ lines? of output\]$|^Complete output \(`).MatchString(trimmed):
		s.block = true
		return
	case trimmed == "[end of output]" || strings.HasPrefix(trimmed, "-----------------"):
		s.block, s.nested = false, false
		return
	}
	if s.block && !s.nested {
		s.built(trimmed)
		return
	}
	s.pip(text, trimmed)
}

// built takes a line of a build's.
func (s *seen) built(line string) {
	if regexp.MustCompile(`^(?:\w+\.)*\w*(?:Error|Exception|Exit|Interrupt)\b(?:: |$)`).MatchString(line) {
		s.exception = line
	}
	if strings.Contains(line, "No space left on device") && s.cause == nil {
		s.cause = causeOf(line)
	}
}

// pip takes a line of pip's, or of any other program that is no build.
func (s *seen) pip(text, trimmed string) {
	if s.block {
		text = trimmed // the inner pip's lines are indented
	}
	if s.cause == nil {
		s.cause = causeOf(text)
	}
	switch {
	case strings.HasPrefix(trimmed, "ERROR: ") && s.errorLine == "":
		s.errorLine = trimmed
	case strings.HasPrefix(trimmed, "error: ") && s.otherError == "":
		s.otherError = trimmed
	case strings.Contains(trimmed, "Retrying (Retry("):
		s.retried = trimmed
	}
	s.ambiguous = s.ambiguous || regexp.MustCompile(`No matching distribution found|Could not find a version that satisfies|`+
		`ResolutionImpossible|conflicting dependencies|DO NOT MATCH THE HASHES|Wheel '.*' located at .* is invalid|BadZipFile`).MatchString(trimmed)
	s.noVenv = s.noVenv || regexp.MustCompile(`ensurepip is not available|No module named '?(?:venv|ensurepip)`).MatchString(trimmed)
}

// toolError is the line that says best why pip failed.
func (s *seen) toolError() string {
	for _, line := range []string{s.exception, s.errorLine, s.otherError, s.last} {
		if line != "" {
			return line
		}
	}
	return ""
}
