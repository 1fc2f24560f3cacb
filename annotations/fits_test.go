package annotations

import "testing"

// TestKindsFit: a column whose type was changed so that its mark can no longer be carried out is reported without a dump, too; a type
// of which the model says less than a dump would is left to the dump.
func TestKindsFit(t *testing.T) {
	typed := func(typ, impl string) ModelColumn {
		return ModelColumn{Name: "c", Type: typ, Impl: impl, TypeText: typ}
	}
	for name, test := range map[string]struct {
		column ModelColumn
		marks  string
		want   string
	}{
		"an address that became a number": {typed("Integer", "Integer"), "c: email", "models.py:1: t.c, which the models declare as Integer: kind email cannot treat the type int"},
		"a text that became JSON":         {typed("JSONField", "JSONField"), "c: string", "models.py:1: t.c, which the models declare as JSONField: the column holds JSON: want the kind json, redact, null or constant"},
		"one of several cases":            {typed("DateField", "DateField"), "c: [{when: c IS NULL, kind: public}, {when: c < 9, kind: text}, datetime]", "models.py:1: t.c, which the models declare as DateField: kind text cannot treat the type date"},
		"a constant that is too long":     {ModelColumn{Name: "c", Type: "String", Impl: "String", TypeText: "String(3)", Length: 3}, "c: {kind: constant, value: abcd}", "models.py:1: t.c, which the models declare as String(3): the constant does not fit: the pseudonym is longer than the column holds"},
		"the kind for the type":           {typed("Numeric", "Numeric"), "c: decimal", ""},
		"a Django e-mail address":         {typed("EmailField", "CharField"), "c: email", ""},
		"a type of the project's own":     {typed("Packed", "Integer"), "c: email", ""},
		"one named like a library's":      {typed("Integer", "LargeBinary"), "c: blob", ""},
		"a type that servers differ in":   {typed("Uuid", "Uuid"), "c: uuid", ""},
		"a variant for MySQL":             {ModelColumn{Name: "c", Type: "Integer", Impl: "Integer", TypeText: "Integer().with_variant(CHAR(9), 'mysql')"}, "c: string", ""},
		"rows that are left out":          {typed("Integer", "Integer"), "{c: email, __rows__: none}", ""},
	} {
		t.Run(name, func(t *testing.T) {
			m := model(t, "t", test.marks)
			m.Tables[0].Columns = []ModelColumn{test.column}
			got := ""
			if _, err := ResolveModels([]*Markup{m}, Options{}); err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, test.want)
			}
		})
	}
}
