package classiclog

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// through cuts text at random places and gives the pieces to Lines.
func through(text, secret string, rng *rand.Rand) []string {
	var got []string
	joined := func(line []byte, _ time.Time, continued bool) {
		if continued {
			got[len(got)-1] += string(line)
			return
		}
		got = append(got, string(line))
	}
	o := &Lines{Now: time.Now, Secrets: NewSecrets(secret, "another"), Line: joined}
	for len(text) > 0 {
		n := 1 + rng.IntN(len(text))
		_, _ = o.Write([]byte(text[:n]))
		text = text[n:]
	}
	o.Close()
	return got
}

func TestLines(t *testing.T) {
	const secret = "5ec2e7"
	long := strings.Repeat("x", MaxLineBytes-3)
	for _, tc := range []struct{ name, text, want string }{
		{"lines", "a\nb\n", "a|b"},
		{"no end", "a\nb", "a|b"},
		{"carriage returns", "a\r\n\r\nb\r\n", "a||b"},
		{"a secret", "password=" + secret + ";\n" + secret, "password=***;|***"},
		{"a secret over a cut", long + secret + "y\nz", long + "***y|z"},
		{"a very long line", strings.Repeat(long, 5) + "\nz", strings.Repeat(long, 5) + "|z"},
		{"part of a secret", long + secret[:5] + "\n" + secret[5:], long + secret[:5] + "|" + secret[5:]},
	} {
		t.Run(tc.name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(1, 2))
			for range 50 {
				if got := strings.Join(through(tc.text, secret, rng), "|"); got != tc.want {
					t.Fatalf("got %d bytes %.60q…, want %d bytes %.60q…", len(got), got, len(tc.want), tc.want)
				}
			}
		})
	}
}

// TestLinesHoldOneLine: memory does not grow with a line.
func TestLinesHoldOneLine(t *testing.T) {
	o := &Lines{Now: time.Now, Line: func([]byte, time.Time, bool) {}}
	piece := []byte(strings.Repeat("x", 32<<10))
	for range 1000 {
		_, _ = o.Write(piece)
	}
	if cap(o.buf) > 2*MaxLineBytes {
		t.Errorf("a line of 32 MB holds %d bytes", cap(o.buf))
	}
}
