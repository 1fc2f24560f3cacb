package snapshot_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/turbo-hipster/turbo-hipster/snapshot"
	"github.com/turbo-hipster/turbo-hipster/snapshot/rowtext"
)

// memory keeps blobs for a test.
type memory struct {
	mu    sync.Mutex
	blobs map[digest.Digest][]byte
	puts  int
	// failAt is the number of the Put that fails, 0 none.
	failAt int
}

func newMemory() *memory { return &memory{blobs: map[digest.Digest][]byte{}} }

var errFull = fmt.Errorf("no space left")

func (m *memory) Put(_ context.Context, mediaType string, r io.Reader) (ocispec.Descriptor, error) {
	data, err := io.ReadAll(r)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.puts++
	if m.puts == m.failAt {
		err = errFull
	}
	if err != nil {
		return ocispec.Descriptor{}, err
	}
	d := ocispec.Descriptor{MediaType: mediaType, Digest: digest.FromBytes(data), Size: int64(len(data))}
	m.blobs[d.Digest] = data
	return d, nil
}

func (m *memory) Open(_ context.Context, d ocispec.Descriptor) (io.ReadCloser, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	data, ok := m.blobs[d.Digest]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}

// row is a plausible row; rows of different n differ.
func row(n int) []byte {
	rng := rand.New(rand.NewPCG(uint64(n), 7))
	return fmt.Appendf(nil, "%d\tinstance-%08x\t%016x-%016x\t\\N\t2014-02-28 12:00:00\t%d\n",
		n, rng.Uint32(), rng.Uint64(), rng.Uint64(), rng.IntN(10))
}

// tableRows returns rows numbered from first, and their ends.
func tableRows(first, n int) (rows []byte, ends []int) {
	for i := range n {
		rows = append(rows, row(first+i)...)
		ends = append(ends, len(rows))
	}
	return rows, ends
}

func instances() snapshot.TableInfo {
	names := []string{"id", "name", "uuid", "deleted_at", "created_at", "flags"}
	var l rowtext.Layout
	for _, n := range names {
		l.Columns = append(l.Columns, rowtext.Column{Name: n})
	}
	return snapshot.TableInfo{
		Database: "nova", Name: "instances", Layout: l,
		Columns: []snapshot.ColumnInfo{{Name: "name", Status: snapshot.StatusTreated, Kind: "hostname", Origin: "models"}},
	}
}

func config(tables ...snapshot.TableInfo) snapshot.Config {
	return snapshot.Config{
		Tables: tables,
		Provenance: snapshot.Provenance{
			Tool: "fuzzy", ToolVersion: "test", SourceFormat: "mysqldump", TimeZone: "+00:00", Charset: "utf8mb4",
		},
	}
}

func objects() (before, after []snapshot.Object) {
	before = []snapshot.Object{{
		Kind: snapshot.ObjectTable, Database: "nova", Name: "instances",
		SQL: "CREATE TABLE `instances` (`id` int /* <&> é😀 */)", SQLMode: "ANSI", TimeZone: "+00:00",
	}}
	after = []snapshot.Object{{Kind: snapshot.ObjectView, Database: "nova", Name: "v", SQL: "CREATE VIEW `v` AS SELECT 1"}}
	return before, after
}

// build makes a snapshot of one table's rows.
func build(t testing.TB, m *memory, o snapshot.BuilderOptions, rows []byte, ends []int) ocispec.Descriptor {
	t.Helper()
	b := snapshot.NewBuilder(t.Context(), m, o)
	defer b.Close()
	if err := b.Append("nova", "instances", rows, ends); err != nil {
		t.Fatal(err)
	}
	before, after := objects()
	d, err := b.Finish(t.Context(), config(instances()), before, after)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
