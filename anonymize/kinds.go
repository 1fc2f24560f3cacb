package anonymize

import (
	"bytes"
	"fmt"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// Kinds returns every kind with an example of what it does, computed with a fixed
// example key. The kind secret draws its example from that key too, so that the table
// is always the same.
func Kinds() []Kind {
	kinds := kindTable()
	for i := range kinds {
		kinds[i].After = exampleOf(kinds[i])
		if kinds[i].Name == kindBlob { // bytes are shown as SQL shows them
			kinds[i].Before = fmt.Sprintf("0x%x", kinds[i].Before)
			kinds[i].After = fmt.Sprintf("0x%x", kinds[i].After)
		}
	}
	return kinds
}

// exampleOf treats the kind's example value in a column that it is for; "" when it
// cannot, which the tests exclude.
func exampleOf(k Kind) string {
	t := Treatment{Kind: k.Name}
	if k.Name == kindConstant {
		value := "(removed)"
		t.Value = &value
	}
	policy := &Policy{}
	err := policy.Add(&TablePolicy{Table: "example", Columns: map[string]Decision{"value": {Status: Treated, Treatment: t}}})
	if err != nil {
		return ""
	}
	source := bytes.NewReader(bytes.Repeat([]byte("example "), 8))
	key, err := NewKey(source)
	if err != nil {
		return ""
	}
	a, err := New(key, policy, WithRandom(source))
	if err != nil {
		return ""
	}
	rows, err := a.Rows("", exampleTable(k.Name))
	if err != nil {
		return ""
	}
	row := []Value{{Bytes: []byte(k.Before)}}
	if rows.Passthrough() {
		return k.Before
	}
	if _, err := rows.Apply(row); err != nil {
		return ""
	}
	if row[0].Null {
		return "NULL"
	}
	return string(row[0].Bytes)
}

func exampleTable(kind string) *ddl.Table {
	t := ddl.Type{Name: "text", Length: -1, Decimals: -1}
	switch kind {
	case kindEnum:
		t = ddl.Type{Name: "enum", Length: -1, Decimals: -1, Members: []string{"tiny", "small", "medium", "large"}}
	case kindBlob:
		t = ddl.Type{Name: "blob", Length: -1, Decimals: -1}
	}
	return &ddl.Table{Name: "example", Columns: []ddl.Column{{Name: "value", Type: t, Nullable: true, Charset: "utf8mb4"}}}
}
