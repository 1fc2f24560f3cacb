package checkout

import (
	"context"
	"errors"
	"fmt"
	"regexp"
)

// ErrNoRef is wrapped by the error about a ref or commit that the repository does
// not have.
var ErrNoRef = errors.New("no such ref")

// errTimeout is how a git command ended that took too long.
var errTimeout = errors.New("timed out")

// CommitError is a ref that has another commit than the one that was announced.
type CommitError struct {
	Want, Got string // full ids
}

func (e *CommitError) Error() string {
	return fmt.Sprintf("it has commit %s, not %s as was announced", e.Got, e.Want)
}

// reason is why a git command failed, as far as its message tells.
type reason int

const (
	unknown reason = iota
	noRef          // the repository does not have the ref
	denied         // who asks may not, or is not known
	absent         // there is no such repository, or git refuses the URL
	full           // the disk is
	broken         // objects or refs of a repository on this disk are damaged
	network        // a server did not answer, or not to the end
)

// reason reads git's message. The first that fits counts: a server that hangs up
// leaves objects missing, too.
func (e *Error) reason() reason {
	if errors.Is(e.Err, errTimeout) {
		return network
	}
	for _, r := range []struct {
		reason  reason
		message string
	}{
		{full, `No space left on device|Disk quota exceeded|Read-only file system`},
		{noRef, `couldn't find remote ref|not our ref|no such remote ref|unadvertised object`},
		{denied, `Authentication failed|could not read (?:Username|Password)|terminal prompts disabled|` +
			`Permission denied \(|Host key verification failed|returned error: 40[137]|dubious ownership`},
		{absent, `[Rr]epository '.*' not found|does not appear to be a git repository|returned error: 4(?:04|10)\b|` +
			`transport '.*' not allowed|[Rr]epository .*not exported|[Rr]epository not found`},
		{network, `Could not resolve host|[Nn]ame resolution|Name or service not known|[Cc]onnection (?:refused|reset|timed out|closed)|` +
			`[Tt]imed out|[Tt]imeout|unreachable|No route to host|hung up|early EOF|unexpected disconnect|Empty reply|Recv failure|` +
			`Operation too slow|returned error: (?:408|429|5\d\d)|HTTP (?:408|429|5\d\d)|gnutls_handshake|SSL_ERROR_SYSCALL|RPC failed|` +
			`Failed to connect|Could ?n[o']t connect`},
		{broken, `bad object|bad tree object|corrupt|nonexistent object|unable to (?:read|find) |missing (?:blob|tree|commit)|` +
			`packfile|did not send all necessary objects|not a git repository|invalid sha1 pointer|unresolved delta|bad config|` +
			`not a valid object|[Ii]nvalid object|Could not read [0-9a-f]{40}|is empty|inflate|reference broken`},
	} {
		if regexp.MustCompile(r.message).MatchString(e.Output) {
			return r.reason
		}
	}
	return unknown
}

// mayPass tells whether the same may go well a little later. Only what comes over
// a network does.
//
// A ref that is missing may be late: Zuul announces refs that its mergers made, and
// commits that were pushed, and what is asked may be a mirror that gets them
// seconds later. Those are full names and full ids. A short name was written by a
// person, and what is wrong with it stays wrong; and nothing is late on this disk.
func (w *wanted) mayPass(err error) bool {
	var failed *Error
	if !errors.As(err, &failed) || failed.Command != "fetch" && failed.Command != "submodule" {
		return false
	}
	switch failed.reason() {
	case network:
		return true
	case broken, unknown:
		return failed.Command == "fetch" // what git dislikes about a submodule is in the tree
	case noRef:
		return w.fullName && !local(w.URL)
	default:
		return false
	}
}

// suspect tells whether the clone may be to blame: for what neither a server nor
// the disk nor the ref explains.
func suspect(ctx context.Context, err error) bool {
	var failed *Error
	if ctx.Err() != nil || !errors.As(err, &failed) || failed.Command == "submodule" {
		return false
	}
	r := failed.reason()
	return r == broken || r == unknown
}
