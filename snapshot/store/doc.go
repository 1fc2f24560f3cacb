// Package store keeps snapshots on disk: a store is a directory of datasets,
// each an OCI image layout that any OCI tool can read.
//
//	<store>/nova/user_001/oci-layout
//	                      index.json             the versions: tag → manifest
//	                      blobs/sha256/<digest>  manifests, configs, layers
//	<store>/.lock                                held while an index changes
//	<store>/.drafts/<random>/                    a snapshot that is being written
//
// # Terms
//
// A reference names a snapshot: name[:tag] or name@sha256:digest. A version is
// a tag v1, v2, …, given in turn and never moved; the tag latest is the newest
// one's. A draft is a snapshot that is being written.
//
// # Appearing at once or not at all
//
// A draft's blobs are written to its own directory and synced. Commit then, under
// the lock, links them into the dataset, syncs, and replaces index.json by a
// renamed file: that is the moment at which the snapshot exists. Readers take no
// lock; they see the index before or after.
//
// A writer holds a lock on its draft's directory while it lives. Whoever creates
// a draft first sweeps those of dead writers, along with the blobs that such a one
// had linked but not committed. A blob that the dataset has already is not
// written again but linked into the draft, so that nobody can remove it meanwhile.
//
// The blobs of one dataset are shared by its versions, not with other datasets.
package store
