package store

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/opencontainers/go-digest"
)

// LatestTag is the tag of a dataset's newest snapshot.
const LatestTag = "latest"

// ErrReference reports a reference or a name that is not well-formed.
var ErrReference = errors.New("not a reference")

// maxNameBytes bounds a dataset's name, as registries do.
const maxNameBytes = 255

// Reference names one snapshot of a dataset: by digest if there is one, else by
// tag, else the newest.
type Reference struct {
	Name   string
	Tag    string
	Digest digest.Digest
}

// String returns the reference in the form that ParseReference reads; with both
// tag and digest, the digest.
func (r Reference) String() string {
	switch {
	case r.Digest != "":
		return r.Name + "@" + r.Digest.String()
	case r.Tag != "":
		return r.Name + ":" + r.Tag
	}
	return r.Name
}

// Each part of a name is what a registry takes as part of a repository; a tag
// is what the OCI distribution specification allows.
const (
	namePart = `[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*`
	tagForm  = `[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}`
)

// ParseReference reads name[:tag] or name@sha256:digest. An error matches
// [ErrReference] and says what is wrong.
func ParseReference(s string) (Reference, error) {
	r := Reference{Name: s}
	if name, d, ok := strings.Cut(s, "@"); ok {
		r.Name, r.Digest = name, digest.Digest(d)
		if r.Digest.Validate() != nil || r.Digest.Algorithm() != digest.SHA256 {
			return Reference{}, fmt.Errorf("%w: %q: after @ comes sha256: and 64 hexadecimal digits", ErrReference, s)
		}
	} else if name, tag, ok := strings.Cut(s, ":"); ok {
		r.Name, r.Tag = name, tag
		if err := CheckTag(tag); err != nil {
			return Reference{}, err
		}
	}
	if err := CheckName(r.Name); err != nil {
		return Reference{}, err
	}
	return r, nil
}

// CheckName returns an error unless name can be a dataset's: parts divided by
// slashes, of lower-case letters and digits with single . or _, __ or dashes
// between them, such as nova/user_001.
func CheckName(name string) error {
	switch {
	case name == "":
		return fmt.Errorf("%w: the dataset has no name", ErrReference)
	case len(name) > maxNameBytes:
		return fmt.Errorf("%w: the dataset's name is longer than %d bytes", ErrReference, maxNameBytes)
	}
	for part := range strings.SplitSeq(name, "/") {
		if !matches(namePart, part) {
			return fmt.Errorf("%w: dataset %q: %q is not lower-case letters and digits, with single . _ or - between", ErrReference, name, part)
		}
		switch part {
		case blobsDir, indexFile, layoutFile: // files of the dataset above
			return fmt.Errorf("%w: dataset %q: the name %q is taken by the store itself", ErrReference, name, part)
		}
	}
	return nil
}

// CheckTag returns an error unless tag can be a tag: up to 128 letters, digits
// and _ . -, the first no . or -.
func CheckTag(tag string) error {
	if !matches(tagForm, tag) {
		return fmt.Errorf("%w: tag %q is not up to 128 letters, digits, _ . or -", ErrReference, tag)
	}
	return nil
}

func matches(form, s string) bool { return regexp.MustCompile(`^(?:` + form + `)$`).MatchString(s) }
