package restore

import (
	"github.com/turbo-hipster/turbo-hipster/snapshot"
	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// usualDefaults guesses a database's character set and collation from its tables: those that most of them have. A dump of one database
// does not say, and migrations that create tables without naming a character set, with foreign keys to text columns perhaps, must
// find the one that production has. Both are "" when no table names one. Of equals, the first table's wins.
func usualDefaults(tables []snapshot.Object) (charset, collation string) {
	type defaults struct{ charset, collation string }
	count := map[defaults]int{}
	var best defaults
	for _, o := range tables {
		t, err := ddl.ParseCreateTable([]byte(o.SQL), ddl.ParseMode(o.SQLMode))
		if err != nil || t.Charset == "" {
			continue
		}
		d := defaults{t.Charset, t.Collation}
		count[d]++
		if count[d] > count[best] {
			best = d
		}
	}
	return best.charset, best.collation
}
