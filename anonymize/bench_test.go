package anonymize

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// BenchmarkKind measures values that repeat nothing, past the memo.
func BenchmarkKind(b *testing.B) {
	all := generators()
	for _, kind := range slices.Sorted(maps.Keys(all)) {
		b.Run(kind, func(b *testing.B) {
			random := rand.New(rand.NewPCG(1, 1))
			rows := rowsFor(b, testKey(1), textColumn("c"), Treatment{Kind: kind})
			rows.columns[0].memo = nil
			benchmark(b, rows, values(random, all[kind], 10_000))
		})
	}
}

// BenchmarkRepeated measures a column of 500 different values.
func BenchmarkRepeated(b *testing.B) {
	rows := rowsFor(b, testKey(1), textColumn("c"), Treatment{Kind: kindEmail})
	benchmark(b, rows, values(rand.New(rand.NewPCG(1, 1)), genEmail, 500))
}

func BenchmarkText(b *testing.B) {
	v := strings.Repeat("The quick brown fox called 10.0.0.1 about jane@example.org. ", 200)
	benchmark(b, rowsFor(b, testKey(1), textColumn("c"), Treatment{Kind: kindText}), [][]byte{[]byte(v)})
}

func BenchmarkJSON(b *testing.B) {
	v := "[" + strings.Repeat(`{"owner": "Jane Doe", "size": 12, "ip": "10.0.0.1", "tags": ["red", "blue"]}, `, 100) + "0]"
	benchmark(b, rowsFor(b, testKey(1), textColumn("c"), Treatment{Kind: kindJSON}), [][]byte{[]byte(v)})
}

func values(random *rand.Rand, gen generator, n int) [][]byte {
	out := make([][]byte, n)
	for i := range out {
		out[i] = []byte(gen(random))
	}
	return out
}

func benchmark(b *testing.B, rows *Rows, in [][]byte) {
	b.Helper()
	row := make([]Value, 1)
	total := 0
	for _, v := range in {
		total += len(v)
	}
	b.SetBytes(int64(total / len(in)))
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		row[0] = Value{Bytes: in[i%len(in)]}
		if _, err := rows.Apply(row); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

// What it costs that the columns are in unique indexes, where all values are of ASCII: what is proven of each.
func BenchmarkUnique(b *testing.B) {
	for name, index := range map[string]string{"no index": "", "unique": ", UNIQUE KEY `a` (`v`), UNIQUE KEY `b` (`w`)"} {
		b.Run(name, func(b *testing.B) {
			table := parseTable(b, "CREATE TABLE `t` (`v` varchar(60) COLLATE utf8mb4_general_ci, `w` varchar(60) COLLATE utf8mb4_bin"+index+") DEFAULT CHARSET=utf8mb4")
			policy := policyFor(b, map[string]map[string]Treatment{"t": {"v": {Kind: "email"}, "w": {Kind: "username"}}})
			key, err := NewKey(strings.NewReader(strings.Repeat("k", KeyBytes)))
			if err != nil {
				b.Fatal(err)
			}
			a, err := New(key, policy)
			if err != nil {
				b.Fatal(err)
			}
			rows, err := a.Rows("", table)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				i++
				row := []Value{{Bytes: fmt.Appendf(nil, "jane.doe%d@example.org", i)}, {Bytes: fmt.Appendf(nil, "Jane Doe %d", i)}}
				if _, err := rows.Apply(row); err != nil || rows.Unproven() {
					b.Fatal("the row is not proven", err)
				}
			}
		})
	}
}
