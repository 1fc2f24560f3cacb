package anonymize

import (
	"errors"
	"fmt"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// truth is a value of SQL's three-valued logic. Its order makes AND the minimum, OR the maximum and NOT the negation.
type truth int8

const (
	isFalse   truth = -1
	isUnknown truth = 0
	isTrue    truth = 1
)

func truthOf(b bool) truth {
	if b {
		return isTrue
	}
	return isFalse
}

// predicate is a condition bound to a table. It holds no state, so that goroutines may share it.
type predicate interface {
	// test judges a row, indexed as the table's columns. It fails for a value that is not of its column's type.
	test(row []Value) (truth, error)
}

// bound is a condition as rows are asked.
type bound struct {
	predicate
	reads []int // the columns that it reads
}

// holds reports whether the condition is true for a row; unknown is not.
func (b *bound) holds(row []Value) (bool, error) {
	t, err := b.test(row)
	return t == isTrue, err
}

// bind checks a condition against a table and makes it fast.
func (c *collations) bind(cond Condition, t *ddl.Table) (*bound, error) {
	if cond.root == nil {
		return nil, fmt.Errorf("%w: it is empty", errCondition)
	}
	b := &bound{}
	for _, name := range cond.Columns() {
		i := t.ColumnIndex(name)
		if i < 0 {
			return nil, fmt.Errorf("the condition names column %s, which the table does not have", name)
		}
		b.reads = append(b.reads, i)
	}
	var err error
	b.predicate, err = c.bindNode(cond.root, t)
	return b, err
}

func (c *collations) bindNode(n *node, t *ddl.Table) (predicate, error) {
	if len(n.args) > 0 {
		args := make([]predicate, len(n.args))
		for i, arg := range n.args {
			var err error
			if args[i], err = c.bindNode(arg, t); err != nil {
				return nil, err
			}
		}
		return connective(n.op, args), nil
	}
	i := t.ColumnIndex(n.column)
	col := &t.Columns[i]
	p, err := c.bindColumn(n, col, i)
	if err != nil {
		return nil, fmt.Errorf("condition over column %s: %w", col.Name, err)
	}
	return p, nil
}

// errComparison is returned for a comparison that columns of a type do not take.
var errComparison = errors.New("the comparison is not supported for its type")

// bindColumn binds a test of one column.
func (c *collations) bindColumn(n *node, col *ddl.Column, i int) (predicate, error) {
	if col.Generated != ddl.NotGenerated {
		return nil, errors.New("it is generated, and dumps leave its values out")
	}
	class := col.Type.Class()
	if n.op == opIsNull {
		if !col.Nullable && (class == ddl.Date || class == ddl.DateTime) {
			return nil, errors.New("servers take IS NULL for the zero date in a column of dates that is NOT NULL; compare with '0000-00-00'")
		}
		return isNull(i), nil
	}
	var cmp comparer
	var err error
	switch class {
	case ddl.Integer, ddl.Decimal, ddl.Bit:
		cmp = numbers{bits: class == ddl.Bit}
	case ddl.Float:
		if col.Type.Name == "float" {
			return nil, errors.New("a FLOAT is dumped with fewer digits than it has")
		}
		cmp = doubles{}
	case ddl.Date, ddl.DateTime:
		cmp = moments{}
	case ddl.Text, ddl.Enum, ddl.Binary:
		cmp, err = c.texts(n, col, class)
	default:
		return nil, fmt.Errorf("type %s takes IS NULL only", col.Type.Name)
	}
	if err != nil {
		return nil, err
	}
	if n.collate != "" && class != ddl.Text && class != ddl.Enum {
		return nil, errors.New("COLLATE is for columns of text")
	}
	test, err := bindTest(n, i, cmp)
	return storedTest{i, storesOf(col), test}, err
}

// texts makes the comparison of text.
func (c *collations) texts(n *node, col *ddl.Column, class ddl.Class) (comparer, error) {
	name := strings.ToLower(col.Collation)
	switch {
	case class == ddl.Binary:
		name = "binary"
	case n.collate != "":
		name = n.collate
	}
	found, err := c.get(name, strings.ToLower(col.Charset))
	if err != nil {
		return nil, err
	}
	t := texts{c: found}
	if class == ddl.Enum {
		t.members = col.Type.Members
	}
	return t, nil
}

// bindTest makes the test of a column under a comparison.
func bindTest(n *node, i int, c comparer) (predicate, error) {
	t := columnTest{column: i, comparer: c}
	switch n.op {
	case opColumn:
		if _, ok := c.(texts); ok {
			return nil, errors.New("text alone is no condition")
		}
		zero, err := c.literal(literal{literalNumber, "0"}, true)
		if err != nil {
			return nil, errors.New("only a column of numbers can be a condition alone")
		}
		t.a, t.op = zero, "<>"
		return &t, nil
	case opCompare:
		return bindComparison(n, t)
	case opIn:
		return bindList(n, t)
	case opBetween:
		from, err := bindComparison(&node{op: opCompare, cmp: ">=", literals: n.literals[:1]}, t)
		if err != nil {
			return nil, err
		}
		to, err := bindComparison(&node{op: opCompare, cmp: "<=", literals: n.literals[1:]}, t)
		if err != nil {
			return nil, err
		}
		return connective(opAnd, []predicate{from, to}), nil
	case opLike:
		text, ok := c.(texts)
		if !ok {
			return nil, errComparison
		}
		p, err := text.c.likePatternOf(n.literals[0].text, n.escape)
		return &likeTest{column: i, pattern: p}, err
	default:
		return nil, errComparison
	}
}

func bindComparison(n *node, t columnTest) (predicate, error) {
	l := n.literals[0]
	if l.kind == literalNull {
		if n.cmp == "<=>" {
			return isNull(t.column), nil
		}
		return never{}, nil
	}
	var err error
	t.op = n.cmp
	t.a, err = t.comparer.literal(l, n.cmp == "=" || n.cmp == "<>" || n.cmp == "<=>")
	return &t, err
}

func bindList(n *node, t columnTest) (predicate, error) {
	list := &listTest{column: t.column, comparer: t.comparer}
	for _, l := range n.literals {
		if l.kind == literalNull {
			list.null = true
			continue
		}
		bound, err := t.comparer.literal(l, true)
		if err != nil {
			return nil, err
		}
		list.literals = append(list.literals, bound)
	}
	return list, nil
}

// never is unknown for every row: a comparison with NULL.
type never struct{}

func (never) test([]Value) (truth, error) { return isUnknown, nil }

type isNull int

func (i isNull) test(row []Value) (truth, error) { return truthOf(row[i].Null), nil }

// columnTest compares a column with a literal.
type columnTest struct {
	column   int
	op       string
	a        boundLiteral
	comparer comparer
}

func (t *columnTest) test(row []Value) (truth, error) {
	v := row[t.column]
	if v.Null {
		if t.op == "<=>" {
			return isFalse, nil
		}
		return isUnknown, nil
	}
	switch t.op {
	case "=", "<=>":
		same, err := t.comparer.equal(v.Bytes, &t.a)
		return truthOf(same), err
	case "<>":
		same, err := t.comparer.equal(v.Bytes, &t.a)
		return truthOf(!same), err
	}
	o, err := t.comparer.compare(v.Bytes, &t.a)
	switch t.op {
	case "<":
		return truthOf(o < 0), err
	case "<=":
		return truthOf(o <= 0), err
	case ">":
		return truthOf(o > 0), err
	}
	return truthOf(o >= 0), err
}

// listTest is IN.
type listTest struct {
	column   int
	comparer comparer
	literals []boundLiteral
	null     bool // the list has a NULL
}

func (t *listTest) test(row []Value) (truth, error) {
	v := row[t.column]
	if v.Null {
		return isUnknown, nil
	}
	for i := range t.literals {
		same, err := t.comparer.equal(v.Bytes, &t.literals[i])
		if same || err != nil {
			return truthOf(same), err
		}
	}
	if t.null {
		return isUnknown, nil
	}
	return isFalse, nil
}

type likeTest struct {
	column  int
	pattern *likePattern
}

func (t *likeTest) test(row []Value) (truth, error) {
	if row[t.column].Null {
		return isUnknown, nil
	}
	return truthOf(t.pattern.matches(row[t.column].Bytes)), nil
}

func connective(op nodeOp, args []predicate) predicate {
	switch op {
	case opAnd:
		return &junction{args[0], args[1], isFalse}
	case opOr:
		return &junction{args[0], args[1], isTrue}
	case opNot:
		return negation{args[0]}
	case opIsTrue:
		return judgement{args[0], isTrue}
	default:
		return judgement{args[0], isFalse}
	}
}

// junction is AND or OR: decided as soon as one side is decisive.
type junction struct {
	a, b     predicate
	decisive truth // isFalse for AND, isTrue for OR
}

func (j *junction) test(row []Value) (truth, error) {
	a, err := j.a.test(row)
	if a == j.decisive || err != nil {
		return a, err
	}
	b, err := j.b.test(row)
	if j.decisive == isFalse {
		return min(a, b), err
	}
	return max(a, b), err
}

type negation struct{ of predicate }

func (n negation) test(row []Value) (truth, error) {
	t, err := n.of.test(row)
	return -t, err
}

// judgement is IS TRUE or IS FALSE.
type judgement struct {
	of   predicate
	want truth
}

func (j judgement) test(row []Value) (truth, error) {
	t, err := j.of.test(row)
	return truthOf(t == j.want), err
}
