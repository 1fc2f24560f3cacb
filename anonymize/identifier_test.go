package anonymize

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/anonymize/recognize"
	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

func testKey(b byte) Key {
	k, err := NewKey(bytes.NewReader(bytes.Repeat([]byte{b}, KeyBytes)))
	if err != nil {
		panic(err)
	}
	return k
}

func testDomain(b byte) *domain { return newDomain(testKey(b), "", newCharTable()) }

// textColumn is a column that holds any text.
func textColumn(name string) ddl.Column {
	return ddl.Column{Name: name, Nullable: true, Charset: "utf8mb4", Type: ddl.Type{Name: "longtext", Length: -1, Decimals: -1}}
}

// rowsFor returns the treatment of a table of one column.
func rowsFor(tb testing.TB, key Key, col ddl.Column, t Treatment) *Rows {
	tb.Helper()
	r, err := tryRows(key, col, t)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func tryRows(key Key, col ddl.Column, t Treatment) (*Rows, error) {
	p := &Policy{}
	if err := p.Add(&TablePolicy{Table: "t", Columns: map[string]Decision{strings.ToLower(col.Name): {Status: Treated, Treatment: t}}}); err != nil {
		return nil, err
	}
	a, err := New(key, p)
	if err != nil {
		return nil, err
	}
	return a.Rows("", &ddl.Table{Name: "t", Columns: []ddl.Column{col}})
}

// applyOne treats one value.
func applyOne(tb testing.TB, r *Rows, v string) string {
	tb.Helper()
	row := []Value{{Bytes: []byte(v)}}
	if _, err := r.Apply(row); err != nil {
		tb.Fatal(err)
	}
	return string(row[0].Bytes)
}

// generator makes values that a kind meets.
type generator func(r *rand.Rand) string

func pick(r *rand.Rand, chars string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = chars[r.IntN(len(chars))]
	}
	return string(b)
}

const lowerLetters = "abcdefghijklmnopqrstuvwxyz"

func genUUID(r *rand.Rand) string {
	h := pick(r, "0123456789abcdef", 32)
	if r.IntN(2) == 0 {
		return h
	}
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

func genIPv4(r *rand.Rand) string {
	first := []int{10, 172, 192, 100, 169, 224, 1 + r.IntN(254)}[r.IntN(7)]
	return fmt.Sprintf("%d.%d.%d.%d", first, []int{16, 168, 64, 254, r.IntN(256)}[r.IntN(5)], r.IntN(256), r.IntN(256))
}

func genIPv6(r *rand.Rand) string {
	var raw [16]byte
	for i := range raw {
		if r.IntN(3) > 0 {
			raw[i] = byte(r.Uint32())
		}
	}
	raw[0] = []byte{0x20, 0xfe, 0xfd, 0xff, 0, byte(r.Uint32())}[r.IntN(6)]
	return netip.AddrFrom16(raw).String()
}

func genCIDR(r *rand.Rand) string {
	address, bits := netip.MustParseAddr(genIPv4(r)), r.IntN(33)
	if r.IntN(2) == 0 {
		address, bits = netip.MustParseAddr(genIPv6(r)), r.IntN(129)
	}
	p := netip.PrefixFrom(address, bits)
	if r.IntN(4) > 0 {
		p = p.Masked()
	}
	return strings.Replace(p.String(), "::ffff:", "", 1)
}

func genMAC(r *rand.Rand) string {
	h, sep := pick(r, "0123456789abcdef", 12), []string{":", "-"}[r.IntN(2)]
	return strings.Join([]string{h[:2], h[2:4], h[4:6], h[6:8], h[8:10], h[10:]}, sep)
}

func genHost(r *rand.Rand) string {
	tlds := strings.Fields("com org net de io local example cloud internal")
	return pick(r, lowerLetters, 2+r.IntN(6)) + "-" + pick(r, "0123456789", 2) + "." + pick(r, lowerLetters, 3+r.IntN(5)) + "." + tlds[r.IntN(len(tlds))]
}

func genEmail(r *rand.Rand) string {
	return pick(r, lowerLetters, 1+r.IntN(6)) + "." + pick(r, lowerLetters+"0123456789+'", 2+r.IntN(6)) + "@" + genHost(r)
}

func genURL(r *rand.Rand) string {
	return "https://" + genHost(r) + []string{"", ":8080"}[r.IntN(2)] + "/v2/" + genUUID(r) + "?a%2Fb=" + pick(r, lowerLetters, 5)
}

func genWord(r *rand.Rand) string {
	return pick(r, lowerLetters+"0123456789-_.@ :'&", 1+r.IntN(24)) + "x"
}

func genInteger(r *rand.Rand) string {
	return fmt.Sprint(int64(r.Uint64()) >> r.IntN(63))
}

func genDecimal(r *rand.Rand) string {
	s := genInteger(r) + "." + pick(r, "0123456789", 1+r.IntN(6))
	if r.IntN(4) == 0 {
		s = fmt.Sprint((r.Float64() - 0.5) * 1e-30)
	}
	return s
}

func genDate(r *rand.Rand) string {
	s := fmt.Sprintf("%04d-%02d-%02d", 1960+r.IntN(150), r.IntN(13), r.IntN(32))
	if r.IntN(2) == 0 {
		s += fmt.Sprintf(" %02d:%02d:%02d", r.IntN(24), r.IntN(60), r.IntN(60))
		if r.IntN(2) == 0 {
			s += "." + pick(r, "0123456789", 6)
		}
	}
	return s
}

func genPhone(r *rand.Rand) string {
	return []string{"+", "00", "0", "("}[r.IntN(4)] + pick(r, "0123456789", 3) + " " + pick(r, "0123456789", 4+r.IntN(5))
}

func genPath(r *rand.Rand) string {
	return "/" + genWord(r) + "/" + []string{genUUID(r), genWord(r), genIPv4(r), pick(r, "0123456789", 2)}[r.IntN(4)] + []string{"/disk", ""}[r.IntN(2)]
}

func genEC2(r *rand.Rand) string { return "i-" + pick(r, "0123456789abcdef", 8) }
func genHex(r *rand.Rand) string { return pick(r, "0123456789abcdef", 1+r.IntN(40)) }

// generators has one generator for each identifier kind; any kind also meets what the
// others make.
func generators() map[string]generator {
	return map[string]generator{
		kindUUID: genUUID, kindIP: func(r *rand.Rand) string { return []generator{genIPv4, genIPv6}[r.IntN(2)](r) },
		kindCIDR: genCIDR, kindMAC: genMAC, kindHostname: genHost, kindEmail: genEmail, kindURL: genURL, kindPhone: genPhone,
		kindPath: genPath, kindEC2: genEC2, kindHex: genHex, kindDigits: genWord, kindString: genWord, kindInteger: genInteger,
		kindDecimal: genDecimal, kindDatetime: genDate,
	}
}

// Distinct values of printable ASCII must stay distinct, also where case and trailing
// spaces do not count; and every kind must do so for values it is not made for.
func TestIdentifierKindsAreInjective(t *testing.T) {
	all := generators()
	for kind, own := range all {
		t.Run(kind, func(t *testing.T) {
			random := rand.New(rand.NewPCG(7, 7))
			rows := rowsFor(t, testKey(1), textColumn("c"), Treatment{Kind: kind})
			from := map[string]string{}
			try := func(v string) {
				out := applyOne(t, rows, v)
				folded := strings.TrimRight(strings.ToLower(out), " ")
				if old, seen := from[folded]; seen && old != strings.ToLower(v) {
					t.Fatalf("two values become one: %q and %q become %q", old, v, out)
				}
				from[folded] = strings.ToLower(v)
				checkShape(t, kind, v, out)
			}
			for range 20_000 {
				try(own(random))
			}
			for _, other := range all {
				for range 300 {
					try(other(random))
				}
			}
		})
	}
}

// checkShape asserts what every identifier kind keeps.
func checkShape(t *testing.T, kind, v, out string) {
	t.Helper()
	if len(v) != len(out) {
		t.Fatalf("%s: %q became %q: the length changed", kind, v, out)
	}
	if a, b := recognize.Whole([]byte(v)), recognize.Whole([]byte(out)); a != b {
		t.Fatalf("%s: %q (%v) became %q (%v)", kind, v, a, out, b)
	}
	for i := range v {
		if (v[i] == ' ') != (out[i] == ' ') || (v[i] == '.') != (out[i] == '.') {
			t.Fatalf("%s: %q became %q: separators moved", kind, v, out)
		}
	}
}

// Exhaustive: all values of a shape map onto all values of the shape.
func TestSmallShapesAreBijections(t *testing.T) {
	for _, c := range []struct{ name, kind, format string }{
		{"two digits", kindString, "%02d"},
		{"path", kindPath, "a/%03d"},
		{"private address", kindIP, "10.0.0.%d"},
		{"network", kindCIDR, "10.%d.0.0/16"},
		{"integers", kindInteger, "%d"},
		{"negative", kindInteger, "-%d"},
		{"not an address", kindString, "%d.256.1.1"},
		{"phone", kindPhone, "110%03d"},
		{"group", kindIP, "2001:db8::%x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows := rowsFor(t, testKey(2), textColumn("c"), Treatment{Kind: c.kind})
			seen := map[string]bool{}
			for i := range 1000 {
				v := fmt.Sprintf(c.format, i)
				out := applyOne(t, rows, v)
				if len(v) != len(out) {
					t.Fatalf("%q became %q", v, out)
				}
				if seen[out] {
					t.Fatalf("%q is hit twice", out)
				}
				seen[out] = true
			}
		})
	}
}

func TestEqualValuesStayEqual(t *testing.T) {
	const uuid = "6ba7b811-9dad-41d1-80b4-00c04fd430c8"
	key := testKey(3)
	want := applyOne(t, rowsFor(t, key, textColumn("c"), Treatment{Kind: kindUUID}), uuid)
	for _, kind := range []string{kindString, kindHex, kindPath, kindHostname, kindIP, kindPhone, "varchar", "key_name"} {
		if got := applyOne(t, rowsFor(t, key, textColumn("c"), Treatment{Kind: kind}), uuid); got != want {
			t.Errorf("%s: a uuid has another pseudonym than in a uuid column", kind)
		}
	}
	if got := applyOne(t, rowsFor(t, key, textColumn("c"), Treatment{Kind: kindHex}), strings.ReplaceAll(uuid, "-", "")); got != strings.ReplaceAll(want, "-", "") {
		t.Error("a uuid without dashes does not belong to the one with")
	}
	for _, v := range []string{"text " + uuid + ", more", "a=" + uuid + ";"} {
		if got := applyOne(t, rowsFor(t, key, textColumn("c"), Treatment{Kind: kindText}), v); !strings.Contains(got, want) {
			t.Errorf("free text: the uuid is not the one of its column: %q", got)
		}
	}
	doc := applyOne(t, rowsFor(t, key, textColumn("c"), Treatment{Kind: kindJSON}), `{"id": "`+uuid+`"}`)
	if doc != `{"id": "`+want+`"}` {
		t.Errorf("json: %s", doc)
	}
	path := applyOne(t, rowsFor(t, key, textColumn("c"), Treatment{Kind: kindPath}), "/a/"+uuid+"/disk")
	if !strings.Contains(path, "/"+want+"/") {
		t.Errorf("path: %s", path)
	}
	raw := rowsFor(t, key, ddl.Column{Name: "c", Type: ddl.Type{Name: "binary", Length: 16}}, Treatment{Kind: kindUUID})
	row := []Value{{Bytes: []byte("\x6b\xa7\xb8\x11\x9d\xad\x41\xd1\x80\xb4\x00\xc0\x4f\xd4\x30\xc8")}}
	if _, err := raw.Apply(row); err != nil || fmt.Sprintf("%x", row[0].Bytes) != strings.ReplaceAll(want, "-", "") {
		t.Errorf("BINARY(16): %x %v", row[0].Bytes, err)
	}
}

func TestKeysAndDomainsSeparate(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 8))
	for kind, gen := range generators() {
		a := rowsFor(t, testKey(1), textColumn("c"), Treatment{Kind: kind})
		again := rowsFor(t, testKey(1), textColumn("other"), Treatment{Kind: kind})
		otherKey := rowsFor(t, testKey(2), textColumn("c"), Treatment{Kind: kind})
		otherDomain := rowsFor(t, testKey(1), textColumn("c"), Treatment{Kind: kind, Domain: "x"})
		same := 0
		for range 300 {
			v := gen(random)
			out := applyOne(t, a, v)
			if applyOne(t, again, v) != out {
				t.Fatalf("%s: not the same twice", kind)
			}
			if applyOne(t, otherKey, v) == out || applyOne(t, otherDomain, v) == out {
				same++
			}
		}
		if same > 75 { // small domains, kept ranges and zero dates agree by chance
			t.Errorf("%s: %d of 300 values are the same under another key or domain", kind, same)
		}
	}
}

// No output is its input where the domain is large.
func TestCanariesDisappear(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 9))
	for _, kind := range []string{kindString, kindText, kindSecret, kindEmail, kindURL, kindHostname, kindPath, kindRedact, kindDigits, kindJSON} {
		rows := rowsFor(t, testKey(1), textColumn("c"), Treatment{Kind: kind})
		for range 500 {
			canary := pick(random, lowerLetters, 12)
			digits := pick(random, "123456789", 12)
			for _, v := range []string{
				canary, canary + " " + digits, canary + "@" + canary + ".com", "https://" + canary + ".com/" + canary + "?" + canary,
				canary + "." + canary + ".org", "/" + canary + "/" + digits, `{"a": "` + canary + `"}`, digits, `"` + canary + `\u00e9"`,
			} {
				out := applyOne(t, rows, v)
				if strings.Contains(out, canary) && kind != kindDigits || strings.Contains(out, digits) {
					t.Fatalf("%s: a canary survived", kind)
				}
			}
		}
	}
}

func TestAddressRangesStay(t *testing.T) {
	rows := rowsFor(t, testKey(4), textColumn("c"), Treatment{Kind: kindIP})
	random := rand.New(rand.NewPCG(3, 3))
	for range 5000 {
		v := genIPv4(random)
		if random.IntN(2) == 0 {
			v = genIPv6(random)
		}
		a, b := netip.MustParseAddr(v), netip.MustParseAddr(applyOne(t, rows, v))
		if a.IsPrivate() != b.IsPrivate() || a.IsLoopback() != b.IsLoopback() || a.IsMulticast() != b.IsMulticast() ||
			a.IsLinkLocalUnicast() != b.IsLinkLocalUnicast() {
			t.Fatalf("%v became %v", a, b)
		}
		if a.String() == v && b.String() != applyOne(t, rows, v) {
			t.Fatalf("%v: canonical spelling lost", a)
		}
	}
	for _, v := range []string{"0.0.0.0", "127.0.0.1", "255.255.255.0", "::", "::1"} {
		if got := applyOne(t, rows, v); got != v {
			t.Errorf("%s became %s", v, got)
		}
	}
}

func TestNetworksStayNetworks(t *testing.T) {
	rows := rowsFor(t, testKey(5), textColumn("c"), Treatment{Kind: kindCIDR})
	random := rand.New(rand.NewPCG(4, 4))
	for range 5000 {
		v := genCIDR(random)
		a, err := netip.ParsePrefix(v)
		if err != nil {
			continue
		}
		b, err := netip.ParsePrefix(applyOne(t, rows, v))
		if err != nil || a.Bits() != b.Bits() || (a == a.Masked()) != (b == b.Masked()) {
			t.Fatalf("%v became %v", a, b)
		}
	}
}

func TestMACKeepsItsBits(t *testing.T) {
	rows := rowsFor(t, testKey(5), textColumn("c"), Treatment{Kind: kindMAC})
	random := rand.New(rand.NewPCG(5, 5))
	for range 2000 {
		v := genMAC(random)
		if out := applyOne(t, rows, v); hexValue(v[1])&3 != hexValue(out[1])&3 {
			t.Fatalf("%s became %s", v, out)
		}
	}
}

func TestUUIDKeepsVersionAndVariant(t *testing.T) {
	rows := rowsFor(t, testKey(5), textColumn("c"), Treatment{Kind: kindUUID})
	for _, v := range []string{"6ba7b811-9dad-41d1-80b4-00c04fd430c8", "6BA7B811-9DAD-41D1-80B4-00C04FD430C8"} {
		out := applyOne(t, rows, v)
		if out[14] != '4' || hexValue(out[19])&12 != 8 {
			t.Errorf("%s became %s", v, out)
		}
		if (v == strings.ToLower(v)) != (out == strings.ToLower(out)) {
			t.Errorf("%s became %s: the case changed", v, out)
		}
	}
}

func TestNoLiveContacts(t *testing.T) {
	random := rand.New(rand.NewPCG(6, 6))
	for _, kind := range []string{kindEmail, kindHostname, kindURL, kindString, kindText, kindJSON} {
		rows := rowsFor(t, testKey(6), textColumn("c"), Treatment{Kind: kind})
		for range 1000 {
			out := applyOne(t, rows, "jane@"+genHost(random))
			tld := out[strings.LastIndexByte(out, '.')+1:]
			if len(tld) == 2 && isCountry(tld[0], tld[1]) || len(tld) > 2 && !startsUndelegated(tld) {
				t.Fatalf("%s: %q may be somebody's", kind, out)
			}
		}
	}
}

// Hosts that look like addresses: without brackets they never came to an end, with half of them they became what whole ones do.
func TestHostsOfURLsStayDistinct(t *testing.T) {
	rows := rowsFor(t, testKey(1), textColumn("c"), Treatment{Kind: kindURL})
	seen := map[string]string{}
	for _, form := range []string{"http://::%x:80/", "http://[::%x]/", "http://[::%xa/", "http://[::%x0/", "http://[::%x1/", "http://[::%x%%/", "http://[::g%x]/", "http://00:11:22:33:44:%02x:80/"} {
		for i := range 16 {
			v := fmt.Sprintf(form, i)
			out := applyOne(t, rows, v)
			if other, ok := seen[out]; ok {
				t.Errorf("%s and %s become %s", v, other, out)
			}
			seen[out] = v
		}
	}
}
