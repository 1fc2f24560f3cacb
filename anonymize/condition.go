package anonymize

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/xwb1989/sqlparser"
)

// Condition is a condition over the columns of one row, as rules write it in SQL. It is read once, and what package anonymize cannot
// evaluate exactly as a server would is refused then. The zero Condition holds for no row. A Condition does not change and is safe
// for concurrent use.
//
// What is understood, each part with NOT, AND, OR and parentheses around it:
//
//	column = <> != < <= > >= <=> literal          (either way round)
//	column [NOT] IN (literal, …)
//	column [NOT] BETWEEN literal AND literal
//	column [NOT] LIKE 'pattern' [ESCAPE '!']
//	column IS [NOT] NULL
//	column IS [NOT] TRUE|FALSE, (condition) IS [NOT] TRUE|FALSE, and a column of numbers alone
//
// A column may be followed by COLLATE name, and its name stands in backticks where it is a word of SQL. A literal is text in quotes, a
// number, TRUE, FALSE or NULL. Which column takes which literals and comparisons is checked when the condition meets the table.
type Condition struct {
	text string
	root *node
}

// nodeOp is what a part of a condition does.
type nodeOp int

const (
	opAnd nodeOp = iota
	opOr
	opNot
	opCompare
	opIn
	opBetween
	opLike
	opIsNull
	opIsTrue
	opIsFalse
	opColumn // a column of numbers, true when it is not zero
)

// node is a part of a condition, before it is bound to a table.
type node struct {
	op       nodeOp
	args     []*node // of opAnd, opOr, opNot, opIsTrue, opIsFalse
	column   string
	collate  string // COLLATE after the column; "" when absent
	cmp      string // of opCompare: = <> < <= > >= <=>
	literals []literal
	escape   byte // of opLike; 0 when absent
}

type literalKind int

const (
	literalNull literalKind = iota
	literalText
	literalNumber
)

type literal struct {
	kind literalKind
	text string
}

// errCondition opens what is said of a condition that is refused.
var errCondition = errors.New("condition is not understood")

// nearWhat finds the word at which the parser stopped.
var nearWhat = regexp.MustCompile(`near '([^']*)'`)

// ParseCondition reads a condition. The error says what is not understood.
func ParseCondition(text string) (Condition, error) {
	if err := checkLexical(text); err != nil {
		return Condition{}, err
	}
	statement, err := sqlparser.Parse("select 1 from t where " + text)
	if err != nil {
		what := "syntax error"
		if near := nearWhat.FindStringSubmatch(err.Error()); near != nil {
			what += " near " + near[1]
		}
		return Condition{}, fmt.Errorf("%w: %s; names that are words of SQL need backticks", errCondition, what)
	}
	s, ok := statement.(*sqlparser.Select)
	if !ok || s.Where == nil || s.GroupBy != nil || s.Having != nil || s.OrderBy != nil || s.Limit != nil || s.Lock != "" {
		return Condition{}, fmt.Errorf("%w: want an expression and nothing after it", errCondition)
	}
	root, err := readNode(s.Where.Expr)
	if err != nil {
		return Condition{}, fmt.Errorf("%w: %w", errCondition, err)
	}
	return Condition{text: text, root: root}, nil
}

// String returns the condition as it was written.
func (c Condition) String() string { return c.text }

// Columns returns the names of the columns that the condition reads, each once.
func (c Condition) Columns() []string {
	var names []string
	var walk func(n *node)
	walk = func(n *node) {
		if n == nil {
			return
		}
		for _, arg := range n.args {
			walk(arg)
		}
		if n.column != "" && !slices.ContainsFunc(names, func(s string) bool { return strings.EqualFold(s, n.column) }) {
			names = append(names, n.column)
		}
	}
	walk(c.root)
	return names
}

// checkLexical refuses what the parser reads otherwise than servers do, or what has no place in a condition: comments, several
// statements, variables, operators whose meaning depends on the sql_mode, and backslashes, which LIKE and text read differently.
func checkLexical(text string) error {
	if strings.TrimSpace(text) == "" {
		return fmt.Errorf("%w: it is empty", errCondition)
	}
	var quote byte
	for i := range len(text) {
		c := text[i]
		switch {
		case c == '\\':
			return fmt.Errorf("%w: a backslash; write a quote as '' and escape in LIKE with ESCAPE '!'", errCondition)
		case c < ' ' && c != '\n' && c != '\t' && c != '\r', c == 0x7f:
			return fmt.Errorf("%w: a control character", errCondition)
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"' || c == '`':
			quote = c
		case strings.IndexByte(";#|&@?:{}[]^~%*/", c) >= 0, strings.HasPrefix(text[i:], "--"), strings.HasPrefix(text[i:], "->"),
			c == '!' && !strings.HasPrefix(text[i:], "!="):
			return fmt.Errorf("%w: unexpected %q", errCondition, c)
		}
	}
	return nil
}

func readNode(e sqlparser.Expr) (*node, error) {
	switch e := e.(type) {
	case *sqlparser.ParenExpr:
		return readNode(e.Expr)
	case *sqlparser.AndExpr:
		return readNodes(opAnd, e.Left, e.Right)
	case *sqlparser.OrExpr:
		return readNodes(opOr, e.Left, e.Right)
	case *sqlparser.NotExpr:
		return readNodes(opNot, e.Expr)
	case *sqlparser.ComparisonExpr:
		return readComparison(e)
	case *sqlparser.RangeCond:
		return readBetween(e)
	case *sqlparser.IsExpr:
		return readIs(e)
	case *sqlparser.ColName, *sqlparser.CollateExpr:
		n := &node{op: opColumn}
		return n, n.setColumn(e)
	}
	return nil, fmt.Errorf("%s is not supported", describeExpr(e))
}

func readNodes(op nodeOp, exprs ...sqlparser.Expr) (*node, error) {
	n := &node{op: op}
	var errs []error
	for _, e := range exprs {
		arg, err := readNode(e)
		errs = append(errs, err)
		n.args = append(n.args, arg)
	}
	return n, errors.Join(errs...)
}

func not(n *node) *node { return &node{op: opNot, args: []*node{n}} }

func readComparison(e *sqlparser.ComparisonExpr) (*node, error) {
	switch e.Operator {
	case sqlparser.InStr, sqlparser.NotInStr:
		return readIn(e)
	case sqlparser.LikeStr, sqlparser.NotLikeStr:
		return readLike(e)
	}
	cmp := e.Operator
	if cmp == sqlparser.NotEqualStr {
		cmp = "<>"
	}
	flipped := map[string]string{"=": "=", "<>": "<>", "<=>": "<=>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
	if flipped[cmp] == "" {
		return nil, fmt.Errorf("operator %s is not supported", e.Operator)
	}
	n := &node{op: opCompare, cmp: cmp}
	left, right := e.Left, e.Right
	if _, err := readLiteral(left); err == nil {
		left, right, n.cmp = right, left, flipped[cmp]
	}
	if err := n.setColumn(left); err != nil {
		return nil, err
	}
	l, err := readLiteral(right)
	n.literals = []literal{l}
	return n, err
}

func readIn(e *sqlparser.ComparisonExpr) (*node, error) {
	n := &node{op: opIn}
	list, ok := e.Right.(sqlparser.ValTuple)
	if !ok {
		return nil, errors.New("IN wants a list of literals")
	}
	for _, item := range list {
		l, err := readLiteral(item)
		if err != nil {
			return nil, err
		}
		n.literals = append(n.literals, l)
	}
	err := n.setColumn(e.Left)
	if e.Operator == sqlparser.NotInStr {
		n = not(n)
	}
	return n, err
}

func readLike(e *sqlparser.ComparisonExpr) (*node, error) {
	n := &node{op: opLike}
	l, err := readLiteral(e.Right)
	if err != nil || l.kind != literalText {
		return nil, errors.New("LIKE wants text in quotes")
	}
	n.literals = []literal{l}
	if e.Escape != nil {
		escape, err := readLiteral(e.Escape)
		if err != nil || escape.kind != literalText || len(escape.text) != 1 || escape.text[0] >= 0x80 || escape.text == "%" || escape.text == "_" {
			return nil, errors.New("ESCAPE wants one sign that is not %, _ or outside ASCII")
		}
		n.escape = escape.text[0]
	}
	err = n.setColumn(e.Left)
	if e.Operator == sqlparser.NotLikeStr {
		n = not(n)
	}
	return n, err
}

func readBetween(e *sqlparser.RangeCond) (*node, error) {
	n := &node{op: opBetween}
	from, err := readLiteral(e.From)
	to, err2 := readLiteral(e.To)
	n.literals = []literal{from, to}
	if err := errors.Join(err, err2, n.setColumn(e.Left)); err != nil {
		return nil, err
	}
	if e.Operator == sqlparser.NotBetweenStr {
		n = not(n)
	}
	return n, nil
}

func readIs(e *sqlparser.IsExpr) (*node, error) {
	var n *node
	var err error
	switch e.Operator {
	case sqlparser.IsNullStr, sqlparser.IsNotNullStr:
		n = &node{op: opIsNull}
		err = n.setColumn(e.Expr)
	default:
		op := opIsTrue
		if e.Operator == sqlparser.IsFalseStr || e.Operator == sqlparser.IsNotFalseStr {
			op = opIsFalse
		}
		switch e.Expr.(type) {
		case *sqlparser.ParenExpr, *sqlparser.ColName:
			n, err = readNodes(op, e.Expr)
		default: // what IS belongs to is not obvious
			err = fmt.Errorf("%s wants a column or a condition in parentheses before it", strings.ToUpper(e.Operator))
		}
	}
	if err != nil {
		return nil, err
	}
	switch e.Operator {
	case sqlparser.IsNotNullStr, sqlparser.IsNotTrueStr, sqlparser.IsNotFalseStr:
		n = not(n)
	}
	return n, nil
}

func (n *node) setColumn(e sqlparser.Expr) error {
	if c, ok := e.(*sqlparser.CollateExpr); ok {
		n.collate = strings.ToLower(c.Charset)
		e = c.Expr
	}
	if p, ok := e.(*sqlparser.ParenExpr); ok {
		return n.setColumn(p.Expr)
	}
	name, ok := e.(*sqlparser.ColName)
	if !ok {
		return fmt.Errorf("want a column and literals, not %s", describeExpr(e))
	}
	if !name.Qualifier.IsEmpty() {
		return errors.New("a column is named without its table")
	}
	n.column = name.Name.String()
	return nil
}

func readLiteral(e sqlparser.Expr) (literal, error) {
	switch e := e.(type) {
	case *sqlparser.NullVal:
		return literal{}, nil
	case sqlparser.BoolVal:
		if e {
			return literal{literalNumber, "1"}, nil
		}
		return literal{literalNumber, "0"}, nil
	case *sqlparser.UnaryExpr:
		l, err := readLiteral(e.Expr)
		if e.Operator == sqlparser.UMinusStr && err == nil && l.kind == literalNumber && !strings.HasPrefix(l.text, "-") {
			return literal{literalNumber, "-" + l.text}, nil
		}
	case *sqlparser.SQLVal:
		switch e.Type {
		case sqlparser.StrVal:
			return literal{literalText, string(e.Val)}, nil
		case sqlparser.IntVal, sqlparser.FloatVal:
			return literal{literalNumber, string(e.Val)}, nil
		case sqlparser.HexNum, sqlparser.HexVal, sqlparser.ValArg, sqlparser.BitVal:
		}
	}
	return literal{}, fmt.Errorf("want a column and literals, not %s", describeExpr(e))
}

// describeExpr names the sort of an expression.
func describeExpr(e sqlparser.Expr) string {
	switch e := e.(type) {
	case *sqlparser.FuncExpr:
		return "function " + e.Name.String()
	case *sqlparser.Subquery, *sqlparser.ExistsExpr:
		return "a query"
	case *sqlparser.ColName:
		return "column " + e.Name.String()
	case *sqlparser.SQLVal, *sqlparser.NullVal, sqlparser.BoolVal:
		return "a literal"
	case *sqlparser.BinaryExpr:
		return "operator " + e.Operator
	case *sqlparser.UnaryExpr:
		return "operator " + strings.TrimSpace(e.Operator)
	default:
		return "an expression of this sort"
	}
}
