package rowtext

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// LoadSQLMode is the sql_mode of a session that loads rows. It is strict, keeps
// a zero in an AUTO_INCREMENT column and takes zero and invalid dates as they
// are; with any other mode a load may change values.
const LoadSQLMode = "STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES"

// LenientSQLMode is the sql_mode of a session that loads rows with empty error
// values of an ENUM, which no strict session takes. See [LoadOptions].EnumZeros.
const LenientSQLMode = "NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES"

// EnumZerosVariable is the user variable in which such a load counts them.
const EnumZerosVariable = "@enum_zeros"

// ErrWidth reports a value with more bytes than its column has.
var ErrWidth = errors.New("value is wider than its column")

// Column is how one column's values are spelled. The zero value but for the
// name is a text column.
type Column struct {
	// Name is the column's name, unquoted.
	Name string `json:"name"`
	// Hex says that fields are hexadecimal, else they are text.
	Hex bool `json:"hex,omitempty"`
	// Bit says that the column is a BIT: its values are numbers, padded on the left.
	Bit bool `json:"bit,omitempty"`
	// WidthBytes is the width of a BINARY or BIT column, 0 of any other.
	WidthBytes int `json:"width_bytes,omitempty"`
	// EnumZero says that the column is an ENUM without the member '', which can
	// hold the empty error value (index 0) from a time when the server was not strict.
	// Its field is empty; see [LoadOptions].EnumZeros for how such a row is loaded.
	EnumZero bool `json:"enum_zero,omitempty"`
}

// Layout is the order and the spelling of a table's fields.
type Layout struct {
	// Columns are the insertable columns, in the table's order.
	Columns []Column `json:"columns"`
}

// LayoutOf returns the layout of a table: its columns in their order, without
// the generated ones and without the row start and end of system versioning.
func LayoutOf(t *ddl.Table) Layout {
	l := Layout{Columns: make([]Column, 0, len(t.Columns))}
	for _, c := range t.Columns {
		if c.Generated == ddl.NotGenerated {
			l.Columns = append(l.Columns, columnOf(c))
		}
	}
	return l
}

func columnOf(c ddl.Column) Column {
	out := Column{Name: c.Name, Hex: hexColumn(c)}
	switch c.Type.Class() {
	case ddl.Bit:
		out.Bit, out.WidthBytes = true, (max(c.Type.Length, 1)+7)/8
	case ddl.Binary:
		if c.Type.Name == "binary" {
			out.WidthBytes = max(c.Type.Length, 1)
		}
	case ddl.Enum:
		out.EnumZero = enumZero(c.Type.Members)
	default:
	}
	return out
}

// hexColumn reports whether a column's values are not text. A type that we do
// not know is spelled in hex: no byte of it can be damaged on the way.
func hexColumn(c ddl.Column) bool {
	switch c.Type.Class() {
	case ddl.Binary, ddl.Bit, ddl.Spatial, ddl.Vector, ddl.Unknown:
		return true
	case ddl.Text, ddl.Enum, ddl.Set:
		return strings.EqualFold(c.Charset, "binary")
	default:
		return false
	}
}

// enumZero reports whether the members of an ENUM leave ” to the error value.
func enumZero(members []string) bool {
	return !slices.ContainsFunc(members, func(m string) bool { return strings.TrimRight(m, " ") == "" })
}

// AppendValue appends the field of a value that is not NULL: its text, or for a
// hex column its bytes. A value of BIT(n) is brought to the column's width by
// zero bytes on the left, of BINARY(n) by zero bytes on the right, as the
// server stores it; one that is too wide is [ErrWidth].
func (c Column) AppendValue(dst, value []byte) ([]byte, error) {
	switch {
	case !c.Hex:
		return AppendText(dst, value), nil
	case c.WidthBytes == 0:
		return AppendHex(dst, value), nil
	case c.Bit:
		for len(value) > c.WidthBytes && value[0] == 0 {
			value = value[1:]
		}
	}
	missing := c.WidthBytes - len(value)
	if missing < 0 {
		return dst, ErrWidth
	}
	if c.Bit {
		return AppendHex(appendZeros(dst, missing), value), nil
	}
	return appendZeros(AppendHex(dst, value), missing), nil
}

// appendZeros appends n zero bytes in hex.
func appendZeros(dst []byte, n int) []byte {
	for range n {
		dst = append(dst, '0', '0')
	}
	return dst
}

// EnumZeros reports whether a column may hold the empty error value.
func (l Layout) EnumZeros() bool {
	return slices.ContainsFunc(l.Columns, func(c Column) bool { return c.EnumZero })
}

// Check returns an error when two columns have one name or a column has none.
func (l Layout) Check() error {
	seen := make(map[string]bool, len(l.Columns))
	for i, c := range l.Columns {
		name := strings.ToLower(c.Name)
		if name == "" {
			return fmt.Errorf("column %d of the layout has no name", i+1)
		}
		if seen[name] {
			return fmt.Errorf("column %q is twice in the layout", c.Name)
		}
		seen[name] = true
	}
	return nil
}
