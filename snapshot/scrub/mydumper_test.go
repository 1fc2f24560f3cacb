package scrub_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/anonymize"
	"github.com/turbo-hipster/turbo-hipster/snapshot/mydumper"
	"github.com/turbo-hipster/turbo-hipster/snapshot/scrub"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server/servertest"
)

// A directory that mydumper wrote, and each of its parts, is a source like a file.
var (
	_ scrub.Source = (*mydumper.Dir)(nil)
	_ scrub.Source = (*mydumper.Part)(nil)
)

func TestMydumperDirectoryOnAServer(t *testing.T) {
	const session = "/*!40101 SET NAMES binary*/;\n/*!40014 SET FOREIGN_KEY_CHECKS=0*/;\n/*!40103 SET TIME_ZONE='+00:00' */;\n"
	s := servertest.Server(t)
	d := servertest.Name(t, s)
	dir := t.TempDir()
	for name, text := range map[string]string{
		"metadata":               "Started dump at: 2026-01-02 03:04:05\nFinished dump at: 2026-01-02 03:04:06\n",
		d + "-schema-create.sql": "CREATE DATABASE `" + d + "` /*!40100 DEFAULT CHARACTER SET utf8mb4 */;\n",
		d + ".t-schema.sql":      session + "CREATE TABLE `t` (\n `id` int(11) NOT NULL,\n `sec` varchar(99) CHARACTER SET latin1,\n `pub` varchar(99) DEFAULT 'é',\n PRIMARY KEY (`id`)\n);\n",
		d + ".t.00000.sql":       session + "INSERT INTO `t` VALUES\n(1,\"qz100\xe9\",\"\\\"é\\\"\\n\"),\n(2,NULL,\"\");\n",
		d + ".t.00001.sql":       session + "INSERT INTO `t` (`pub`,`sec`,`id`) VALUES\n(\"qz1\\\\\",\"qz101\",3);\n",
		d + ".v-schema.sql":      session + "CREATE TABLE `v`(\n`id` int\n)ENGINE=MyISAM;\n",
		d + ".v-schema-view.sql": "/*!40101 SET NAMES binary*/;\nDROP TABLE IF EXISTS `v`;\nDROP VIEW IF EXISTS `v`;\n" +
			"SET character_set_client = utf8mb4;\nCREATE ALGORITHM=UNDEFINED DEFINER=`someone`@`somewhere` SQL SECURITY INVOKER VIEW `v` AS select `id` AS `id` from `t`;\n",
		d + ".t-schema-triggers.sql": "SET character_set_client = utf8mb4;\nCREATE DEFINER=`someone`@`somewhere` TRIGGER tr BEFORE INSERT ON t FOR EACH ROW BEGIN SET @a = 1; SET @b = 2; \nEND;\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	source, err := mydumper.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	p := prepareSource(t, source, marks{"t.sec": "string"})
	got, err := p.toSQL(t)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(got, "qz100") || strings.Contains(got, "qz101") || strings.Contains(got, "someone") {
		t.Errorf("a treated value or a name shows:\n%s", got)
	}
	servertest.Load(t, s, "", strings.NewReader(got))
	want := []string{"1 22C3A9220A", "2 ", "3 717A315C"}
	if rows := query(t, s, d, "SELECT CONCAT_WS(' ', id, HEX(pub)) FROM t ORDER BY id"); strings.Join(rows, ",") != strings.Join(want, ",") {
		t.Errorf("got %q, want %q", rows, want)
	}
	if rows := query(t, s, d, "SELECT CONCAT_WS(' ', id, CHAR_LENGTH(sec)) FROM t JOIN v USING (id) ORDER BY id"); strings.Join(rows, ",") != "1 6,2,3 5" {
		t.Errorf("got %q of treated values", rows)
	}
	rows, snap, err := p.toRows(t)
	if err != nil || strings.Count(rows["t"], "\n") != 3 || len(snap.After) != 3 {
		t.Errorf("snapshot: error %v, rows %q, %d objects after them", err, rows["t"], len(snap.After))
	}
}

// prepareSource is prepare for a source that is not a file.
func prepareSource(t *testing.T, source scrub.Source, m marks) prepared {
	t.Helper()
	survey, err := scrub.ReadSurvey(t.Context(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	p := prepared{source: source, survey: survey, policy: policyOf(t, survey, m)}
	key, err := anonymize.NewKey(strings.NewReader(strings.Repeat("k", anonymize.KeyBytes)))
	if err != nil {
		t.Fatal(err)
	}
	a, err := anonymize.New(key, p.policy)
	if err != nil {
		t.Fatal(err)
	}
	p.opts = scrub.Options{Anonymizer: a, Jobs: 2}
	return p
}
