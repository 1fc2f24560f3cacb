package migrate

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"

	"github.com/turbo-hipster/turbo-hipster/internal/classiclog"
	"github.com/turbo-hipster/turbo-hipster/worker"
)

// maxGenerations is how many versions of a rotated file are read at once: programs
// go on writing into the old one for a while.
const maxGenerations = 4

// follower reads what is appended to a file, which may not exist yet, may be
// truncated, and may be replaced by another (rotation). Lines that were there at
// the start are not read. It is not safe for concurrent use.
type follower struct {
	path   string
	output func() *classiclog.Lines // for one more generation
	failed func(error)              // told once, when the file cannot be read; nobody follows it then

	generations []*generation // oldest first
	given       bool          // up
}

// generation is a file that has, or had, the path.
type generation struct {
	file   *os.File
	info   os.FileInfo
	offset int64
	output *classiclog.Lines
}

// follow starts at the file's present end. The output's lines are written as source.
func follow(source worker.LogSource, lines func() *classiclog.Lines, failed func(error)) *follower {
	f := &follower{path: source.Path, output: lines, failed: failed}
	if g := f.open(); g != nil {
		g.offset = g.info.Size()
	}
	return f
}

// open takes up the file that has the path now, if it is another than before.
func (f *follower) open() *generation {
	info, err := os.Stat(f.path)
	if err == nil && len(f.generations) > 0 && os.SameFile(info, f.generations[len(f.generations)-1].info) {
		return nil
	}
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "follow", Path: f.path, Err: errors.New("not a regular file")}
	}
	var file *os.File
	if err == nil {
		file, err = os.OpenFile(f.path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	}
	if err == nil {
		if info, err = file.Stat(); err != nil {
			_ = file.Close()
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil // it is still to come
	}
	if err != nil {
		f.given = true
		f.failed(err)
		return nil
	}
	g := &generation{file: file, info: info, output: f.output()}
	f.generations = append(f.generations, g)
	if len(f.generations) > maxGenerations {
		f.generations[0].close()
		f.generations = f.generations[1:]
	}
	return g
}

// poll reads what is new.
func (f *follower) poll() {
	for _, g := range f.generations {
		g.read()
	}
	if f.given {
		return
	}
	if g := f.open(); g != nil {
		g.read()
	}
}

// close gives up the file. What was read of a last line without an end is a line.
func (f *follower) close() {
	for _, g := range f.generations {
		g.close()
	}
	f.generations, f.given = nil, true
}

func (g *generation) close() {
	g.output.Close()
	_ = g.file.Close()
}

// read hands on what was appended up to now: who appends all the time is not
// chased.
func (g *generation) read() {
	info, err := g.file.Stat()
	if err != nil {
		return
	}
	if info.Size() < g.offset { // truncated, as logrotate's copytruncate does
		g.output.Close()
		g.offset = 0
	}
	n, _ := io.Copy(g.output, io.NewSectionReader(g.file, g.offset, info.Size()-g.offset))
	g.offset += n
}

// watch writes what happens beside a command into its log: new lines of followed
// files, and heartbeats. One goroutine does so until stop.
type watch struct {
	now       func() time.Time
	log       *classiclog.Log
	quiet     time.Duration // heartbeats come after so long
	followers []*follower

	turn chan struct{} // who holds it reads the files
	done chan struct{} // closed when it should end
	over chan struct{} // closed when it has
}

// start starts the goroutine, which looks every so often.
func (w *watch) start(every time.Duration) {
	w.turn, w.done, w.over = make(chan struct{}, 1), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(w.over)
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for {
			select {
			case <-w.done:
				return
			case <-ticker.C:
				w.poll()
				w.log.Heartbeat(w.now(), w.quiet)
			}
		}
	}()
}

// poll reads all files at once.
func (w *watch) poll() {
	w.turn <- struct{}{}
	defer func() { <-w.turn }()
	for _, f := range w.followers {
		f.poll()
	}
	w.log.Flush()
}

// stop ends the goroutine, and reads all files once more.
func (w *watch) stop() {
	close(w.done)
	<-w.over
	w.poll()
	for _, f := range w.followers {
		f.close()
	}
	w.log.Flush()
}
