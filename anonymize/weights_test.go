package anonymize

import (
	"bytes"
	"crypto/md5" //nolint:gosec // what servers can compute
	"database/sql"
	"encoding/hex"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/klauspost/compress/zstd"

	"github.com/turbo-hipster/turbo-hipster/snapshot/server/servertest"
)

var updateWeights = flag.Bool("update-weights", false, "rewrite weights.txt.zst from a server")

// weightTable is a section of weights.txt.zst and where it comes from.
type weightTable struct {
	name, collation, charset string
	level                    int
	limit                    rune // characters below it are asked for
}

func weightTables() []weightTable {
	tables := []weightTable{
		{"utf8mb4_general_ci.1", "utf8mb4_general_ci", "utf8mb4", 1, 0x110000},
		{"utf8mb4_unicode_ci.1", "utf8mb4_unicode_ci", "utf8mb4", 1, 0x110000},
		{"utf8mb4_unicode_520_ci.1", "utf8mb4_unicode_520_ci", "utf8mb4", 1, 0x110000},
		{"utf8mb4_uca1400_as_cs.1", "utf8mb4_uca1400_as_cs", "utf8mb4", 1, 0x110000},
		{"utf8mb4_uca1400_as_cs.2", "utf8mb4_uca1400_as_cs", "utf8mb4", 2, 0x110000},
		{"utf8mb4_uca1400_as_cs.3", "utf8mb4_uca1400_as_cs", "utf8mb4", 3, 0x110000},
	}
	for collation := range strings.FieldsSeq(byteCollations) {
		charset, _, _ := strings.Cut(collation, "_")
		tables = append(tables, weightTable{collation + ".1", collation, charset, 1, 0x10000})
	}
	return tables
}

// byteCollations are those of 8-bit character sets in which each character has its weights whatever stands beside it. The Czech ones are
// others.
const byteCollations = "latin1_swedish_ci latin1_general_ci latin1_general_cs latin1_german1_ci latin1_german2_ci latin1_danish_ci latin1_spanish_ci " +
	"latin2_general_ci latin2_hungarian_ci latin2_croatian_ci latin5_turkish_ci latin7_general_ci latin7_general_cs latin7_estonian_cs " +
	"greek_general_ci hebrew_general_ci cp850_general_ci cp852_general_ci cp866_general_ci cp1250_general_ci cp1250_croatian_ci cp1250_polish_ci " +
	"cp1251_general_ci cp1251_general_cs cp1251_bulgarian_ci cp1251_ukrainian_ci cp1256_general_ci cp1257_general_ci cp1257_lithuanian_ci koi8r_general_ci koi8u_general_ci"

// char is the SQL of the character whose code point is an expression.
func (w weightTable) char(expr string) string {
	return "CONVERT(CAST(UNHEX(LPAD(HEX(" + expr + "),8,'0')) AS CHAR CHARACTER SET utf32) USING " + w.charset + ")"
}

// weight is the SQL of the weights of a text.
func (w weightTable) weight(expr string) string {
	return fmt.Sprintf("WEIGHT_STRING(%s COLLATE %s LEVEL %d)", expr, w.collation, w.level)
}

// has is the condition that the character set has a character: what it lacks becomes a question mark.
func (w weightTable) has(expr string) string {
	return fmt.Sprintf("%[1]s NOT BETWEEN 0xD800 AND 0xDFFF AND (%[1]s = 63 OR %[2]s <> '?')", expr, w.char(expr))
}

// units are the weights of a character; of an 8-bit collation, whose weights are bytes, as 16 bits each.
func (w weightTable) units(t *testing.T, text string) []uint16 {
	t.Helper()
	raw, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	var out []uint16
	if w.charset != "utf8mb4" {
		for _, b := range raw {
			out = append(out, uint16(b))
		}
		return out
	}
	if len(raw)%2 != 0 {
		t.Fatalf("%s: odd weights", w.collation)
	}
	for i := 0; i < len(raw); i += 2 {
		out = append(out, uint16(raw[i])<<8|uint16(raw[i+1]))
	}
	return out
}

// rows calls each for every row of two or more numbers in text.
func queryRows(t *testing.T, db *sql.DB, query string, each func(columns []string)) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		servertest.Lacking(t, fmt.Errorf("this server cannot say: %w", err))
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	columns := make([]string, len(names))
	into := make([]any, len(names))
	for i := range columns {
		into[i] = &columns[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		each(columns)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

// extract asks a server for a table.
func (w weightTable) extract(t *testing.T, db *sql.DB) string {
	t.Helper()
	weights := map[rune][]uint16{}
	queryRows(t, db, fmt.Sprintf("SELECT seq, HEX(%s) FROM seq_0_to_%d WHERE %s", w.weight(w.char("seq")), w.limit-1, w.has("seq")), func(c []string) {
		var r rune
		if _, err := fmt.Sscan(c[0], &r); err != nil {
			t.Fatal(err)
		}
		weights[r] = w.units(t, c[1])
	})
	var b strings.Builder
	fmt.Fprintf(&b, "= %s\n", w.name)
	runs := runsOf(weights)
	for _, run := range runs {
		fmt.Fprintf(&b, "%x %x %c%s\n", run.low, run.high, run.op, spellWeights(run.weights))
	}
	for _, c := range w.contractions(t, db, runs) {
		b.WriteString(c)
	}
	t.Logf("%s: %d runs", w.name, len(runs))
	return b.String()
}

func spellWeights(weights []uint16) string {
	var b strings.Builder
	for _, weight := range weights {
		fmt.Fprintf(&b, " %x", weight)
	}
	return b.String()
}

// runsOf joins characters with like weights.
func runsOf(weights map[rune][]uint16) []weightRun {
	var runs []weightRun
	for _, r := range slices.Sorted(maps.Keys(weights)) {
		w := weights[r]
		if n := len(runs); n > 0 && runs[n-1].high == r-1 && runs[n-1].extend(r, w) {
			continue
		}
		run := weightRun{r, r, opSame, w}
		if len(w) == 2 && w[0] >= 0xfb40 && w[0] < 0xfc00 && w[1] == uint16(r&0x7fff|0x8000) {
			run = weightRun{r, r, opImplicit, []uint16{w[0] - uint16(r>>15)}}
		}
		runs = append(runs, run)
	}
	return runs
}

// extend makes a run longer by the next character, if that has the weights for it.
func (w *weightRun) extend(r rune, weights []uint16) bool {
	wider := weightRun{w.low, r, w.op, w.weights}
	if w.low == w.high && len(weights) == 1 && len(w.weights) == 1 && weights[0] == w.weights[0]+1 {
		wider.op = opNext
	}
	var got, want []byte
	for _, weight := range weights {
		want = append(want, byte(weight>>8), byte(weight))
	}
	if got = wider.append(nil, r); !bytes.Equal(got, want) {
		return false
	}
	*w = wider
	return true
}

// contractions finds the pairs, and the sequences of three combining marks, that have other weights than their characters one
// after the other: among characters with weights of their own in one block of 256, and and of all with Latin-1, the combining marks and
// Greek.
func (w weightTable) contractions(t *testing.T, db *sql.DB, runs []weightRun) []string {
	t.Helper()
	exec := func(query string) {
		if _, err := db.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	exec("DROP TABLE IF EXISTS own")
	exec("CREATE TABLE own (r INT PRIMARY KEY, block INT, low INT, c VARCHAR(1) CHARACTER SET " + w.charset + ", w VARBINARY(200), KEY (block), KEY (low)) ENGINE=MEMORY")
	for _, run := range runs {
		if run.op != opImplicit && (run.high-run.low < 300 || run.low < 0x3000) {
			exec(fmt.Sprintf("INSERT IGNORE INTO own SELECT seq, seq >> 8, seq < 0x100 OR seq BETWEEN 0x300 AND 0x3FF, %[1]s, %[2]s FROM seq_%[3]d_to_%[4]d WHERE %[5]s",
				w.char("seq"), w.weight(w.char("seq")), run.low, run.high, w.has("seq")))
		}
	}
	var out []string
	pairs := map[string]bool{}
	found := func(c []string) {
		n := len(c) - 1
		line := "&"
		for _, number := range c[:n] {
			var r rune
			if _, err := fmt.Sscan(number, &r); err != nil {
				t.Fatal(err)
			}
			line += fmt.Sprintf(" %x", r)
		}
		out = append(out, line+" ="+spellWeights(w.units(t, c[n]))+"\n")
	}
	for _, join := range []string{"a.block = b.block", "b.low = 1"} {
		queryRows(t, db, fmt.Sprintf("SELECT a.r, b.r, HEX(%[1]s) FROM own a JOIN own b ON %[2]s WHERE %[1]s <> CONCAT(a.w, b.w)", w.weight("CONCAT(a.c, b.c)"), join), func(c []string) {
			if pair := c[0] + " " + c[1]; !pairs[pair] {
				pairs[pair] = true
				found(c)
			}
		})
	}
	for block, marks := range marksByBlock() { // combining marks: the contractions of three begin with one
		queryRows(t, db, fmt.Sprintf("SELECT a.r, b.r, d.r, HEX(%[1]s) FROM own a JOIN own b ON b.block = a.block JOIN own d ON d.block = a.block WHERE a.block = %[2]d AND a.r IN (%[3]s) AND b.r IN (%[3]s) AND d.r IN (%[3]s) AND %[1]s <> CONCAT(%[4]s, d.w) AND %[1]s <> CONCAT(a.w, %[5]s)",
			w.weight("CONCAT(a.c, b.c, d.c)"), block, marks, w.weight("CONCAT(a.c, b.c)"), w.weight("CONCAT(b.c, d.c)")), found)
	}
	slices.Sort(out)
	return out
}

// marksByBlock lists the combining marks of each block of 256 characters outside Latin.
func marksByBlock() map[rune]string {
	blocks := map[rune]string{}
	for r := rune(0x400); r < 0x20000; r++ {
		if unicode.Is(unicode.M, r) {
			blocks[r>>8] += fmt.Sprintf("%d,", r)
		}
	}
	for block, marks := range blocks {
		blocks[block] = strings.TrimSuffix(marks, ",")
	}
	return blocks
}

// The tables say of every character what a server says.
func TestWeightsAreTheServers(t *testing.T) {
	s, name := servertest.Database(t)
	db := s.DB(name)
	defer db.Close()
	db.SetMaxOpenConns(1)
	if *updateWeights {
		rewriteWeights(t, db)
	}
	if _, err := db.ExecContext(t.Context(), "SET group_concat_max_len = 100000000"); err != nil {
		t.Fatal(err)
	}
	for _, table := range weightTables() {
		t.Run(table.name, func(t *testing.T) { table.compare(t, db) })
	}
}

// compare compares the table with what a server says, in blocks of 4096 characters.
func (w weightTable) compare(t *testing.T, db *sql.DB) {
	l, err := readLevel(w.name)
	if err != nil || l == nil {
		t.Fatalf("no such table: %v", err)
	}
	want, known := map[rune][]byte{}, 0
	for r := range w.limit {
		run := l.find(r)
		if run == nil {
			continue
		}
		known++
		block := append(strconv.AppendInt(want[r>>12], int64(r), 10), ':')
		for raw := run.append(nil, r); len(raw) > 0; raw = raw[2:] {
			if w.charset == "utf8mb4" {
				block = hex.AppendEncode(block, raw[:2])
			} else {
				block = hex.AppendEncode(block, raw[1:2])
			}
		}
		want[r>>12] = append(block, ',')
	}
	blocks := 0
	queryRows(t, db, fmt.Sprintf("SELECT seq >> 12, MD5(GROUP_CONCAT(seq, ':', LOWER(HEX(%s)), ',' ORDER BY seq SEPARATOR '')) FROM seq_0_to_%d WHERE %s GROUP BY 1",
		w.weight(w.char("seq")), w.limit-1, w.has("seq")), func(c []string) {
		var block rune
		if _, err := fmt.Sscan(c[0], &block); err != nil {
			t.Fatal(err)
		}
		if sum := fmt.Sprintf("%x", md5.Sum(want[block])); sum != c[1] { //nolint:gosec // the server makes the same sum
			t.Errorf("characters from U+%04X have other weights", block<<12)
		}
		blocks++
	})
	if blocks != len(want) || known < 128 {
		t.Errorf("the server has %d blocks of characters, the table %d with %d characters", blocks, len(want), known)
	}
}

func rewriteWeights(t *testing.T, db *sql.DB) {
	t.Helper()
	var text bytes.Buffer
	for _, table := range weightTables() {
		text.WriteString(table.extract(t, db))
	}
	w, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
	if err != nil {
		t.Fatal(err)
	}
	file := w.EncodeAll(text.Bytes(), nil)
	if err := os.WriteFile("weights.txt.zst", file, 0o644); err != nil { //nolint:gosec // a source file
		t.Fatal(err)
	}
	t.Logf("%d bytes, %d compressed", text.Len(), len(file))
}
