package publish

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"syscall"
)

// errChanged says that a name leads to another file than a moment ago. It is
// looked at again.
var errChanged = errors.New("it was replaced while it was read")

// sliceBytes is how much is copied between two looks at the context.
const sliceBytes = 16 << 20

// publish brings the copy of a file up to date. At last it makes sure that the
// copy is equal, and on the disk.
func (s *Stream) publish(ctx context.Context, e entry, last bool) error {
	had, ok := s.known[e.name]
	same := ok && os.SameFile(had.info, e.info)
	if same && !last && had.whole && had.info.Size() == e.info.Size() && had.info.ModTime().Equal(e.info.ModTime()) {
		return nil
	}
	in, err := s.open(e)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errChanged) && !last {
		return nil
	}
	if errors.Is(err, fs.ErrPermission) {
		s.leaveOut("it may not be read", e.name)
		return nil
	}
	if err != nil {
		return err
	}
	defer in.Close()
	if err := s.list.add(e.name); err != nil {
		return err
	}
	switch {
	case same && appended(e.name) && e.info.Size() >= had.size:
		err = s.appendTo(ctx, e, in, had.size)
	case !same || !last:
		err = s.replace(ctx, e, in)
	}
	if err == nil && last {
		err = s.verify(ctx, e, in)
	}
	return err
}

// open opens an original, and makes sure that it is the regular file that was
// looked at: neither a link to another one nor a pipe, for which it would wait.
func (s *Stream) open(e entry) (*os.File, error) {
	in, err := s.source.OpenFile(e.name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	info, err := in.Stat()
	if err == nil && (!info.Mode().IsRegular() || !os.SameFile(info, e.info)) {
		err = errChanged
	}
	if err != nil {
		return nil, errors.Join(err, in.Close())
	}
	return in, nil
}

// seamBytes is how much before the end of a log's copy must be as it was, for the
// log to be believed to be the same, and longer.
const seamBytes = 512

// appendTo adds to a log's copy what the log has more than it.
func (s *Stream) appendTo(ctx context.Context, e entry, in *os.File, from int64) error {
	out, err := s.target.OpenFile(e.name, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return s.replace(ctx, e, in)
	}
	if err != nil {
		return err
	}
	defer out.Close()
	was, is := make([]byte, min(from, seamBytes)), make([]byte, min(from, seamBytes))
	_, err = out.ReadAt(was, from-int64(len(was)))
	_, inErr := in.ReadAt(is, from-int64(len(is)))
	if err != nil || inErr != nil || !bytes.Equal(was, is) {
		return s.replace(ctx, e, in)
	}
	return s.fill(ctx, e, out, in, from)
}

// fill writes the copy from an offset on, and notes how far that went.
func (s *Stream) fill(ctx context.Context, e entry, out, in *os.File, from int64) error {
	n, err := copyRange(ctx, out, in, from, e.info.Size())
	s.known[e.name] = copied{e.info, from + n, err == nil}
	return errors.Join(err, out.Chmod(fileMode)) // whatever the umask is
}

// replace makes a new copy: of a log in the place of the older one, which may be
// long and frees its room, of any other file beside it.
func (s *Stream) replace(ctx context.Context, e entry, in *os.File) error {
	delete(s.known, e.name)
	name := e.name
	if !appended(name) {
		name = path.Join(path.Dir(name), "."+path.Base(name)+".partial")
	}
	out, err := s.target.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, fileMode)
	if err != nil {
		return err
	}
	err = s.fill(ctx, e, out, in, 0)
	err = errors.Join(err, out.Close())
	if name == e.name {
		return err
	}
	if err == nil {
		err = s.target.Rename(name, e.name)
	}
	if err != nil {
		delete(s.known, e.name)
		return errors.Join(err, s.target.Remove(name))
	}
	return nil
}

// verify compares a copy with its original, replaces it if they differ, and writes
// it to the disk.
func (s *Stream) verify(ctx context.Context, e entry, in *os.File) error {
	for again := false; ; again = true {
		equal, err := s.equal(ctx, e.name, in)
		if equal || err != nil {
			return err
		}
		if again {
			return errChanged
		}
		info, err := in.Stat()
		if err == nil {
			err = s.replace(ctx, entry{e.name, info}, in)
		}
		if err != nil {
			return err
		}
	}
}

// equal compares a copy with its original, and writes one that is equal to the
// disk. A copy that is missing is not equal.
func (s *Stream) equal(ctx context.Context, name string, in *os.File) (bool, error) {
	out, err := s.target.OpenFile(name, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	equal, err := equalFiles(ctx, in, out)
	if equal && err == nil {
		err = out.Sync()
	}
	return equal, errors.Join(err, out.Close())
}

// copyRange copies the bytes from up to to, and returns how many it wrote.
func copyRange(ctx context.Context, out, in *os.File, from, to int64) (int64, error) {
	for _, f := range []*os.File{out, in} {
		if _, err := f.Seek(from, io.SeekStart); err != nil {
			return 0, err
		}
	}
	done := int64(0)
	for from+done < to {
		if ctx.Err() != nil {
			return done, context.Cause(ctx)
		}
		n, err := io.CopyN(out, in, min(to-from-done, sliceBytes))
		done += n
		if errors.Is(err, io.EOF) {
			break // it has become shorter
		}
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

// equalFiles compares two files from their beginnings.
func equalFiles(ctx context.Context, a, b *os.File) (bool, error) {
	for _, f := range []*os.File{a, b} {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return false, err
		}
	}
	const blockBytes = 256 << 10
	one, two := make([]byte, blockBytes), make([]byte, blockBytes)
	for {
		if ctx.Err() != nil {
			return false, context.Cause(ctx)
		}
		n, err := io.ReadFull(a, one)
		m, berr := io.ReadFull(b, two)
		for _, err := range []error{err, berr} {
			if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
				return false, err
			}
		}
		if !bytes.Equal(one[:n], two[:m]) {
			return false, nil
		}
		if n < blockBytes {
			return true, nil
		}
	}
}
