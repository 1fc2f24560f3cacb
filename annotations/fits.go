package annotations

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/anonymize"
	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// kindsFit reports the treatments that cannot be carried out on the type that a model gives the column, in the words in which a
// scrub would refuse them. It is for listings without a dump: a dump's own types are what counts.
func (d *decider) kindsFit() {
	known := map[string]string{}
	for _, t := range d.tables {
		if !t.listed || t.rows != nil && t.rows.Spec.None {
			continue
		}
		for _, c := range t.columns {
			typ, ok := modelType(t.modelColumn(c.name))
			if !ok || c.status != anonymize.Treated {
				continue
			}
			for _, treatment := range c.spec.treatments() {
				key := fmt.Sprint(typ.Name, typ.Length, treatment.Kind, DescribeOptions(treatment))
				why, asked := known[key]
				if !asked {
					why = refusal(typ, treatment)
					known[key] = why
				}
				if why != "" {
					d.errorf(c.position, "%s, which the models declare as %s: %s", c, c.typ, why)
				}
			}
		}
	}
}

// treatments gives the one treatment, or those of all cases.
func (s Spec) treatments() []anonymize.Treatment {
	if len(s.Cases) == 0 {
		return []anonymize.Treatment{s.Treatment}
	}
	var all []anonymize.Treatment
	for _, c := range s.Cases {
		all = append(all, c.Treatment)
	}
	return all
}

// refusal says why a treatment cannot be carried out on values of a type, or "". It asks about a column without indexes that may be
// NULL.
func refusal(typ ddl.Type, t anonymize.Treatment) string {
	if t.Kind == Public {
		return ""
	}
	policy := &anonymize.Policy{}
	columns := map[string]anonymize.Decision{"c": {Status: anonymize.Treated, Treatment: t}}
	key, err := anonymize.NewKey(bytes.NewReader(make([]byte, anonymize.KeyBytes))) // nothing is treated with it
	if err = cmp.Or(err, policy.Add(&anonymize.TablePolicy{Table: "t", Columns: columns})); err != nil {
		return err.Error()
	}
	a, err := anonymize.New(key, policy)
	if err != nil {
		return err.Error()
	}
	var refused *anonymize.PolicyError
	if _, err := a.Rows("", &ddl.Table{Name: "t", Columns: []ddl.Column{{Name: "c", Type: typ, Nullable: true}}}); errors.As(err, &refused) {
		return refused.Msg
	}
	return ""
}

// modelType gives the type that MySQL gives a column of a model; not ok when it depends on versions and options, when the type is a
// class of the project's own, which may make another of it, or when nothing tells.
func modelType(c *ModelColumn) (ddl.Type, bool) {
	if c == nil || c.Uncertain || strings.Contains(c.TypeText, "with_variant") {
		return ddl.Type{}, false
	}
	typ := ddl.Type{Name: libraryType(c.Impl), Length: -1, Decimals: -1}
	if typ.Name == "" || libraryType(c.Type) != typ.Name {
		return ddl.Type{}, false
	}
	if typ.Name == "varchar" {
		typ.Length = c.Length
		if c.Length == 0 {
			typ = ddl.Type{Name: "longtext", Length: -1, Decimals: -1}
		}
	}
	return typ, true
}

// libraryType gives the name of MySQL's type for one of SQLAlchemy's or Django's, or "".
func libraryType(name string) string {
	switch name {
	case "String", "Unicode", "VARCHAR", "NVARCHAR", "CHAR", "NCHAR", "CharField", "SlugField", "EmailField", "URLField", "FileField", "ImageField", "FilePathField":
		return "varchar"
	case "Text", "UnicodeText", "TEXT", "TINYTEXT", "MEDIUMTEXT", "LONGTEXT", "TextField":
		return "longtext"
	case "JSON", "JSONField":
		return "json"
	case "Integer", "INTEGER", "INT", "MEDIUMINT", "SmallInteger", "SMALLINT", "TINYINT", "AutoField", "SmallAutoField", "IntegerField", "SmallIntegerField",
		"PositiveIntegerField", "PositiveSmallIntegerField", "Boolean", "BOOLEAN", "BooleanField", "NullBooleanField":
		return "int"
	case "BigInteger", "BIGINT", "BigAutoField", "BigIntegerField", "PositiveBigIntegerField":
		return "bigint"
	case "Numeric", "NUMERIC", "DECIMAL", "DecimalField":
		return "decimal"
	case "Float", "FLOAT", "Double", "DOUBLE", "DOUBLE_PRECISION", "REAL", "FloatField":
		return "double"
	case "Date", "DATE", "DateField":
		return "date"
	case "DateTime", "DATETIME", "TIMESTAMP", "DateTimeField":
		return "datetime"
	case "Time", "TIME", "TimeField":
		return "time"
	case "LargeBinary", "BLOB", "TINYBLOB", "MEDIUMBLOB", "LONGBLOB", "BinaryField":
		return "longblob"
	}
	return ""
}
