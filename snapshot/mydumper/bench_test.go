package mydumper_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/turbo-hipster/turbo-hipster/snapshot/mydumper"
)

// BenchmarkParts reads the rows of eight files one after the other and two at a time.
func BenchmarkParts(b *testing.B) {
	var rows strings.Builder
	rows.WriteString(session)
	for i := 0; rows.Len() < 8<<20; i++ {
		between := ",\n"
		if i%10_000 == 0 {
			between = ";\nINSERT INTO `t` VALUES\n"
		}
		fmt.Fprintf(&rows, "%s(%d,\"some text of number %d\",\"2026-01-02 03:04:05\",NULL,\"%x\")", strings.TrimPrefix(between, map[bool]string{true: ";\n"}[i == 0]), i, i*7919, i*i)
	}
	rows.WriteString(";\n")
	for _, extension := range []string{"", ".gz", ".zst"} {
		names := files()
		for i := range 8 {
			delete(names, fmt.Sprintf("d.t.%05d.sql", i))
			names[fmt.Sprintf("d.t.%05d.sql%s", i, extension)] = rows.String()
		}
		d, err := mydumper.Open(written(b, names))
		if err != nil {
			b.Fatal(err)
		}
		for _, jobs := range []int{1, 2} {
			b.Run(fmt.Sprintf("%d at a time%s", jobs, extension), func(b *testing.B) {
				b.SetBytes(int64(8 * rows.Len()))
				b.ReportAllocs()
				for b.Loop() {
					var g errgroup.Group
					g.SetLimit(jobs)
					for _, p := range d.Parts() {
						g.Go(func() error {
							_, err := countRows(p)
							return err
						})
					}
					if err := g.Wait(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
