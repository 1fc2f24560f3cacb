package mysqldump

import (
	"bytes"
	"io"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// Header is what a dump's comments say about it; "" for what they do not say.
type Header struct {
	// Tool is the program that wrote the dump: "MySQL dump", "MariaDB dump",
	// with its version as written.
	Tool, ToolVersion string
	// ServerVersion is the version of the server that was dumped.
	ServerVersion string
	// Database is the database that was dumped, the first of several; "" with
	// --all-databases.
	Database string
	// Comments: the dump has the header comment, so it must have the one at the
	// end too.
	Comments bool
	// Completed: the comment at the end was read.
	Completed bool
}

// completion is what tells a whole dump from a truncated one.
type completion struct {
	statements bool // any statement was seen
	sandbox    bool // the sandbox line was seen
	locked     bool // LOCK TABLES without UNLOCK TABLES
}

// note reads the comments between two statements.
func (r *Reader) note(text []byte) {
	if !bytes.Contains(text, []byte("-- ")) {
		return
	}
	for line := range bytes.Lines(text) {
		line, ok := bytes.CutPrefix(line, []byte("-- "))
		if !ok {
			continue
		}
		r.noteLine(string(bytes.TrimSpace(line)))
	}
}

func (r *Reader) noteLine(line string) {
	h := &r.header
	switch {
	case strings.HasPrefix(line, "MySQL dump "), strings.HasPrefix(line, "MariaDB dump "):
		*h = Header{Comments: true}
		words := strings.SplitN(line, " ", 3)
		h.Tool = words[0] + " " + words[1]
		h.ToolVersion = version(words[2], ",() ")
	case strings.HasPrefix(line, "Host: "):
		h.Comments, h.Completed = true, false
		_, database, _ := strings.Cut(line, "Database:")
		h.Database = strings.TrimSpace(database)
	case strings.HasPrefix(line, "Server version"):
		h.ServerVersion = version(strings.TrimPrefix(line, "Server version"), "")
	case strings.HasPrefix(line, "Dump completed"):
		h.Completed = true
	}
}

// version returns a version as comments of dumps have it, such as "10.11.6-MariaDB-0+deb12u1" or, with more punctuation,
// "10.19 Distrib 10.11.6-MariaDB, for debian-linux-gnu (x86_64)". Other text, which a damaged comment may hold, is none: "".
func version(text, more string) string {
	const most = 128
	text = strings.TrimSpace(text)
	for i := range len(text) {
		if c := text[i]; c >= 0x80 || !ddl.IsNameByte(c) && strings.IndexByte(".:+~-/", c) < 0 && strings.IndexByte(more, c) < 0 {
			return ""
		}
	}
	if len(text) > most || text == "" || text[0] < '0' || text[0] > '9' {
		return ""
	}
	return text
}

// finish judges the end of the input.
func (r *Reader) finish() error {
	switch {
	case r.header.Comments && !r.header.Completed:
		return r.fail(ErrTruncated, "the comment at the end of a dump is missing")
	case r.completion.locked:
		return r.fail(ErrTruncated, "tables are still locked")
	case r.delimiter != ";":
		return r.fail(ErrTruncated, "the delimiter was not set back")
	case len(r.session.unsaved) > 0:
		return r.fail(ErrTruncated, "session variables were not set back")
	case !r.completion.statements && r.completion.sandbox:
		return r.fail(ErrTruncated, "no statement follows the first line")
	case !r.completion.statements && !r.header.Completed:
		return r.fail(ErrNotDump, "no statement in it")
	}
	return io.EOF
}

func countLines(b []byte) int { return bytes.Count(b, []byte{'\n'}) }
