package detect_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/annotations/detect"
	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
)

// accounts is a dump of n rows, each with "canary" in its values; the ninth has what no other has.
func accounts(n int) string {
	var b strings.Builder
	b.WriteString("-- MySQL dump 10.13\n\nCREATE TABLE `accounts` (\n  `id` int(11) NOT NULL AUTO_INCREMENT,\n  `c1` varchar(255) DEFAULT NULL,\n" +
		"  `c2` varchar(255) DEFAULT NULL,\n  `c3` text,\n  `kind` varchar(20) DEFAULT NULL COMMENT 'canary',\n  `sex` enum('canary1','canary2') DEFAULT NULL,\n" +
		"  `up` varchar(255) GENERATED ALWAYS AS (upper(`c1`)) VIRTUAL,\n  PRIMARY KEY (`id`),\n  UNIQUE KEY `u` (`c1`)\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;\n")
	for i := range n {
		c3 := "NULL"
		if i == 8 {
			c3 = `'{"canary": "+49 30 901820"}'`
		}
		fmt.Fprintf(&b, "INSERT INTO `accounts` (`id`,`c1`,`c2`,`c3`,`kind`,`sex`) VALUES (%d,'canary%d@example.org','198.51.100.%d',%s,'canary',NULL);\n", i+1, i, i%250, c3)
	}
	b.WriteString("-- Dump completed on 2014-02-14 10:31:22\n")
	return b.String()
}

func profileOf(t *testing.T, dump string) *detect.Profile {
	t.Helper()
	p, _, err := detect.New().ProfileDump(t.Context(), strings.NewReader(dump))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A profile has no value, nothing of a literal in a definition, and nothing that only a few rows have.
func TestProfileTellsNothing(t *testing.T) {
	p := profileOf(t, accounts(300))
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		t.Fatal(err)
	}
	for _, never := range []string{"canary", "example.org", "198.51", "json", "300"} {
		if strings.Contains(b.String(), never) {
			t.Errorf("the profile has %q:\n%s", never, b.String())
		}
	}
	want := detect.TableProfile{
		Table: "accounts", RowsAbout: 256,
		Columns: []detect.ColumnProfile{
			{Column: "id", Type: "int(11)", Unique: true, DistinctAbout: 256, Chars: []detect.LengthShare{{UpTo: 2, Share: 0.3}, {UpTo: 4, Share: 0.6}}, Shapes: map[detect.Shape]float64{"number": 0.95}},
			{Column: "c1", Type: "varchar(255)", Unique: true, DistinctAbout: 256, Chars: []detect.LengthShare{{UpTo: 32, Share: 0.95}}, Shapes: map[detect.Shape]float64{"email": 0.95}},
			{Column: "c2", Type: "varchar(255)", DistinctAbout: 128, Chars: []detect.LengthShare{{UpTo: 16, Share: 0.95}}, Shapes: map[detect.Shape]float64{"ip_address": 0.95}},
			{Column: "c3", Type: "text", NullShare: 0.95},
			{Column: "kind", Type: "varchar(20)", DistinctAbout: 16, Chars: []detect.LengthShare{{UpTo: 8, Share: 0.95}}, Shapes: map[detect.Shape]float64{"word": 0.95}},
			{Column: "sex", Type: "enum", NullShare: 0.95},
			{Column: "up", Type: "varchar(255)"},
		},
	}
	// Nine ids of one digit are too few to be told.
	if diff := cmp.Diff(want, p.Tables[0]); diff != "" {
		t.Errorf("profile (-want +got):\n%s", diff)
	}
	again, err := detect.ReadProfile(&b)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(p, again); diff != "" {
		t.Errorf("read again (-written +read):\n%s", diff)
	}
}

// TestProfileHidesOneRow: whether one row is like all others or not does not show, unless it crosses the bound of a rounding.
func TestProfileHidesOneRow(t *testing.T) {
	whole := accounts(300)
	row := strings.Index(whole, "(5,'canary4@example.org'")
	end := row + strings.Index(whole[row:], ";")
	for name, other := range map[string]string{
		"other shapes": "(5,'+49 30 901820','a1b2c3d4-0000-4000-8000-1234567890ab','{\"email\": \"canary\"}','/home/canary','canary1')",
		"long values":  "(5,'canary4@example.org','198.51.100.4','" + strings.Repeat("canary ", 100) + "','canary canary canary',NULL)",
		"empty values": "(5,'','','','','canary2')",
		"no values":    "(5,NULL,NULL,NULL,NULL,NULL)",
	} {
		if diff := cmp.Diff(profileOf(t, whole), profileOf(t, whole[:row]+other+whole[end:])); diff != "" {
			t.Errorf("a row with %s shows (-as the others +got):\n%s", name, diff)
		}
	}
}

// Of several databases that have a table the one with the most rows speaks for models that name none.
func TestProfileOfSeveralDatabases(t *testing.T) {
	p := &detect.Profile{Tables: []detect.TableProfile{
		{Database: "cell0", Table: "accounts", Columns: []detect.ColumnProfile{{Column: "c1"}}},
		{Database: "main", Table: "accounts", RowsAbout: 256, Columns: []detect.ColumnProfile{{Column: "c1", Shapes: map[detect.Shape]float64{"email": 0.95}}}},
	}}
	tables := []detect.Table{{Name: "accounts", Columns: []detect.Column{{Name: "c1"}}}}
	if n := p.Apply(tables); n != 1 || tables[0].RowsAbout != 256 {
		t.Errorf("%d columns have a profile, of %d rows; want that of main", n, tables[0].RowsAbout)
	}
}

// Nine rows are told by nothing but the definition.
func TestProfileOfFewRows(t *testing.T) {
	for _, c := range profileOf(t, accounts(9)).Tables[0].Columns {
		if c.NullShare+c.EmptyShare > 0 || c.DistinctAbout > 0 || len(c.Chars)+len(c.Shapes) > 0 {
			t.Errorf("nine rows tell %+v", c)
		}
	}
}

func TestProfileRefuses(t *testing.T) {
	whole := accounts(20)
	for name, dump := range map[string]string{
		"a truncated dump":          whole[:len(whole)-60],
		"rows without a table":      strings.Replace(whole, "CREATE TABLE `accounts`", "CREATE TABLE `others`", 1),
		"rows of another width":     strings.Replace(whole, "(1,'canary0", "(1,1,'canary0", 1),
		"rows of an unknown column": strings.Replace(whole, "`c3`,`kind`", "`c4`,`kind`", 1),
	} {
		_, _, err := detect.New().ProfileDump(t.Context(), strings.NewReader(dump))
		if err == nil {
			t.Errorf("%s is accepted", name)
			continue
		}
		if strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: the error shows a value: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := detect.New().ProfileDump(ctx, strings.NewReader(whole)); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled run gives %v", err)
	}
	_, _, err := detect.New().ProfileDump(t.Context(), strings.NewReader(whole[:len(whole)-60]))
	if !errors.Is(err, mysqldump.ErrTruncated) {
		t.Errorf("a truncated dump gives %v", err)
	}
}

// What values look like finds what names hide, and corrects what names say wrongly; a list of choices is no label.
func TestProposalsFromValues(t *testing.T) {
	shape := func(s detect.Shape, share float64) *detect.ColumnProfile {
		return &detect.ColumnProfile{Shapes: map[detect.Shape]float64{s: share}, DistinctAbout: 1024}
	}
	choices := &detect.ColumnProfile{Shapes: map[detect.Shape]float64{"word": 0.95}, DistinctAbout: 4}
	for _, tt := range []struct {
		name, column, typ string
		profile           *detect.ColumnProfile
		class             detect.Class
		kind              string
	}{
		{"hidden e-mail addresses", "zzz", "varchar(255)", shape("email", 0.9), detect.Email, "email"},
		{"some e-mail addresses", "zzz", "varchar(255)", shape("email", 0.02), detect.Text, "text"},
		{"one private key in a hundred", "zzz", "text", shape("private_key", 0.01), detect.Secret, "secret"},
		{"MAC addresses under another name", "ip_address", "varchar(64)", shape("mac", 1), detect.MAC, "mac"},
		{"card numbers under a harmless name", "status", "varchar(64)", shape("card_number", 0.9), detect.Card, "digits"},
		{"words under a harmless name", "status", "varchar(64)", shape("hex", 1), "", ""},
		{"checksums", "etag", "varchar(64)", shape("token", 1), "", ""},
		{"uuids", "zzz", "varchar(64)", shape("uuid", 1), detect.UUID, "uuid"},
		{"names of people", "zzz", "varchar(64)", shape("person_name", 0.9), detect.Person, "name"},
		{"a password stays one, whatever it looks like", "password", "varchar(64)", shape("word", 1), detect.Secret, "secret"},
		{"a label", "label", "varchar(64)", shape("word", 1), detect.Label, "string"},
		{"a list of choices", "label", "varchar(64)", choices, "", ""},
		{"a list of choices in a text", "zzz", "text", choices, "", ""},
		{"few values of a name that says much", "email", "varchar(64)", choices, detect.Email, "email"},
		{"documents about people", "zzz", "longtext", shape("json_personal", 0.5), detect.Document, "json"},
		{"card numbers as numbers", "zzz", "bigint(20)", shape("card_number", 0.9), detect.Card, "digits"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := propose(detect.Table{Name: "t", RowsAbout: 4096, Columns: []detect.Column{{Name: tt.column, Type: tt.typ, Profile: tt.profile}}})["t."+tt.column]
			if p.Class != tt.class || p.Kind != tt.kind {
				t.Errorf("class %q, kind %q (%s); want %q, %q", p.Class, p.Kind, p.Reason, tt.class, tt.kind)
			}
		})
	}
}

func TestApply(t *testing.T) {
	p := profileOf(t, accounts(300))
	tables := []detect.Table{
		{Name: "Accounts", Columns: []detect.Column{{Name: "C1", Type: "String"}, {Name: "new", Type: "String"}}},
		{Name: "others", Columns: []detect.Column{{Name: "c1", Type: "String"}}},
	}
	if n := p.Apply(tables); n != 1 {
		t.Errorf("%d columns have a profile, want 1", n)
	}
	if c := tables[0].Columns[0]; c.Profile == nil || !c.Unique {
		t.Errorf("got %+v, want the profile and the unique index", c)
	}
}

func BenchmarkProfileDump(b *testing.B) {
	dump := accounts(20000)
	d := detect.New()
	b.SetBytes(int64(len(dump)))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := d.ProfileDump(b.Context(), strings.NewReader(dump)); err != nil {
			b.Fatal(err)
		}
	}
}

// A profile of another version says so, whatever is in it; what is no profile shows nothing of what it is.
func TestReadProfileRefuses(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"another version with fields of its own", `{"format": "fuzzy-profile-2", "cities": []}`, `format "fuzzy-profile-2", want "fuzzy-profile-1"`},
		{"a dump", "-- canary", "no JSON that fuzzy profile wrote"},
		{"text behind the end", `{"format": "fuzzy-profile-1", "tables": []} canary`, "no JSON that fuzzy profile wrote"},
		{"a misspelt field", `{"format": "fuzzy-profile-1", "tables": [{"tabel": "a"}]}`, `unknown field "tabel"`},
		{"a share over the whole", `{"format": "fuzzy-profile-1", "tables": [{"table": "a", "columns": [{"column": "c", "shapes": {"email": 30}}]}]}`, `table "a", column "c": a share or count is out of range`},
		{"nothing", "", "no JSON that fuzzy profile wrote"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := detect.ReadProfile(strings.NewReader(tt.text))
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "canary") {
				t.Fatalf("got %+v, error %v; want %q", p, err, tt.want)
			}
		})
	}
}
