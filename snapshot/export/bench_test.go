package export_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot"
	"github.com/turbo-hipster/turbo-hipster/snapshot/export"
	"github.com/turbo-hipster/turbo-hipster/snapshot/restore/restoretest"
)

func BenchmarkSQL(b *testing.B) {
	snap, source := &snapshot.Snapshot{}, &restoretest.Source{}
	restoretest.AddTable(b, snap, "", "CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(50), b DATETIME, c DECIMAL(10,2), d VARBINARY(20))")
	var rows strings.Builder
	for id := range 100000 {
		fmt.Fprintf(&rows, "%d\tuser%08d@example.invalid\t2024-01-%02d 10:11:12\t%d.50\t%040X\n", id, id, id%28+1, id%1000, id)
	}
	source.Add(snap, "", "t", []byte(rows.String()))
	b.SetBytes(int64(rows.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if err := export.SQL(b.Context(), io.Discard, snap, source, export.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
