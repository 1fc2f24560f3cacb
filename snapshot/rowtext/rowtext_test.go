package rowtext_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
	"github.com/turbo-hipster/turbo-hipster/snapshot/rowtext"
)

func TestAppendText(t *testing.T) {
	for _, tc := range []struct{ name, value, want string }{
		{"empty", "", ""},
		{"plain", "hello", "hello"},
		{"text that looks like null", `\N`, `\\N`},
		{"every escape", "a\\b\tc\nd\x00e", `a\\b\tc\nd\0e`},
		{"carriage return and other controls are plain", "\r\x1a\b\x01", "\r\x1a\b\x01"},
		{"quotes are plain", `'"`, `'"`},
		{"four bytes", "😀", "😀"},
		{"escape after a long plain run", strings.Repeat("x", 23) + "\n", strings.Repeat("x", 23) + `\n`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := string(rowtext.AppendText(nil, []byte(tc.value))); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestAppendValuePadsFixedWidths(t *testing.T) {
	bit10 := rowtext.Column{Name: "b", Hex: true, Bit: true, WidthBytes: 2}
	binary3 := rowtext.Column{Name: "b", Hex: true, WidthBytes: 3}
	for _, tc := range []struct {
		name   string
		column rowtext.Column
		value  string
		want   string
		err    error
	}{
		{"text", rowtext.Column{Name: "a"}, "a\t", `a\t`, nil},
		{"blob", rowtext.Column{Name: "a", Hex: true}, "\x00\xff", "00FF", nil},
		{"empty blob", rowtext.Column{Name: "a", Hex: true}, "", "", nil},
		{"short bit", bit10, "\x05", "0005", nil},
		{"bit with leading zeros", bit10, "\x00\x00\x03\x05", "0305", nil},
		{"bit too wide", bit10, "\x01\x03\x05", "", rowtext.ErrWidth},
		{"short binary", binary3, "ab", "616200", nil},
		{"binary too wide", binary3, "abcd", "", rowtext.ErrWidth},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := tc.column.AppendValue(nil, []byte(tc.value))
			if string(got) != tc.want || !errors.Is(err, tc.err) {
				t.Errorf("got %q, %v; want %q, %v", got, err, tc.want, tc.err)
			}
		})
	}
}

func TestValidText(t *testing.T) {
	for _, tc := range []struct {
		name, value string
		want        bool
	}{
		{"empty", "", true},
		{"emoji", "a😀", true},
		{"surrogate, which servers store", "a\xed\xa0\x80b\xed\xbf\xbf", true},
		{"latin1", "\xe9", false},
		{"cut short", "\xf0\x9f\x98", false},
		{"beyond U+10FFFF", "\xf4\x90\x80\x80", false},
		{"overlong", "\xc0\x80", false},
		{"surrogate after damage", "\xff\xed\xa0\x80", false},
		{"half a surrogate", "\xed\xa0", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := rowtext.ValidText([]byte(tc.value)); got != tc.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestAppendFromSQL(t *testing.T) {
	for _, tc := range []struct{ name, raw, want string }{
		{"what mysqldump escapes", `\0\n\r\Z\\\'\"`, `\0\n` + "\r\x1a" + `\\'"`},
		{"wildcards keep the backslash", `\%\_`, `\\%\\_`},
		{"other escapes", `\t\b\x`, `\t` + "\bx"},
		{"an escaped tab byte", "\\\t\\\x00", `\t\0`},
		{"doubled quotes", `it''s`, `it's`},
		{"raw control characters", "\t\n\x00", `\t\n\0`},
		{"empty", "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := rowtext.AppendFromSQL(nil, []byte(tc.raw), false)
			if err != nil || string(got) != tc.want {
				t.Errorf("got %q, %v; want %q", got, err, tc.want)
			}
		})
	}
	for _, raw := range []string{`a\`, `'`, `a'b`} {
		if _, err := rowtext.AppendFromSQL(nil, []byte(raw), false); !errors.Is(err, rowtext.ErrEscape) {
			t.Errorf("incomplete string: %v", err)
		}
	}
	if got, err := rowtext.AppendFromSQL(nil, []byte(`\'' `), true); err != nil || string(got) != `\\' ` {
		t.Errorf("no backslash escapes: %q, %v", got, err)
	}
}

// The short way from a dump to a field and the long way agree.
func FuzzAppendFromSQL(f *testing.F) {
	for _, seed := range []string{``, `\0\n\r\Z\\\'\"`, `\%\_''`, "\t\n\x00é😀", `a\`, `0123456789\`, `01234567'`} {
		f.Add([]byte(seed), false)
		f.Add([]byte(seed), true)
	}
	f.Fuzz(func(t *testing.T, raw []byte, noBackslash bool) {
		got, err := rowtext.AppendFromSQL([]byte("x"), raw, noBackslash)
		if err != nil {
			return
		}
		v := mysqldump.Value{Kind: mysqldump.Text, Quote: '\'', Raw: raw}
		value, err := v.AppendBytes(nil, ddl.Mode{NoBackslashEscapes: noBackslash})
		if err != nil {
			t.Fatalf("only the long way fails: %v", err)
		}
		if want := rowtext.AppendText([]byte("x"), value); !bytes.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestAnyRowsAreReadBack(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		columns := rng.IntN(5)
		hex := make([]bool, columns)
		for i := range hex {
			hex[i] = rng.IntN(2) == 0
		}
		var want [][]string
		var rows []byte
		for range rng.IntN(5) {
			var row []string
			for i := range columns {
				if i > 0 {
					rows = rowtext.AppendSeparator(rows)
				}
				value := randomBytes(rng)
				switch {
				case rng.IntN(5) == 0:
					rows, value = rowtext.AppendNull(rows), nil
				case hex[i]:
					rows = rowtext.AppendHex(rows, value)
				default:
					rows = rowtext.AppendText(rows, value)
				}
				row = append(row, show(value))
			}
			rows = rowtext.AppendRowEnd(rows)
			want = append(want, row)
		}
		scanner := rowtext.NewScanner(rows, columns)
		if diff := cmp.Diff(want, values(t, scanner.Next, hex)); diff != "" {
			t.Fatalf("scanner: %s", diff)
		}
		reader := rowtext.NewReader(bytes.NewReader(rows), columns, 0)
		if diff := cmp.Diff(want, values(t, reader.Next, hex)); diff != "" {
			t.Fatalf("reader: %s", diff)
		}
	}
}

// randomBytes favours the bytes that matter.
func randomBytes(rng *rand.Rand) []byte {
	b := make([]byte, rng.IntN(40))
	for i := range b {
		b[i] = "\\\t\n\x00\r'N0ntabc"[rng.IntN(13)]
		if rng.IntN(3) == 0 {
			b[i] = byte(rng.UintN(256))
		}
	}
	return b
}

// show tells null from empty.
func show(value []byte) string {
	if value == nil {
		return "null"
	}
	return "=" + string(value)
}

func values(t *testing.T, next func([]rowtext.Field) ([]rowtext.Field, error), hex []bool) (out [][]string) {
	t.Helper()
	var fields []rowtext.Field
	for {
		var err error
		fields, err = next(fields)
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		var row []string
		for i, f := range fields {
			value, err := f.AppendValue([]byte{}, hex[i])
			if err != nil {
				t.Fatal(err)
			}
			if f.Null {
				value = nil
			}
			row = append(row, show(value))
		}
		out = append(out, row)
	}
}

func TestScannerRefuses(t *testing.T) {
	for _, tc := range []struct {
		name, rows string
		columns    int
		want       rowtext.SyntaxError
	}{
		{"too few fields", "a\tb\nc\n", 2, rowtext.SyntaxError{Row: 2, Msg: "1 fields, expected 2"}},
		{"too many fields", "a\tb\n", 1, rowtext.SyntaxError{Row: 1, Msg: "2 fields, expected 1"}},
		{"no end", "a\nb", 1, rowtext.SyntaxError{Row: 2, Msg: "the last row has no end"}},
		{"zero byte", "a\x00\n", 1, rowtext.SyntaxError{Row: 1, Msg: "a zero byte is not escaped"}},
		{"a field without columns", "a\n", 0, rowtext.SyntaxError{Row: 1, Msg: "a row of a table without columns is not empty"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			scanner := rowtext.NewScanner([]byte(tc.rows), tc.columns)
			reader := rowtext.NewReader(strings.NewReader(tc.rows), tc.columns, 0)
			for _, next := range []func([]rowtext.Field) ([]rowtext.Field, error){scanner.Next, reader.Next} {
				var err error
				for err == nil {
					_, err = next(nil)
				}
				var got *rowtext.SyntaxError
				if !errors.As(err, &got) || *got != tc.want {
					t.Errorf("got %v, want %v", err, &tc.want)
				}
			}
		})
	}
}

func TestFieldRefusesOtherSpellings(t *testing.T) {
	for _, tc := range []struct {
		name, raw string
		hex       bool
	}{
		{"unknown escape", `a\r`, false},
		{"lone backslash", `a\`, false},
		{"null within text", `a\N`, false},
		{"lower-case hex", "0a", true},
		{"odd hex", "0A0", true},
		{"not hex", "0G", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := (rowtext.Field{Raw: []byte(tc.raw)}).AppendValue(nil, tc.hex); err == nil {
				t.Error("accepted")
			}
		})
	}
}

func TestReaderBoundsRows(t *testing.T) {
	long := strings.Repeat("x", 1<<20) + "\n"
	if _, err := rowtext.NewReader(strings.NewReader(long), 1, 2<<20).Next(nil); err != nil {
		t.Errorf("a row within the bound: %v", err)
	}
	var syntax *rowtext.SyntaxError
	if _, err := rowtext.NewReader(strings.NewReader(long), 1, 1<<19).Next(nil); !errors.As(err, &syntax) {
		t.Errorf("a row beyond the bound: %v", err)
	}
}

// What the scanner accepts it spells the same again.
func FuzzScanner(f *testing.F) {
	for _, seed := range []string{"", "\n", "a\tb\n", "\\N\t\n", "00FF\t\\\\N\n", "a\\t\tb\n\\0\t\n", "a\x00\n", "\\", "a"} {
		f.Add([]byte(seed), byte(2), false)
		f.Add([]byte(seed), byte(1), true)
	}
	f.Fuzz(func(t *testing.T, rows []byte, columns byte, hex bool) {
		var again []byte
		scanner := rowtext.NewScanner(rows, int(columns))
		var fields []rowtext.Field
		for {
			var err error
			if fields, err = scanner.Next(fields); err != nil {
				if errors.Is(err, io.EOF) && !bytes.Equal(again, rows) {
					t.Errorf("read %q, spelled %q", rows, again)
				}
				return
			}
			for i, field := range fields {
				if i > 0 {
					again = rowtext.AppendSeparator(again)
				}
				value, err := field.AppendValue(nil, hex)
				switch {
				case err != nil:
					return
				case field.Null:
					again = rowtext.AppendNull(again)
				case hex:
					again = rowtext.AppendHex(again, value)
				default:
					again = rowtext.AppendText(again, value)
				}
			}
			again = rowtext.AppendRowEnd(again)
		}
	})
}
