package anonymize

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/turbo-hipster/turbo-hipster/anonymize/recognize"
	"github.com/turbo-hipster/turbo-hipster/snapshot/charset"
	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// The reasons why a value does not fit. They name no value.
var (
	errTooLong    = errors.New("the pseudonym is longer than the column holds")
	errRange      = errors.New("the pseudonym is outside the column's range")
	errRepertoire = errors.New("the pseudonym has characters that the column's charset lacks")
	errNotJSON    = errors.New("the pseudonym is not valid JSON")
	errMember     = errors.New("the pseudonym is no member of the column's type")
)

// fitter returns the check that a value fits its column. original is what the column
// held: a value no longer than that fits. It is nil for a constant.
func fitter(col *ddl.Column) func(v, original []byte) error {
	switch col.Type.Class() {
	case ddl.Text, ddl.JSON:
		return textFitter(col)
	case ddl.Binary:
		limit := byteLimit(col.Type)
		return func(v, original []byte) error { return tooLong(len(v) > max(limit, len(original))) }
	case ddl.Integer:
		return func(v, _ []byte) error { return integerFits(v, col.Type) }
	case ddl.Decimal, ddl.Float:
		return func(v, _ []byte) error { return decimalFits(v, col.Type) }
	case ddl.Enum:
		return func(v, original []byte) error {
			if len(original) > 0 && len(v) == 0 || memberIndex(col.Type.Members, v) >= 0 {
				return nil
			}
			return errMember
		}
	case ddl.Set:
		return func(v, _ []byte) error {
			for part := range bytes.SplitSeq(v, []byte(",")) {
				if len(v) > 0 && memberIndex(col.Type.Members, part) < 0 {
					return errMember
				}
			}
			return nil
		}
	case ddl.Year:
		return func(v, _ []byte) error { _, ok := parseDigits(v); return shape(ok && len(v) == 4) }
	case ddl.UUID:
		return func(v, _ []byte) error { return shape(recognize.IsUUID(v)) }
	case ddl.INET:
		return func(v, _ []byte) error {
			return shape(recognize.IsIPv4(v) || col.Type.Name == "inet6" && recognize.IsIPv6(v))
		}
	case ddl.Date, ddl.DateTime:
		return func(v, _ []byte) error { _, ok := parseMoment(v); return shape(ok) }
	default:
		return func(_, _ []byte) error { return nil }
	}
}

func tooLong(is bool) error {
	if is {
		return errTooLong
	}
	return nil
}

func shape(ok bool) error {
	if !ok {
		return errShape
	}
	return nil
}

func validText(v []byte) bool { return utf8.Valid(v) }

// textFitter checks length, charset and JSON.
func textFitter(col *ddl.Column) func(v, original []byte) error {
	repertoire := repertoireOf(col.Charset)
	isJSON := col.JSON()
	chars, limit := math.MaxInt, byteLimit(col.Type)
	if col.Type.Name == "char" || col.Type.Name == "varchar" {
		chars = max(col.Type.Length, 1)
	}
	return func(v, original []byte) error {
		if len(v) > len(original) && len(v) > limit {
			return errTooLong
		}
		if len(v) > chars && utf8.RuneCount(v) > max(chars, utf8.RuneCount(original)) {
			return errTooLong
		}
		if isJSON && !json.Valid(v) {
			return errNotJSON
		}
		return inRepertoire(v, repertoire)
	}
}

// byteLimit is how many bytes a type holds. Text is counted in UTF-8, which is never
// shorter than in the column's charset except in UTF-16 and UTF-32 ones.
func byteLimit(t ddl.Type) int {
	switch t.Name {
	case "tinytext", "tinyblob":
		return 1<<8 - 1
	case "text", "blob":
		return 1<<16 - 1
	case "mediumtext", "mediumblob":
		return 1<<24 - 1
	case "binary", "varbinary":
		return max(t.Length, 1)
	case "char", "varchar":
		return math.MaxInt
	}
	return 1<<32 - 1
}

// repertoireOf returns a test for the characters that a charset has; nil for a charset that has all.
func repertoireOf(name string) func(r rune) bool {
	name = strings.ToLower(name)
	switch name {
	case "", "utf8mb4", "utf16", "utf16le", "utf32", "binary":
		return nil
	case "utf8", "utf8mb3", "ucs2":
		return func(r rune) bool { return r <= 0xffff }
	}
	if set := charset.Of(name); set != nil {
		return set.Has
	}
	return func(r rune) bool { return r < utf8.RuneSelf } // charsets nobody taught us
}

func inRepertoire(v []byte, has func(r rune) bool) error {
	if has == nil {
		return nil
	}
	for _, r := range string(v) {
		if !has(r) {
			return errRepertoire
		}
	}
	return nil
}

func integerFits(v []byte, t ddl.Type) error {
	bits := map[string]uint{"tinyint": 8, "smallint": 16, "mediumint": 24, "int": 32, "bigint": 64}[t.Name]
	if t.Unsigned {
		x, err := strconv.ParseUint(string(v), 10, 64)
		if err != nil || x > math.MaxUint64>>(64-bits) {
			return errRange
		}
		return nil
	}
	x, err := strconv.ParseInt(string(v), 10, 64)
	limit := int64(math.MaxInt64 >> (64 - bits))
	if err != nil || x > limit || x < -limit-1 {
		return errRange
	}
	return nil
}

func decimalFits(v []byte, t ddl.Type) error {
	p, ok := recognize.SplitNumber(v)
	if !ok {
		return errShape
	}
	if t.Name != "decimal" {
		x, err := strconv.ParseFloat(string(v), 64)
		if err != nil || t.Name == "float" && math.Abs(x) > math.MaxFloat32 {
			return errRange
		}
		return nil
	}
	precision, scale := t.Length, max(t.Decimals, 0)
	if precision <= 0 {
		precision = 10 // the default
	}
	whole := p.Whole
	for i := p.Sign; whole > 0 && v[i] == '0'; i++ {
		whole--
	}
	if whole > precision-scale || p.Fraction > scale || t.Unsigned && v[0] == '-' {
		return errRange
	}
	return nil
}
