package anonymize

import (
	"database/sql"
	"testing"
)

// queryValues returns the rows of a query as package anonymize gets them.
func queryValues(t *testing.T, db *sql.DB, query string) [][]Value {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	raw, into := make([]sql.RawBytes, len(columns)), make([]any, len(columns))
	for i := range raw {
		into[i] = &raw[i]
	}
	var out [][]Value
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		row := make([]Value, len(raw))
		for i, v := range raw {
			row[i] = Value{Bytes: append([]byte(nil), v...), Null: v == nil}
		}
		out = append(out, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}
