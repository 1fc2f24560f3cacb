package scrub_test

import (
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot/scrub"
)

// What a dump sets is set by whoever loads the copy: a log's file, what a server does with connections, text that is somebody's.
func TestVariablesThatNoDumpProgramSets(t *testing.T) {
	for name, c := range map[string]struct{ sql, want string }{
		"global":                      {"SET GLOBAL general_log_file='/tmp/secret';", "a global variable"},
		"global by its prefix":        {"SET @@GLOBAL.init_connect=@secret;", "a global variable"},
		"global for what follows":     {"SET GLOBAL innodb_stats_auto_recalc=OFF, general_log=1;", "a global variable"},
		"kept over restarts":          {"SET PERSIST max_connections=1;", "a global variable"},
		"text":                        {"SET SESSION debug_dbug='d:t:o,/tmp/secret';", "to text or an expression"},
		"an expression":               {"SET debug_dbug=CONCAT('secret', 1);", "to text or an expression"},
		"hexadecimal":                 {"SET debug_dbug=0x736563726574;", "to text or an expression"},
		"more than a word":            {"SET default_storage_engine='jane@secret';", "to text or an expression"},
		"in a conditional comment":    {"/*!40101 SET GLOBAL slow_query_log_file='secret' */;", "a global variable"},
		"replication":                 {"SET GLOBAL gtid_slave_pos='0-1-2', @@GLOBAL.gtid_purged='a:1';", ""},
		"statistics of MySQL's dumps": {"/*!50606 SET GLOBAL INNODB_STATS_AUTO_RECALC=OFF */;", ""},
		"words and numbers":           {"SET autocommit=0, default_storage_engine='InnoDB', SQL_NOTES=@OLD_SQL_NOTES, rocksdb_bulk_load=1;", ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := scrub.ReadSurvey(t.Context(), memorySource("CREATE TABLE t (a int);\n"+c.sql+"\n"), nil)
			switch {
			case c.want == "" && err != nil:
				t.Error(err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret")):
				t.Errorf("got %v, want one with %q", err, c.want)
			}
		})
	}
}
