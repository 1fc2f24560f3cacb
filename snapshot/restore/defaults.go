package restore

import (
	"github.com/turbo-hipster/turbo-hipster/snapshot"
	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// usualDefaults guesses a database's character set and collation from its tables: those that most of them have. A dump of one database
// does not say, and migrations that create tables without naming a character set, with foreign keys to text columns perhaps, must
// find the one that production has. Both are "" when no table names one. Of equals, the first table's wins.
func usualDefaults(tables []snapshot.Object) (charset, collation string) {
	var count defaultsCount
	for _, o := range tables {
		if t, err := ddl.ParseCreateTable([]byte(o.SQL), ddl.ParseMode(o.SQLMode)); err == nil {
			count.add(t.Charset, t.Collation)
		}
	}
	return count.best.charset, count.best.collation
}

// defaultsCount counts the defaults of tables. Its zero value is empty.
type defaultsCount struct {
	of   map[defaults]int
	best defaults // those that most tables have
}

type defaults struct{ charset, collation string }

// add counts one table more, and reports whether most tables now have others.
func (c *defaultsCount) add(charset, collation string) (changed bool) {
	if charset == "" {
		return false
	}
	if c.of == nil {
		c.of = map[defaults]int{}
	}
	d := defaults{charset, collation}
	if c.of[d]++; c.of[d] <= c.of[c.best] || d == c.best {
		return false
	}
	c.best = d
	return true
}
