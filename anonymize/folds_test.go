package anonymize

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot/server/servertest"
)

var updateFolds = flag.Bool("update-folds", false, "rewrite folds.txt from a server")

// foldCollations are the collations of folds.txt, with the character set whose characters they compare.
var foldCollations = [][2]string{
	{"utf8mb4_general_ci", "utf8mb4"},
	{"utf8mb4_unicode_ci", "utf8mb4"},
	{"utf8mb4_unicode_520_ci", "utf8mb4"},
	{"utf8mb4_uca1400_ai_ci", "utf8mb4"},
	{"latin1_swedish_ci", "latin1"},
	{"latin1_general_ci", "latin1"},
}

// serverFolds asks a server which characters below limit a collation takes for printable ASCII in lower case, or for nothing.
func serverFolds(t *testing.T, collation, charset string, limit int) map[rune]string {
	t.Helper()
	s, name := servertest.Database(t)
	db := s.DB(name)
	defer db.Close()
	char := "CONVERT(CAST(UNHEX(LPAD(HEX(seq),8,'0')) AS CHAR CHARACTER SET utf32) USING " + charset + ")"
	rows, err := db.QueryContext(t.Context(), fmt.Sprintf(
		"SELECT seq, HEX(WEIGHT_STRING(%[1]s COLLATE %[2]s)) FROM seq_0_to_%[3]d WHERE seq = 63 OR HEX(CONVERT(%[1]s USING utf8mb4)) <> '3F'",
		char, collation, limit-1)) // what the character set lacks becomes a question mark
	if err != nil {
		servertest.Lacking(t, fmt.Errorf("this server cannot say: %w", err))
	}
	defer rows.Close()
	weights := map[rune]string{}
	for rows.Next() {
		var r rune
		var weight *string
		if err := rows.Scan(&r, &weight); err != nil {
			t.Fatal(err)
		}
		if weight != nil && (r < 0xd800 || r > 0xdfff) {
			weights[r] = *weight
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return foldsOf(t, weights)
}

func foldsOf(t *testing.T, weights map[rune]string) map[rune]string {
	t.Helper()
	ascii := map[string]byte{}
	width := len(weights[' '])
	for c := rune(' '); c < 0x7f; c++ {
		if c >= 'A' && c <= 'Z' {
			continue
		}
		if w := weights[c]; len(w) != width || ascii[w] != 0 {
			t.Fatalf("character %q has no weight of its own", c)
		}
		ascii[weights[c]] = byte(c)
	}
	folds := map[rune]string{}
	for r, weight := range weights {
		var text []byte
		for len(weight) > 0 {
			c := ascii[weight[:width]]
			if c == 0 {
				break
			}
			text, weight = append(text, c), weight[width:]
		}
		if weight == "" {
			folds[r] = string(text)
		}
	}
	return folds
}

// The table says of every character what a server says. A run without -update-folds asks about the first 65,536.
func TestFoldsAreTheServers(t *testing.T) {
	limit := 0x10000
	var file strings.Builder
	file.WriteString("# Written by go test -run TestFoldsAreTheServers -update-folds: see collation.go.\n")
	if *updateFolds {
		limit = 0x110000
	}
	for _, c := range foldCollations {
		t.Run(c[0], func(t *testing.T) {
			want := serverFolds(t, c[0], c[1], limit)
			if *updateFolds {
				fmt.Fprintf(&file, "= %s\n%s", c[0], spellFolds(want))
				return
			}
			known := newCollation(c[0])
			for r := range rune(limit) {
				if got, ok := known.of(r); ok != hasKey(want, r) || got != want[r] {
					if c[1] == "utf8mb4" || r < 0x80 || hasKey(want, r) {
						t.Fatalf("U+%04X is %q (%v), the server says %q (%v)", r, got, ok, want[r], hasKey(want, r))
					}
				}
			}
		})
	}
	if *updateFolds && !t.Failed() {
		if err := os.WriteFile("folds.txt", []byte(file.String()), 0o644); err != nil { //nolint:gosec // a source file
			t.Fatal(err)
		}
	}
}

func hasKey(m map[rune]string, r rune) bool { _, ok := m[r]; return ok }

// spellFolds writes what parseFolds reads.
func spellFolds(folds map[rune]string) string {
	var b strings.Builder
	take := func(r rune) (string, bool) {
		text, ok := folds[r]
		return text, ok && (r < ' ' || r >= 0x7f) // the printable ones are known
	}
	for r := rune(0); r < 0x110000; r++ {
		text, ok := take(r)
		if !ok {
			continue
		}
		high, step := r, false
		for next, ok := take(high + 1); ok; next, ok = take(high + 1) {
			switch {
			case next == text && !step:
			case len(text) == 1 && len(next) == 1 && next[0] == text[0]+byte(high+1-r) && (step || high == r):
				step = true
			default:
				ok = false
			}
			if !ok {
				break
			}
			high++
		}
		plus := ""
		if step {
			plus = "+"
		}
		fmt.Fprintf(&b, "%x %x %s%s\n", r, high, plus, strconv.Quote(text))
		r = high
	}
	return b.String()
}
