package detect

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
)

// ProfileDump reads a dump's text once, from its start to its end, and tells what its columns look like. It looks at the first rows
// of each table and at ever fewer of the others. It gives the tables' definitions too, with the comments that a profile leaves
// out. Errors are *mysqldump.SyntaxError, or the reader's.
func (d *Detector) ProfileDump(ctx context.Context, text io.Reader) (*Profile, []annotations.DumpTable, error) {
	p := &profiler{detector: d, reader: mysqldump.NewReader(text), seed: maphash.MakeSeed(), tables: map[tableKey]*sampled{}}
	p.scanner = mysqldump.NewRowScanner(&p.block, ddl.Mode{})
	for {
		if ctx.Err() != nil {
			return nil, nil, context.Cause(ctx)
		}
		st, err := p.reader.Next()
		if errors.Is(err, io.EOF) {
			return p.profile(), p.defined, nil
		}
		if err == nil {
			err = p.statement(ctx, st)
		}
		if err != nil {
			return nil, nil, err
		}
	}
}

type tableKey struct{ database, name string }

// A profiler reads a dump.
type profiler struct {
	detector *Detector
	reader   *mysqldump.Reader
	scanner  *mysqldump.RowScanner
	seed     maphash.Seed
	tables   map[tableKey]*sampled
	order    []*sampled
	defined  []annotations.DumpTable

	block  mysqldump.Rows
	values []mysqldump.Value
	bytes  []byte
}

// A sampled is a table of which rows are looked at.
type sampled struct {
	database string
	table    *ddl.Table
	sampler  sampler
	columns  []*counts // parallel to those of the table
}

func (p *profiler) statement(ctx context.Context, st *mysqldump.Statement) error {
	key := tableKey{st.Database, st.Name}
	switch st.Kind {
	case mysqldump.CreateTable:
		if st.StandIn || p.tables[key] != nil {
			return nil
		}
		s := &sampled{database: st.Database, table: st.Table}
		for range st.Table.Columns {
			s.columns = append(s.columns, newCounts())
		}
		p.tables[key] = s
		p.order = append(p.order, s)
		p.defined = append(p.defined, annotations.DumpTable{Database: st.Database, Table: st.Table})
	case mysqldump.Insert:
		s := p.tables[key]
		if s == nil {
			return &mysqldump.SyntaxError{
				Offset: st.Offset, Line: st.Line, Statement: st.Kind.String(), Table: st.Name,
				Msg: "rows for a table whose definition was not seen; dump with definitions (without --no-create-info)",
			}
		}
		return p.rows(ctx, s, st)
	default:
	}
	return nil
}

// rows looks at the rows of one INSERT.
func (p *profiler) rows(ctx context.Context, s *sampled, st *mysqldump.Statement) error {
	given, err := given(s.table, st.Columns)
	if err != nil {
		return err
	}
	mode := st.Session.Mode()
	for {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		err := p.reader.NextRows(&p.block)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		p.scanner.Reset(&p.block, mode)
		if err := p.blockRows(s, given, mode); err != nil {
			return err
		}
	}
}

func (p *profiler) blockRows(s *sampled, given []int, mode ddl.Mode) error {
	for {
		var err error
		p.values, err = p.scanner.Next(p.values[:0])
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if len(p.values) != len(given) {
			return fmt.Errorf("table %s, row %d: %d values for %d columns", s.table.Name, p.scanner.Row(), len(p.values), len(given))
		}
		if s.sampler.next() {
			p.row(s, given, mode)
		}
	}
}

func (p *profiler) row(s *sampled, given []int, mode ddl.Mode) {
	for i, v := range p.values {
		c := s.columns[given[i]]
		if v.Kind == mysqldump.Null {
			c.noteNull()
			continue
		}
		b, err := v.AppendBytes(p.bytes[:0], mode)
		if err != nil {
			continue // DEFAULT of a generated column
		}
		p.bytes = b
		c.note(p.detector, p.seed, b)
	}
}

// given tells which column, by its index, each value of a row belongs to.
func given(t *ddl.Table, names []string) ([]int, error) {
	var columns []int
	if names == nil {
		for i, c := range t.Columns {
			if !c.Invisible {
				columns = append(columns, i)
			}
		}
		return columns, nil
	}
	for _, name := range names {
		i := t.ColumnIndex(name)
		if i < 0 {
			return nil, fmt.Errorf("table %s: rows name a column that the definition does not have", t.Name)
		}
		columns = append(columns, i)
	}
	return columns, nil
}

// profile writes down what was counted.
func (p *profiler) profile() *Profile {
	out := &Profile{Format: ProfileFormat, Tables: []TableProfile{}}
	for _, s := range p.order {
		t := TableProfile{Database: s.database, Table: s.table.Name, Columns: []ColumnProfile{}}
		if s.sampler.rows >= fewest {
			t.RowsAbout = powerBelow(s.sampler.rows)
		}
		for i, c := range s.table.Columns {
			cp := ColumnProfile{Column: c.Name, Type: typeText(c), Unique: inUnique(s.table, c.Name)}
			s.columns[i].fill(&cp)
			t.Columns = append(t.Columns, cp)
		}
		out.Tables = append(out.Tables, t)
	}
	return out
}

// typeText writes a type without members of an ENUM or SET, which may be anything.
func typeText(c ddl.Column) string {
	t := c.Type
	switch {
	case c.JSON():
		return "json"
	case len(t.Members) > 0:
		return t.Name
	case t.Length >= 0 && t.Decimals >= 0:
		return fmt.Sprintf("%s(%d,%d)", t.Name, t.Length, t.Decimals)
	case t.Length >= 0:
		return fmt.Sprintf("%s(%d)", t.Name, t.Length)
	}
	return t.Name
}

// inUnique reports whether a column is part of a unique index.
func inUnique(t *ddl.Table, name string) bool {
	for _, ix := range t.Indexes {
		if !ix.Unique && !ix.Primary {
			continue
		}
		for _, part := range ix.Parts {
			if part.Column == name {
				return true
			}
		}
	}
	return false
}
