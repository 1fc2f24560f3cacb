package store

import (
	"os"
	"testing"

	"oras.land/oras-go/v2"
	"oras.land/oras-go/v2/content/memory"
	"oras.land/oras-go/v2/content/oci"

	"github.com/turbo-hipster/turbo-hipster/snapshot"
)

// Another implementation of OCI layouts reads what we write, and we read what
// it writes, with the same digest.
func TestOtherToolsCopySnapshots(t *testing.T) {
	ctx := t.Context()
	s := open(t)
	want := put(t, s, "nova", "", 1)
	source, err := oci.NewFromFS(ctx, os.DirFS(s.datasetDir("nova")))
	if err != nil {
		t.Fatal(err)
	}
	between := memory.New()
	if _, err := oras.Copy(ctx, source, "v1", between, "v1", oras.DefaultCopyOptions); err != nil {
		t.Fatal(err)
	}
	back, err := oci.New(s.datasetDir("copied"))
	if err != nil {
		t.Fatal(err)
	}
	desc, err := oras.Copy(ctx, between, "v1", back, "from-elsewhere", oras.DefaultCopyOptions)
	if err != nil || desc.Digest != want.Digest {
		t.Fatalf("digest %s, %v", desc.Digest, err)
	}
	ref := Reference{Name: "copied", Tag: "from-elsewhere"}
	if err := s.Verify(ctx, ref, snapshot.VerifyOptions{}); err != nil {
		t.Error(err)
	}
	if next := put(t, s, "copied", "", 2); next.Tag != "v1" {
		t.Errorf("next tag %q", next.Tag)
	}
	if err := s.Verify(ctx, ref, snapshot.VerifyOptions{}); err != nil {
		t.Errorf("after our own snapshot: %v", err)
	}
}
