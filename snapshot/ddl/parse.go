package ddl

import (
	"errors"
	"fmt"
	"strings"
)

// ParseError says where a definition could not be read. It names keywords,
// tables and columns, never a literal.
type ParseError struct {
	// Offset is in bytes from the start of the text, Line counts from 1.
	Offset, Line int
	// Table and Column are what is being read; "" when not yet known.
	Table, Column string
	Msg           string
}

// Error implements error.
func (e *ParseError) Error() string {
	where := ""
	if e.Table != "" {
		where = fmt.Sprintf(" table %s", ShownName(e.Table))
	}
	if e.Column != "" {
		where += fmt.Sprintf(" column %s", ShownName(e.Column))
	}
	return fmt.Sprintf("parse definition%s: line %d, offset %d: %s", where, e.Line, e.Offset, e.Msg)
}

// ErrNotCreateTable is returned for text that is not a CREATE TABLE statement.
var ErrNotCreateTable = errors.New("not a CREATE TABLE statement")

// ParseCreateTable reads one CREATE TABLE statement. A terminator after it is
// allowed, anything else is not. The result shares no memory with text. The
// error is ErrNotCreateTable or a *ParseError.
func ParseCreateTable(text []byte, m Mode) (*Table, error) {
	p := &parser{lex: NewLexer(text, m), text: text, mode: m, table: &Table{}}
	p.next()
	if err := p.createTable(); err != nil {
		return nil, err
	}
	p.table.finish()
	return p.table, nil
}

type parser struct {
	lex    *Lexer
	text   []byte
	mode   Mode
	tok    Token
	prev   int // end of the token before tok
	table  *Table
	column string
}

func (p *parser) next() {
	p.prev = p.tok.End
	if p.tok = p.lex.Next(); p.tok.Lost() {
		p.tok.Kind = Bad
	}
}

// accept steps over the given keywords if they come next, all of them or none.
func (p *parser) accept(keywords ...string) bool {
	lex, tok, prev := *p.lex, p.tok, p.prev
	for _, k := range keywords {
		if !p.tok.Is(k) {
			*p.lex, p.tok, p.prev = lex, tok, prev
			return false
		}
		p.next()
	}
	return true
}

func (p *parser) acceptPunct(c byte) bool {
	if p.tok.IsPunct(c) {
		p.next()
		return true
	}
	return false
}

func (p *parser) errorf(format string, args ...any) error {
	return &ParseError{
		Offset: p.tok.Start,
		Line:   1 + strings.Count(string(p.text[:p.tok.Start]), "\n"),
		Table:  p.table.Name,
		Column: p.column,
		Msg:    fmt.Sprintf(format, args...),
	}
}

func (p *parser) expect(c byte) error {
	if !p.acceptPunct(c) {
		return p.errorf("expected %q", c)
	}
	return nil
}

func (p *parser) name() (string, error) {
	if !p.tok.IsName() {
		return "", p.errorf("expected a name")
	}
	name := p.tok.Name()
	if !ValidName(name) {
		return "", p.errorf("a name longer than names can be")
	}
	p.next()
	return name, nil
}

// qualified reads name or database.name.
func (p *parser) qualified() (database, name string, err error) {
	if name, err = p.name(); err != nil {
		return "", "", err
	}
	if p.acceptPunct('.') {
		database = name
		name, err = p.name()
	}
	return database, name, err
}

// group reads a balanced parenthesis and returns what stands inside, as
// written.
func (p *parser) group() (string, error) {
	if !p.tok.IsPunct('(') {
		return "", p.errorf("expected %q", '(')
	}
	start := p.tok.End
	for depth := 0; ; p.next() {
		switch {
		case p.tok.Kind == EOF || p.tok.Kind == Bad:
			return "", p.errorf("parenthesis is not closed")
		case p.tok.IsPunct('('):
			depth++
		case p.tok.IsPunct(')'):
			if depth--; depth == 0 {
				inside := string(p.text[start:p.tok.Start])
				p.next()
				return strings.TrimSpace(inside), nil
			}
		}
	}
}

func (p *parser) createTable() error {
	if !p.accept("CREATE") {
		return ErrNotCreateTable
	}
	p.accept("OR", "REPLACE")
	p.accept("TEMPORARY")
	if !p.accept("TABLE") {
		return ErrNotCreateTable
	}
	p.accept("IF", "NOT", "EXISTS")
	var err error
	if p.table.Database, p.table.Name, err = p.qualified(); err != nil {
		return err
	}
	if p.tok.Is("LIKE") {
		return p.errorf("CREATE TABLE … LIKE names no columns")
	}
	if err := p.expect('('); err != nil {
		return p.errorf("expected the list of columns")
	}
	for {
		if err := p.item(); err != nil {
			return err
		}
		p.column = ""
		if t := p.table; len(t.Columns) > MaxColumns || len(t.Indexes) > maxIndexes || len(t.ForeignKeys) > maxForeignKeys {
			return p.errorf("more columns or keys than a table can have")
		}
		if p.acceptPunct(',') {
			continue
		}
		if err := p.expect(')'); err != nil {
			return p.errorf("expected ',' or ')' in the list of columns")
		}
		break
	}
	if len(p.table.Columns) == 0 {
		return p.errorf("a table without columns")
	}
	return p.options()
}

// item reads one column, index or constraint.
func (p *parser) item() error {
	switch {
	case p.tok.Kind != Word:
		return p.columnDef()
	case p.accept("CONSTRAINT"):
		return p.constraint()
	case p.isIndexStart():
		return p.index("")
	case p.tok.Is("FOREIGN"):
		return p.foreignKey("")
	case p.tok.Is("CHECK"):
		return p.check("")
	case p.accept("PERIOD", "FOR"):
		if _, err := p.name(); err != nil {
			return err
		}
		_, err := p.group()
		return err
	case p.tok.Is("LIKE"):
		return p.errorf("CREATE TABLE … LIKE names no columns")
	}
	return p.columnDef()
}

func (p *parser) constraint() error {
	name := ""
	if !p.isIndexStart() && !p.tok.Is("FOREIGN") && !p.tok.Is("CHECK") {
		var err error
		if name, err = p.name(); err != nil {
			return err
		}
	}
	switch {
	case p.tok.Is("FOREIGN"):
		return p.foreignKey(name)
	case p.tok.Is("CHECK"):
		return p.check(name)
	case p.isIndexStart():
		return p.index(name)
	}
	return p.errorf("expected PRIMARY, UNIQUE, FOREIGN or CHECK")
}

func (p *parser) check(name string) error {
	p.next()
	expression, err := p.group()
	if err != nil {
		return err
	}
	p.acceptEnforced()
	p.table.Checks = append(p.table.Checks, Check{Name: name, Expression: expression})
	return nil
}

func (p *parser) acceptEnforced() {
	if !p.accept("NOT", "ENFORCED") {
		p.accept("ENFORCED")
	}
}
