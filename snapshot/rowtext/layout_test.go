package rowtext_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
	"github.com/turbo-hipster/turbo-hipster/snapshot/rowtext"
)

const exampleTable = "CREATE TABLE `t` (\n" +
	"  `id` int NOT NULL,\n" +
	"  `twice` int GENERATED ALWAYS AS (`id` * 2) STORED,\n" +
	"  `flags` bit(10),\n" +
	"  `hash` binary(16),\n" +
	"  `pic` longblob,\n" +
	"  `at` point,\n" +
	"  `size` enum('s','m'),\n" +
	"  `maybe` enum('','m'),\n" +
	"  `we``ird @h0` varchar(5),\n" +
	"  `js` json,\n" +
	"  `odd` hologram(3)\n" +
	")"

func exampleLayout(t *testing.T) rowtext.Layout {
	t.Helper()
	table, err := ddl.ParseCreateTable([]byte(exampleTable), ddl.Mode{})
	if err != nil {
		t.Fatal(err)
	}
	return rowtext.LayoutOf(table)
}

func TestLayoutOf(t *testing.T) {
	want := rowtext.Layout{Columns: []rowtext.Column{
		{Name: "id"},
		{Name: "flags", Hex: true, Bit: true, WidthBytes: 2},
		{Name: "hash", Hex: true, WidthBytes: 16},
		{Name: "pic", Hex: true},
		{Name: "at", Hex: true},
		{Name: "size", EnumZero: true},
		{Name: "maybe"},
		{Name: "we`ird @h0"},
		{Name: "js"},
		{Name: "odd", Hex: true},
	}}
	if diff := cmp.Diff(want, exampleLayout(t)); diff != "" {
		t.Error(diff)
	}
}

func TestLoadData(t *testing.T) {
	const format = " CHARACTER SET utf8mb4 FIELDS TERMINATED BY 0x09 ESCAPED BY 0x5C LINES TERMINATED BY 0x0A "
	for _, tc := range []struct {
		name    string
		layout  rowtext.Layout
		table   string
		options rowtext.LoadOptions
		want    string
	}{
		{
			"strict", exampleLayout(t), "t",
			rowtext.LoadOptions{File: "/tmp/f", Database: "d"},
			"LOAD DATA INFILE '/tmp/f' INTO TABLE `d`.`t`" + format +
				"(`id`, @h1, @h2, @h3, @h4, `size`, `maybe`, `we``ird @h0`, `js`, @h9)" +
				" SET `flags` = UNHEX(@h1), `hash` = UNHEX(@h2), `pic` = UNHEX(@h3), `at` = UNHEX(@h4), `odd` = UNHEX(@h9)",
		},
		{
			"local, with names to quote",
			rowtext.Layout{Columns: []rowtext.Column{{Name: "a"}}},
			"a`b",
			rowtext.LoadOptions{File: `it's\x`, Local: true},
			"LOAD DATA LOCAL INFILE 'it''s\\\\x' INTO TABLE `a``b`" + format + "(`a`)",
		},
		{
			"no columns",
			rowtext.Layout{},
			"t",
			rowtext.LoadOptions{File: "f"},
			"LOAD DATA INFILE 'f' INTO TABLE `t`" + format + "(@h0)",
		},
		{
			"counting error values",
			rowtext.Layout{Columns: []rowtext.Column{{Name: "e", EnumZero: true}}},
			"t",
			rowtext.LoadOptions{File: "f", EnumZeros: true},
			"LOAD DATA INFILE 'f' INTO TABLE `t`" + format +
				"(@h0) SET `e` = IF(@h0 = '', IF(@enum_zeros := @enum_zeros + 1, '', ''), @h0)",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tc.layout.LoadData(tc.table, tc.options)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLayoutCheck(t *testing.T) {
	for _, tc := range []struct {
		name    string
		columns []rowtext.Column
		ok      bool
	}{
		{"none", nil, true},
		{"two", []rowtext.Column{{Name: "a"}, {Name: "b"}}, true},
		{"one name in two cases", []rowtext.Column{{Name: "a"}, {Name: "A"}}, false},
		{"no name", []rowtext.Column{{}}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if err := (rowtext.Layout{Columns: tc.columns}).Check(); (err == nil) != tc.ok {
				t.Errorf("got %v", err)
			}
		})
	}
}
