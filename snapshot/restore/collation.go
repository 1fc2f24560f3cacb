package restore

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-sql-driver/mysql"

	"github.com/turbo-hipster/turbo-hipster/snapshot"
	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// CollationError names the collations that the server does not have.
type CollationError struct {
	Unknown []string // sorted
	Object  string   // one object that needs the first: "table t"
}

// Error names the collations and one object.
func (e *CollationError) Error() string {
	return fmt.Sprintf("server has no collation %s (needed by %s)", strings.Join(e.Unknown, ", "), e.Object)
}

// Hint says what to do next.
func (e *CollationError) Hint() string {
	return fmt.Sprintf("choose a collation that the server has: --map-collation %s=utf8mb4_unicode_520_ci", e.Unknown[0])
}

// MapCollations replaces the names of collations in a statement: the name after
// each COLLATE, never text in strings. Keys of m are in lower case.
func MapCollations(sql string, mode ddl.Mode, m map[string]string) string {
	if len(m) == 0 {
		return sql
	}
	var out strings.Builder
	done := 0
	collationsIn(sql, mode, func(t ddl.Token) {
		if to, ok := m[strings.ToLower(t.Name())]; ok {
			out.WriteString(sql[done:t.Start])
			out.WriteString(to)
			done = t.End
		}
	})
	out.WriteString(sql[done:])
	return out.String()
}

// collationsIn calls found for each name of a collation in a statement.
func collationsIn(sql string, mode ddl.Mode, found func(ddl.Token)) {
	lex := ddl.NewLexer([]byte(sql), mode)
	after := false
	for t := lex.Next(); t.Kind != ddl.EOF && t.Kind != ddl.Bad; t = lex.Next() {
		switch {
		case t.Is("COLLATE"):
			after = true
		case after && t.IsPunct('='):
		default:
			// SHOW CREATE writes no quotes, but a person may write any of three.
			if name := t.IsName() || t.Kind == ddl.String; after && name && !strings.EqualFold(t.Name(), "binary") {
				found(t)
			}
			after = false
		}
	}
}

// mapped applies the caller's mapping to a statement.
func (r *run) mapped(sql, sqlMode string) string {
	return MapCollations(sql, ddl.ParseMode(sqlMode), lowerKeys(r.opts.MapCollation))
}

func lowerKeys(m map[string]string) map[string]string {
	out := make(map[string]string, len(m))
	for k, v := range m {
		out[strings.ToLower(k)] = v
	}
	return out
}

// mapName applies the caller's mapping to the name of a collation.
func (r *run) mapName(collation string) string {
	if to, ok := lowerKeys(r.opts.MapCollation)[strings.ToLower(collation)]; ok {
		return to
	}
	return collation
}

// checkCollations asks the server for every collation that a definition names,
// before anything is created, so that all that are missing are reported at once.
func (r *run) checkCollations(ctx context.Context) error {
	users := r.collations()
	db := r.server.DB("")
	defer func() { _ = db.Close() }()
	var missing []string
	for _, name := range slices.Sorted(maps.Keys(users)) {
		// Any answer but "unknown" will do: a collation of another character
		// set is refused here with another number.
		_, err := db.ExecContext(ctx, "SELECT '' COLLATE "+ddlName(name))
		var refused *mysql.MySQLError
		switch {
		case err == nil:
		case errors.As(err, &refused):
			if refused.Number == errUnknownCollation {
				missing = append(missing, name)
			}
		default:
			return fmt.Errorf("look up collations: %w", err)
		}
	}
	if len(missing) > 0 {
		return &CollationError{Unknown: missing, Object: users[missing[0]]}
	}
	return nil
}

// collations maps each collation that is needed to one object that needs it.
func (r *run) collations() map[string]string {
	users := map[string]string{}
	for _, objects := range [][]snapshot.Object{r.snap.Before, r.snap.After} {
		for _, o := range objects {
			add := func(name string) {
				if _, ok := users[name]; !ok && name != "" {
					users[name] = describe(o)
				}
			}
			add(strings.ToLower(r.mapName(o.CollationConnection)))
			add(strings.ToLower(r.mapName(o.DatabaseCollation)))
			sql := r.mapped(o.SQL, o.SQLMode)
			collationsIn(sql, ddl.ParseMode(o.SQLMode), func(t ddl.Token) {
				add(strings.ToLower(strings.Trim(t.Name(), `'"`)))
			})
		}
	}
	return users
}

func ddlName(name string) string { return string(ddl.AppendName(nil, name)) }
