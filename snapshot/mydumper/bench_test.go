package mydumper_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot/mydumper"
)

// BenchmarkReading finds the statements and rows of 64 MiB in files of several sizes: one file after another (1 job), and two at once.
func BenchmarkReading(b *testing.B) {
	const total = 64 << 20
	for _, extension := range []string{"", ".gz", ".zst"} {
		for _, size := range []int{256 << 10, 8 << 20} {
			b.Run(fmt.Sprintf("%d KiB%s", size>>10, extension), func(b *testing.B) {
				names := files()
				maps.DeleteFunc(names, func(name, _ string) bool { return strings.HasPrefix(name, "d.t.0") })
				for i := range total / size {
					names[fmt.Sprintf("d.t.%05d.sql%s", i, extension)] = rowsOfBytes(size, uint64(i))
				}
				dir := written(b, names)
				for _, jobs := range []int{1, 2} {
					b.Run(fmt.Sprintf("%d jobs", jobs), func(b *testing.B) { readRows(b, dir, jobs, total) })
				}
			})
		}
	}
}

func readRows(b *testing.B, dir string, jobs int, size int64) {
	b.Helper()
	d, err := mydumper.Open(dir, jobs)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := countRows(d); err != nil {
			b.Fatal(err)
		}
	}
}

// rowsOfBytes is the text of a file of about n bytes, which compresses about as rows of production do.
func rowsOfBytes(n int, seed uint64) string {
	random := rand.New(rand.NewPCG(seed, 1))
	words := strings.Fields("active admin compute deleted error image instance network port router subnet tenant volume")
	word := func() string { return words[random.IntN(len(words))] }
	var out strings.Builder
	out.WriteString(session)
	for i := 0; out.Len() < n; i++ {
		before := ",\n"
		if i%5000 == 0 {
			before = "INSERT INTO `t` VALUES\n"
			if i > 0 {
				before = ";\n" + before
			}
		}
		fmt.Fprintf(&out, "%s(%d,\"%s-%08x\",\"2026-%02d-%02d 03:04:05\",NULL,\"%x@example.org\",\"%s %s %s\")",
			before, i, word(), random.Uint32(), random.IntN(12)+1, random.IntN(28)+1, random.Uint32(), word(), word(), word())
	}
	out.WriteString(";\n")
	return out.String()
}
