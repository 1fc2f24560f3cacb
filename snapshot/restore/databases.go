package restore

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/snapshot"
	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server"
)

// ErrNotEmpty means that a database to restore into has tables, routines or
// events already.
var ErrNotEmpty = errors.New("database is not empty")

// targets maps databases of the snapshot to databases of the server.
type targets map[string]string

func (t targets) of(source string) string { return t[source] }

// targetsOf decides where each database of the snapshot goes.
func targetsOf(database string, snap *snapshot.Snapshot, renamed map[string]string) (targets, error) {
	sources := sourcesOf(snap)
	if database != "" {
		if len(sources) > 1 {
			return nil, fmt.Errorf("snapshot has %d databases (%s), which do not go into one", len(sources), strings.Join(sources, ", "))
		}
		t := targets{"": database}
		for _, source := range sources {
			t[source] = database
		}
		return t, nil
	}
	for _, name := range slices.Sorted(maps.Keys(renamed)) {
		if !slices.Contains(sources, name) {
			return nil, fmt.Errorf("snapshot has no database %q to give another name", name)
		}
	}
	t := targets{}
	taken := map[string]string{}
	for _, source := range sources {
		target := source
		if name, ok := renamed[source]; ok {
			target = name
		}
		if target == "" {
			return nil, errors.New("snapshot does not name its database: say where to restore it")
		}
		if other, ok := taken[target]; ok {
			return nil, fmt.Errorf("databases %q and %q are both to become %q", other, source, target)
		}
		t[source], taken[target] = target, source
	}
	return t, nil
}

// sourcesOf lists the databases that the snapshot has something of, sorted.
func sourcesOf(snap *snapshot.Snapshot) []string {
	names := map[string]bool{}
	for _, t := range snap.Config.Tables {
		names[t.Database] = true
	}
	for _, objects := range [][]snapshot.Object{snap.Before, snap.After} {
		for _, o := range objects {
			names[o.Database] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// createDatabases creates the targets that are missing, with the character set
// and collation that the snapshot says, or else those that most tables have.
func (r *run) createDatabases(ctx context.Context) error {
	charsets := map[string][2]string{}
	for target, tables := range r.tablesByTarget() {
		charset, collation := usualDefaults(tables)
		charsets[target] = [2]string{charset, collation}
	}
	for _, o := range r.snap.Before {
		if o.Kind == snapshot.ObjectDatabase {
			charset, collation := defaultsOf(r.mapped(o.SQL, o.SQLMode))
			charsets[r.targets.of(o.Database)] = [2]string{charset, collation}
		}
	}
	for _, target := range slices.Compact(slices.Sorted(maps.Values(r.targets))) {
		if err := createTarget(ctx, r.server, target, charsets[target][0], charsets[target][1]); err != nil {
			return err
		}
		r.filled = append(r.filled, target)
	}
	return nil
}

// createTarget creates a database unless it exists and is empty.
func createTarget(ctx context.Context, srv *server.Server, target, charset, collation string) error {
	db := srv.DB("")
	defer func() { _ = db.Close() }()
	var databases, objects int
	err := db.QueryRowContext(ctx, `SELECT
		(SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?),
		(SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?) +
		(SELECT COUNT(*) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ?) +
		(SELECT COUNT(*) FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ?)`,
		target, target, target, target).Scan(&databases, &objects)
	if err != nil {
		return fmt.Errorf("look for database %q: %w", target, err)
	}
	if objects > 0 {
		return fmt.Errorf("%w: %q has %d tables, routines and events", ErrNotEmpty, target, objects)
	}
	if databases == 0 {
		return srv.CreateDatabase(ctx, target, charset, collation)
	}
	return nil
}

// tablesByTarget gives the definitions of each target's tables, collations mapped.
func (r *run) tablesByTarget() map[string][]snapshot.Object {
	out := map[string][]snapshot.Object{}
	for _, o := range r.snap.Before {
		if o.Kind == snapshot.ObjectTable {
			target := r.targets.of(o.Database)
			o.SQL = r.mapped(o.SQL, o.SQLMode)
			out[target] = append(out[target], o)
		}
	}
	return out
}

// defaultsOf finds character set and collation in a CREATE DATABASE; "" where it
// names none.
func defaultsOf(sql string) (charset, collation string) {
	lex := ddl.NewLexer([]byte(sql), ddl.Mode{})
	value := func() string {
		t := lex.Next()
		if t.IsPunct('=') {
			t = lex.Next()
		}
		return t.Name()
	}
	for t := lex.Next(); t.Kind != ddl.EOF && t.Kind != ddl.Bad; t = lex.Next() {
		switch {
		case t.Is("CHARSET"):
			charset = value()
		case t.Is("CHARACTER"):
			if lex.Next().Is("SET") {
				charset = value()
			}
		case t.Is("COLLATE"):
			collation = value()
		}
	}
	return charset, collation
}
