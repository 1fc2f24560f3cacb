package annotations

import (
	"fmt"
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// bookkeepingColumns says which columns of a table that a migration tool keeps for itself hold names of people; every other
// column of such a table is public. Not ok for any other table.
func bookkeepingColumns(table string) (personal []string, ok bool) {
	switch strings.ToLower(table) {
	case "migrate_version", "alembic_version", "alembic_version_history", // SQLAlchemy-migrate, Alembic
		"django_migrations", "south_migrationhistory",
		"schema_migrations", "ar_internal_metadata", // Rails, and many that imitate it
		"goose_db_version", "gorp_migrations", "knex_migrations", "knex_migrations_lock",
		"phinxlog", "doctrine_migration_versions", "sequelizemeta", "__efmigrationshistory", "databasechangeloglock":
		return nil, true
	case "flyway_schema_history", "schema_version":
		return []string{"installed_by"}, true
	case "databasechangelog":
		return []string{"author"}, true
	}
	return nil, false
}

// isSurrogate reports whether a column holds numbers that only the database made up: it is counted up and alone in a unique
// key or part of the primary key, or it is an integer named id that is the whole primary key.
func isSurrogate(t *ddl.Table, c ddl.Column) bool {
	if c.Type.Class() != ddl.Integer || c.Generated != ddl.NotGenerated {
		return false
	}
	return c.AutoIncrement && (c.PrimaryKey || c.Unique) || c.PrimaryKey && strings.EqualFold(c.Name, "id") && primaryColumns(t) == 1
}

func primaryColumns(t *ddl.Table) int {
	n := 0
	for _, c := range t.Columns {
		if c.PrimaryKey {
			n++
		}
	}
	return n
}

// isBoolean reports whether a column's type holds one bit, or is what servers make of BOOLEAN.
func isBoolean(t ddl.Type) bool {
	switch t.Name {
	case "tinyint", "bit":
		return t.Length == 1
	case "boolean", "bool":
		return true
	}
	return false
}

// typeText writes a type for a listing; the members of an ENUM or a SET are counted, not shown.
func typeText(t ddl.Type) string {
	var b strings.Builder
	b.WriteString(t.Name)
	switch {
	case len(t.Members) > 0:
		fmt.Fprintf(&b, "(%d members)", len(t.Members))
	case t.Length >= 0 && t.Decimals >= 0:
		fmt.Fprintf(&b, "(%d,%d)", t.Length, t.Decimals)
	case t.Length >= 0:
		fmt.Fprintf(&b, "(%d)", t.Length)
	}
	if t.Unsigned {
		b.WriteString(" unsigned")
	}
	return b.String()
}

// modelSurrogate is isSurrogate for a table that only models know.
func modelSurrogate(t *ModelTable, c ModelColumn) bool {
	if !c.PrimaryKey || !c.Integer {
		return false
	}
	only := !slices.ContainsFunc(t.Columns, func(o ModelColumn) bool { return o.PrimaryKey && o.Name != c.Name })
	return only && (c.AutoIncrement || len(c.ForeignKeys) == 0 && equalFold(c.Name, "id"))
}
