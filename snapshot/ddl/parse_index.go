package ddl

import (
	"cmp"
	"strconv"
	"strings"
)

// isIndexStart reports whether an index definition comes next. A column may be
// called "key" only when quoted, so the keyword decides.
func (p *parser) isIndexStart() bool {
	if p.tok.IsOneOf("PRIMARY", "UNIQUE", "KEY", "INDEX", "FULLTEXT", "SPATIAL") {
		return true
	}
	if !p.tok.Is("VECTOR") { // not reserved: a column may have this name
		return false
	}
	lex := *p.lex
	after := lex.Next()
	return after.Is("KEY") || after.Is("INDEX") || after.Kind == QuotedName || after.IsPunct('(')
}

// index reads an index whose constraint has the given name.
func (p *parser) index(constraint string) error {
	ix := Index{Name: constraint}
	switch {
	case p.accept("PRIMARY"):
		ix.Primary, ix.Unique = true, true
	case p.accept("UNIQUE"):
		ix.Unique = true
	case p.accept("FULLTEXT"):
		ix.Kind = "fulltext"
	case p.accept("SPATIAL"):
		ix.Kind = "spatial"
	case p.accept("VECTOR"):
		ix.Kind = "vector"
	}
	if !p.accept("KEY") {
		p.accept("INDEX")
	}
	p.accept("IF", "NOT", "EXISTS")
	if p.tok.IsName() && !p.tok.Is("USING") {
		var err error
		if ix.Name, err = p.name(); err != nil {
			return err
		}
	}
	if ix.Primary {
		ix.Name = "PRIMARY"
	}
	if p.accept("USING") || p.accept("TYPE") {
		p.next()
	}
	if err := p.indexParts(&ix); err != nil {
		return err
	}
	p.table.Indexes = append(p.table.Indexes, ix)
	return p.skipIndexOptions()
}

func (p *parser) indexParts(ix *Index) error {
	if err := p.expect('('); err != nil {
		return err
	}
	for {
		part, err := p.indexPart()
		if err != nil {
			return err
		}
		if len(ix.Parts) == maxParts {
			return p.errorf("more columns in a key than it can have")
		}
		ix.Parts = append(ix.Parts, part)
		if p.acceptPunct(')') {
			return nil
		}
		if err := p.expect(','); err != nil {
			return err
		}
	}
}

func (p *parser) indexPart() (IndexPart, error) {
	var part IndexPart
	var err error
	if p.tok.IsPunct('(') {
		if part.Expression, err = p.group(); err != nil {
			return part, err
		}
	} else if part.Column, err = p.name(); err != nil {
		return part, err
	}
	if part.Column != "" && p.tok.IsPunct('(') {
		length, err := p.group()
		if err != nil {
			return part, err
		}
		if part.Prefix, err = strconv.Atoi(length); err != nil {
			return part, p.errorf("expected the length of an index prefix")
		}
	}
	switch {
	case p.accept("DESC"):
		part.Descending = true
	case p.accept("ASC"), p.accept("WITHOUT", "OVERLAPS"):
	}
	return part, nil
}

// skipIndexOptions steps over USING, COMMENT, KEY_BLOCK_SIZE, WITH PARSER, …
func (p *parser) skipIndexOptions() error {
	for !p.tok.IsPunct(',') && !p.tok.IsPunct(')') {
		switch p.tok.Kind {
		case Word, QuotedName, String, Number:
		case EOF, Bad:
			return p.errorf("the list of columns is not closed")
		default:
			if !p.tok.IsPunct('=') {
				return p.errorf("unexpected text in the options of an index")
			}
		}
		if p.tok.IsOneOf(rowWords...) {
			return p.errorf("unexpected text in the options of an index")
		}
		p.next()
	}
	return nil
}

func (p *parser) foreignKey(constraint string) error {
	fk := ForeignKey{Name: constraint}
	if !p.accept("FOREIGN", "KEY") {
		return p.errorf("expected FOREIGN KEY")
	}
	p.accept("IF", "NOT", "EXISTS")
	var err error
	if p.tok.IsName() {
		name, err := p.name()
		if err != nil {
			return err
		}
		fk.Name = cmp.Or(fk.Name, name)
	}
	if fk.Columns, err = p.names(); err != nil {
		return err
	}
	err = p.references(&fk)
	p.table.ForeignKeys = append(p.table.ForeignKeys, fk)
	return err
}

func (p *parser) names() ([]string, error) {
	var ix Index
	if err := p.indexParts(&ix); err != nil {
		return nil, err
	}
	names := make([]string, len(ix.Parts))
	for i, part := range ix.Parts {
		names[i] = part.Column
	}
	return names, nil
}

// references reads REFERENCES table (columns) and what follows it.
func (p *parser) references(fk *ForeignKey) error {
	if !p.accept("REFERENCES") {
		return p.errorf("expected REFERENCES")
	}
	var err error
	if fk.RefDatabase, fk.RefTable, err = p.qualified(); err != nil {
		return err
	}
	if p.tok.IsPunct('(') {
		if fk.RefColumns, err = p.names(); err != nil {
			return err
		}
	}
	for {
		switch {
		case p.accept("MATCH"):
			p.next()
		case p.accept("ON", "DELETE"):
			fk.OnDelete, err = p.action()
		case p.accept("ON", "UPDATE"):
			fk.OnUpdate, err = p.action()
		default:
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// action reads what a foreign key does.
func (p *parser) action() (string, error) {
	for _, words := range []string{"CASCADE", "RESTRICT", "SET NULL", "SET DEFAULT", "NO ACTION"} {
		if p.accept(strings.Fields(words)...) {
			return words, nil
		}
	}
	return "", p.errorf("expected the action of a foreign key")
}
