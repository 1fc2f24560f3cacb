package mydumper_test

import (
	"errors"
	"maps"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot/mydumper"
)

// Metadata as later versions write it, with more after each: names of databases and tables as in names of files, or with real_table_name.
const (
	metadata014 = "# Started dump at: 2026-01-02 03:04:05\n[master]\n# Channel_Name = '' # It can be use to setup replication FOR CHANNEL\nFile = bin.000017\nPosition = 4\n\n" +
		"[`d`.`t`]\nRows = 2\nschema_checksum = B7B99B4C\n\n[`d`.`v`]\nRows = 0\n\n[`d`]\nschema_checksum = FDF2173B\n# Finished dump at: 2026-01-02 03:04:06\n"
	metadata016 = "# Started dump at: 2026-01-02 03:04:05\n[config]\nquote_character = BACKTICK\n\n[myloader_session_variables]\nSQL_MODE='NO_AUTO_VALUE_ON_ZERO' /*!40101\n\n" +
		"[source]\n# SOURCE_LOG_FILE = \"bin.000017\"\n\n[`d`.`mydumper_0`]\nreal_table_name=odd.name\nrows = 1\n\n[`d`.`t`]\nreal_table_name=t\nrows = 2\n\n" +
		"[`d`.`s`]\nreal_table_name=s\nrows = 7\nis_sequence = 1\n\n[`d`.`v`]\nreal_table_name=v\nrows = 0\nis_view = 1\n# Finished dump at: 2026-01-02 03:04:06\n"
)

// newFiles are a directory as a later version writes it.
func newFiles(metadata string, more map[string]string) map[string]string {
	all := files()
	delete(all, "d.t.00001.sql")
	all["d.t.00000.00001.sql"] = session + "/*!40101 SET SQL_MODE='NO_AUTO_VALUE_ON_ZERO,ONLY_FULL_GROUP_BY,NO_ENGINE_SUBSTITUTION'*/;\nINSERT INTO `t` VALUES(2)\n;\n"
	all["metadata"] = metadata
	maps.Copy(all, more)
	return all
}

func rowsRead(t *testing.T, names map[string]string) (*mydumper.Dir, map[mydumper.Table]int64) {
	t.Helper()
	d := open(t, written(t, names))
	read, err := rowsByTable(d)
	if err != nil {
		t.Fatal(err)
	}
	return d, read
}

func TestRowsAreThoseOfMetadata(t *testing.T) {
	odd := map[string]string{
		"d.mydumper_0-schema.sql":    "CREATE TABLE `odd.name` (\n  `a` int\n);\n",
		"d.mydumper_0.00000.sql.zst": "INSERT INTO `odd.name` VALUES(1);\n",
	}
	renamed := map[string]string{} // a database whose name cannot be that of a file
	for name, text := range newFiles(metadata016, odd) {
		if rest, ok := strings.CutPrefix(name, "d"); ok {
			name = "mydumper_1" + rest
		}
		renamed[name] = strings.ReplaceAll(text, "[`d`.", "[`mydumper_1`.")
	}
	counts := map[string]string{"d.t-metadata": "2", "metadata": done}
	for name, c := range map[string]struct {
		files map[string]string
		lost  string // a file without which numbers differ
		want  string
	}{
		"0.12":                         {newFiles("", counts), "d.t.00000.sql", "table d.t has 1 rows in the files, 2 by metadata"},
		"0.14":                         {newFiles(metadata014, nil), "d.t.00000.00001.sql", "table d.t has 1 rows in the files, 2 by metadata"},
		"0.16":                         {newFiles(metadata016, odd), "d.mydumper_0.00000.sql.zst", "table d.odd.name has 0 rows in the files, 1 by metadata"},
		"names of files for databases": {renamed, "mydumper_1.t.00000.sql", "table d.t has 1 rows in the files, 2 by metadata"},
		"names of databases in spite of that": {maps.Collect(func(yield func(string, string) bool) {
			for name, text := range renamed {
				if !yield(name, strings.ReplaceAll(text, "[`mydumper_1`.", "[`d`.")) {
					return
				}
			}
		}), "mydumper_1.t.00000.sql", "table d.t has 1 rows in the files, 2 by metadata"},
	} {
		t.Run(name, func(t *testing.T) {
			d, read := rowsRead(t, c.files)
			if err := d.CheckRows(read); err != nil {
				t.Error(err)
			}
			delete(c.files, c.lost)
			d, read = rowsRead(t, c.files)
			if err := d.CheckRows(read); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("without %s: error %v", c.lost, err)
			}
		})
	}
}

// A table that somebody added is none of those that metadata lists; metadata of 0.10 lists none.
func TestAddedTable(t *testing.T) {
	added := map[string]string{"d.x-schema.sql": "CREATE TABLE `x` (\n  `a` int\n);\n", "d.x.00000.sql": "INSERT INTO `x` VALUES(1);\n"}
	d, read := rowsRead(t, newFiles(metadata014, added))
	if err := d.CheckRows(read); err == nil || !strings.Contains(err.Error(), "table d.x has 1 rows in the files, 0 by metadata") {
		t.Errorf("error %v", err)
	}
	d, read = rowsRead(t, newFiles(done, added))
	if err := d.CheckRows(read); err != nil {
		t.Error(err)
	}
}

func TestRefusedMetadata(t *testing.T) {
	const finish = "# Finished dump at: 2026-01-02 03:04:06\n"
	for name, c := range map[string]struct{ text, want string }{
		"empty":                   {"", "when it was finished"},
		"cut in the last line":    {strings.TrimSuffix(metadata016, "\n"), "when it was finished"},
		"cut before":              {strings.TrimSuffix(metadata016, finish), "when it was finished"},
		"finished in other words": {"# I say: Finished dump at: 2026-01-02 03:04:06\n", "when it was finished"},
		"double quotes":           {"[config]\nquote-character = DOUBLE_QUOTE\n" + finish, "--identifier-quote-character"},
		"quoted groups":           {"[\"d\".\"t\"]\nrows = 2\n" + finish, "--identifier-quote-character"},
		"no number":               {"[`d`.`t`]\nrows = many\n" + finish, "line 2: not a number of rows"},
		"less than none":          {"[`d`.`t`]\nrows = -1\n" + finish, "line 2: not a number of rows"},
		"whose rows":              {"[`d`.`t`.`u`]\nrows = 1\n" + finish, "line 1: it is not clear"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := mydumper.Open(written(t, newFiles(c.text, nil)), 1)
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(c.want, "finished") && !errors.Is(err, mydumper.ErrUnfinished) {
				t.Errorf("error %v, want one about %q", err, c.want)
			}
		})
	}
	if _, err := mydumper.Open(written(t, newFiles(done, map[string]string{"d.t-metadata": "INSERT"})), 1); err == nil || !strings.Contains(err.Error(), "d.t-metadata") {
		t.Errorf("a number of rows that is none: %v", err)
	}
	d, read := rowsRead(t, newFiles(metadata014+metadata014, nil))
	if err := d.CheckRows(read); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("a table twice: %v", err)
	}
}

// Rows of a table are read in the order in which they were written, however long the numbers become.
func TestFilesOfATableAreInOrder(t *testing.T) {
	names := files()
	want := ""
	for _, number := range []string{"00002", "00002.00001", "00010", "99999", "100000", "100000.00002"} {
		names["d.t."+number+".sql"] = "INSERT INTO `t` VALUES (" + number[:1] + number[len(number)-1:] + ");\n"
		want += "(" + number[:1] + number[len(number)-1:] + ");\n"
	}
	got := ""
	for line := range strings.Lines(textOf(t, open(t, written(t, names)))) {
		if rest, ok := strings.CutPrefix(line, "INSERT INTO `t` VALUES ("); ok {
			got += "(" + rest
		}
	}
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
