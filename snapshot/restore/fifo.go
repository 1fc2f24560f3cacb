package restore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// A fifo is a named pipe that the server reads as a file.
type fifo struct{ path string }

// pipeBytes is how much the kernel buffers, so that two processes switch less
// often; the largest size that an ordinary user may ask for.
const pipeBytes = 1 << 20

func newFIFO(path string) (*fifo, error) {
	if err := unix.Mkfifo(path, 0o600); err != nil {
		return nil, fmt.Errorf("make fifo: %w", err)
	}
	return &fifo{path: path}, nil
}

// remove takes the FIFO away. A reader that waits for a writer wakes up and finds
// nothing: the server would otherwise wait in open for ever, holding its locks.
func (f *fifo) remove() {
	w, err := os.OpenFile(f.path, os.O_RDWR|unix.O_NONBLOCK, 0) // never blocks, and counts as a writer
	_ = os.Remove(f.path)
	if err == nil {
		_ = w.Close()
	}
}

// errNoReader means that the server closed the FIFO before it had read all.
var errNoReader = errors.New("server stopped reading")

// send waits until the server reads and calls write. Whatever blocks is given up
// when ctx ends.
func (f *fifo) send(ctx context.Context, write func(io.Writer) error) error {
	w, err := f.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = w.Close() }()
	widen(w)
	stop := context.AfterFunc(ctx, func() { _ = w.SetWriteDeadline(time.Unix(1, 0)) })
	defer stop()
	err = write(w)
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return context.Cause(ctx)
	case errors.Is(err, unix.EPIPE):
		return errNoReader
	}
	return err
}

// widen enlarges the kernel's buffer; a smaller one is only slower.
func widen(w *os.File) {
	raw, err := w.SyscallConn() // Fd would make the file blocking
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) { _, _ = unix.FcntlInt(fd, unix.F_SETPIPE_SZ, pipeBytes) })
}

// open waits for the reader: opening a FIFO to write without waiting fails with
// ENXIO until there is one.
func (f *fifo) open(ctx context.Context) (*os.File, error) {
	const first, last = 100 * time.Microsecond, 10 * time.Millisecond
	for pause := first; ; pause = min(2*pause, last) {
		w, err := os.OpenFile(f.path, os.O_WRONLY|unix.O_NONBLOCK, 0)
		if err == nil || !errors.Is(err, unix.ENXIO) {
			return w, err
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(pause):
		}
	}
}
