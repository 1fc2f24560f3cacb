// Package snapshot defines one immutable version of a dataset: what it is made
// of, how its rows are cut into chunks, and how a chunk is read and checked. It
// knows no server and no disk; blobs come and go through one-method interfaces.
// docs/FORMAT.md describes the same for a reader without this code.
//
// # Terms
//
// A dataset is a named series of snapshots. A snapshot is an OCI artifact: a
// manifest, which names blobs by digest. Its config blob is JSON about tables and
// provenance ([Config]). Its layers are: the objects to create before the rows
// (tables, sequences), the chunks, the objects to create after the rows (views,
// triggers, routines, events).
//
// A chunk is a run of one table's rows, in the order of the dump, spelled as
// package rowtext says. It is the unit of digest and of parallel work, and is
// compressed as a run of independent zstd frames of at most 4 MiB of rows.
//
// # Chunk boundaries
//
// Two snapshots of almost the same rows share almost all chunks, because the
// rows themselves decide where a chunk ends. After each row:
//
//	n = bytes of the chunk so far, this row included
//	end the chunk if n >= 4*target
//	              or n >= target/4 and xxhash64(row) < len(row) * (2^64 / (target*3/4))
//
// The second condition makes chunks of about target bytes, whatever the length of rows.
// It depends on the row alone, so that after an insertion or deletion the
// boundaries soon fall on the same rows again.
//
// The target is 4 MiB << level. The level is fixed when a chunk begins, by the
// bytes that precede it: it is the larger of the table's level, which is 0
// within the first GiB of the table and rises by one with each doubling, and the
// snapshot's level, the same with 4 GiB. The condition of level k+1 implies that of
// level k, so that versions whose levels change at different rows meet again.
// A snapshot of T bytes in N tables has about N + 1024 + 512*log2(T/4GiB)
// chunks, which keeps the manifest of a terabyte under 3 MiB.
//
// # Determinism
//
// The same rows, objects and config give the same blobs and the same manifest
// digest, whatever the number of goroutines; only a creation time, if one is
// injected, differs. With another version of the zstd encoder the digests of
// compressed blobs may change; the digests of rows, which are
// in the manifest as well, do not.
package snapshot
