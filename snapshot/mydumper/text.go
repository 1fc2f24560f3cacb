package mydumper

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
)

// maxTextBytes bounds a definition and the objects of one file, which are held in memory.
const maxTextBytes = 256 << 20

// setMode is the session in which mydumper's own loader inserts rows: a zero in an AUTO_INCREMENT column stays one, and what is no value of a
// type, but was stored, is stored again. The mode in which objects were created is not in a directory of mydumper 0.10; they get the
// session's that was there before.
const (
	setMode     = "/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;\n"
	setModeBack = "/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;\n"
)

// open returns the file's text as it stands in the text of its directory.
func (f file) open(views map[string]bool, read *atomic.Int64) (io.ReadCloser, error) {
	switch f.kind {
	case settings:
		return io.NopCloser(strings.NewReader(setMode)), nil
	case settingsBack:
		return io.NopCloser(strings.NewReader(setModeBack)), nil
	default:
	}
	text, err := f.raw(read)
	if err != nil {
		return nil, err
	}
	if f.kind == rows {
		return &prefixed{Reader: io.MultiReader(strings.NewReader(useStatement(f.database)), text), Closer: text}, nil
	}
	defer text.Close()
	whole, err := io.ReadAll(io.LimitReader(text, maxTextBytes+1))
	switch {
	case err != nil:
		return nil, err
	case len(whole) > maxTextBytes:
		return nil, errOpen(f, fmt.Errorf("definitions of more than %d MiB", maxTextBytes>>20))
	}
	var out []byte
	switch f.kind {
	case createDatabase:
		out = whole
	case table, sequenceTable:
		out, err = f.definition(whole, views[f.stem])
	default:
		out, err = f.objects(whole)
	}
	if err != nil {
		return nil, errOpen(f, err)
	}
	if f.kind == post { // events run in the session's time zone, which that of the rows is not
		out = append([]byte("/*!40103 SET TIME_ZONE='SYSTEM' */;\n"), out...)
	}
	if f.kind != createDatabase {
		out = append([]byte(useStatement(f.database)), out...)
	}
	return io.NopCloser(bytes.NewReader(out)), nil
}

type prefixed struct {
	io.Reader
	io.Closer
}

// definition rewrites the file of a table's, a stand-in's or a sequence's definition.
func (f file) definition(text []byte, standIn bool) ([]byte, error) {
	r := mysqldump.NewReader(bytes.NewReader(text))
	var out []byte
	for {
		s, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		switch {
		case s.Kind == mysqldump.Insert && f.kind != sequenceTable:
			return nil, errors.New("rows among definitions")
		case s.Kind == mysqldump.Set && s.Session.CharacterSetClient != r.Session().CharacterSetClient:
			out = append(out, "/*!40101 SET NAMES utf8mb4*/;\n"...)
		case s.Kind == mysqldump.CreateTable && standIn:
			out = append(out, "/*!50001 "...)
			out = append(append(out, s.SQL...), " */;\n"...)
		default:
			out = append(append(out, bytes.TrimSpace(s.Text)...), '\n')
		}
	}
}

// objects gives the bodies in a file of triggers, views, routines or events delimiters of their own.
func (f file) objects(text []byte) ([]byte, error) {
	var out []byte
	for len(text) > 0 {
		n := bytes.Index(text, []byte(ending))
		if n < 0 {
			break
		}
		statement := bytes.TrimSpace(text[:n])
		text = text[n+len(ending):]
		if !ddl.NewLexer(statement, ddl.Mode{}).Next().Is("CREATE") {
			out = append(append(out, statement...), ending...)
			continue
		}
		delimiter, ok := freeDelimiter(statement)
		if !ok {
			return nil, errors.New("an object in whose text every usual delimiter stands")
		}
		out = fmt.Appendf(out, "DELIMITER %s\n%s\n%s\nDELIMITER ;\n", delimiter, statement, delimiter)
	}
	if len(bytes.TrimSpace(text)) > 0 {
		return nil, mysqldump.ErrTruncated
	}
	return out, nil
}

// freeDelimiter returns a delimiter that does not stand in a statement.
func freeDelimiter(statement []byte) (string, bool) {
	for _, d := range []string{";;", "//", "$$", "||", "~~", "%%"} {
		if !bytes.Contains(statement, []byte(d)) && !bytes.HasSuffix(statement, []byte(d[:1])) {
			return d, true
		}
	}
	return "", false
}
