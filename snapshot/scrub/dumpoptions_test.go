package scrub_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot/server/servertest"
)

// dumped are the constructs whose rows or definitions options write in other ways.
var dumped = []string{
	"escapes", "rows_in_strings", "bits", "numbers", "binary", "json", "four_bytes", "column_charsets", "generated_before", "generated_after",
	"no_backslash", "punctuation", oddNames, "partitioned", "versioned", "declared_versions", "invisible", "keys_of_all_kinds", "types_of_mariadb",
}

const oddNames = "odd `names`; ("

// dumpOptions are command lines of the server's dump program that write the same rows in other ways. What stands before a colon are
// constructs that the program itself cannot dump so, or that are refused.
var dumpOptions = []string{
	"",
	"--hex-blob --insert-ignore --order-by-primary --no-autocommit",
	"--skip-extended-insert --complete-insert --insert-ignore --hex-blob",
	"--complete-insert --replace --skip-tz-utc",
	oddNames + "|binary:--skip-quote-names --skip-comments",
	"--skip-opt --create-options --quick --skip-set-charset --delayed-insert",
	"--add-drop-trigger --flush-privileges --single-transaction --skip-lock-tables --skip-disable-keys --skip-dump-date",
	"--net-buffer-length=4096 --replace",
	"column_charsets:--default-character-set=binary",
	"column_charsets:--default-character-set=binary --hex-blob --complete-insert",
	oddNames + ":--default-character-set=latin1 --complete-insert",
	"--compatible=ansi --default-character-set=utf8mb4 --complete-insert",
	oddNames + "|column_charsets|four_bytes|punctuation|json:--compatible=ansi,no_table_options,no_field_options", // latin1 without saying so
}

// Whatever the dump program is told, the right column is treated, and everything else is equal after loading.
func TestDumpProgramsOptions(t *testing.T) {
	var some []construct
	for _, c := range constructs {
		if slices.Contains(dumped, c.name) {
			some = append(some, c)
		}
	}
	text, m, ignored := dumpOf(some)
	s, database := servertest.Database(t)
	servertest.Load(t, s, database, strings.NewReader(text))
	for _, options := range dumpOptions {
		t.Run(options, func(t *testing.T) {
			t.Parallel()
			without, options, found := strings.Cut(options, ":")
			if !found {
				without, options = "", without
			}
			var args []string
			ignored := slices.Clone(ignored)
			for table := range strings.SplitSeq(without, "|") {
				args = append(args, "--ignore-table="+database+"."+table)
				ignored = slices.DeleteFunc(ignored, func(column string) bool { return strings.HasPrefix(column, table+".") })
			}
			args = append(args, "--triggers")
			if !strings.Contains(options, "ansi") { // it then writes routines and events that no server reads
				args = append(args, "--routines", "--events")
			}
			dump := string(servertest.Dump(t, s, database, append(strings.Fields(options), args...)...))
			reference := dump
			if strings.Contains(options, "binary") { // of which a client loses values
				reference = string(servertest.Dump(t, s, database, args...))
			}
			compareWith(t, s, loadText(t, s, reference), dump, m, ignored)
		})
	}
}
