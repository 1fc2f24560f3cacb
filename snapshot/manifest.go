package snapshot

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/specs-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// Finish completes the snapshot: it ends the last chunk, fills cfg's counts, and
// puts objects, config and manifest. The manifest is put last; its descriptor is
// what to commit. Rows of a table that cfg does not list are an error. The
// builder is closed whatever the outcome.
func (b *Builder) Finish(ctx context.Context, cfg Config, before, after []Object) (ocispec.Descriptor, error) {
	defer b.Close()
	var none ocispec.Descriptor
	if b.chunk != nil {
		if err := b.endChunk(); err != nil {
			return none, err
		}
	}
	chunks, err := b.pipe.wait()
	if err != nil {
		return none, err
	}
	if cfg, err = b.complete(cfg); err != nil {
		return none, err
	}
	m := ocispec.Manifest{
		Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageManifest, ArtifactType: ArtifactType,
	}
	if m.Config, err = b.putJSON(ctx, MediaTypeConfig, cfg, MaxConfigBytes); err != nil {
		return none, fmt.Errorf("write config: %w", err)
	}
	if m.Layers, err = b.layers(ctx, chunks, before, after); err != nil {
		return none, err
	}
	if !b.options.Created.IsZero() {
		m.Annotations = map[string]string{ocispec.AnnotationCreated: b.options.Created.UTC().Format(time.RFC3339)}
	}
	d, err := b.putJSON(ctx, ocispec.MediaTypeImageManifest, m, MaxManifestBytes)
	if err != nil {
		return none, fmt.Errorf("write manifest of %d layers: %w", len(m.Layers), err)
	}
	d.ArtifactType = ArtifactType
	return d, nil
}

// complete returns cfg with the tables' counts.
func (b *Builder) complete(cfg Config) (Config, error) {
	cfg.SchemaVersion = ConfigVersion
	cfg.Tables = slices.Clone(cfg.Tables)
	if cfg.Tables == nil {
		cfg.Tables = []TableInfo{}
	}
	listed := 0
	for i := range cfg.Tables {
		t := &cfg.Tables[i]
		t.Rows, t.Bytes, t.Chunks = 0, 0, 0
		if n := b.tables[tableKey{t.Database, t.Name}]; n != nil {
			t.Rows, t.Bytes, t.Chunks = n.rows, n.bytes, n.chunks
			listed++
		}
	}
	if err := cfg.Check(); err != nil {
		return cfg, err
	}
	if listed < len(b.tables) {
		return cfg, fmt.Errorf("%d of the %d tables with rows are not in the config", len(b.tables)-listed, len(b.tables))
	}
	return cfg, nil
}

// layers puts the objects and returns all layers in order.
func (b *Builder) layers(ctx context.Context, chunks []Chunk, before, after []Object) ([]ocispec.Descriptor, error) {
	first, err := b.putObjects(ctx, stageBefore, before)
	if err != nil {
		return nil, err
	}
	last, err := b.putObjects(ctx, stageAfter, after)
	if err != nil {
		return nil, err
	}
	layers := make([]ocispec.Descriptor, 0, len(chunks)+2)
	layers = append(layers, first)
	for _, c := range chunks {
		layers = append(layers, c.Descriptor)
	}
	return append(layers, last), nil
}

func (b *Builder) putObjects(ctx context.Context, stage string, objects []Object) (ocispec.Descriptor, error) {
	lines, err := marshalObjects(objects)
	if err != nil {
		return ocispec.Descriptor{}, err
	}
	enc, err := newEncoder(b.options.Level)
	if err != nil {
		return ocispec.Descriptor{}, fmt.Errorf("start compression: %w", err)
	}
	d, err := b.blobs.Put(ctx, MediaTypeObjects, bytes.NewReader(enc.EncodeAll(lines, nil)))
	if err != nil {
		return d, fmt.Errorf("write definitions %s the rows: %w", stage, err)
	}
	d.Annotations = map[string]string{AnnotationStage: stage}
	return d, nil
}

// putJSON puts v's JSON, unless it is longer than limit.
func (b *Builder) putJSON(ctx context.Context, mediaType string, v any, limit int) (ocispec.Descriptor, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return ocispec.Descriptor{}, err
	}
	if len(data) > limit {
		return ocispec.Descriptor{}, fmt.Errorf("%w: %d bytes, the limit is %d", ErrTooLarge, len(data), limit)
	}
	return b.blobs.Put(ctx, mediaType, bytes.NewReader(data))
}

func chunkAnnotations(c Chunk) map[string]string {
	return map[string]string{
		AnnotationDatabase:   c.Database,
		AnnotationTable:      c.Table,
		AnnotationRows:       strconv.FormatInt(c.Rows, 10),
		AnnotationRowsBytes:  strconv.FormatInt(c.Bytes, 10),
		AnnotationRowsDigest: c.RowsDigest.String(),
	}
}

// chunkOf reads a chunk from its layer.
func chunkOf(d ocispec.Descriptor) (Chunk, error) {
	c := Chunk{Database: d.Annotations[AnnotationDatabase], Table: d.Annotations[AnnotationTable], Descriptor: d}
	for name, to := range map[string]*int64{AnnotationRows: &c.Rows, AnnotationRowsBytes: &c.Bytes} {
		n, err := strconv.ParseInt(d.Annotations[name], 10, 64)
		if err != nil || n < 1 {
			return c, fmt.Errorf("annotation %s is not a positive number", name)
		}
		*to = n
	}
	c.RowsDigest = digest.Digest(d.Annotations[AnnotationRowsDigest])
	if err := checkDigest(c.RowsDigest); err != nil {
		return c, fmt.Errorf("annotation %s: %w", AnnotationRowsDigest, err)
	}
	return c, nil
}

// checkDigest accepts sha256 alone.
func checkDigest(d digest.Digest) error {
	if err := d.Validate(); err != nil {
		return fmt.Errorf("digest %q: %w", d, err)
	}
	if d.Algorithm() != digest.SHA256 {
		return fmt.Errorf("digest %q: only sha256 is used", d)
	}
	return nil
}
