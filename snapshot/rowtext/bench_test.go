package rowtext_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot/rowtext"
)

func BenchmarkAppendFromSQL(b *testing.B) {
	for _, tc := range []struct{ name, raw string }{
		{"10 plain bytes", "instance-1"},
		{"36 plain bytes", "123e4567-e89b-12d3-a456-426614174000"},
		{"200 plain bytes", strings.Repeat("plain text ", 20)[:200]},
		{"200 bytes of escaped JSON", strings.Repeat(`{\"key\": \"value\"},`, 10)},
	} {
		b.Run(tc.name, func(b *testing.B) {
			raw, dst := []byte(tc.raw), []byte(nil)
			b.SetBytes(int64(len(raw)))
			b.ReportAllocs()
			for b.Loop() {
				dst, _ = rowtext.AppendFromSQL(dst[:0], raw, false)
			}
		})
	}
}

func BenchmarkScanner(b *testing.B) {
	rows := bytes.Repeat([]byte("4711\tinstance-00001267\t123e4567-e89b-12d3-a456-426614174000\t\\N\t2014-02-28 12:00:00\t0\n"), 1000)
	b.SetBytes(int64(len(rows)))
	b.ReportAllocs()
	fields := make([]rowtext.Field, 0, 6)
	for b.Loop() {
		var err error
		for s := rowtext.NewScanner(rows, 6); err == nil; {
			fields, err = s.Next(fields)
		}
	}
}
