package mysqldump

import "github.com/turbo-hipster/turbo-hipster/snapshot/ddl"

// Update is the clause ON DUPLICATE KEY UPDATE.
type Update struct {
	// Carries: the clause has more than the names of columns, so it may carry a value past the rows. False without a clause.
	Carries bool
	// Columns are the names in the clause, as often as they stand there: what is assigned to, and what is assigned. Only when
	// Carries is false.
	Columns []string
}

const (
	errClause     = problem("unexpected text after the rows")
	errAssignment = problem("a clause after the rows that is not understood; the statement may have lost its end")
)

// clause reads what follows the last row of an Insert:
//
//	[AS alias [(name, …)]] [ON DUPLICATE KEY UPDATE name = expression, …]
//
// An expression is read as far as needed to know that it is one: operands alternate with operators, outside of parentheses at
// least. Two operands side by side are what is left of two statements.
type clause struct {
	classifier
	alias string
}

func (c *clause) read() error {
	if c.tok.Kind == ddl.EOF {
		return nil
	}
	if c.accept("AS") {
		if err := c.rowAlias(); err != nil {
			return err
		}
		if c.tok.Kind == ddl.EOF {
			return nil
		}
	}
	if !c.accept("ON", "DUPLICATE", "KEY", "UPDATE") {
		return errClause
	}
	for {
		if err := c.assignment(); err != nil {
			return err
		}
		if c.tok.Kind == ddl.EOF {
			break
		}
		c.next() // the comma
	}
	if c.stmt.Update.Carries {
		c.stmt.Update.Columns = nil
	}
	return nil
}

// rowAlias reads the alias that MySQL 8 allows for the new rows. New names for their columns are a clause that carries text.
func (c *clause) rowAlias() error {
	alias, ok := c.part()
	if !ok {
		return errClause
	}
	c.alias = alias
	if !c.tok.IsPunct('(') {
		return nil
	}
	c.stmt.Update.Carries = true
	for c.next(); !c.tok.IsPunct(')'); c.next() {
		if !c.tok.IsName() && !c.tok.IsPunct(',') {
			return errClause
		}
	}
	c.next()
	return nil
}

// assignment reads name = expression, up to the comma after it or the end.
func (c *clause) assignment() error {
	if err := c.column(); err != nil {
		return err
	}
	if !c.tok.IsPunct('=') {
		return errAssignment
	}
	c.next()
	if c.plainValue() {
		return nil
	}
	c.stmt.Update.Carries = true
	return c.expression()
}

// column reads a column's name, with its table's or without.
func (c *clause) column() error {
	name, ok := c.part()
	for ok && c.tok.IsPunct('.') {
		c.next()
		name, ok = c.part()
	}
	if !ok {
		return errAssignment
	}
	c.add(name)
	return nil
}

func (c *clause) add(name string) { c.stmt.Update.Columns = append(c.stmt.Update.Columns, name) }

// plainValue reads VALUES(name), name, or alias.name, if nothing else is assigned.
func (c *clause) plainValue() bool {
	lex, tok := *c.lex, c.tok
	name, ok := "", false
	if c.accept("VALUES") || c.accept("VALUE") {
		if ok = c.tok.IsPunct('('); ok {
			c.next()
			if name, ok = c.part(); ok {
				ok = c.tok.IsPunct(')')
				c.next()
			}
		}
	} else if name, ok = c.part(); ok && c.tok.IsPunct('.') {
		ok = name == c.alias && c.alias != ""
		if c.next(); ok {
			name, ok = c.part()
		}
	}
	if ok && (c.tok.IsPunct(',') || c.tok.Kind == ddl.EOF) {
		c.add(name)
		return true
	}
	*c.lex, c.tok = lex, tok
	return false
}

// expression steps over an expression up to the comma after it or the end.
func (c *clause) expression() error {
	depth, operand := 0, false
	for {
		before := operand
		operand = c.tok.Kind != ddl.Punct || c.tok.IsPunct(')')
		switch {
		case c.tok.Kind == ddl.Bad:
			return errAssignment
		case c.tok.Kind == ddl.EOF, c.tok.IsPunct(',') && depth == 0:
			if depth != 0 || !before {
				return errAssignment
			}
			return nil
		case c.tok.IsPunct('('):
			depth++
		case c.tok.IsPunct(')'):
			depth--
		case before && operand && depth == 0, c.tok.IsOneOf("INSERT", "INTO", "SELECT"):
			return errAssignment
		}
		if depth < 0 {
			return errAssignment
		}
		c.next()
	}
}
