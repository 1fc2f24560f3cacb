package report

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"":                         "",
		"plain\ttext":              "plain\ttext",
		"73 -> 74... \x1b[00m":     "73 -> 74... ",
		"\x1b[1;31mred\x1b[0m":     "red",
		"\x1b[?25l\x1b[2 q":        "",
		"\x1b[":                    "␛[",
		"\x1b[31":                  "␛[31",
		"\x1b[3\x011m":             "␛[3␁1m",
		"\x1b]0;title\a":           "␛]0;title␇",
		"50 %\r100 %":              "50 %␍100 %",
		"a\x00b\x7f":               "a␀b␡",
		"\u009b31m":                "\ufffd31m",
		"\xff\xc3(":                "\ufffd\ufffd(",
		"abc\u202edef\u2066":       "abc\ufffddef\ufffd",
		"é 漢字 😀 e\u0301":           "é 漢字 😀 e\u0301",
		"a\u2028b\ufffe\U0001fffe": "a\ufffdb\ufffd\ufffd",
		"a\nb":                     "a␊b",
	} {
		if got := clean(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestOneLine(t *testing.T) {
	for in, want := range map[string]string{
		"a\n  b\r\n\tc":   "a b c",
		"0123456789":      "0123456789",
		"0123456789x":     "012345678…",
		"ééééééééééééééé": "ééééééééé…",
		"\x1b[31mred":     "red",
	} {
		if got := oneLine(in, 10); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"", "\x1b[31m", "\x1b[\x1b[m", "\u202e", "\xf0\x90", "a\r\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := clean(s)
		bad := func(c rune) bool {
			return c < ' ' && c != '\t' || c >= 0x7f && c < 0xa0 || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069
		}
		if !utf8.ValidString(got) || strings.ContainsFunc(got, bad) {
			t.Errorf("%q becomes %q", s, got)
		}
		if clean(got) != got {
			t.Errorf("%q becomes %q, and that %q", s, got, clean(got))
		}
	})
}

func FuzzParseLine(f *testing.F) {
	for _, s := range []string{"", "2014-01-16 06:57:33,961 [output] x", "2014-01-16 06:57:33,961 [", "2014-01-16 06:57:33,961 []", "2014-01-16 06:57:33,961 ] ["} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l := parseLine([]byte(s))
		if !strings.HasSuffix(s, string(l.text)) {
			t.Errorf("%q has the text %q", s, l.text)
		}
		if strings.ContainsFunc(string(l.day)+string(l.time), func(c rune) bool { return !strings.ContainsRune("0123456789-:,", c) }) {
			t.Errorf("%q has the time %q %q", s, l.day, l.time)
		}
		if len(l.source) > 0 && !isSource(l.source) {
			t.Errorf("%q has the source %q", s, l.source)
		}
	})
}
