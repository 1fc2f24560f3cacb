package store

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/turbo-hipster/turbo-hipster/snapshot"
)

func TestParseReference(t *testing.T) {
	d := digest.FromString("x")
	for _, tc := range []struct {
		name, text string
		want       Reference
		ok         bool
	}{
		{"name", "nova", Reference{Name: "nova"}, true},
		{"name and tag", "nova/user_001:v12", Reference{Name: "nova/user_001", Tag: "v12"}, true},
		{"name and digest", "a.b-c__d@" + d.String(), Reference{Name: "a.b-c__d", Digest: d}, true},
		{"empty", "", Reference{}, false},
		{"upper case", "Nova", Reference{}, false},
		{"up", "nova/../x", Reference{}, false},
		{"absolute", "/nova", Reference{}, false},
		{"empty part", "nova//x", Reference{}, false},
		{"hidden", ".drafts", Reference{}, false},
		{"file of the store", "nova/blobs", Reference{}, false},
		{"index of the store", "nova/index.json", Reference{}, false},
		{"newline", "nova\n", Reference{}, false},
		{"empty tag", "nova:", Reference{}, false},
		{"slash in tag", "nova:a/b", Reference{}, false},
		{"short digest", "nova@sha256:abc", Reference{}, false},
		{"other digest", "nova@" + digest.SHA512.FromString("x").String(), Reference{}, false},
		{"too long", strings.Repeat("a", 256), Reference{}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := ParseReference(tc.text)
			if got != tc.want || (err == nil) != tc.ok {
				t.Fatalf("got %+v, %v", got, err)
			}
			if err != nil && !errors.Is(err, ErrReference) {
				t.Errorf("error is not ErrReference: %v", err)
			}
			if err == nil && got.String() != tc.text {
				t.Errorf("spelled again: %q", got.String())
			}
		})
	}
}

func TestVersionsAndTags(t *testing.T) {
	s := open(t)
	first := put(t, s, "nova/user_001", "", 1)
	second := put(t, s, "nova/user_001", "", 2)
	named := put(t, s, "nova/user_001", "before-upgrade", 3)
	put(t, s, "nova", "", 4)
	if first.Tag != "v1" || second.Tag != "v2" || named.Tag != "before-upgrade" {
		t.Errorf("tags %q %q %q", first.Tag, second.Tag, named.Tag)
	}
	for _, tc := range []struct {
		ref  string
		want Reference
	}{
		{"nova/user_001", named}, {"nova/user_001:latest", named}, {"nova/user_001:v1", first}, {"nova/user_001@" + second.Digest.String(), second},
	} {
		ref, err := ParseReference(tc.ref)
		if err != nil {
			t.Fatal(err)
		}
		snap, err := s.Load(t.Context(), ref)
		if err != nil || snap.Digest != tc.want.Digest {
			t.Errorf("%s: %v", tc.ref, err)
		}
	}
	for _, missing := range []Reference{{Name: "nova/user_001", Tag: "v9"}, {Name: "glance"}, {Name: "nova", Digest: first.Digest}} {
		if _, err := s.Load(t.Context(), missing); !errors.Is(err, ErrNotFound) {
			t.Errorf("%s: %v", missing, err)
		}
	}
	versions, err := s.List(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range versions {
		got = append(got, v.Name+" "+strings.Join(v.Tags, ","))
		if v.Err != nil || v.Rows != 2000 || v.Tables != 1 || v.Bytes == 0 {
			t.Errorf("%s: %+v", v.Name, v)
		}
	}
	want := []string{"nova v1,latest", "nova/user_001 v1", "nova/user_001 v2", "nova/user_001 before-upgrade,latest"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if left := files(t, filepath.Join(s.Dir(), draftsDir)); len(left) > 0 {
		t.Errorf("drafts left: %v", left)
	}
}

func TestListOfAMissingStoreIsEmpty(t *testing.T) {
	s := open(t)
	if got, err := s.List(t.Context(), ""); err != nil || len(got) != 0 {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := s.List(t.Context(), "nova"); !errors.Is(err, ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestCommitRefusesTakenTags(t *testing.T) {
	s := open(t)
	put(t, s, "nova", "v1", 1)
	before := files(t, s.Dir())
	for _, tag := range []string{"v1", "latest", "a b"} {
		d, err := s.Create(t.Context(), "nova")
		if err != nil {
			t.Fatal(err)
		}
		text, ends := rows(2, 100)
		if _, err := build(t.Context(), d, tag, text, ends); err == nil {
			t.Errorf("tag %q accepted", tag)
		}
		if diff := cmp.Diff(before, files(t, s.Dir())); diff != "" {
			t.Errorf("tag %q: %s", tag, diff)
		}
	}
}

// Writers at the same time, and versions that share blobs.
func TestConcurrentWriters(t *testing.T) {
	s := open(t)
	var wg sync.WaitGroup
	refs := make([]Reference, 8)
	for i := range refs {
		wg.Go(func() {
			d, err := s.Create(t.Context(), "nova")
			if err == nil {
				text, ends := rows(i/2, 500)
				refs[i], err = build(t.Context(), d, "", text, ends)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	var tags []string
	for _, r := range refs {
		tags = append(tags, r.Tag)
		if err := s.Verify(t.Context(), r, snapshot.VerifyOptions{}); err != nil {
			t.Error(err)
		}
	}
	slices.Sort(tags)
	if diff := cmp.Diff([]string{"v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8"}, tags); diff != "" {
		t.Error(diff)
	}
}

// A blob that the dataset has is not written again, and stays if it is removed
// from the dataset before the commit.
func TestBlobsAreShared(t *testing.T) {
	s := open(t)
	ref := put(t, s, "nova", "", 1)
	snap, err := s.Load(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	path := blobPath(s.datasetDir("nova"), snap.Chunks[0].Descriptor.Digest)
	old, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	d, err := s.Create(t.Context(), "nova")
	if err != nil {
		t.Fatal(err)
	}
	d.store = &Store{dir: s.dir, disk: &countingDisk{disk: osDisk{}}}
	text, ends := rows(1, 2000)
	if _, err := build(t.Context(), d, "", text, ends); err != nil {
		t.Fatal(err)
	}
	if n := d.store.disk.(*countingDisk).creates; n != 1 {
		t.Errorf("%d files written, expected the index alone", n)
	}
	if now, err := os.Stat(path); err != nil || !os.SameFile(old, now) {
		t.Errorf("the blob was replaced: %v", err)
	}
}

type countingDisk struct {
	disk
	creates int
}

func (c *countingDisk) Create(path string) (file, error) {
	c.creates++
	return c.disk.Create(path)
}

func TestLargeBlobsStream(t *testing.T) {
	s := open(t)
	d, err := s.Create(t.Context(), "nova")
	if err != nil {
		t.Fatal(err)
	}
	defer d.Abort()
	data := bytes.Repeat([]byte("0123456789abcdef"), bufferBytes/16+1)
	for range 2 {
		desc, err := d.Put(t.Context(), "text/plain", bytes.NewReader(data))
		if err != nil || desc.Digest != digest.FromBytes(data) || desc.Size != int64(len(data)) {
			t.Fatalf("%+v, %v", desc, err)
		}
	}
	if got := files(t, d.dir); len(got) != 1 {
		t.Errorf("files %v", got)
	}
	broken := errors.New("broken")
	if _, err := d.Put(t.Context(), "text/plain", io.MultiReader(bytes.NewReader(data), failingReader{broken})); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if got := files(t, d.dir); len(got) != 1 {
		t.Errorf("a failed put left %v", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Put(ctx, "text/plain", bytes.NewReader(data)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

type failingReader struct{ err error }

func (f failingReader) Read([]byte) (int, error) { return 0, f.err }

func TestCommitNeedsEveryBlob(t *testing.T) {
	s := open(t)
	d, err := s.Create(t.Context(), "nova")
	if err != nil {
		t.Fatal(err)
	}
	missing := ocispec.Descriptor{MediaType: ocispec.MediaTypeImageManifest, Digest: digest.FromString("x"), Size: 1}
	if _, err := d.Commit(t.Context(), missing, ""); err == nil {
		t.Error("a manifest that was not put was committed")
	}
	if got := files(t, s.Dir()); len(got) > 0 {
		t.Errorf("left: %v", got)
	}
}
