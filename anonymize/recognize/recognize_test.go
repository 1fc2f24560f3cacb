package recognize

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestWhole(t *testing.T) {
	for _, c := range []struct {
		text string
		want Kind
	}{
		{"6ba7b811-9dad-41d1-80b4-00c04fd430c8", UUID},
		{"6BA7B811-9DAD-41D1-80B4-00C04FD430C8", UUID},
		{"6ba7b8119dad41d180b400c04fd430c8", UUID},
		{"6ba7b811-9dad-41d1-80b4-00c04fd430cg", None},
		{"6ba7b811-9dad-41d1-80b4-00c04fd430c", None},
		{"6ba7b8119-dad-41d1-80b4-00c04fd430c8", None},
		{"1.2.3.4", IPv4},
		{"255.255.255.255", IPv4},
		{"256.1.1.1", None},
		{"01.1.1.1", None},
		{"1.2.3", None},
		{"1.2.3.4.5", None},
		{"1.2.3.4.", None},
		{"::", IPv6},
		{"::1", IPv6},
		{"2001:db8::1", IPv6},
		{"2001:DB8:0:0:0:0:0:1", IPv6},
		{"::ffff:10.0.0.1", IPv6},
		{"1:2:3:4:5:6:7:8", IPv6},
		{"1:2:3:4:5:6:7::", IPv6},
		{"1::2::3", None},
		{"1:2:3:4:5:6:7:8:9", None},
		{"12:30:45", None},
		{":1", None},
		{"1:", None},
		{"fe80::1%eth0", None},
		{"10.0.0.0/8", CIDR},
		{"10.0.0.0/33", None},
		{"10.0.0.0/08", None},
		{"2001:db8::/32", CIDR},
		{"2001:db8::/129", None},
		{"fa:16:3e:4c:2c:30", MAC},
		{"fa-16-3e-4c-2c-30", MAC},
		{"fa16.3e4c.2c30", MAC},
		{"fa:16-3e:4c:2c:30", None},
		{"jane@example.org", Email},
		{"o'brien+tag@mail.example.co.uk", Email},
		{"jane@xn--bcher-kva.xn--p1ai", Email},
		{"jane@localhost", None},
		{"jane@example.o", None},
		{"@example.org", None},
		{"jane@@example.org", None},
		{"jane doe@example.org", None},
		{"https://example.org/a?b=c#d", URL},
		{"HTTP://user:pw@10.0.0.1:8080/", URL},
		{"http://[2001:db8::1]:80/x", URL},
		{"http://", None},
		{"nonsense://example.org", None},
		{"http://a b", None},
		{"plain text", None},
		{"", None},
		{"x", None},
	} {
		if got := Whole([]byte(c.text)); got != c.want {
			t.Errorf("%q: %v, want %v", c.text, got, c.want)
		}
		if got := Whole([]byte(strings.ToUpper(c.text))); got != c.want {
			t.Errorf("%q in upper case: %v, want %v", c.text, got, c.want)
		}
	}
}

func TestPredicates(t *testing.T) {
	for _, c := range []struct {
		name string
		is   func([]byte) bool
		yes  []string
		no   []string
	}{
		{"hostname", IsHostname, []string{"web01", "db-1.example.com", "a.b.", "_sip.example.org", "x.xn--p1ai"}, []string{"", ".", "web01.", "a..b", "10.0.0.1", "a b", ".a", strings.Repeat("a", 64), "a.b1"}},
		{"hex", IsHex, []string{"0", "c0ffee", "0xC0FFEE", "0Xa"}, []string{"", "0x", "xyz", "c0 ffee"}},
		{"ec2", IsEC2ID, []string{"i-0000002a", "ami-0abcdef1234567890"}, []string{"i-2a", "-0000002a", "i-0000002g", "abcdefghi-0000002a", "i"}},
		{"phone", IsPhone, []string{"+49 30 901820", "(030) 90-18/20", "112"}, []string{"", "12", "call 112", "1+1+1"}},
		{"integer", IsInteger, []string{"0", "-1", "18446744073709551615"}, []string{"", "-", "-0", "007", "+1", "1.0", "1e3"}},
	} {
		for _, s := range c.yes {
			if !c.is([]byte(s)) {
				t.Errorf("%s: %q is one", c.name, s)
			}
		}
		for _, s := range c.no {
			if c.is([]byte(s)) {
				t.Errorf("%s: %q is none", c.name, s)
			}
		}
	}
}

func TestSplitNumber(t *testing.T) {
	for text, want := range map[string]NumberParts{
		"-273.15": {Sign: 1, Whole: 3, Point: 1, Fraction: 2},
		".5":      {Point: 1, Fraction: 1},
		"5.":      {Whole: 1, Point: 1},
		"+1e-7":   {Sign: 1, Whole: 1, Exponent: 3},
		"12":      {Whole: 2},
	} {
		if got, ok := SplitNumber([]byte(text)); !ok || got != want {
			t.Errorf("%s: %+v %v, want %+v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", ".", "-", "e5", "1e", "1e+", "1x", "1.2.3", "0x1"} {
		if _, ok := SplitNumber([]byte(text)); ok {
			t.Errorf("%q is no number", text)
		}
	}
}

// found lists what Next finds.
func found(text string) []string {
	var out []string
	for i := 0; ; {
		start, end, kind := Next([]byte(text), i)
		if kind == None {
			return out
		}
		out = append(out, kind.String()+" "+text[start:end])
		i = end
	}
}

func TestNext(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"sentence", "Mail jane@example.org, or call 10.0.0.1.", []string{"email jane@example.org", "ipv4 10.0.0.1"}},
		{"brackets", "<jane@example.org> (http://example.org/a_(b)) [::1]", []string{"email jane@example.org", "url http://example.org/a_(b", "ipv6 ::1"}},
		{"keys", "id=6ba7b811-9dad-41d1-80b4-00c04fd430c8&mac=fa:16:3e:4c:2c:30;net=10.0.0.0/8", []string{"uuid 6ba7b811-9dad-41d1-80b4-00c04fd430c8", "mac fa:16:3e:4c:2c:30", "cidr 10.0.0.0/8"}},
		{"prefix", "instance-6ba7b811-9dad-41d1-80b4-00c04fd430c8.log", []string{"uuid 6ba7b811-9dad-41d1-80b4-00c04fd430c8"}},
		{"port", "10.0.0.1:8080 and [2001:db8::1]:80", []string{"ipv4 10.0.0.1", "ipv6 2001:db8::1"}},
		{"not inside words", "x6ba7b8119dad41d180b400c04fd430c8 v1.2.3.4 é10.0.0.1", nil},
		{"too many octets", "1.2.3.4.5 1234.1.1.1", nil},
		{"times", "at 12:30:45 on 2014-02-14", nil},
		{"long digest", strings.Repeat("ab", 32), nil},
		{"url with account", "see https://u:p@h.example.org:8080/x?y=1, please", []string{"url https://u:p@h.example.org:8080/x?y=1"}},
		{"after colon", "address:10.1.2.3", []string{"ipv4 10.1.2.3"}},
		{"gap in a sentence", "use :: or ::1", []string{"ipv6 ::", "ipv6 ::1"}},
		{"full stop", "at 2001:db8::1.", []string{"ipv6 2001:db8::1"}},
		{"big prefix stays text", "10.0.0.1/99", []string{"ipv4 10.0.0.1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := found(c.text); fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("%q\n got %q\nwant %q", c.text, got, c.want)
			}
		})
	}
}

// What net/netip takes and this package takes must be the same.
func TestIPAgreesWithNetip(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	const chars = "0123456789abcdef::::...."
	for range 200_000 {
		b := make([]byte, random.IntN(20))
		for i := range b {
			b[i] = chars[random.IntN(len(chars))]
		}
		checkNetip(t, b)
	}
	for range 20_000 {
		var raw [16]byte
		for i := range raw {
			raw[i] = byte(random.Uint32())
			if random.IntN(2) == 0 {
				raw[i] = 0
			}
		}
		checkNetip(t, []byte(netip.AddrFrom16(raw).String()))
	}
}

func checkNetip(t *testing.T, b []byte) {
	t.Helper()
	want, err := netip.ParseAddr(string(b))
	if is4 := err == nil && want.Is4(); IsIPv4(b) != is4 {
		t.Fatalf("%q: IPv4 %v, netip says %v", b, IsIPv4(b), is4)
	}
	got, ok := ParseIPv6(b)
	if is6 := err == nil && want.Is6(); ok != is6 || ok && got != want.As16() {
		t.Fatalf("%q: IPv6 %v, netip says %v", b, ok, is6)
	}
}

func TestNextIsLinear(t *testing.T) {
	for _, unit := range []string{"a.", "a@", "a@b.", "::", "1:", "a-", "http://", "1.2.3.", "ab", "é", "@", "f:"} {
		text := bytes.Repeat([]byte(unit), 1<<20/len(unit))
		start := time.Now()
		for i := 0; i < len(text); {
			_, end, kind := Next(text, i)
			if kind == None {
				break
			}
			i = end
		}
		if took := time.Since(start); took > 5*time.Second { // a megabyte: quadratic would take hours
			t.Errorf("%q repeated: %v", unit, took)
		}
	}
}

func TestNoAllocations(t *testing.T) {
	text := []byte("Mail jane@example.org about 10.0.0.1, 2001:db8::1 and https://example.org/x.")
	if got := testing.AllocsPerRun(100, func() {
		for i := 0; i < len(text); {
			_, i, _ = Next(text, i)
		}
		Whole(text)
	}); got != 0 {
		t.Errorf("%v allocations", got)
	}
}

func FuzzNext(f *testing.F) {
	for _, s := range []string{"jane@example.org", "a 10.0.0.1/8 b", "::1", "http://[::1]:80/", "\xff\x00é"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for i := 0; ; {
			start, end, kind := Next(text, i)
			if kind == None {
				break
			}
			if start < i || end <= start || end > len(text) {
				t.Fatal("bounds run backwards")
			}
			if got := Whole(text[start:end]); got != kind {
				t.Fatalf("found as %v, but as a whole it is %v", kind, got)
			}
			i = end
		}
		Whole(text)
		IsHostname(text)
		IsPhone(text)
	})
}

func BenchmarkNext(b *testing.B) {
	text := bytes.Repeat([]byte("The quick brown fox called 10.0.0.1 about jane@example.org at 12:30:45, or so. "), 100)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		for i := 0; i < len(text); {
			_, i, _ = Next(text, i)
		}
	}
}
