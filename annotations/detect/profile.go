package detect

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// ProfileFormat is the value of "format" in a profile.
const ProfileFormat = "fuzzy-profile-1"

// A Profile says what the columns of a dump look like, without a value of it: shares are rounded down, lengths and counts are
// powers of two, and what fewer than ten values have in common is left out.
type Profile struct {
	Format string         `json:"format"`
	Tables []TableProfile `json:"tables"`
}

// A TableProfile is that of one table.
type TableProfile struct {
	Database  string          `json:"database,omitempty"`
	Table     string          `json:"table"`
	RowsAbout int64           `json:"rows_about,omitempty"` // a power of two, rounded down; absent below ten
	Columns   []ColumnProfile `json:"columns"`
}

// A ColumnProfile is that of one column. Shares are of the values looked at that are neither NULL nor empty, those of NULL and
// empty ones of all values looked at.
type ColumnProfile struct {
	Column        string            `json:"column"`
	Type          string            `json:"type,omitempty"`
	Unique        bool              `json:"unique,omitempty"` // in a unique index
	NullShare     float64           `json:"null_share,omitempty"`
	EmptyShare    float64           `json:"empty_share,omitempty"`
	DistinctAbout int               `json:"distinct_about,omitempty"` // a power of two, at most 1024
	Chars         []LengthShare     `json:"chars,omitempty"`
	Shapes        map[Shape]float64 `json:"shapes,omitempty"`
}

// A LengthShare is the share of values of at most UpTo characters, a power of two, and more than half of that.
type LengthShare struct {
	UpTo  int     `json:"up_to"`
	Share float64 `json:"share"`
}

// ReadProfile reads a profile as Write wrote it, or as somebody edited it since.
func ReadProfile(r io.Reader) (*Profile, error) {
	dec := json.NewDecoder(r)
	dec.DisallowUnknownFields()
	var p Profile
	if err := dec.Decode(&p); err != nil {
		return nil, fmt.Errorf("read profile: %w", err)
	}
	if p.Format != ProfileFormat {
		return nil, fmt.Errorf("read profile: format %q, want %q", p.Format, ProfileFormat)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("read profile: something follows its end")
	}
	return &p, nil
}

// Write writes the profile as JSON, one line for each fact, so that a person can review it.
func (p *Profile) Write(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(p); err != nil {
		return fmt.Errorf("write profile: %w", err)
	}
	return nil
}

// Apply gives each column of the tables its profile, and reports how many columns have one. A profile names a database only when
// the dump does; then it is for tables that name the same, or none.
func (p *Profile) Apply(tables []Table) int {
	n := 0
	for i := range tables {
		t := &tables[i]
		profile := p.table(t.Database, t.Name)
		if profile == nil {
			continue
		}
		t.RowsAbout = profile.RowsAbout
		for j := range t.Columns {
			c := &t.Columns[j]
			if c.Profile = profile.column(c.Name); c.Profile != nil {
				c.Unique = c.Unique || c.Profile.Unique
				n++
			}
		}
	}
	return n
}

// table finds the profile of a table; of several databases the first that fits.
func (p *Profile) table(database, name string) *TableProfile {
	for i := range p.Tables {
		t := &p.Tables[i]
		if strings.EqualFold(t.Table, name) && (database == "" || t.Database == "" || database == t.Database) {
			return t
		}
	}
	return nil
}

func (t *TableProfile) column(name string) *ColumnProfile {
	for i := range t.Columns {
		if strings.EqualFold(t.Columns[i].Column, name) {
			return &t.Columns[i]
		}
	}
	return nil
}
