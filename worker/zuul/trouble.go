package zuul

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Trouble says what to do about builds that come to no verdict.
type Trouble struct {
	Attempts int           // how often a build is run at most; default 3, and 1 never tries again
	Pause    time.Duration // before every further attempt; default 10 s
	Then     Then          // after the last one
}

// Then is how a build is answered that came to no verdict.
type Then string

// What there is to choose from.
const (
	Retry  Then = "retry"  // without a result: Zuul 2.5 tries again, within its own attempts; the default
	Report Then = "report" // in the classic words, as an internal error
)

func (t Trouble) validate() error {
	if t.Attempts < 0 || t.Pause < 0 {
		return errors.New("trouble: want attempts and a pause that are not negative")
	}
	if t.Then != "" && t.Then != Retry && t.Then != Report {
		return fmt.Errorf("trouble: then %q: want %s or %s", t.Then, Retry, Report)
	}
	return nil
}

func (t Trouble) withDefaults() Trouble {
	if t.Attempts == 0 {
		t.Attempts = 3
	}
	if t.Pause == 0 {
		t.Pause = 10 * time.Second
	}
	if t.Then == "" {
		t.Then = Retry
	}
	return t
}

// permanent is an error that is not tried again.
type permanent struct{ error }

func (permanent) Permanent() bool { return true }

func (p permanent) Unwrap() error { return p.error }

// isPermanent tells whether trying again is of no use.
func isPermanent(err error) bool {
	var p interface{ Permanent() bool }
	return errors.As(err, &p) && p.Permanent()
}

// setupFailed is the classic worker's message for whatever kept it from testing.
const setupFailed = "FAILURE during the job setup"

// words are the classic ones for trouble. They never pass a build.
func words(err error) string {
	var classic interface{ Classic() string }
	if errors.As(err, &classic) {
		if text := oneLine(classic.Classic()); text != "" && !strings.HasPrefix(text, "SUCCESS") {
			return text
		}
	}
	return setupFailed + "\nException: " + oneLine(err.Error())
}

// Bounds of what people read in a review comment or a log line.
const (
	maxResultBytes = 16 << 10
	maxLineRunes   = 400
)

// bounded cuts a result at the end of a line. A cut one does not become SUCCESS.
func bounded(result string) string {
	if len(result) <= maxResultBytes {
		return result
	}
	cut := result[:maxResultBytes]
	if i := strings.LastIndexByte(cut, '\n'); i > 0 {
		return cut[:i] + "\n…"
	}
	for !utf8.ValidString(cut) && len(cut) > maxResultBytes-utf8.UTFMax {
		cut = cut[:len(cut)-1]
	}
	return cut + "…"
}

// oneLine makes any text a line that can be shown: white space becomes one space,
// what cannot be printed a question mark, and what is too long is cut.
func oneLine(text string) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	for i, c := range runes {
		if c == utf8.RuneError || !unicode.IsPrint(c) {
			runes[i] = '?'
		}
	}
	if len(runes) > maxLineRunes {
		return string(runes[:maxLineRunes]) + "…"
	}
	return string(runes)
}
