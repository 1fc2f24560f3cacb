package store

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/specs-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/turbo-hipster/turbo-hipster/snapshot"
)

// The files of a dataset's directory.
const (
	indexFile  = ocispec.ImageIndexFile
	layoutFile = ocispec.ImageLayoutFile
	blobsDir   = ocispec.ImageBlobsDir
)

const (
	// annotationCheck guards an entry of index.json, the only file that no digest
	// names. Entries that other tools write have none.
	annotationCheck = "io.github.turbo-hipster.check"
	// maxIndexBytes bounds index.json; an entry has about 400 bytes.
	maxIndexBytes = 64 << 20
)

// layoutContent is the whole of the file oci-layout.
const layoutContent = `{"imageLayoutVersion":"` + ocispec.ImageLayoutVersion + `"}`

// readIndex reads the index of the dataset in dir and its raw bytes. A missing
// index matches fs.ErrNotExist; one that is not an index is corrupt.
func readIndex(dir string) (ocispec.Index, []byte, error) {
	var index ocispec.Index
	f, err := os.Open(filepath.Join(dir, indexFile))
	if err != nil {
		return index, nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxIndexBytes+1))
	if err != nil {
		return index, nil, err
	}
	if len(data) > maxIndexBytes {
		return index, nil, corruptIndex(dir, fmt.Errorf("it has more than %d bytes", maxIndexBytes))
	}
	if err := json.Unmarshal(data, &index); err != nil {
		return index, nil, corruptIndex(dir, err)
	}
	if index.SchemaVersion != 2 || cmp.Or(index.MediaType, ocispec.MediaTypeImageIndex) != ocispec.MediaTypeImageIndex {
		return index, nil, corruptIndex(dir, errors.New("not an OCI image index"))
	}
	if index.Manifests == nil {
		return index, nil, corruptIndex(dir, errors.New("it has no list of manifests"))
	}
	for i, d := range index.Manifests {
		if err := d.Digest.Validate(); err != nil {
			return index, nil, corruptIndex(dir, fmt.Errorf("entry %d: %w", i+1, err))
		}
	}
	return index, data, nil
}

func corruptIndex(dir string, err error) error {
	return &snapshot.CorruptError{What: filepath.Join(dir, indexFile), Err: err}
}

// newIndex returns the index of a dataset without snapshots.
func newIndex() ocispec.Index {
	return ocispec.Index{Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageIndex}
}

// encodeIndex returns an index as it is written: compact, in the order of the
// specification's fields, as other tools written in Go do.
func encodeIndex(index ocispec.Index) ([]byte, error) { return json.Marshal(index) }

// tagOf returns the tag of an index entry, empty if it has none.
func tagOf(d ocispec.Descriptor) string { return d.Annotations[ocispec.AnnotationRefName] }

// setTag makes tag mean manifest d.
func setTag(index *ocispec.Index, tag string, d ocispec.Descriptor) {
	d.Annotations = map[string]string{ocispec.AnnotationRefName: tag}
	d.Annotations[annotationCheck] = entryCheck(tag, d)
	index.Manifests = append(slices.DeleteFunc(index.Manifests, func(e ocispec.Descriptor) bool {
		return tagOf(e) == tag
	}), d)
}

// findTag returns the entry of a tag.
func findTag(index ocispec.Index, tag string) (ocispec.Descriptor, bool) {
	i := slices.IndexFunc(index.Manifests, func(e ocispec.Descriptor) bool { return tagOf(e) == tag })
	if i < 0 {
		return ocispec.Descriptor{}, false
	}
	return index.Manifests[i], true
}

// versionOf returns N of a tag vN, 0 of other tags.
func versionOf(tag string) int {
	if !regexp.MustCompile(`^v[1-9][0-9]{0,8}$`).MatchString(tag) {
		return 0
	}
	n, _ := strconv.Atoi(tag[1:])
	return n
}

// nextVersion returns the tag after the highest version.
func nextVersion(index ocispec.Index) string {
	highest := 0
	for _, e := range index.Manifests {
		highest = max(highest, versionOf(tagOf(e)))
	}
	return "v" + strconv.Itoa(highest+1)
}

// entryCheck returns the value that guards an entry which was given tag.
func entryCheck(tag string, d ocispec.Descriptor) string {
	text := fmt.Sprintf("%s\n%s\n%d\n%s\n%s", tag, d.Digest, d.Size, d.MediaType, d.ArtifactType)
	return tag + "@" + digest.FromString(text).Encoded()[:16]
}

// altered reports whether an entry does not fit its guard. Other tools copy the
// guard when they give a snapshot another tag; tags that differ in a single bit
// are taken for damage.
func altered(d ocispec.Descriptor) bool {
	for key, value := range d.Annotations {
		if oneBitApart(key, annotationCheck) {
			return true
		}
		if key != annotationCheck {
			continue
		}
		tag, _, _ := strings.Cut(value, "@")
		if value != entryCheck(tag, d) || oneBitApart(tag, tagOf(d)) {
			return true
		}
		if _, ok := d.Annotations[ocispec.AnnotationRefName]; !ok {
			return true
		}
	}
	return false
}

// verifyIndex finds damage in an index: each guarded entry must fit its guard,
// and an index with guarded entries must be spelled as it was written. What other
// tools wrote alone cannot be told from damage.
func verifyIndex(dir string) error {
	index, data, err := readIndex(dir)
	if err != nil {
		return err
	}
	guarded := false
	for i, e := range index.Manifests {
		if altered(e) {
			return corruptIndex(dir, fmt.Errorf("entry %d was altered", i+1))
		}
		if _, ok := e.Annotations[annotationCheck]; ok {
			guarded = true
		}
	}
	if !guarded {
		return nil
	}
	again, err := encodeIndex(index)
	if err != nil {
		return err
	}
	if !bytes.Equal(again, bytes.TrimRight(data, "\n")) {
		return corruptIndex(dir, errors.New("it is not spelled as it was written"))
	}
	return nil
}

// oneBitApart reports whether two strings differ in exactly one bit.
func oneBitApart(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	bits := 0
	for i := range len(a) {
		for x := a[i] ^ b[i]; x != 0; x &= x - 1 {
			bits++
		}
	}
	return bits == 1
}

// verifyLayout checks the file oci-layout; other tools may space it otherwise.
func verifyLayout(dir string) error {
	path := filepath.Join(dir, layoutFile)
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return &snapshot.CorruptError{What: path, Err: errors.New("it is missing")}
	}
	if err != nil {
		return err
	}
	var content map[string]string
	if json.Unmarshal(data, &content) != nil || content["imageLayoutVersion"] != ocispec.ImageLayoutVersion || len(content) != 1 {
		return &snapshot.CorruptError{What: path, Err: errors.New("not the file of an OCI image layout")}
	}
	return nil
}
