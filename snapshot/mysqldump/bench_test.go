package mysqldump_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
)

// benchDump is a dump of about n bytes in the layouts of real tools: rows of a
// compute service (wide, text, escapes) or of an employees table (narrow).
func benchDump(n int, wide bool, separator string) []byte {
	b := []byte("CREATE TABLE `t` (`id` int(11));\n")
	for i := 0; len(b) < n; {
		b = append(b, "INSERT INTO `t` VALUES "...)
		for start := len(b); len(b)-start < 1_000_000; i++ {
			if len(b) > start+10 {
				b = append(b, separator...)
			}
			if wide {
				b = fmt.Appendf(b, `('2015-07-14 07:43:%02d',NULL,%d,'%08x-0c4e-4f9d-8509-0d92b339600b',`+
					`'web-%d.example.com','{\"size\": %d, \"note\": \"it\'s\"}',%d,'active',-%d,'some text of a user, with (brackets); and more')`,
					i%60, i, i*7919, i, i%100, i%2, i)
			} else {
				b = fmt.Appendf(b, `(%d,%d,'1986-06-%02d','1987-06-26')`, 10000+i, 60117+i%5000, 1+i%28)
			}
		}
		b = append(b, ";\n"...)
	}
	return b
}

func benchmarkLayouts(b *testing.B, run func(b *testing.B, dump []byte)) {
	for _, c := range []struct {
		name      string
		wide      bool
		separator string
	}{
		{"narrow rows, one line", false, ","},
		{"wide rows, one line", true, ","},
		{"wide rows, a line each", true, ",\n"},
	} {
		dump := benchDump(16<<20, c.wide, c.separator)
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(dump)))
			b.ReportAllocs()
			run(b, dump)
		})
	}
}

func BenchmarkSkipRows(b *testing.B) {
	benchmarkLayouts(b, func(b *testing.B, dump []byte) {
		for b.Loop() {
			r := mysqldump.NewReader(bytes.NewReader(dump))
			for {
				if _, err := r.Next(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}

func BenchmarkNextRows(b *testing.B) {
	benchmarkLayouts(b, func(b *testing.B, dump []byte) {
		var rows mysqldump.Rows
		for b.Loop() {
			r := mysqldump.NewReader(bytes.NewReader(dump))
			for {
				s, err := r.Next()
				if errors.Is(err, io.EOF) {
					break
				}
				for err == nil && s.Kind == mysqldump.Insert {
					err = r.NextRows(&rows)
				}
				if err != nil && !errors.Is(err, io.EOF) {
					b.Fatal(err)
				}
			}
		}
	})
}

func BenchmarkRowScanner(b *testing.B) {
	benchmarkLayouts(b, func(b *testing.B, dump []byte) {
		r := mysqldump.NewReader(bytes.NewReader(dump))
		var rows mysqldump.Rows
		for s, err := r.Next(); s.Kind != mysqldump.Insert; s, err = r.Next() {
			if err != nil {
				b.Fatal(err)
			}
		}
		if err := r.NextRows(&rows); err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(len(rows.Raw)))
		var values []mysqldump.Value
		var scanner mysqldump.RowScanner
		for b.Loop() {
			scanner.Reset(&rows, r.Session().Mode())
			for {
				var err error
				if values, err = scanner.Next(values[:0]); err != nil {
					break
				}
			}
		}
	})
}
