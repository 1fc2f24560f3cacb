package mydumper

import (
	"bytes"
	"path/filepath"
	"sort"
)

// places knows where in a text its files are.
type places struct {
	offset int64 // of what is read next
	lines  int   // before it
	starts []start
}

// start is where a file's text begins.
type start struct {
	file   file
	offset int64
	lines  int
}

// enter notes that a file begins.
func (p *places) enter(f file) { p.starts = append(p.starts, start{f, p.offset, p.lines}) }

// pass notes that text was read.
func (p *places) pass(text []byte) {
	p.offset += int64(len(text))
	p.lines += bytes.Count(text, []byte{'\n'})
}

// Place says which file an offset of the text belongs to, and where in that file's own, decompressed text it is. Lines count from 1; line 0
// is an unknown one and stays 0. Of definitions, which were rewritten, only the name is known: the offset is -1 and the line 0. A statement's
// offset is that of the line feed before it, so that the last byte of a file belongs to the next one.
//
// It must not be called while the text is read.
func (p *places) Place(offset int64, line int) (file string, inFile int64, lineInFile int) {
	i := sort.Search(len(p.starts), func(i int) bool { return p.starts[i].offset > offset+1 }) - 1
	if i < 0 {
		return "", offset, line
	}
	s := p.starts[i]
	name := filepath.Base(s.file.path)
	if s.file.kind != rows {
		return name, -1, 0
	}
	use := int64(len(useStatement(s.file.database)))
	if line > 0 {
		line = max(line-s.lines-1, 1)
	}
	return name, max(offset-s.offset-use, 0), line
}
