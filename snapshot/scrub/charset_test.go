package scrub_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot/charset"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server/servertest"
)

// charsetTable makes a table in a character set with a row for every byte that is a character, alone and behind others.
func charsetTable(set string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "CREATE TABLE `%[1]s` (id int PRIMARY KEY, pub varchar(9) NOT NULL, sec varchar(40), e enum('a','_') NOT NULL DEFAULT 'a', t text) DEFAULT CHARSET=%[1]s;\n", set)
	fmt.Fprintf(&b, "INSERT INTO `%s` VALUES (0,'','','a',NULL)", set)
	c := charset.Of(set)
	for i := 1; i < 256; i++ {
		if _, ok := c.AppendUTF8(nil, []byte{byte(i)}); ok {
			fmt.Fprintf(&b, ",(%[1]d,_%[2]s X'%02[1]X',CONCAT(MD5(%[1]d),_%[2]s X'%02[1]X'),'_',_%[2]s X'%02[1]X%02[1]X')", i, set)
		}
	}
	return b.String() + ";\n"
}

// Text in every one-byte character set is what it was on the server, byte for byte, whichever way it was dumped; where it is treated
// it becomes text that the column can hold.
func TestOneByteCharsetsOnAServer(t *testing.T) {
	s, database := servertest.Database(t)
	sets := query(t, s, database, "SELECT character_set_name FROM information_schema.character_sets WHERE maxlen = 1 AND character_set_name <> 'binary'")
	all := ""
	for _, set := range sets {
		all += charsetTable(set)
	}
	servertest.Load(t, s, database, strings.NewReader(all))
	compare := func(database, client string, tables ...string) {
		t.Run(client, func(t *testing.T) {
			m, ignored := marks{}, []string(nil)
			for _, table := range tables {
				m[table+".sec"] = "string"
				ignored = append(ignored, table+".sec")
			}
			compareOnServer(t, string(servertest.Dump(t, s, database, "--default-character-set="+client)), m, ignored)
		})
	}
	compare(database, "utf8mb4", sets...)
	compare(database, "binary", sets...)
	for _, set := range sets {
		if charset.Of(set).ASCII() { // SQL text can be in it
			_, one := servertest.Database(t)
			servertest.Load(t, s, one, strings.NewReader(charsetTable(set)))
			compare(one, set, set)
		}
	}
}

// In the character set of a dump are its names too, but definitions of tables, which dump programs write in UTF-8.
func TestNamesInTheDumpsCharset(t *testing.T) {
	s, database := servertest.Database(t)
	servertest.Load(t, s, database, strings.NewReader("CREATE TABLE `größe` (id int PRIMARY KEY, `é` varchar(20), sec varchar(20) DEFAULT 'é' COMMENT 'é', e enum('é','ü')) DEFAULT CHARSET=latin1 COMMENT='ß';"+
		"INSERT INTO `größe` VALUES (1,'é','qz1ü','é');"))
	dump := string(servertest.Dump(t, s, database, "--default-character-set=latin1", "--complete-insert"))
	if !strings.Contains(dump, "INSERT INTO `gr\xf6\xdfe` (`id`, `\xe9`,") {
		t.Fatal("the dump program writes names otherwise")
	}
	compareOnServer(t, dump, marks{"größe.sec": "string"}, []string{"größe.sec"})
	// Text written by hand has all in one character set.
	compareOnServer(t, "SET NAMES koi8r;\nCREATE TABLE `\xd4` (id int PRIMARY KEY, sec varchar(20), `\xc1` enum('\xc2')) DEFAULT CHARSET=koi8r;\n"+
		"INSERT INTO `\xd4` (`\xc1`,sec,id) VALUES ('\xc2','qz1\xd7',1);\n", marks{"т.sec": "string"}, []string{"т.sec"})
}

// A pseudonym that the column's character set has and the dump's has not is written all the same.
func TestPseudonymsOutsideTheDumpsCharset(t *testing.T) {
	rows := ""
	for i := range 40 {
		rows += fmt.Sprintf(",(%d,'qz1\xb9\xe6\xea\xb3%d')", i, i) // šćęł in latin2
	}
	compareOnServer(t, "SET NAMES latin2;\nCREATE TABLE t (id int PRIMARY KEY, sec varchar(20)) DEFAULT CHARSET=utf8mb4;\nINSERT INTO t VALUES "+rows[1:]+";\n",
		marks{"t.sec": "string"}, []string{"t.sec"})
}

// What has no character is not guessed; nor is text of several bytes a character, but where the server turned it into UTF-8.
func TestTextInOtherCharsets(t *testing.T) {
	for name, c := range map[string]struct{ dump, want string }{
		"no character": {"SET NAMES binary;\nCREATE TABLE t (id int, sec varchar(9) CHARACTER SET cp1250);\nINSERT INTO t VALUES (1,'a'),(2,'\x81');\n", "row 2, column sec: not well-formed"},
		"client":       {"SET NAMES cp1257;\nCREATE TABLE t (id int, sec varchar(9));\nINSERT INTO t VALUES (1,'\xa1');\n", "row 1, column sec: not well-formed"},
		"introducer":   {"SET NAMES utf8mb4;\nCREATE TABLE t (id int, sec varchar(9));\nINSERT INTO t VALUES (1,_hebrew'\xc0');\n", "row 1, column sec: not well-formed"},
		"ascii":        {"SET NAMES binary;\nCREATE TABLE t (id int, sec varchar(9) CHARACTER SET ascii);\nINSERT INTO t VALUES (1,'é');\n", "row 1, column sec: not well-formed"},
		"gbk":          {"SET NAMES binary;\nCREATE TABLE t (id int, sec varchar(9) CHARACTER SET gbk);\nINSERT INTO t VALUES (1,'a');\n", "column sec: text in character set gbk is not supported"},
		"ucs2":         {"SET NAMES binary;\nCREATE TABLE t (id int, sec varchar(9) CHARACTER SET ucs2);\nINSERT INTO t VALUES (1,'\\0a');\n", "column sec: text in character set ucs2 is not supported"},
		"introduced":   {"SET NAMES utf8mb4;\nCREATE TABLE t (id int, sec varchar(9));\nINSERT INTO t VALUES (1,_utf16 0x0061);\n", "row 1, column sec: text in character set utf16 is not supported"},
		"hexadecimal":  {"SET NAMES utf8mb4;\nCREATE TABLE t (id int, sec varchar(9) CHARACTER SET utf32);\nINSERT INTO t VALUES (1,0x00000061);\n", "row 1, column sec: text in character set utf32 is not supported"},
	} {
		t.Run(name, func(t *testing.T) {
			_, sqlErr := prepare(t, c.dump, marks{"t.sec": "string"}).toSQL(t)
			_, _, err := prepare(t, c.dump, marks{}).toRows(t)
			for _, err := range []error{sqlErr, err} {
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("got %v, want …%s", err, c.want)
				}
			}
		})
	}
}

// A dump in UTF-8 has columns of every character set in UTF-8, since the server converts them.
func TestColumnsOfSeveralBytesACharacter(t *testing.T) {
	s, database := servertest.Database(t)
	sets := query(t, s, database, "SELECT character_set_name FROM information_schema.character_sets WHERE maxlen > 1 AND character_set_name NOT LIKE 'utf8%'")
	var sql strings.Builder
	m, ignored := marks{}, []string(nil)
	for _, set := range sets {
		fmt.Fprintf(&sql, "CREATE TABLE `%[1]s` (id int PRIMARY KEY, pub varchar(20), sec varchar(20), e enum('a','я')) DEFAULT CHARSET=%[1]s; INSERT INTO `%[1]s` VALUES (1,'表ソ\\\\я','qz1 plain','я'),(2,'','',NULL);\n", set)
		m[set+".sec"], ignored = "string", append(ignored, set+".sec")
	}
	servertest.Load(t, s, database, strings.NewReader(sql.String()))
	compareOnServer(t, string(servertest.Dump(t, s, database)), m, ignored)
}
