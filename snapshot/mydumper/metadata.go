package mydumper

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Table names a table.
type Table struct{ Database, Name string }

func (t Table) compare(o Table) int {
	return strings.Compare(t.Database+"\x00"+t.Name, o.Database+"\x00"+o.Name)
}

// metadata is what the file metadata says.
type metadata struct {
	counts []rowCount
	// all: every table that has rows is among counts.
	all bool
}

// rowCount is how many rows a table has.
type rowCount struct {
	database string // its name, or how its files start
	file     string // how the table's files go on
	table    string // its name; "" when only the files' is known
	rows     int64
	skip     bool // a sequence
}

var finishedAt = regexp.MustCompile(`^(# )?Finished dump at: [-0-9]{10} [:0-9]{8}$`)

// readMetadata reads the file metadata, which mydumper writes under another name until it is done. Since 0.14 it is in the form of an INI
// file, with a group for each table; what it says otherwise (where replication stands) is not read.
func readMetadata(path string) (*metadata, error) {
	if _, err := os.Stat(filepath.Join(path, "metadata.partial")); err == nil {
		return nil, fmt.Errorf("%s: %w: there is a file metadata.partial", path, ErrUnfinished)
	}
	const most = 256 << 20
	f, err := os.Open(filepath.Join(path, "metadata"))
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", path, ErrUnfinished, err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, most))
	if err != nil {
		return nil, fmt.Errorf("read metadata of mydumper: %w", err)
	}
	p := metadataParser{}
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, most)
	for n := 1; lines.Scan(); n++ {
		if err := p.line(strings.TrimRight(lines.Text(), "\r")); err != nil {
			return nil, fmt.Errorf("read metadata of mydumper, line %d: %w", n, err)
		}
	}
	if !p.finished || !bytes.HasSuffix(text, []byte{'\n'}) {
		return nil, fmt.Errorf("%s: %w: metadata does not say when it was finished", path, ErrUnfinished)
	}
	p.all = len(p.counts) > 0
	return &p.metadata, nil
}

// metadataParser takes the file line by line.
type metadataParser struct {
	metadata
	finished bool
	group    string
	of       *rowCount // of the group, nil when it is not a table's
}

var errQuote = errors.New("names are in double quotes: dump with --identifier-quote-character=BACKTICK")

func (p *metadataParser) line(line string) error {
	if finishedAt.MatchString(line) {
		p.finished = true
	}
	if strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]") {
		return p.begin(line[1 : len(line)-1])
	}
	key, value, ok := strings.Cut(line, "=")
	key, value = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value)
	switch {
	case !ok || strings.HasPrefix(key, "#"):
	case p.group == "config" && strings.ReplaceAll(key, "_", "-") == "quote-character" && value != "BACKTICK":
		return errQuote
	case p.of != nil:
		return p.set(key, value)
	}
	return nil
}

// begin begins a group; a table's is named `DATABASE`.`TABLE`.
func (p *metadataParser) begin(group string) error {
	p.group, p.of = group, nil
	if strings.HasPrefix(group, `"`) {
		return errQuote
	}
	inner, ok := strings.CutPrefix(group, "`")
	database, file, two := strings.Cut(strings.TrimSuffix(inner, "`"), "`.`")
	if !ok || !two {
		return nil
	}
	if strings.Contains(file, "`.`") {
		return errors.New("it is not clear which table the group is of")
	}
	p.counts = append(p.counts, rowCount{database: database, file: file, rows: -1})
	p.of = &p.counts[len(p.counts)-1]
	return nil
}

// set takes an entry of a table's group.
func (p *metadataParser) set(key, value string) (err error) {
	switch key {
	case "rows":
		if p.of.rows, err = strconv.ParseInt(value, 10, 64); err != nil || p.of.rows < 0 {
			return errors.New("not a number of rows")
		}
	case "real_table_name":
		p.of.table = strings.ReplaceAll(value, "``", "`")
	case "is_sequence":
		p.of.skip = value != "0"
	}
	return nil
}

// readCount reads the file that mydumper 0.11 to 0.13 writes for each table, which holds its number of rows.
func (f file) readCount() (rowCount, error) {
	text, err := os.ReadFile(f.path)
	if err != nil {
		return rowCount{}, errOpen(f, err)
	}
	rows, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	if err != nil || rows < 0 {
		return rowCount{}, errOpen(f, errors.New("not a number of rows"))
	}
	return rowCount{database: f.start, file: f.rest, rows: rows}, nil
}

// encoded is how the names of files start that stand for names which cannot be in one.
const encoded = "mydumper_"

// expected returns how many rows tables have. known is false when a table is not among them that may be in the directory.
func (d *Dir) expected() (rows map[Table]int64, known bool, err error) {
	rows, known = map[Table]int64{}, d.metadata.all
	for _, c := range d.metadata.counts {
		name := c.table
		if name == "" {
			name = c.file
		}
		if c.skip || c.rows < 0 || c.table == "" && strings.HasPrefix(c.file, encoded) {
			known = false
			continue
		}
		t := Table{c.database, name}
		if database, ok := d.names[c.database]; ok {
			t.Database = database
		}
		if _, twice := rows[t]; twice {
			return nil, false, fmt.Errorf("metadata has table %s.%s twice", t.Database, t.Name)
		}
		rows[t] = c.rows
	}
	return rows, known, nil
}

// CheckRows compares the numbers of rows that were read with those that mydumper noted when it wrote them. Versions before 0.11 noted none.
func (d *Dir) CheckRows(read map[Table]int64) error {
	want, known, err := d.expected()
	if err != nil {
		return fmt.Errorf("read mydumper directory %s: %w", d.path, err)
	}
	tables := slices.SortedFunc(maps.Keys(want), Table.compare)
	if known {
		tables = slices.AppendSeq(tables, maps.Keys(read))
		slices.SortFunc(tables, Table.compare)
		tables = slices.Compact(tables)
	}
	for _, t := range tables {
		if read[t] != want[t] {
			return fmt.Errorf("read mydumper directory %s: table %s.%s has %d rows in the files, %d by metadata: a file was lost, cut, or added",
				d.path, t.Database, t.Name, read[t], want[t])
		}
	}
	return nil
}
