package ddl_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

func TestStripDefiner(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"routine", "CREATE DEFINER=`root`@`localhost` PROCEDURE `p`()\nbegin end", "CREATE PROCEDURE `p`()\nbegin end"},
		{"quotes", "CREATE DEFINER = 'a b'@'%' FUNCTION f() RETURNS int RETURN 1", "CREATE FUNCTION f() RETURNS int RETURN 1"},
		{"no quotes", "create or replace definer=root@localhost view v as select 1", "create or replace view v as select 1"},
		{"current user", "CREATE DEFINER=CURRENT_USER() VIEW v AS SELECT 1", "CREATE VIEW v AS SELECT 1"},
		{"role", "CREATE DEFINER=`admins` PROCEDURE p() BEGIN END", "CREATE PROCEDURE p() BEGIN END"},
		{"trigger", "/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`localhost`*/ /*!50003 trigger tr before insert on t */", "/*!50003 CREATE*/ /*!50003 trigger tr before insert on t */"},
		{
			"view", "/*!50001 CREATE ALGORITHM=UNDEFINED */\n/*!50013 DEFINER=`root`@`localhost` SQL SECURITY DEFINER */\n/*!50001 VIEW `v` AS select 1 */",
			"/*!50001 CREATE ALGORITHM=UNDEFINED */\n/*!50013 SQL SECURITY DEFINER */\n/*!50001 VIEW `v` AS select 1 */",
		},
		{"body", "CREATE VIEW v AS SELECT 'DEFINER=`a`@`b`' FROM t WHERE definer='x'", "CREATE VIEW v AS SELECT 'DEFINER=`a`@`b`' FROM t WHERE definer='x'"},
		{"security only", "CREATE SQL SECURITY DEFINER VIEW v AS SELECT 1", "CREATE SQL SECURITY DEFINER VIEW v AS SELECT 1"},
		{"not a CREATE", "DROP VIEW v", "DROP VIEW v"},
		{"odd account", "CREATE DEFINER=`a``b;`@`::1` PROCEDURE p() BEGIN END", "CREATE PROCEDURE p() BEGIN END"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := string(ddl.StripDefiner([]byte(c.text), ddl.Mode{})); got != c.want {
				t.Errorf("got %s", got)
			}
		})
	}
}

func TestLiterals(t *testing.T) {
	text := "CREATE TABLE t (a enum('x','it''s') DEFAULT _utf8mb4'x', `not 'one'` int CHECK (a <> 0x41), b int DEFAULT 17) -- by alice\n" +
		"/*!50100 PARTITION BY LIST (b) (PARTITION p VALUES IN ('p\\'q')) */"
	type literal struct {
		Kind  ddl.TokenKind
		Value string
	}
	var got []literal
	for _, l := range ddl.Literals([]byte(text), ddl.Mode{}) {
		got = append(got, literal{l.Kind, string(l.Value)})
		if text[l.Offset:l.Offset+len(l.Raw)] != string(l.Raw) {
			t.Errorf("literal at %d is not what stands there", l.Offset)
		}
	}
	want := []literal{
		{ddl.String, "x"},
		{ddl.String, "it's"},
		{ddl.String, "x"},
		{ddl.Hex, "A"},
		{ddl.Number, "17"},
		{ddl.Comment, "-- by alice\n"},
		{ddl.String, "p'q"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestParseMode(t *testing.T) {
	for text, want := range map[string]ddl.Mode{
		"":                               {},
		"STRICT_TRANS_TABLES":            {},
		"ANSI_QUOTES":                    {ANSIQuotes: true},
		"real_as_float, ansi":            {ANSIQuotes: true},
		"ORACLE,NO_BACKSLASH_ESCAPES":    {ANSIQuotes: true, NoBackslashEscapes: true},
		"NO_BACKSLASH_ESCAPES,PIPES_AS_": {NoBackslashEscapes: true},
	} {
		if got := ddl.ParseMode(text); got != want {
			t.Errorf("%q: got %+v", text, got)
		}
	}
}

// FuzzParseCreateTable: no text panics or hangs, whatever is done with it.
func FuzzParseCreateTable(f *testing.F) {
	for _, text := range []string{
		"CREATE TABLE `t` (`a` int(11) NOT NULL AUTO_INCREMENT COMMENT 'x', PRIMARY KEY (`a`)) ENGINE=InnoDB;",
		"CREATE TABLE t (e enum('a','b') CHARACTER SET latin1, d decimal(5,2) DEFAULT -1, CHECK (d > 0))",
		"CREATE TABLE t (g int GENERATED ALWAYS AS (1) STORED, FOREIGN KEY (g) REFERENCES d.u (h) ON DELETE CASCADE) /*!50100 PARTITION BY HASH (g) */",
		"/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ /*!50003 TRIGGER t BEFORE INSERT ON u FOR EACH ROW SET @a=1 */",
	} {
		f.Add([]byte(text), false, false)
	}
	f.Fuzz(func(t *testing.T, text []byte, ansi, noEscapes bool) {
		m := ddl.Mode{ANSIQuotes: ansi, NoBackslashEscapes: noEscapes}
		table, err := ddl.ParseCreateTable(text, m)
		if err == nil && table.ColumnIndex(table.Columns[0].Name) != 0 {
			t.Error("the first column is not found by its name")
		}
		once := ddl.StripDefiner(text, m)
		if len(once) > len(text) {
			t.Error("the text grew")
		}
		for _, l := range ddl.Literals(text, m) {
			if string(text[l.Offset:l.Offset+len(l.Raw)]) != string(l.Raw) {
				t.Error("a literal is not where it is said to be")
			}
		}
	})
}
