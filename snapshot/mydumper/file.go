package mydumper

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
)

// kind is what a file holds. The order is the one in which files are read: functions before the views that call them, all rows before
// triggers, which would act on them.
type kind int

const (
	settings kind = iota // no file: what is set before all others
	createDatabase
	table
	sequenceTable
	rows
	settingsBack // no file either
	post
	view
	triggers
	numberOfRows // and nothing else
)

// suffixes of file names, without compression. The first that fits counts.
func suffixes() []struct {
	text string
	kind kind
} {
	return []struct {
		text string
		kind kind
	}{
		{"-schema-create.sql", createDatabase},
		{"-schema-post.sql", post},
		{"-schema-view.sql", view},
		{"-schema-sequence.sql", sequenceTable},
		{"-schema-triggers.sql", triggers},
		{"-schema.sql", table},
		{".sql", rows},
		{"-metadata", numberOfRows},
	}
}

// file is one file of a directory.
type file struct {
	path string
	base string // the name without compression
	stem string // the base without its suffix: DB, or DB.TABLE, or DB.TABLE.00000
	kind kind
	info os.FileInfo // when the directory was opened
	// database is the one that the file belongs to, start how its files start, and rest what of the stem follows that.
	database, start, rest string
}

// compare puts files of one kind in the order of their names, and those of one table in that of their numbers, which have five digits or more.
func (f file) compare(o file) int {
	name, numbers := f.numbers()
	otherName, otherNumbers := o.numbers()
	return cmp.Or(cmp.Compare(f.kind, o.kind), strings.Compare(f.database, o.database), strings.Compare(name, otherName),
		slices.Compare(numbers, otherNumbers), strings.Compare(f.base, o.base))
}

// numbers splits what follows the database in the name of a file of rows, TABLE.00000 or TABLE.00000.00000 since 0.12.
func (f file) numbers() (name string, numbers []int) {
	name = f.rest
	for f.kind == rows {
		dot := strings.LastIndexByte(name, '.')
		if dot < 1 || !isNumber(name[dot+1:]) {
			break
		}
		n, err := strconv.Atoi(name[dot+1:])
		if err != nil {
			break
		}
		name, numbers = name[:dot], append([]int{n}, numbers...)
	}
	return name, numbers
}

func isNumber(s string) bool { return len(s) >= 5 && strings.Trim(s, "0123456789") == "" }

// parseName reads a file's name.
func parseName(name string) (file, bool) {
	f := file{base: strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".zst")}
	for _, s := range suffixes() {
		if stem, ok := strings.CutSuffix(f.base, s.text); ok && stem != "" {
			f.stem, f.kind = stem, s.kind
			return f, true
		}
	}
	return file{}, false
}

// setDatabase finds the file's database among those that are created, by how the names of their files start.
func (f *file) setDatabase(names map[string]string) error {
	ofDatabase := f.kind == createDatabase || f.kind == post || f.kind == triggers
	if name, ok := names[f.stem]; ok && ofDatabase {
		f.database, f.start = name, f.stem
		return nil
	}
	found := 0
	for start, name := range names {
		if rest, ok := strings.CutPrefix(f.stem, start+"."); ok && rest != "" {
			f.database, f.start, f.rest = name, start, rest
			found++
		}
	}
	if found == 0 && len(names) == 0 {
		start, rest, _ := strings.Cut(f.stem, ".")
		table, _ := file{kind: rows, rest: rest}.numbers()
		if f.kind == rows {
			rest = table
		}
		if ofDatabase && rest == "" || rest != "" && !strings.Contains(rest, ".") {
			f.database, f.start, f.rest, found = start, start, f.stem[min(len(start)+1, len(f.stem)):], 1
		}
	}
	if found != 1 || f.kind == post && strings.Contains(f.stem, ".") {
		return fmt.Errorf("%s: it is not clear which database it belongs to", f.base)
	}
	return nil
}

// createdDatabase reads which database the file creates.
func (f file) createdDatabase() (string, error) {
	text, err := f.raw(&atomic.Int64{})
	if err != nil {
		return "", err
	}
	defer text.Close()
	r := mysqldump.NewReader(text)
	name := ""
	for {
		s, err := r.Next()
		switch {
		case errors.Is(err, io.EOF) && name != "":
			return name, nil
		case errors.Is(err, io.EOF):
			return "", errOpen(f, errors.New("no CREATE DATABASE in it"))
		case err != nil:
			return "", errOpen(f, err)
		case s.Kind == mysqldump.CreateDatabase && name == "":
			name = s.Name
		case s.Kind != mysqldump.Comment && s.Kind != mysqldump.Set:
			return "", errOpen(f, errors.New("more than one CREATE DATABASE in it"))
		}
	}
}

// raw opens the file, decompressed. read counts its stored bytes.
func (f file) raw(read *atomic.Int64) (io.ReadCloser, error) {
	stored, err := os.OpenFile(f.path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // should a pipe stand there now, it is not waited for
	if err != nil {
		return nil, fmt.Errorf("open file of mydumper: %w", err)
	}
	if err := f.checkSame(stored); err != nil {
		return nil, errors.Join(err, stored.Close())
	}
	text, err := mysqldump.Decompress(&countingReader{r: stored, n: read})
	if err != nil {
		return nil, errors.Join(f.readError(err), stored.Close())
	}
	return &fileText{f: f, text: text, stored: stored}, nil
}

// checkSame returns an error when an open file is not the one that the directory had, as it was.
func (f file) checkSame(stored *os.File) error {
	info, err := stored.Stat()
	if err != nil {
		return errOpen(f, err)
	}
	if !os.SameFile(info, f.info) || info.Size() != f.info.Size() || !info.ModTime().Equal(f.info.ModTime()) {
		return errOpen(f, errors.New("the file was changed while the dump was read"))
	}
	return nil
}

// fileText is a file's text. It closes the decompressor and the file, and says in errors which file it is.
type fileText struct {
	f      file
	text   io.ReadCloser
	stored *os.File
	tail   [2]byte // the last bytes so far
	any    bool
}

// ending is what a whole file of mydumper ends with: inside of strings, line feeds are escaped.
const ending = ";\n"

func (t *fileText) Read(p []byte) (int, error) {
	n, err := t.text.Read(p)
	switch {
	case n > 1:
		copy(t.tail[:], p[n-2:n])
	case n == 1:
		t.tail[0], t.tail[1] = t.tail[1], p[0]
	}
	t.any = t.any || n > 0
	switch {
	case err == io.EOF && t.any && string(t.tail[:]) != ending:
		return n, errOpen(t.f, fmt.Errorf("%w: it does not end with a statement", mysqldump.ErrTruncated))
	case err == io.EOF:
		if changed := t.f.checkSame(t.stored); changed != nil {
			return n, changed
		}
	case err != nil:
		return n, t.f.readError(err)
	}
	return n, err
}

func (f file) readError(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = fmt.Errorf("%w: the compressed input ends early", mysqldump.ErrTruncated)
	}
	return errOpen(f, err)
}

func (t *fileText) Close() error { return errors.Join(t.text.Close(), t.stored.Close()) }

type countingReader struct {
	r io.Reader
	n *atomic.Int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	return n, err
}
