package ddl_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// mustParse parses a definition that is right.
func mustParse(t *testing.T, text string, m ddl.Mode) *ddl.Table {
	t.Helper()
	table, err := ddl.ParseCreateTable([]byte(text), m)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func plain(name string) ddl.Type { return ddl.Type{Name: name, Length: -1, Decimals: -1} }

func sized(name string, length int) ddl.Type {
	return ddl.Type{Name: name, Length: length, Decimals: -1}
}

// TestColumns: one column definition in a table with DEFAULT CHARSET=latin1.
func TestColumns(t *testing.T) {
	const latin1, swedish = "latin1", "latin1_swedish_ci"
	for _, c := range []struct {
		text string
		want ddl.Column
	}{
		{"`c` int(11) NOT NULL AUTO_INCREMENT", ddl.Column{Type: sized("int", 11), AutoIncrement: true}},
		{"`c` bigint unsigned DEFAULT '5'", ddl.Column{Type: ddl.Type{Name: "bigint", Length: -1, Decimals: -1, Unsigned: true}, Nullable: true, Default: "'5'"}},
		{"`c` int(5) unsigned zerofill DEFAULT NULL", ddl.Column{Type: ddl.Type{Name: "int", Length: 5, Decimals: -1, Unsigned: true, Zerofill: true}, Nullable: true, Default: "NULL"}},
		{"`c` decimal(65,30) DEFAULT -1.5", ddl.Column{Type: ddl.Type{Name: "decimal", Length: 65, Decimals: 30}, Nullable: true, Default: "-1.5"}},
		{"c DOUBLE PRECISION", ddl.Column{Type: plain("double"), Nullable: true}},
		{"c BOOL", ddl.Column{Type: sized("tinyint", 1), Nullable: true}},
		{"c SERIAL", ddl.Column{Type: ddl.Type{Name: "bigint", Length: -1, Decimals: -1, Unsigned: true}, AutoIncrement: true, Unique: true}},
		{"c INTEGER PRIMARY KEY", ddl.Column{Type: plain("int"), PrimaryKey: true, Unique: true}},
		{"`c` varchar(36) DEFAULT 'it''s; \\'x\\')'", ddl.Column{Type: sized("varchar", 36), Nullable: true, Charset: latin1, Collation: swedish, Default: "'it''s; \\'x\\')'"}},
		{"`c` varchar(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL", ddl.Column{Type: sized("varchar", 9), Charset: "utf8mb4", Collation: "utf8mb4_bin"}},
		{"`c` varchar(9) COLLATE utf8mb4_0900_ai_ci NOT NULL", ddl.Column{Type: sized("varchar", 9), Charset: "utf8mb4", Collation: "utf8mb4_0900_ai_ci"}},
		{"`c` text CHARACTER SET utf8", ddl.Column{Type: plain("text"), Nullable: true, Charset: "utf8"}},
		{"c varchar(9) BINARY", ddl.Column{Type: sized("varchar", 9), Nullable: true, Charset: latin1, Collation: "latin1_bin"}},
		{"c CHARACTER VARYING(9)", ddl.Column{Type: sized("varchar", 9), Nullable: true, Charset: latin1, Collation: swedish}},
		{"c text CHARACTER SET binary", ddl.Column{Type: plain("blob"), Nullable: true}},
		{"`c` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL CHECK (json_valid(`c`))", ddl.Column{Type: plain("longtext"), Nullable: true, Charset: "utf8mb4", Collation: "utf8mb4_bin", Default: "NULL", Check: "json_valid(`c`)"}},
		{"`c` enum('a','b''c','d\\\\e',',)') DEFAULT 'a'", ddl.Column{Type: ddl.Type{Name: "enum", Length: -1, Decimals: -1, Members: []string{"a", "b'c", `d\e`, ",)"}}, Nullable: true, Charset: latin1, Collation: swedish, Default: "'a'"}},
		{"`c` set('x','y') NOT NULL", ddl.Column{Type: ddl.Type{Name: "set", Length: -1, Decimals: -1, Members: []string{"x", "y"}}, Charset: latin1, Collation: swedish}},
		{"`c` timestamp(6) NULL DEFAULT current_timestamp(6) ON UPDATE current_timestamp(6)", ddl.Column{Type: sized("timestamp", 6), Nullable: true, Default: "current_timestamp(6)", OnUpdate: "current_timestamp(6)"}},
		{"`c` datetime /* mariadb-5.3 */ DEFAULT NULL", ddl.Column{Type: plain("datetime"), Nullable: true, Default: "NULL"}},
		{"`c` int(11) GENERATED ALWAYS AS (`a` + 1) VIRTUAL", ddl.Column{Type: sized("int", 11), Nullable: true, Generated: ddl.Virtual, Expression: "`a` + 1"}},
		{"`c` int(11) AS (concat(')', `a`)) PERSISTENT COMMENT 'x'", ddl.Column{Type: sized("int", 11), Nullable: true, Generated: ddl.Stored, Expression: "concat(')', `a`)", Comment: "x"}},
		{"`c` int GENERATED ALWAYS AS ((`a` + 1)) STORED NOT NULL", ddl.Column{Type: plain("int"), Generated: ddl.Stored, Expression: "(`a` + 1)"}},
		{"`c` timestamp(6) GENERATED ALWAYS AS ROW START", ddl.Column{Type: sized("timestamp", 6), Nullable: true, Generated: ddl.RowStart}},
		{"`c` timestamp(6) GENERATED ALWAYS AS ROW END INVISIBLE", ddl.Column{Type: sized("timestamp", 6), Nullable: true, Generated: ddl.RowEnd, Invisible: true}},
		{"`c` int DEFAULT NULL /*!80023 INVISIBLE */", ddl.Column{Type: plain("int"), Nullable: true, Default: "NULL", Invisible: true}},
		{"`c` int(11) INVISIBLE DEFAULT 5", ddl.Column{Type: sized("int", 11), Nullable: true, Default: "5", Invisible: true}},
		{"`c` mediumblob /*M!100301 COMPRESSED*/ DEFAULT NULL", ddl.Column{Type: plain("mediumblob"), Nullable: true, Default: "NULL"}},
		{"`c` point NOT NULL /*!80003 SRID 4326 */", ddl.Column{Type: plain("point")}},
		{"`c` geometry REF_SYSTEM_ID=101 DEFAULT NULL", ddl.Column{Type: plain("geometry"), Nullable: true, Default: "NULL"}},
		{"`c` uuid NOT NULL DEFAULT uuid()", ddl.Column{Type: plain("uuid"), Default: "uuid()"}},
		{"`c` bigint(20) DEFAULT nextval(`d`.`s`)", ddl.Column{Type: sized("bigint", 20), Nullable: true, Default: "nextval(`d`.`s`)"}},
		{"`c` json DEFAULT (json_object(_utf8mb4'a',1))", ddl.Column{Type: plain("json"), Nullable: true, Default: "(json_object(_utf8mb4'a',1))"}},
		{"`c` bit(3) DEFAULT b'101'", ddl.Column{Type: sized("bit", 3), Nullable: true, Default: "b'101'"}},
		{"`c` int COMMENT 'a, `b`) ENGINE=x; \\'' ", ddl.Column{Type: plain("int"), Nullable: true, Comment: "a, `b`) ENGINE=x; '"}},
		{"`c` int CONSTRAINT `k` CHECK (`c` > 0) NOT NULL", ddl.Column{Type: plain("int"), Check: "`c` > 0"}},
		{"`c` int UNIQUE", ddl.Column{Type: plain("int"), Nullable: true, Unique: true}},
		{"`c` vector(3) NOT NULL", ddl.Column{Type: sized("vector", 3)}},
		{"`c` int /* a ' plain ) comment */ NOT NULL -- another, (\n", ddl.Column{Type: plain("int")}},
	} {
		t.Run(c.text, func(t *testing.T) {
			table := mustParse(t, "CREATE TABLE `t` (\n  "+c.text+",\n  `z` int\n) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;", ddl.Mode{})
			c.want.Name = "c"
			if diff := cmp.Diff(c.want, table.Columns[0]); diff != "" {
				t.Error(diff)
			}
			if len(table.Columns) != 2 {
				t.Errorf("%d columns", len(table.Columns))
			}
		})
	}
}

func TestTable(t *testing.T) {
	text := "CREATE TABLE IF NOT EXISTS `shop`.`a``b` (\n" +
		"  `id` int NOT NULL,\n  `key` varchar(255) NOT NULL,\n  `name` text,\n  `g` point NOT NULL,\n  vector int,\n" +
		"  PRIMARY KEY (`id`,`key`),\n" +
		"  UNIQUE KEY `u` (`name`(10)) USING BTREE COMMENT 'a,)b',\n" +
		"  KEY `d` (`key` DESC,`id`) /*!80000 INVISIBLE */,\n" +
		"  KEY `f` ((lower(`name`)),`id`),\n" +
		"  FULLTEXT KEY `t` (`name`) /*!50100 WITH PARSER `ngram` */ ,\n" +
		"  SPATIAL KEY `s` (`g`),\n" +
		"  CONSTRAINT `fk` FOREIGN KEY (`id`, `key`) REFERENCES `other`.`p` (`a`, `b`) ON DELETE SET NULL ON UPDATE CASCADE,\n" +
		"  CONSTRAINT `c` CHECK (`id` > 0 and `key` <> ')') /*!80016 NOT ENFORCED */,\n" +
		"  PERIOD FOR SYSTEM_TIME (`x`, `y`)\n" +
		") ENGINE=InnoDB AUTO_INCREMENT=5 DEFAULT CHARSET=utf8mb4 ROW_FORMAT=DYNAMIC UNION=(`x`,`y`) COMMENT='x;''y' DATA DIRECTORY='/a' WITH SYSTEM VERSIONING\n" +
		"/*!50100 PARTITION BY RANGE (`id`)\n(PARTITION p0 VALUES LESS THAN (10) ENGINE = InnoDB,\n PARTITION p1 VALUES LESS THAN MAXVALUE ENGINE = InnoDB) */;\n"
	got := mustParse(t, text, ddl.Mode{})
	got.Columns = nil
	want := &ddl.Table{
		Database: "shop", Name: "a`b", Engine: "InnoDB", Charset: "utf8mb4", Comment: "x;'y", SystemVersioned: true, Partitioned: true,
		Indexes: []ddl.Index{
			{Name: "PRIMARY", Unique: true, Primary: true, Parts: []ddl.IndexPart{{Column: "id"}, {Column: "key"}}},
			{Name: "u", Unique: true, Parts: []ddl.IndexPart{{Column: "name", Prefix: 10}}},
			{Name: "d", Parts: []ddl.IndexPart{{Column: "key", Descending: true}, {Column: "id"}}},
			{Name: "f", Parts: []ddl.IndexPart{{Expression: "lower(`name`)"}, {Column: "id"}}},
			{Name: "t", Kind: "fulltext", Parts: []ddl.IndexPart{{Column: "name"}}},
			{Name: "s", Kind: "spatial", Parts: []ddl.IndexPart{{Column: "g"}}},
		},
		ForeignKeys: []ddl.ForeignKey{{
			Name: "fk", Columns: []string{"id", "key"}, RefDatabase: "other", RefTable: "p", RefColumns: []string{"a", "b"},
			OnDelete: "SET NULL", OnUpdate: "CASCADE",
		}},
		Checks: []ddl.Check{{Name: "c", Expression: "`id` > 0 and `key` <> ')'"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPrefixIsNotUnique(t *testing.T) {
	table := mustParse(t, "CREATE TABLE t (a text, b text, c int, UNIQUE (a(3)), UNIQUE KEY (b, c), KEY (c))", ddl.Mode{})
	for _, c := range table.Columns {
		if c.Unique {
			t.Errorf("%s is not unique by itself", c.Name)
		}
	}
}

func TestModes(t *testing.T) {
	table := mustParse(t, `CREATE TABLE "a""b" ("c" varchar(9) DEFAULT 'x\', "d" int)`, ddl.Mode{ANSIQuotes: true, NoBackslashEscapes: true})
	if table.Name != `a"b` || len(table.Columns) != 2 || table.Columns[0].Default != `'x\'` {
		t.Errorf("got %+v", table)
	}
}

func TestRefused(t *testing.T) {
	for name, text := range map[string]string{
		"not a table":         "CREATE VIEW v AS SELECT 1",
		"no columns":          "CREATE TABLE t",
		"like":                "CREATE TABLE t LIKE u",
		"like in parentheses": "CREATE TABLE t (LIKE u)",
		"query":               "CREATE TABLE t (a int) SELECT 'secret'",
		"query after AS":      "CREATE TABLE t (a int) AS SELECT 'secret'",
		"query after part":    "CREATE TABLE t (a int) PARTITION BY HASH (a) SELECT 'secret'",
		"cut in a string":     "CREATE TABLE t (a int COMMENT 'secret",
		"cut in a list":       "CREATE TABLE t (a int, KEY (a",
		"cut in an option":    "CREATE TABLE t (a int) COMMENT=",
		"two statements":      "CREATE TABLE t (a int); INSERT INTO t VALUES ('secret')",
		"no type":             "CREATE TABLE t (a)",
		"unknown attribute":   "CREATE TABLE t (a int SECRETLY)",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ddl.ParseCreateTable([]byte(text), ddl.Mode{})
			if _, ok := errors.AsType[*ddl.ParseError](err); !ok && !errors.Is(err, ddl.ErrNotCreateTable) {
				t.Fatalf("got %v", err)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the error shows a value: %v", err)
			}
		})
	}
}

func TestJSON(t *testing.T) {
	table := mustParse(t, "CREATE TABLE t (a json, b longtext CHECK (json_valid(`b`)), c longtext, d longtext CHECK (json_valid(`c`)))", ddl.Mode{})
	for i, want := range []bool{true, true, false, false} {
		if c := table.Columns[i]; c.JSON() != want {
			t.Errorf("%s: %v", c.Name, c.JSON())
		}
	}
}

// Options once took any words, so that a definition that lost its end swallowed the rows after it.
func TestDefinitionsThatLostTheirEnd(t *testing.T) {
	for _, sql := range []string{
		"CREATE TABLE t (a int) ENGINE=InnoDB INSERT INTO t (a) VALUE (1)",
		"CREATE TABLE t (a int) PARTITION BY HASH(a) PARTITIONS 4 INSERT INTO t VALUES (1)",
		"CREATE TABLE t (a int, KEY k (a) INSERT INTO t VALUES (1))",
		"CREATE TABLE t (a int, KEY `" + strings.Repeat("k", 65) + "` (a))",
	} {
		if _, err := ddl.ParseCreateTable([]byte(sql), ddl.Mode{}); err == nil {
			t.Errorf("accepted: %s", sql)
		}
	}
	for _, sql := range []string{
		"CREATE TABLE t (a int, KEY k (a) USING BTREE COMMENT 'x' KEY_BLOCK_SIZE=8 /*!50100 WITH PARSER ngram */) TABLESPACE `x` ENGINE=InnoDB",
		"CREATE TABLE t (a int) ENGINE=InnoDB AUTO_INCREMENT=5 DEFAULT CHARSET=utf8mb4 DATA DIRECTORY='/x/' UNION=(`a`,`b`) `compression`='zlib' WITH SYSTEM VERSIONING",
		"CREATE TABLE t (a int) PARTITION BY RANGE (a) (PARTITION p0 VALUES LESS THAN (10) ENGINE = InnoDB)",
	} {
		if _, err := ddl.ParseCreateTable([]byte(sql), ddl.Mode{}); err != nil {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

func TestRemote(t *testing.T) {
	for text, want := range map[string]bool{
		"ENGINE=FEDERATED DEFAULT CHARSET=latin1 CONNECTION='mysql://u:secret@h/d/t'":                           true,
		"ENGINE=SPIDER DEFAULT CHARSET=latin1 COMMENT='password \"secret\"'":                                    true,
		"ENGINE=CONNECT `table_type`='mysql' `connection`='mysql://u:secret@h/d/t'":                             true,
		"ENGINE=CONNECT `table_type`='csv' `file_name`='x'":                                                     false,
		"ENGINE=CONNECT `table_type`=MYSQL `option_list`='user=u,password=secret'":                              true,
		"PARTITION BY KEY (a) (PARTITION p COMMENT='password \"secret\"' ENGINE=SPIDER)":                        true,
		"PARTITION BY KEY (a) (PARTITION p CONNECTION='mysql://u:secret@h/d/t')":                                true,
		"PARTITION BY KEY (a) (PARTITION p COMMENT='SPIDER' ENGINE = InnoDB, PARTITION spider ENGINE = InnoDB)": false,
		"ENGINE=InnoDB COMMENT='connection=x'":                                                                  false,
	} {
		if table := mustParse(t, "CREATE TABLE t (a int) "+text, ddl.Mode{}); table.Remote != want {
			t.Errorf("%s: %v", text, table.Remote)
		}
	}
}

func TestShownName(t *testing.T) {
	for name, want := range map[string]string{
		"users": `"users"`, "we ird.ключ": `"we ird.ключ"`, "t VALUES (1,'canary')": "(a name that is not shown)",
		strings.Repeat("x", 65): "(a name that is not shown)", "a\nb": "(a name that is not shown)",
	} {
		if got := ddl.ShownName(name); got != want {
			t.Errorf("ShownName(%q) = %s, want %s", name, got, want)
		}
	}
}
