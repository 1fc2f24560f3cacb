package permute

import (
	"encoding/json"
	"flag"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func testKey(b byte) (key [KeyBytes]byte) {
	for i := range key {
		key[i] = b + byte(i)
	}
	return key
}

// undoDigits is the inverse of the long network: what decides that it is a bijection.
func undoDigits(p *Permuter, t Tweak, radix, digits []uint16) {
	m := len(digits) / 2
	wide := slices.Max(radix) > 256
	sub := func(i byte, h, radix, dst []uint16) {
		sum := make([]uint16, len(dst))
		p.longRound(t, i, wide, h, radix, sum)
		for k, r := range radix {
			dst[k] = uint16((uint32(dst[k]) + uint32(r) - uint32(sum[k])) % uint32(r))
		}
	}
	for i := longRounds - 2; i >= 0; i -= 2 {
		sub(byte(i+1), digits[:m], radix[m:], digits[m:])
		sub(byte(i), digits[m:], radix[:m], digits[:m])
	}
}

func TestUint64IsBijectionOnEverySmallDomain(t *testing.T) {
	p := New(testKey(1))
	tweak := p.Tweak([]byte("exhaustive"))
	seen := make([]bool, 6000)
	for n := uint64(1); n < 6000; n++ {
		if n > ShuffleMax+3 && n%97 != 0 { // every table, and some of the smallest networks
			continue
		}
		clear(seen)
		for x := range n {
			y := p.Uint64(tweak, n, x)
			if y >= n || seen[y] {
				t.Fatalf("n=%d: not a bijection at %d", n, x)
			}
			seen[y] = true
		}
	}
}

func TestUint64IsBijectionOnLargerDomains(t *testing.T) {
	for _, n := range []uint64{ShuffleMax + 1, 10_000, 65_536, 99_991, 1 << 18} {
		p := New(testKey(2))
		tweak := p.Tweak(nil)
		seen := make([]bool, n)
		for x := range n {
			y := p.Uint64(tweak, n, x)
			if seen[y] {
				t.Fatalf("n=%d: %d is hit twice", n, y)
			}
			seen[y] = true
		}
	}
}

func TestUint64StaysInHugeDomains(t *testing.T) {
	p := New(testKey(3))
	tweak := p.Tweak([]byte("huge"))
	for _, n := range []uint64{1<<32 - 1, 1 << 32, 1<<32 + 1, 1<<63 - 1, 1 << 63, math.MaxUint64} {
		seen := map[uint64]bool{}
		for i := range uint64(2000) {
			for _, x := range []uint64{i, n - 1 - i} {
				y := p.Uint64(tweak, n, x)
				if y >= n || seen[y] {
					t.Fatalf("n=%d: outside or twice", n)
				}
				seen[y] = true
			}
		}
	}
}

func TestDigitsExhaustive(t *testing.T) {
	for _, radix := range [][]uint16{
		{1}, {2}, {10}, {26, 10}, {1, 7, 1, 3}, {26, 26, 26}, {10, 26, 10, 26}, {300, 5, 11},
	} {
		p := New(testKey(4))
		tweak := p.Tweak([]byte("digits"))
		n, _ := product(radix)
		seen := make([]bool, n)
		for x := range n {
			digits := make([]uint16, len(radix))
			rest := x
			for i, r := range radix {
				digits[i] = uint16(rest % uint64(r))
				rest /= uint64(r)
			}
			p.Digits(tweak, radix, digits)
			var y uint64
			for i, r := range slices.Backward(radix) {
				y = y*uint64(r) + uint64(digits[i])
			}
			if seen[y] {
				t.Fatalf("%v: not a bijection", radix)
			}
			seen[y] = true
		}
	}
}

func TestLongDigitsHaveAnInverse(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	p := New(testKey(5))
	for range 500 {
		radix := make([]uint16, 13+random.IntN(60))
		digits := make([]uint16, len(radix))
		choices := []uint16{2, 10, 16, 26, 256}
		if random.IntN(3) == 0 {
			choices = append(choices, 1, 20992, 65535)
		}
		for i := range radix {
			radix[i] = choices[random.IntN(len(choices))]
			digits[i] = uint16(random.IntN(int(radix[i])))
		}
		if _, short := product(radix); short {
			continue
		}
		want := slices.Clone(digits)
		tweak := p.Tweak([]byte{byte(len(radix))})
		p.Digits(tweak, radix, digits)
		for i, r := range radix {
			if digits[i] >= r {
				t.Fatal("a digit left its radix")
			}
		}
		undoDigits(p, tweak, radix, digits)
		if !slices.Equal(digits, want) {
			t.Fatalf("no inverse for %d places", len(radix))
		}
	}
}

// Each place of the result of consecutive inputs must look uniform: a chi-square
// test whose bound is passed by chance once in about 10^9 places.
func TestDigitsLookUniform(t *testing.T) {
	p := New(testKey(6))
	for _, places := range []int{4, 8, 13, 14, 20, 40} {
		radix := slices.Repeat([]uint16{26}, places)
		counts := make([][26]int, places)
		const samples = 20_000
		tweak := p.Tweak([]byte("uniform"))
		for x := range samples {
			digits := make([]uint16, places)
			for i := range 4 {
				digits[places-1-i] = uint16(x / int(math.Pow(26, float64(i))) % 26)
			}
			p.Digits(tweak, radix, digits)
			for i, d := range digits {
				counts[i][d]++
			}
		}
		for i := range counts {
			var chi float64
			const want = samples / 26.0
			for _, c := range counts[i] {
				chi += (float64(c) - want) * (float64(c) - want) / want
			}
			if chi > 90 { // 25 degrees of freedom
				t.Errorf("%d places: place %d is skewed, chi-square %.0f", places, i, chi)
			}
		}
	}
}

// A change in any input digit must change about as many output digits as chance says.
func TestEveryDigitMatters(t *testing.T) {
	p := New(testKey(7))
	tweak := p.Tweak([]byte("avalanche"))
	for _, places := range []int{10, 30, 64} {
		radix := slices.Repeat([]uint16{26}, places)
		for i := range places {
			same := 0
			const samples = 60
			for s := range samples {
				a := slices.Repeat([]uint16{uint16(s % 26)}, places)
				b := slices.Clone(a)
				b[i] = (b[i] + 1) % 26
				p.Digits(tweak, radix, a)
				p.Digits(tweak, radix, b)
				for k := range a {
					if a[k] == b[k] {
						same++
					}
				}
			}
			if share := float64(same) / float64(samples*places); share > 0.08 {
				t.Errorf("%d places: digit %d leaves %.3f of the places as they were", places, i, share)
			}
		}
	}
}

func TestKeysAndTweaksAreIndependent(t *testing.T) {
	p, q := New(testKey(8)), New(testKey(9))
	a, b := p.Tweak([]byte("a")), p.Tweak([]byte("b"))
	for _, n := range []uint64{4096, 1 << 40} {
		same := 0
		for x := range uint64(1000) {
			if p.Uint64(a, n, x) == p.Uint64(b, n, x) || p.Uint64(a, n, x) == q.Uint64(q.Tweak([]byte("a")), n, x) {
				same++
			}
		}
		if same > 10 {
			t.Errorf("n=%d: %d of 1000 values agree between tweaks or keys", n, same)
		}
	}
}

func TestTweaksDiffer(t *testing.T) {
	p := New(testKey(10))
	seen := map[Tweak]string{}
	for n := range 40 {
		for _, fill := range []byte{0, 1, 8, 9, 16} {
			text := string(slices.Repeat([]byte{fill}, n))
			tweak := p.Tweak([]byte(text))
			if old, ok := seen[tweak]; ok && old != text {
				t.Fatalf("lengths %d and %d have one tweak", len(old), n)
			}
			seen[tweak] = text
		}
	}
}

func TestTablesAreBounded(t *testing.T) {
	p := New(testKey(11))
	first := p.Tweak([]byte("first"))
	want := p.Uint64(first, 4000, 17)
	for i := range 500 {
		p.Uint64(p.Tweak([]byte{byte(i), byte(i >> 8)}), 4000, 1)
		if p.cached > maxCached {
			t.Fatal("the cache grew past its bound")
		}
	}
	if p.Uint64(first, 4000, 17) != want {
		t.Error("a table made again differs")
	}
}

func TestStream(t *testing.T) {
	p := New(testKey(12))
	a, b := p.Stream(p.Tweak([]byte("s"))), p.Stream(p.Tweak([]byte("s")))
	var counts [10]int
	for range 10_000 {
		x := a.Uint16n(10)
		p.Uint64(p.Tweak(nil), 1<<30, 5) // another use in between changes nothing
		if x != b.Uint16n(10) {
			t.Fatal("two streams of one tweak differ")
		}
		counts[x]++
	}
	for d, c := range counts {
		if c < 850 || c > 1150 {
			t.Errorf("digit %d came %d times in 10000", d, c)
		}
	}
}

// vector is one line of testdata/vectors.json. Numbers are texts, because JSON
// readers lose digits.
type vector struct {
	Key    byte     `json:"key_first_byte"`
	Tweak  string   `json:"tweak"`
	N      uint64   `json:"n,string,omitempty"`
	X      uint64   `json:"x,string,omitempty"`
	Y      uint64   `json:"y,string,omitempty"`
	Radix  []uint16 `json:"radix,omitempty"`
	Digits []uint16 `json:"digits,omitempty"`
	Image  []uint16 `json:"image,omitempty"`
}

func makeVectors() []vector {
	var vs []vector
	for _, n := range []uint64{2, 10, 90, 676, 4096, 4097, 90_000, 1 << 20, 1<<32 - 1, 9_000_000_000_000_000_000, math.MaxUint64} {
		for _, x := range []uint64{0, 1, n - 1} {
			p := New(testKey(0))
			y := p.Uint64(p.Tweak([]byte("vector")), n, x)
			vs = append(vs, vector{Tweak: "vector", N: n, X: x, Y: y})
		}
	}
	for _, radix := range [][]uint16{{26, 26, 10}, slices.Repeat([]uint16{10, 26}, 12), slices.Repeat([]uint16{26}, 70), slices.Repeat([]uint16{20992}, 9)} {
		p := New(testKey(0))
		digits := make([]uint16, len(radix))
		for i := range digits {
			digits[i] = uint16(i) % radix[i]
		}
		image := slices.Clone(digits)
		p.Digits(p.Tweak([]byte("a longer tweak than a block")), radix, image)
		vs = append(vs, vector{Tweak: "a longer tweak than a block", Radix: radix, Digits: digits, Image: image})
	}
	return vs
}

func TestVectors(t *testing.T) {
	const path = "testdata/vectors.json"
	got := makeVectors()
	if *update {
		text, err := json.MarshalIndent(got, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var want []vector
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the mapping changed: datasets would no longer join (-want +got)\n%s", diff)
	}
}

func TestNoAllocations(t *testing.T) {
	p := New(testKey(13))
	tweak := p.Tweak([]byte("alloc"))
	radix := slices.Repeat([]uint16{26}, 40)
	digits := make([]uint16, 40)
	got := testing.AllocsPerRun(100, func() {
		p.Uint64(tweak, 1000, 1)
		p.Uint64(tweak, 1<<40, 1)
		p.Digits(tweak, radix, digits)
		p.Tweak([]byte("some text"))
		s := p.Stream(tweak)
		s.Uint64()
	})
	if got != 0 {
		t.Errorf("%v allocations", got)
	}
}

func BenchmarkUint64(b *testing.B) {
	for _, c := range []struct {
		name string
		n    uint64
	}{{"shuffle-900", 900}, {"feistel-90k", 90_000}, {"feistel-2^31", 1 << 31}, {"feistel-2^60", 1 << 60}} {
		b.Run(c.name, func(b *testing.B) {
			p := New(testKey(0))
			tweak := p.Tweak([]byte("bench"))
			b.ReportAllocs()
			var x uint64
			for b.Loop() {
				x = p.Uint64(tweak, c.n, x)
			}
		})
	}
}

func BenchmarkDigits(b *testing.B) {
	for _, places := range []int{8, 13, 24, 255} {
		b.Run(map[int]string{8: "letters-8", 13: "letters-13", 24: "letters-24", 255: "letters-255"}[places], func(b *testing.B) {
			p := New(testKey(0))
			tweak := p.Tweak([]byte("bench"))
			radix := slices.Repeat([]uint16{26}, places)
			digits := make([]uint16, places)
			b.SetBytes(int64(places))
			b.ReportAllocs()
			for b.Loop() {
				p.Digits(tweak, radix, digits)
			}
		})
	}
}
