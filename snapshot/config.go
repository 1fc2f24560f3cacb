package snapshot

import (
	"fmt"
	"strings"

	"github.com/opencontainers/go-digest"
	"github.com/turbo-hipster/turbo-hipster/snapshot/rowtext"
)

// ConfigVersion is the version of the config blob's schema that this package
// writes, and the highest that it reads. Fields may be added within a version.
const ConfigVersion = 1

// Config is what a snapshot says about itself: the JSON of its config blob. It
// holds no value of the source.
type Config struct {
	// SchemaVersion is [ConfigVersion]; Builder sets it.
	SchemaVersion int `json:"schema_version"`
	// Provenance says where the snapshot comes from.
	Provenance Provenance `json:"provenance"`
	// Unsafe says that columns were kept that nobody decided about: the snapshot
	// must not leave the organization.
	Unsafe bool `json:"unsafe"`
	// Tables are the tables in the order of the dump, those without rows included.
	Tables []TableInfo `json:"tables"`
}

// Provenance says how a snapshot was made.
type Provenance struct {
	Tool        string `json:"tool"`
	ToolVersion string `json:"tool_version"`
	// PolicyDigest is the digest of the policy that treated the rows.
	PolicyDigest digest.Digest `json:"policy_digest,omitempty"`
	// KeyFingerprint tells whether two snapshots were made with one key, nothing
	// else about it; empty for a key made for one run.
	KeyFingerprint string `json:"key_fingerprint,omitempty"`
	// SourceFormat is what was read, such as "mysqldump" or "mariadb-dump".
	SourceFormat string `json:"source_format"`
	// ServerVersion is the version of the server that the dump came from.
	ServerVersion string `json:"server_version,omitempty"`
	// TimeZone is the time_zone in which TIMESTAMP values are written.
	TimeZone string `json:"time_zone"`
	// Charset is the character set that the dump's text was in. A snapshot's text
	// is always utf8mb4.
	Charset string `json:"charset"`
}

// TableInfo is what a snapshot says about one table.
type TableInfo struct {
	Database string `json:"database"` // empty when the dump names none
	Name     string `json:"name"`
	// Rows, Bytes (uncompressed) and Chunks are counted by Builder.
	Rows   int64 `json:"rows"`
	Bytes  int64 `json:"bytes"`
	Chunks int   `json:"chunks"`
	// RowsOmitted says that the policy leaves this table's rows out.
	RowsOmitted bool `json:"rows_omitted,omitempty"`
	// RowsChosen says how the rows were chosen where only some were kept; "" for all of them, and for none.
	RowsChosen RowsChosen `json:"rows_chosen,omitempty"`
	// Children says what became of rows of other tables that referred to rows left out: "drop" or "null"; "" when there was
	// none, and for ChosenParents, where they were left out too.
	Children string `json:"children,omitempty"`
	// Layout is how the rows are spelled; it is what loading needs.
	Layout rowtext.Layout `json:"layout"`
	// Columns says what was decided about each column, generated ones included.
	Columns []ColumnInfo `json:"columns,omitempty"`
}

// RowsChosen says how rows were chosen. Of a condition nothing else is known: its literals may be somebody's data.
type RowsChosen string

// The ways of choosing rows.
const (
	ChosenFraction RowsChosen = "fraction" // a share of them, by their primary key
	ChosenWhere    RowsChosen = "where"    // those that meet a condition
	ChosenParents  RowsChosen = "parents"  // those whose foreign keys refer to rows that were kept
)

// ColumnStatus says what was decided about a column.
type ColumnStatus string

// The statuses of columns. Undecided occurs only in an unsafe snapshot.
const (
	StatusTreated   ColumnStatus = "treated"
	StatusPublic    ColumnStatus = "public"
	StatusUndecided ColumnStatus = "undecided"
)

// ColumnInfo is what was decided about one column, and where.
type ColumnInfo struct {
	Name      string       `json:"name"`
	Status    ColumnStatus `json:"status"`
	Kind      string       `json:"kind,omitempty"`     // of the treatment
	Options   string       `json:"options,omitempty"`  // of the kind, such as "domain=keystone.user"
	Origin    string       `json:"origin,omitempty"`   // models, rules, ddl, builtin, inherited, flag
	Position  string       `json:"position,omitempty"` // file:line of the mark
	Reason    string       `json:"reason,omitempty"`
	Generated bool         `json:"generated,omitempty"` // the server computes it; not in the layout
}

// tableKey identifies a table within a snapshot.
type tableKey struct{ database, name string }

// String names the table in messages.
func (k tableKey) String() string {
	if k.database == "" {
		return k.name
	}
	return k.database + "." + k.name
}

// Table returns the table of that name, nil if there is none.
func (c *Config) Table(database, name string) *TableInfo {
	for i := range c.Tables {
		if t := &c.Tables[i]; t.Database == database && t.Name == name {
			return t
		}
	}
	return nil
}

// Check returns an error when the config is of a version that this package does
// not read, lists a table twice or has a faulty layout.
func (c *Config) Check() error {
	if c.SchemaVersion < 1 || c.SchemaVersion > ConfigVersion {
		return fmt.Errorf("config has schema version %d, this program reads up to %d", c.SchemaVersion, ConfigVersion)
	}
	seen := make(map[tableKey]bool, len(c.Tables))
	for _, t := range c.Tables {
		key := tableKey{t.Database, t.Name}
		if seen[key] {
			return fmt.Errorf("table %s is twice in the config", key)
		}
		seen[key] = true
		if err := t.Layout.Check(); err != nil {
			return fmt.Errorf("table %s: %w", key, err)
		}
		if strings.TrimSpace(t.Name) == "" {
			return fmt.Errorf("a table of the config has no name")
		}
	}
	return nil
}
