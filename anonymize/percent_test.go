package anonymize

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

// Percent-encoded text in URLs was once kept, so that a name could be read in it.
func TestPercentEncodedTextIsReplaced(t *testing.T) {
	const in = "https://wiki.example.com/u/%E6%9D%8E%E6%98%8E?n=%4A%61%6E%65&q=%d0%9c%F0%9F%99%82#%00%2F%4A"
	want := applyOne(t, rowsFor(t, testKey(1), textColumn("c"), Treatment{Kind: kindURL}), in)
	u, err := url.Parse(want)
	if err != nil {
		t.Fatalf("%q became %q: %v", in, want, err)
	}
	old, err := url.Parse(in)
	if err != nil {
		t.Fatal(err)
	}
	name, query := u.Query().Get("n"), u.RawQuery
	for i := range u.RawQuery { // the query's own names are replaced too
		if u.RawQuery[i] == '=' {
			name, _, _ = strings.Cut(u.RawQuery[i+1:], "&")
			break
		}
	}
	if name == "%4A%61%6E%65" || strings.Contains(query, "%d0%9c") || u.Path == old.Path || strings.Contains(want, "%E6%9D%8E%E6%98%8E") {
		t.Errorf("encoded text was kept: %q", want)
	}
	if plain, err := url.PathUnescape(name); err != nil || strings.Trim(plain, lowerLetters+strings.ToUpper(lowerLetters)+"0123456789") != "" {
		t.Errorf("encoded letters became others than letters and digits: %q", plain)
	}
	if !utf8.ValidString(u.Path) || utf8.RuneCountInString(u.Path) != utf8.RuneCountInString(old.Path) || !utf8.ValidString(u.Fragment) {
		t.Errorf("encoded UTF-8 is none any more: %q", want)
	}
	for kind, around := range map[string]string{kindString: "%s", kindText: "see <%s> for more", kindJSON: `{"a": ["%s"]}`} {
		got := applyOne(t, rowsFor(t, testKey(1), textColumn("c"), Treatment{Kind: kind}), fmt.Sprintf(around, in))
		if !strings.Contains(got, want) {
			t.Errorf("%s: the URL is not the one of its column: %q", kind, got)
		}
	}
	for _, in := range []string{"jane%4Adoe%61@example.org", "https://%4A%61ne:%6A@ex%61mple/"} {
		got := applyOne(t, rowsFor(t, testKey(1), textColumn("c"), Treatment{Kind: kindString}), in)
		if strings.Contains(got, "%4A") && strings.Contains(got, "%61") || !sameEscapes(in, got) {
			t.Errorf("%q became %q", in, got)
		}
	}
}

// sameEscapes reports whether bytes are percent-encoded at the same places of two texts.
func sameEscapes(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if isEscape([]byte(a[i:])) != isEscape([]byte(b[i:])) {
			return false
		}
	}
	return true
}

// Every encoded byte, after every byte that says what may follow, is mapped one to one, and UTF-8 to UTF-8.
func TestPercentEncodedBytesAreABijection(t *testing.T) {
	rows := rowsFor(t, testKey(2), textColumn("c"), Treatment{Kind: kindURL})
	for _, before := range []string{"", "%C3", "%E0", "%E6", "%ED", "%F0", "%F2", "%F4", "%41", "%", "%4"} {
		seen := map[string]bool{}
		for b := range 256 {
			for _, format := range []string{"http://a.example/%s%%%02X", "http://a.example/%s%%%02X%%80"} {
				in := fmt.Sprintf(format, before, b)
				out := applyOne(t, rows, in)
				if seen[out] || !sameEscapes(in, out) {
					t.Fatalf("%q became %q", in, out)
				}
				seen[out] = true
				x, errIn := url.Parse(in)
				y, errOut := url.Parse(out)
				if (errIn == nil) != (errOut == nil) || errIn == nil && utf8.ValidString(x.Path) != utf8.ValidString(y.Path) {
					t.Fatalf("%q became %q", in, out)
				}
			}
		}
	}
}

// Signs that encode nothing must not begin to: "%zz" once could become "%ab".
func TestPercentSignsThatEncodeNothing(t *testing.T) {
	rows := rowsFor(t, testKey(3), textColumn("c"), Treatment{Kind: kindURL})
	random := rand.New(rand.NewPCG(1, 2))
	from := map[string]string{}
	for range 50_000 {
		in := "http://a.example/" + pick(random, "%%%agAG4z/", 1+random.IntN(5))
		out := applyOne(t, rows, in)
		if !sameEscapes(in, out) {
			t.Fatalf("%q became %q", in, out)
		}
		if old := from[strings.ToLower(out)]; old != "" && old != strings.ToLower(in) {
			t.Fatalf("%q and %q become %q", old, in, out)
		}
		from[strings.ToLower(out)] = strings.ToLower(in)
	}
}
