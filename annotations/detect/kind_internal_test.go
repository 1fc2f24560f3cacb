package detect

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/anonymize"
	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

func allClasses() []Class {
	return []Class{
		Email, Phone, Person, Username, Postal, NationalID, Birth, Demographic, Health, Bank, Card, Income, Geo, IP, Network, MAC, Hostname,
		URL, URLSecret, Path, SSHKey, Certificate, Secret, UUID, ID, Text, Label, Document, Bytes,
	}
}

// What is proposed must be what fuzzy scrub can carry out: package anonymize decides, for every class and type, alone and in a
// unique index.
func TestKindsFitTheirColumns(t *testing.T) {
	types := []string{
		"varchar(255)", "char(36)", "varchar(12)", "tinytext", "text", "longtext", "json", "int(11)", "bigint(20) unsigned", "decimal(10,2)",
		"double", "date", "datetime", "timestamp", "time", "year", "tinyint(1)", "bit(1)", "enum('a','b')", "set('a','b')", "blob", "varbinary(16)",
		"binary(16)", "uuid", "inet4", "inet6", "point",
	}
	d := New()
	key, err := anonymize.NewKey(strings.NewReader(strings.Repeat("synthetic", 10)))
	if err != nil {
		t.Fatal(err)
	}
	for _, typ := range types {
		for _, unique := range []bool{false, true} {
			parsed := d.types.parse(typ)
			if unique && (parsed.open() || parsed.class == spatialType) && parsed.class != jsonType {
				continue // no unique index without a prefix
			}
			for _, class := range allClasses() {
				if !fits(class, parsed) {
					continue
				}
				c := &column{Column: &Column{Name: "c", Type: typ, Unique: unique}, table: &Table{Name: "t"}, typ: parsed}
				kind := kindFor(c, class)
				if err := accepts(key, typ, unique && parsed.class != jsonType, kind); err != nil {
					t.Errorf("%s in %s (unique: %t): kind %s: %v", class, typ, unique, kind, err)
				}
			}
		}
	}
}

// accepts asks package anonymize whether a column can be treated so.
func accepts(key anonymize.Key, typ string, unique bool, kind string) error {
	index := ""
	if unique {
		index = ", UNIQUE KEY (c)"
	}
	table, err := ddl.ParseCreateTable(fmt.Appendf(nil, "CREATE TABLE t (c %s DEFAULT NULL%s) DEFAULT CHARSET=utf8mb4", typ, index), ddl.Mode{})
	if err != nil {
		return err
	}
	policy := &anonymize.Policy{}
	decision := anonymize.Decision{Status: anonymize.Treated, Treatment: anonymize.Treatment{Kind: kind}}
	if err := policy.Add(&anonymize.TablePolicy{Table: "t", Columns: map[string]anonymize.Decision{"c": decision}}); err != nil {
		return err
	}
	a, err := anonymize.New(key, policy, anonymize.WithRandom(bytes.NewReader(make([]byte, 1<<10))))
	if err != nil {
		return err
	}
	_, err = a.Rows("", table)
	return err
}
