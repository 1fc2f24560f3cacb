package anonymize

import (
	"errors"
	"fmt"
	"slices"

	"github.com/turbo-hipster/turbo-hipster/anonymize/recognize"
	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// errShape is returned for a value that is not what its column's type holds.
var errShape = errors.New("the value is not one of the column's type")

// compile makes the treatment of a column. keepDistinct asks for one that keeps
// distinct values distinct: the kind redact then gives pseudonyms.
func (c *tableCompiler) compile(col *ddl.Column, t Treatment, keepDistinct bool) (*column, error) {
	class := col.Type.Class()
	out := &column{ddl: col, fits: fitter(col)}
	if t.Kind == kindRedact && keepDistinct {
		t.Kind = pseudonymKind(class)
	}
	if t.Kind == kindRedact && (class == ddl.Spatial || class == ddl.Vector || class == ddl.Unknown) {
		t.Kind = kindNull
	}
	var err error
	switch t.Kind {
	case kindNull:
		if !col.Nullable {
			return nil, errors.New("kind null, but the column is NOT NULL")
		}
		out.isNull = true
		return out, nil
	case kindConstant:
		out.apply, err = constant(out, []byte(*t.Value), class)
	default:
		if t.hasOptions() {
			out.apply, err = c.optionMapping(col, t, class)
		} else {
			out.apply, err = c.mapping(col, t, class)
		}
	}
	if err != nil {
		return nil, err
	}
	if out.apply == nil {
		return nil, fmt.Errorf("kind %s cannot treat the type %s", t.Kind, col.Type.Name)
	}
	out.needUTF8 = class == ddl.Text || class == ddl.JSON || class == ddl.Binary && !isByteKind(t.Kind)
	if kind, _ := KindByName(t.Kind); kind.Keyed {
		if !t.hasSecret() {
			out.memo = newMemo()
		}
		out.observed = c.a.observations.of(ColumnRef{c.rows.database, c.rows.table.Name, col.Name}, t.Kind)
	}
	return out, nil
}

// isByteKind reports whether a kind treats binary columns without reading text.
func isByteKind(kind string) bool {
	return slices.Contains([]string{kindBlob, kindSecret, kindRedact, kindUUID, kindIP}, kind)
}

// pseudonymKind is what stands in for redact where values must stay distinct.
func pseudonymKind(class ddl.Class) string {
	switch class {
	case ddl.Integer:
		return kindInteger
	case ddl.Decimal, ddl.Float:
		return kindDecimal
	case ddl.Date, ddl.DateTime, ddl.Time, ddl.Year:
		return kindDatetime
	case ddl.Enum, ddl.Set:
		return kindEnum
	case ddl.Binary, ddl.Bit:
		return kindBlob
	default:
		return kindString
	}
}

// constant writes the same value everywhere; it must fit the column.
func constant(c *column, value []byte, class ddl.Class) (mapping, error) {
	switch class {
	case ddl.Bit, ddl.Spatial, ddl.Vector, ddl.Unknown:
		return nil, nil
	default:
	}
	if len(value) == 0 && class != ddl.Text && class != ddl.Binary {
		return nil, errors.New("the constant is not a value of the column's type")
	}
	if err := c.fits(value, nil); err != nil {
		return nil, fmt.Errorf("the constant does not fit: %w", err)
	}
	return func(dst, _ []byte) ([]byte, error) { return append(dst, value...), nil }, nil
}

// mapping returns what a kind does to values of a class of types; nil when it can do
// nothing to them.
func (c *tableCompiler) mapping(col *ddl.Column, t Treatment, class ddl.Class) (mapping, error) {
	d := c.domain(t.Domain)
	switch class {
	case ddl.Text, ddl.JSON:
		if col.JSON() && t.Kind != kindJSON && t.Kind != kindRedact {
			return nil, errors.New("the column holds JSON: want the kind json, redact, null or constant")
		}
		return c.textMapping(t, col.JSON())
	case ddl.Integer, ddl.Decimal, ddl.Float:
		return numberMapping(d, t.Kind), nil
	case ddl.Date, ddl.DateTime, ddl.Time, ddl.Year:
		return dateMapping(d, t.Kind, col.Type), nil
	case ddl.Enum, ddl.Set:
		return enumMapping(d, t.Kind, col.Type), nil
	case ddl.Binary:
		return c.binaryMapping(t)
	case ddl.Bit:
		return bitMapping(d, t.Kind, col.Type.Length), nil
	case ddl.UUID:
		return uuidMapping(d, t.Kind), nil
	case ddl.INET:
		return inetMapping(d, t.Kind, col.Type.Name), nil
	default:
		return nil, nil
	}
}

// infallible turns a method that cannot fail into a mapping.
func infallible(f func(dst, v []byte) []byte) mapping {
	return func(dst, v []byte) ([]byte, error) { return f(dst, v), nil }
}

// textMapping is what kinds do to text.
func (c *tableCompiler) textMapping(t Treatment, isJSON bool) (mapping, error) {
	d := c.domain(t.Domain)
	switch t.Kind {
	case kindText:
		return infallible(d.text), nil
	case kindSSHKey:
		return infallible(d.sshKey), nil
	case kindJSON:
		return c.jsonMapping(t)
	case kindRedact:
		if isJSON {
			return c.jsonMapping(t)
		}
		return infallible(redactText), nil
	case kindSecret:
		r, err := c.randomness()
		if err != nil {
			return nil, err
		}
		return func(dst, v []byte) ([]byte, error) { return d.secretText(dst, v, r), nil }, nil
	case kindConstant:
		value := *t.Value
		return func(dst, _ []byte) ([]byte, error) { return append(dst, value...), nil }, nil
	case kindEnum, kindBlob:
		return nil, nil
	}
	shape := shapeOf(t.Kind)
	return func(dst, v []byte) ([]byte, error) { return d.whole(dst, v, shape), nil }, nil
}

// shapeOf returns the kind's own shape; nil where the self-delimiting identifiers are
// enough.
func shapeOf(kind string) *shapeKind {
	switch kind {
	case kindMAC:
		return macKind()
	case kindHex:
		return hexKind()
	case kindHostname:
		return hostKind()
	case kindPhone:
		return phoneKind()
	case kindPath:
		return pathKind()
	case kindEC2:
		return ec2Kind()
	case kindDigits:
		return digitsKind()
	case kindInteger, kindDecimal:
		return numberKind()
	case kindDatetime:
		return dateKind()
	}
	return nil
}

func numberMapping(d *domain, kind string) mapping {
	switch kind {
	case kindRedact:
		return infallible(redactNumber)
	case kindInteger, kindDecimal, kindDigits, kindPhone:
		return func(dst, v []byte) ([]byte, error) {
			if _, ok := recognize.SplitNumber(v); !ok {
				return dst, errShape
			}
			return d.number(dst, v), nil
		}
	}
	return nil
}

func dateMapping(d *domain, kind string, t ddl.Type) mapping {
	if kind == kindRedact {
		return func(dst, v []byte) ([]byte, error) { return redactDate(dst, v, t.Class()), nil }
	}
	if kind != kindDatetime {
		return nil
	}
	return func(dst, v []byte) ([]byte, error) {
		ok := false
		switch t.Class() {
		case ddl.Year:
			dst, ok = d.year(dst, v)
		case ddl.Time:
			dst, ok = d.timeOfDay(dst, v)
		default:
			if _, ok = parseMoment(v); ok {
				dst = d.date(dst, v)
			}
		}
		if !ok {
			return dst, errShape
		}
		return dst, nil
	}
}

func enumMapping(d *domain, kind string, t ddl.Type) mapping {
	switch kind {
	case kindRedact:
		return func(dst, _ []byte) ([]byte, error) { return append(dst, t.Members[0]...), nil }
	case kindEnum:
		e := newEnum(d, t.Members, t.Class() == ddl.Set)
		return func(dst, v []byte) ([]byte, error) {
			dst, ok := e.apply(dst, v)
			if !ok {
				return dst, errShape
			}
			return dst, nil
		}
	}
	return nil
}
