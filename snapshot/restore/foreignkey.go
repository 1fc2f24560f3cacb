package restore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/turbo-hipster/turbo-hipster/snapshot"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server"
)

// ForeignKeyError says that rows refer to rows that do not exist.
type ForeignKeyError struct {
	Database, Table, Constraint string
	RefTable                    string
	Orphans                     int64 // distinct values without a row
}

// Error names the foreign key and counts, and shows no value.
func (e *ForeignKeyError) Error() string {
	return fmt.Sprintf("foreign key %q of table %q: %d distinct values have no row in %q", e.Constraint, e.Table, e.Orphans, e.RefTable)
}

// A foreignKey is a constraint as the server has it.
type foreignKey struct {
	database, table, name string
	refDatabase, refTable string
	columns               []foreignColumn
}

type foreignColumn struct {
	name, ref               string
	collation, refCollation string // "" for types without
	refCharset              string
}

// checkForeignKeys verifies every foreign key of the restored databases, which
// were loaded with the checks off. All that are violated are reported. One that
// refers to a table whose rows the policy left out is only noted.
func (r *run) checkForeignKeys(ctx context.Context) error {
	db := r.server.DB("")
	defer func() { _ = db.Close() }()
	keys, err := foreignKeys(ctx, db, slices.Compact(slices.Sorted(maps.Values(r.targets))))
	if err != nil {
		return fmt.Errorf("list foreign keys: %w", err)
	}
	found := make([]error, len(keys))
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(r.opts.Jobs)
	for i, key := range keys {
		group.Go(func() error {
			var orphans int64
			if err := db.QueryRowContext(gctx, key.query()).Scan(&orphans); err != nil {
				return fmt.Errorf("check foreign key %q of table %q: %w", key.name, key.table, err)
			}
			switch {
			case orphans == 0:
			case r.omitted(key.refDatabase, key.refTable):
				r.note(fmt.Sprintf("foreign key %q of table %q: the rows of %q were left out", key.name, key.table, key.refTable))
			default:
				found[i] = &ForeignKeyError{
					Database: key.database, Table: key.table, Constraint: key.name, RefTable: key.refTable, Orphans: orphans,
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return errors.Join(found...)
}

// omitted reports whether the policy left the rows of a restored table out.
func (r *run) omitted(database, table string) bool {
	return slices.ContainsFunc(r.snap.Config.Tables, func(t snapshot.TableInfo) bool {
		return t.RowsOmitted && r.targets.of(t.Database) == database && t.Name == table
	})
}

// note adds to the result's notes.
func (r *run) note(text string) {
	r.lock.Lock()
	defer r.lock.Unlock()
	r.result.Notes = append(r.result.Notes, text)
}

func foreignKeys(ctx context.Context, db *sql.DB, databases []string) ([]*foreignKey, error) {
	var keys []*foreignKey
	for _, database := range databases {
		// Without a WHERE on constants the server would open every table.
		rows, err := db.QueryContext(ctx, `
			SELECT k.CONSTRAINT_NAME, k.TABLE_NAME, k.COLUMN_NAME, k.REFERENCED_TABLE_SCHEMA, k.REFERENCED_TABLE_NAME,
			       k.REFERENCED_COLUMN_NAME, IFNULL(c.COLLATION_NAME, ''), IFNULL(p.COLLATION_NAME, ''), IFNULL(p.CHARACTER_SET_NAME, '')
			FROM information_schema.KEY_COLUMN_USAGE k
			LEFT JOIN information_schema.COLUMNS c ON c.TABLE_SCHEMA = k.TABLE_SCHEMA AND c.TABLE_NAME = k.TABLE_NAME AND c.COLUMN_NAME = k.COLUMN_NAME
			LEFT JOIN information_schema.COLUMNS p ON p.TABLE_SCHEMA = k.REFERENCED_TABLE_SCHEMA AND p.TABLE_NAME = k.REFERENCED_TABLE_NAME AND p.COLUMN_NAME = k.REFERENCED_COLUMN_NAME
			WHERE k.TABLE_SCHEMA = ? AND k.REFERENCED_TABLE_NAME IS NOT NULL
			ORDER BY k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION`, database)
		if err != nil {
			return nil, err
		}
		if keys, err = appendKeys(keys, database, rows); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// appendKeys reads one row per column of a foreign key.
func appendKeys(keys []*foreignKey, database string, rows *sql.Rows) ([]*foreignKey, error) {
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		k := &foreignKey{database: database}
		var c foreignColumn
		if err := rows.Scan(&k.name, &k.table, &c.name, &k.refDatabase, &k.refTable, &c.ref, &c.collation, &c.refCollation, &c.refCharset); err != nil {
			return nil, err
		}
		if n := len(keys); n > 0 && keys[n-1].database == database && keys[n-1].table == k.table && keys[n-1].name == k.name {
			k = keys[n-1]
		} else {
			keys = append(keys, k)
		}
		k.columns = append(k.columns, c)
	}
	return keys, rows.Err()
}

// query counts the distinct values that have no row. As MATCH SIMPLE says, a
// value with a NULL in it refers to nothing.
func (k *foreignKey) query() string {
	var values, present, equal []string
	for i, c := range k.columns {
		values = append(values, fmt.Sprintf("%s AS v%d", c.value(), i))
		present = append(present, server.QuoteIdentifier(c.name)+" IS NOT NULL")
		equal = append(equal, fmt.Sprintf("p.%s = d.v%d", server.QuoteIdentifier(c.ref), i))
	}
	q := server.QuoteIdentifier
	return fmt.Sprintf("SELECT COUNT(*) FROM (SELECT DISTINCT %s FROM %s.%s WHERE %s) AS d LEFT JOIN %s.%s AS p ON %s WHERE p.%s IS NULL",
		strings.Join(values, ", "), q(k.database), q(k.table), strings.Join(present, " AND "),
		q(k.refDatabase), q(k.refTable), strings.Join(equal, " AND "), q(k.columns[0].ref))
}

// value is the expression for a column's value, in the collation of the column
// that it refers to: there it must be found.
func (c foreignColumn) value() string {
	name := server.QuoteIdentifier(c.name)
	if c.collation == c.refCollation || c.refCollation == "" {
		return name
	}
	return fmt.Sprintf("CONVERT(%s USING %s) COLLATE %s", name, c.refCharset, c.refCollation)
}
