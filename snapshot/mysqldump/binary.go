package mysqldump

import (
	"bytes"
	"errors"
	"io"
	"net/netip"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// A dump made with --default-character-set=binary, as every one of mydumper is, has values that a server does not take back when it
// reads the dump: the literals of its session (SET NAMES binary) are bytes, not text.
//
//   - UUID, INET4 and INET6 are dumped as their text (with --hex-blob as the hexadecimal digits of it), but of bytes the server takes
//     16 or 4 for the value itself, and anything else for NULL, with a warning where it is not strict. Text of 16 characters, such as
//     2001:db8::1:2:33, becomes another address without one.
//   - In a definition, members of an ENUM or SET and defaults with characters beyond ASCII are UTF-8, whose bytes the server puts into
//     columns of other character sets as they are, so that rows with the members become the error value ''. The default of a UUID is
//     refused.
//
// Both were seen with MariaDB 10.11 and mydumper 0.10. Here are the means to write such values so that they are what they were.

// Binary reports whether literals that name no character set are bytes.
func (s Session) Binary() bool {
	if s.CollationConnection != "" {
		return s.CollationConnection == "binary"
	}
	// SET NAMES sets three variables; dump programs then change character_set_client alone.
	return s.CharacterSetResults == "binary"
}

// IsAddress reports whether a type is UUID, INET4 or INET6.
func IsAddress(t ddl.Type) bool { return t.Class() == ddl.UUID || t.Class() == ddl.INET }

// IsAddressText reports whether text is a value of UUID, INET4 or INET6 as a server writes it out.
func IsAddressText(t ddl.Type, text []byte) bool {
	switch t.Name {
	case "uuid":
		return isUUID(text)
	case "inet4", "inet6":
		a, err := netip.ParseAddr(string(text))
		return err == nil && a.Zone() == "" && a.Is4() == (t.Name == "inet4")
	}
	return false
}

// isUUID reports whether text is 8-4-4-4-12 hexadecimal digits.
func isUUID(text []byte) bool {
	if len(text) != 36 {
		return false
	}
	for i, c := range text {
		hyphen := i == 8 || i == 13 || i == 18 || i == 23
		if hyphen != (c == '-') || !hyphen && bytes.IndexByte([]byte("0123456789abcdefABCDEF"), c) < 0 {
			return false
		}
	}
	return true
}

// IsBytes reports whether the value is a literal of bytes in a session whose literals are bytes.
func (v Value) IsBytes() bool {
	return (v.Kind == Text || v.Kind == Hex) && (v.Introducer == nil || bytes.EqualFold(v.Introducer, []byte("binary")))
}

// AppendAddress appends the value of a column of type UUID, INET4 or INET6 in a session whose literals are bytes: what is the text of
// one as a literal that is text, everything else, such as the 16 bytes themselves, as it is written.
func (v Value) AppendAddress(dst []byte, t ddl.Type, m ddl.Mode) ([]byte, error) {
	if !v.IsBytes() {
		return v.AppendAsWritten(dst), nil
	}
	var buf [48]byte // longer than any address
	text, err := v.AppendBytes(buf[:0], m)
	if err != nil || !IsAddressText(t, text) {
		return v.AppendAsWritten(dst), err
	}
	return AppendAddressText(dst, text, m), nil
}

// AppendAddressText appends the text of a UUID, INET4 or INET6 as a literal that is text in every session.
func AppendAddressText(dst, text []byte, m ddl.Mode) []byte {
	return AppendQuoted(append(dst, "_latin1 "...), text, m)
}

// AppendAddresses appends a block of rows as [Value.AppendAddress] writes their addresses, with what separates them from the next
// block. types are those of a row's values.
func (b *Rows) AppendAddresses(dst []byte, types []ddl.Type, m ddl.Mode) ([]byte, error) {
	scanner, values := NewRowScanner(b, m), []Value(nil)
	for n := 0; ; n++ {
		var err error
		if values, err = scanner.Next(values[:0]); errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return dst, err
		}
		if n > 0 {
			dst = append(dst, ',')
		}
		if dst, err = appendRow(append(dst, '('), values, types, m); err != nil {
			return dst, err
		}
		dst = append(dst, ')')
	}
	if !bytes.HasSuffix(b.Raw, []byte{')'}) {
		dst = append(dst, ',')
	}
	return dst, nil
}

func appendRow(dst []byte, values []Value, types []ddl.Type, m ddl.Mode) (_ []byte, err error) {
	for i, v := range values {
		if i > 0 {
			dst = append(dst, ',')
		}
		if i >= len(types) || !IsAddress(types[i]) {
			dst = v.AppendAsWritten(dst)
		} else if dst, err = v.AppendAddress(dst, types[i], m); err != nil {
			return dst, err
		}
	}
	return dst, nil
}

// AroundDefinition returns statements to run before and after a CREATE TABLE in a session whose literals are bytes, so that those of the
// definition are text; nothing where that makes no difference, and for every other statement.
func AroundDefinition(st *Statement) (before, after string) {
	if st.Kind != CreateTable || st.Table == nil || !st.Session.Binary() || !utf8.Valid(st.SQL) || !definesText(st) {
		return "", ""
	}
	return "SET character_set_client = utf8mb4, collation_connection = utf8mb4_general_ci",
		"SET character_set_client = '" + st.Session.CharacterSetClient + "', collation_connection = binary"
}

// definesText reports whether a definition has characters beyond ASCII or the default of an address.
func definesText(st *Statement) bool {
	return bytes.ContainsFunc(st.SQL, func(r rune) bool { return r >= utf8.RuneSelf }) ||
		slices.ContainsFunc(st.Table.Columns, func(c ddl.Column) bool { return IsAddress(c.Type) && strings.ContainsAny(c.Default, `'"`) })
}
