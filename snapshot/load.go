package snapshot

import (
	"bytes"
	"context"
	_ "crypto/sha256" // go-digest computes only what is linked in
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// ErrNotSnapshot reports a manifest that is intact but not a snapshot's, or of
// a later format.
var ErrNotSnapshot = errors.New("not a snapshot")

// Load reads the snapshot of a manifest: manifest, config and objects, each
// verified against its digest. Chunks are listed, not read.
func Load(ctx context.Context, blobs Fetcher, manifest ocispec.Descriptor) (*Snapshot, error) {
	data, err := fetch(ctx, blobs, manifest, "manifest", MaxManifestBytes)
	if err != nil {
		return nil, err
	}
	s := &Snapshot{Digest: manifest.Digest}
	if err := json.Unmarshal(data, &s.Manifest); err != nil {
		return nil, fmt.Errorf("manifest %s: %w: %w", s.Digest, ErrNotSnapshot, err)
	}
	if err := s.readManifest(); err != nil {
		return nil, fmt.Errorf("manifest %s: %w: %w", s.Digest, ErrNotSnapshot, err)
	}
	if err := s.loadConfig(ctx, blobs); err != nil {
		return nil, err
	}
	layers := s.Manifest.Layers
	if s.Before, err = loadObjects(ctx, blobs, layers[0], stageBefore); err != nil {
		return nil, err
	}
	if s.After, err = loadObjects(ctx, blobs, layers[len(layers)-1], stageAfter); err != nil {
		return nil, err
	}
	return s, nil
}

// readManifest checks the manifest's form and lists its chunks.
func (s *Snapshot) readManifest() error {
	m := &s.Manifest
	if m.SchemaVersion != 2 || m.MediaType != ocispec.MediaTypeImageManifest || m.ArtifactType != ArtifactType {
		return fmt.Errorf("artifact type is %q, expected %q", m.ArtifactType, ArtifactType)
	}
	if m.Config.MediaType != MediaTypeConfig {
		return fmt.Errorf("config has media type %q", m.Config.MediaType)
	}
	n := len(m.Layers)
	if n < 2 || !isObjects(m.Layers[0], stageBefore) || !isObjects(m.Layers[n-1], stageAfter) {
		return errors.New("layers do not begin and end with definitions")
	}
	for i, d := range m.Layers[1 : n-1] {
		if d.MediaType != MediaTypeRows {
			return fmt.Errorf("layer %d has media type %q", i+2, d.MediaType)
		}
		c, err := chunkOf(d)
		if err != nil {
			return fmt.Errorf("layer %d: %w", i+2, err)
		}
		s.Chunks = append(s.Chunks, c)
	}
	if created, ok := m.Annotations[ocispec.AnnotationCreated]; ok {
		at, err := time.Parse(time.RFC3339, created)
		if err != nil {
			return errors.New("creation time is not in RFC 3339 format")
		}
		s.Created = at
	}
	return nil
}

func isObjects(d ocispec.Descriptor, stage string) bool {
	return d.MediaType == MediaTypeObjects && d.Annotations[AnnotationStage] == stage
}

// loadConfig reads the config and holds it against the chunks.
func (s *Snapshot) loadConfig(ctx context.Context, blobs Fetcher) error {
	data, err := fetch(ctx, blobs, s.Manifest.Config, "config", MaxConfigBytes)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, &s.Config); err != nil {
		return fmt.Errorf("config of %s: %w: %w", s.Digest, ErrNotSnapshot, err)
	}
	if err := s.Config.Check(); err != nil {
		return fmt.Errorf("config of %s: %w: %w", s.Digest, ErrNotSnapshot, err)
	}
	counts := make(map[tableKey]tableCount, len(s.Config.Tables))
	for _, c := range s.Chunks {
		n := counts[tableKey{c.Database, c.Table}]
		counts[tableKey{c.Database, c.Table}] = tableCount{n.rows + c.Rows, n.bytes + c.Bytes, n.chunks + 1}
	}
	for _, t := range s.Config.Tables {
		key := tableKey{t.Database, t.Name}
		if counts[key] != (tableCount{t.Rows, t.Bytes, t.Chunks}) {
			return fmt.Errorf("config of %s: %w: counts of table %s differ from its chunks", s.Digest, ErrNotSnapshot, key)
		}
		delete(counts, key)
	}
	if len(counts) > 0 {
		return fmt.Errorf("config of %s: %w: %d tables with chunks are not in the config", s.Digest, ErrNotSnapshot, len(counts))
	}
	return nil
}

func loadObjects(ctx context.Context, blobs Fetcher, d ocispec.Descriptor, stage string) ([]Object, error) {
	what := "definitions " + stage + " the rows"
	data, err := fetch(ctx, blobs, d, what, maxObjectsBytes)
	if err != nil {
		return nil, err
	}
	dec, err := newDecoder(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", what, err)
	}
	defer dec.Close()
	objects, err := readObjects(dec)
	if err != nil {
		return nil, fmt.Errorf("%s (blob %s): %w: %w", what, d.Digest, ErrNotSnapshot, err)
	}
	return objects, nil
}

// newDecoder returns a decoder that takes no more memory than a frame needs,
// whatever its header asks for.
func newDecoder(r io.Reader) (*zstd.Decoder, error) {
	return zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(2*frameBytes))
}

// fetch returns a verified blob of at most limit bytes.
func fetch(ctx context.Context, blobs Fetcher, d ocispec.Descriptor, what string, limit int64) ([]byte, error) {
	if err := checkDigest(d.Digest); err != nil {
		return nil, fmt.Errorf("read %s: %w: %w", what, ErrNotSnapshot, err)
	}
	if d.Size < 0 || d.Size > limit {
		return nil, fmt.Errorf("read %s: %w: %d bytes, the limit is %d", what, ErrNotSnapshot, d.Size, limit)
	}
	r, err := open(ctx, blobs, d, what)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, d.Size+1))
	if err != nil {
		return nil, fmt.Errorf("read %s (blob %s): %w", what, d.Digest, err)
	}
	if int64(len(data)) != d.Size {
		return nil, &CorruptError{Blob: d.Digest, What: what, Err: errSize}
	}
	if digest.FromBytes(data) != d.Digest {
		return nil, &CorruptError{Blob: d.Digest, What: what, Err: errDigest}
	}
	return data, nil
}

// What can be wrong with a blob.
var (
	errMissing    = errors.New("it is missing")
	errSize       = errors.New("its size differs from the manifest's")
	errDigest     = errors.New("its content does not have its digest")
	errRows       = errors.New("the number of its rows differs from the manifest's")
	errRowsBytes  = errors.New("its rows have more or fewer bytes than the manifest says")
	errRowsDigest = errors.New("its rows do not have the digest that the manifest says")
)

// open opens a blob that the snapshot needs.
func open(ctx context.Context, blobs Fetcher, d ocispec.Descriptor, what string) (io.ReadCloser, error) {
	r, err := blobs.Open(ctx, d)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &CorruptError{Blob: d.Digest, What: what, Err: errMissing}
	}
	if err != nil {
		return nil, fmt.Errorf("open %s (blob %s): %w", what, d.Digest, err)
	}
	return r, nil
}
