package detect

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
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
	DistinctAbout int               `json:"distinct_about,omitempty"` // a power of two, from 16 (which may be fewer) to 1024
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
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read profile: %w", err)
	}
	var version struct {
		Format string `json:"format"`
	}
	if err := json.Unmarshal(data, &version); err != nil {
		return nil, errors.New("read profile: no JSON that fuzzy profile wrote") // its own words may quote what else the file is
	}
	if version.Format != ProfileFormat { // before its fields, which another version may have more of
		return nil, fmt.Errorf("read profile: format %q, want %q", version.Format, ProfileFormat)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var p Profile
	if err := dec.Decode(&p); err != nil {
		return nil, fmt.Errorf("read profile: %w", err)
	}
	return &p, p.validate()
}

// validate reports shares and counts that no profile has.
func (p *Profile) validate() error {
	for _, t := range p.Tables {
		for _, c := range t.Columns {
			shares := append(slices.Collect(maps.Values(c.Shapes)), c.NullShare, c.EmptyShare)
			for _, l := range c.Chars {
				shares = append(shares, l.Share)
			}
			if slices.ContainsFunc(shares, func(s float64) bool { return s < 0 || s > 1 }) || t.RowsAbout < 0 || c.DistinctAbout < 0 {
				return fmt.Errorf("read profile: table %q, column %q: a share or count is out of range", t.Table, c.Column)
			}
		}
	}
	return nil
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

// Has reports whether the profile is of a table, too.
func (p *Profile) Has(database, name string) bool { return p.table(database, name) != nil }

// table finds the profile of a table; of several databases the one with the most rows, which tells most.
func (p *Profile) table(database, name string) *TableProfile {
	var found *TableProfile
	for i := range p.Tables {
		t := &p.Tables[i]
		fits := strings.EqualFold(t.Table, name) && (database == "" || t.Database == "" || database == t.Database)
		if fits && (found == nil || t.RowsAbout > found.RowsAbout) {
			found = t
		}
	}
	return found
}

func (t *TableProfile) column(name string) *ColumnProfile {
	for i := range t.Columns {
		if strings.EqualFold(t.Columns[i].Column, name) {
			return &t.Columns[i]
		}
	}
	return nil
}
