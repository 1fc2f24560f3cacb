package restore

import (
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot"
)

func TestUsualDefaults(t *testing.T) {
	table := func(options string) snapshot.Object {
		return snapshot.Object{Kind: snapshot.ObjectTable, SQL: "CREATE TABLE t (a int) " + options}
	}
	latin1, utf8 := table("DEFAULT CHARSET=latin1"), table("DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_general_ci")
	tests := []struct {
		name               string
		tables             []snapshot.Object
		charset, collation string
	}{
		{"none", nil, "", ""},
		{"tables that do not say", []snapshot.Object{table("ENGINE=InnoDB")}, "", ""},
		{"the most frequent", []snapshot.Object{latin1, utf8, utf8}, "utf8mb3", "utf8mb3_general_ci"},
		{"of equals the first", []snapshot.Object{utf8, latin1}, "utf8mb3", "utf8mb3_general_ci"},
		{"no collation", []snapshot.Object{latin1}, "latin1", ""},
		{"text that is no definition", []snapshot.Object{{SQL: "CREATE"}, latin1}, "latin1", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			charset, collation := usualDefaults(tt.tables)
			if charset != tt.charset || collation != tt.collation {
				t.Errorf("got %q %q, want %q %q", charset, collation, tt.charset, tt.collation)
			}
		})
	}
}
