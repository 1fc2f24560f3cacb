package anonymize

import (
	"fmt"
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// kindRange stands for a kind with a range where it is said what breaks an index.
const kindRange = "range"

// minSecret is how many characters a column must hold for random values to be taken for distinct.
const minSecret = 16

// checkUnique reports a unique index that the treatment of its column col would break. An index holds when every part keeps
// distinct values distinct, when a part becomes NULL, or when parts that do keep them are unique without the others.
func (c *tableCompiler) checkUnique(col *ddl.Column, t Treatment) error {
	if c.distinct(col, t) || t.Kind == kindNull {
		return nil
	}
	for i := range c.rows.table.Indexes {
		index := &c.rows.table.Indexes[i]
		if (index.Unique || index.Primary) && hasPart(index, col.Name) && !c.staysUnique(index) {
			kind := t.Kind
			if !t.keepsDistinct() {
				kind = kindRange
			}
			return notDistinct(index, col, kind)
		}
	}
	return nil
}

// notDistinct says what would break an index, and what would not.
func notDistinct(index *ddl.Index, col *ddl.Column, kind string) error {
	name := "a unique index"
	if index.Name != "" {
		name += " (" + index.Name + ")"
	}
	if kind == kindConstant {
		return fmt.Errorf("kind constant would break %s", name)
	}
	keep := "string and the other identifier kinds keep"
	if col.Type.Class() == ddl.Binary {
		keep = "blob, uuid, string and the other identifier kinds keep"
	}
	if kind == kindSecret {
		return fmt.Errorf("kind secret in a column of less than %d characters would break %s; %s distinct values distinct", minSecret, name, keep)
	}
	if kind == kindCases {
		return fmt.Errorf("a treatment by conditions may make two values one and would break %s; %s distinct values distinct", name, keep)
	}
	if kind == kindRange {
		return fmt.Errorf("a range may make two values one and would break %s; treatments without one keep distinct values distinct", name)
	}
	return fmt.Errorf("kind %s may make two values one and would break %s; %s distinct values distinct", kind, name, keep)
}

// staysUnique reports whether a unique index has a part that becomes NULL, which is equal to nothing, or parts that are unique
// without the others and stay so: a column that counts, or those of another unique index.
func (c *tableCompiler) staysUnique(index *ddl.Index) bool {
	for _, part := range index.Parts {
		if col := c.partColumn(part); col != nil && (c.treatment(col).Kind == kindNull || col.AutoIncrement && c.distinctPart(part)) {
			return true
		}
	}
	for i := range c.rows.table.Indexes {
		other := &c.rows.table.Indexes[i]
		if (other.Unique || other.Primary) && c.within(other, index) {
			return true
		}
	}
	return false
}

// within reports whether all parts of a unique index are parts of another one, hold no NULL, and keep distinct values distinct.
func (c *tableCompiler) within(index, of *ddl.Index) bool {
	for _, part := range index.Parts {
		col := c.partColumn(part)
		if col == nil || col.Nullable || !hasPart(of, col.Name) || !c.distinctPart(part) {
			return false
		}
	}
	return len(index.Parts) > 0
}

func hasPart(index *ddl.Index, column string) bool {
	for _, part := range index.Parts {
		if strings.EqualFold(part.Column, column) {
			return true
		}
	}
	return false
}

// partColumn returns the column of a part, nil for an expression.
func (c *tableCompiler) partColumn(part ddl.IndexPart) *ddl.Column {
	if i := c.rows.table.ColumnIndex(part.Column); i >= 0 {
		return &c.rows.table.Columns[i]
	}
	return nil
}

// distinctPart reports whether a part of a unique index keeps distinct values distinct; of a generated column nothing is known.
func (c *tableCompiler) distinctPart(part ddl.IndexPart) bool {
	col := c.partColumn(part)
	return col != nil && col.Generated == ddl.NotGenerated && c.distinct(col, c.treatment(col))
}

// treatment returns the treatment of a column with the kind's canonical name, public where it has none.
func (c *tableCompiler) treatment(col *ddl.Column) Treatment {
	decision := c.policy.Column(col.Name)
	if decision.Status != Treated {
		return Treatment{Kind: kindPublic}
	}
	if len(decision.Cases) > 0 {
		return Treatment{Kind: kindCases}
	}
	t := decision.Treatment
	kind, _ := KindByName(t.Kind)
	t.Kind = kind.Name
	return t
}

// distinct reports whether a treatment keeps distinct values of a column in a unique index distinct, by construction or, of long
// blobs and secrets, because there are so many.
func (c *tableCompiler) distinct(col *ddl.Column, t Treatment) bool {
	if !t.keepsDistinct() {
		return false
	}
	switch t.Kind {
	case kindPublic, kindBlob, kindRedact: // redact gives pseudonyms there
		return true
	case kindSecret:
		fixed := slices.Contains([]string{"char", "varchar", "binary", "varbinary"}, col.Type.Name)
		return col.Type.Length >= minSecret || col.Type.Length < 0 && !fixed
	default:
		kind, _ := KindByName(t.Kind)
		return kind.Identifier
	}
}
