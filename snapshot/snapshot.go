package snapshot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// The media types of a snapshot's parts.
const (
	ArtifactType     = "application/vnd.turbo-hipster.dataset.v1"
	MediaTypeConfig  = "application/vnd.turbo-hipster.dataset.config.v1+json"
	MediaTypeObjects = "application/vnd.turbo-hipster.dataset.objects.v1.jsonl+zstd"
	MediaTypeRows    = "application/vnd.turbo-hipster.dataset.rows.v1+zstd"
)

// The annotations of a snapshot's layers.
const (
	annotationPrefix = "io.github.turbo-hipster."

	AnnotationStage      = annotationPrefix + "stage"       // objects: "before" or "after"
	AnnotationDatabase   = annotationPrefix + "database"    // rows
	AnnotationTable      = annotationPrefix + "table"       // rows
	AnnotationRows       = annotationPrefix + "rows"        // rows: how many
	AnnotationRowsBytes  = annotationPrefix + "rows.bytes"  // rows: uncompressed
	AnnotationRowsDigest = annotationPrefix + "rows.digest" // rows: uncompressed
)

// The stages of objects.
const (
	stageBefore = "before"
	stageAfter  = "after"
)

// Limits of what is read and written. Registries refuse manifests of 4 MiB.
const (
	MaxManifestBytes = 3 << 20
	MaxConfigBytes   = 256 << 20
)

// ErrCorrupt is matched by every error about a blob whose content is not what
// its descriptor says. The errors themselves are [*CorruptError].
var ErrCorrupt = errors.New("snapshot is corrupt")

// CorruptError names the blob, or the file, that is corrupt.
type CorruptError struct {
	Blob digest.Digest // empty when a file is meant
	What string        // what the blob or file is, such as "chunk 3 of table nova.instances"
	Err  error         // what is wrong with it
}

func (e *CorruptError) Error() string {
	if e.Blob == "" {
		return fmt.Sprintf("%s is corrupt: %v", e.What, e.Err)
	}
	return fmt.Sprintf("%s (blob %s) is corrupt: %v", e.What, e.Blob, e.Err)
}

// Unwrap returns what is wrong.
func (e *CorruptError) Unwrap() error { return e.Err }

// Is makes every CorruptError match [ErrCorrupt].
func (e *CorruptError) Is(target error) bool { return target == ErrCorrupt }

// Snapshot is one immutable version of a dataset, without its rows.
type Snapshot struct {
	Digest digest.Digest // of the manifest
	Config Config
	// Before and After are the objects to create before and after the rows.
	Before, After []Object
	// Chunks are the rows, each table's in order.
	Chunks []Chunk
	// Created is zero when the manifest does not say.
	Created time.Time
	// Manifest is the manifest as read.
	Manifest ocispec.Manifest
}

// Chunk is a run of one table's rows.
type Chunk struct {
	Database, Table string
	// Rows and Bytes count the uncompressed rows, RowsDigest is their sha256.
	Rows, Bytes int64
	RowsDigest  digest.Digest
	// Descriptor names the compressed blob.
	Descriptor ocispec.Descriptor
}

// Blobs keeps blobs.
type Blobs interface {
	// Put keeps what r holds and returns its descriptor. When r fails, nothing is
	// kept. It need not be durable before the snapshot is committed.
	Put(ctx context.Context, mediaType string, r io.Reader) (ocispec.Descriptor, error)
}

// Fetcher opens blobs.
type Fetcher interface {
	// Open returns the blob's bytes, unverified. An error matching fs.ErrNotExist
	// means that there is no such blob.
	Open(ctx context.Context, d ocispec.Descriptor) (io.ReadCloser, error)
}

// TableChunks returns the chunks of one table, in order.
func (s *Snapshot) TableChunks(database, table string) []Chunk {
	var out []Chunk
	for _, c := range s.Chunks {
		if c.Database == database && c.Table == table {
			out = append(out, c)
		}
	}
	return out
}
