package charset

import (
	"database/sql"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot/server/servertest"
)

var update = flag.Bool("update-charsets", false, "rewrite onebyte.txt from a server")

// The table is what a server says: which character each byte is, and that the character is that byte again.
func TestOneByteIsTheServers(t *testing.T) {
	s, name := servertest.Database(t)
	db := s.DB(name)
	defer db.Close()
	var file strings.Builder
	file.WriteString("# Written by go test ./snapshot/charset -run TestOneByteIsTheServers -update-charsets: see charset.go.\n")
	for _, set := range oneByteSets(t, db) {
		want := serverSet(t, db, set)
		spell(&file, set, want)
		if *update {
			continue
		}
		known := Of(set)
		if known == nil {
			t.Errorf("the server has the one-byte character set %s", set)
			continue
		}
		for b, r := range want {
			if known.runes[b] != r {
				t.Errorf("%s: byte %02X is %X, the server says %X", set, b, known.runes[b], r)
			}
		}
	}
	if *update {
		if err := os.WriteFile("onebyte.txt", []byte(file.String()), 0o644); err != nil { //nolint:gosec // a source file
			t.Fatal(err)
		}
	}
}

func oneByteSets(t *testing.T, db *sql.DB) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "SELECT character_set_name FROM information_schema.character_sets WHERE maxlen = 1 AND character_set_name <> 'binary' ORDER BY 1")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		out = append(out, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// serverSet asks what character each byte of a set is, and which byte that character becomes.
func serverSet(t *testing.T, db *sql.DB, set string) [256]rune {
	t.Helper()
	var runes [256]rune
	for b := range runes {
		var r rune
		var back string
		char := fmt.Sprintf("CONVERT(X'%02X' USING %s)", b, set)
		if err := db.QueryRowContext(t.Context(), fmt.Sprintf(
			"SELECT CONV(HEX(CONVERT(%[1]s USING utf32)),16,10), HEX(CONVERT(CONVERT(%[1]s USING utf8mb4) USING %[2]s))", char, set)).Scan(&r, &back); err != nil {
			t.Fatal(err)
		}
		if runes[b] = r; back != fmt.Sprintf("%02X", b) {
			runes[b] = none
		}
	}
	return runes
}

// spell writes what parse reads.
func spell(file *strings.Builder, set string, runes [256]rune) {
	for first := 0; first < len(runes); first += 16 {
		line, ascii := fmt.Sprintf("%s %02x", set, first), first < 0x80
		for i, r := range runes[first : first+16] {
			ascii = ascii && r == rune(first+i)
			if r == none {
				line += " -"
			} else {
				line += fmt.Sprintf(" %x", r)
			}
		}
		if !ascii {
			file.WriteString(line + "\n")
		}
	}
}
