package ddl

import "strings"

// columnDef reads one column.
func (p *parser) columnDef() error {
	name, err := p.name()
	if err != nil {
		return err
	}
	p.column = name
	c := &Column{Name: name, Nullable: true}
	if err := p.columnType(c); err != nil {
		return err
	}
	for !p.tok.IsPunct(',') && !p.tok.IsPunct(')') {
		if err := p.attribute(c); err != nil {
			return err
		}
	}
	p.table.Columns = append(p.table.Columns, *c)
	return nil
}

// attribute reads one attribute of a column; the order is free.
func (p *parser) attribute(c *Column) error {
	switch {
	case p.accept("NOT", "NULL"):
		c.Nullable = false
	case p.accept("NULL"), p.accept("NOT", "SECONDARY"):
	case p.accept("DEFAULT"):
		return p.expression(&c.Default)
	case p.accept("ON", "UPDATE"):
		return p.expression(&c.OnUpdate)
	case p.accept("AUTO_INCREMENT"):
		c.AutoIncrement = true
	case p.accept("UNIQUE"):
		if !p.accept("KEY") {
			p.accept("INDEX")
		}
		p.columnIndex(c.Name, false)
	case p.accept("PRIMARY"):
		p.accept("KEY")
		p.columnIndex(c.Name, true)
	case p.accept("KEY"): // a synonym of PRIMARY KEY
		p.columnIndex(c.Name, true)
	case p.accept("COMMENT"):
		return p.stringValue(&c.Comment)
	case p.accept("INVISIBLE"):
		c.Invisible = true
	case p.accept("VISIBLE"):
	case p.accept("GENERATED", "ALWAYS"), p.tok.Is("AS"):
		return p.generated(c)
	case p.accept("CONSTRAINT"):
		if p.tok.Is("CHECK") {
			return nil
		}
		_, err := p.name()
		return err
	case p.accept("CHECK"):
		var err error
		c.Check, err = p.group()
		p.acceptEnforced()
		return err
	case p.tok.Is("REFERENCES"):
		fk := ForeignKey{Columns: []string{c.Name}}
		err := p.references(&fk) // parsed and ignored by MySQL, obeyed by MariaDB
		p.table.ForeignKeys = append(p.table.ForeignKeys, fk)
		return err
	default:
		return p.textAttribute(c)
	}
	return nil
}

// textAttribute reads the attributes of text and the rare ones of storage.
func (p *parser) textAttribute(c *Column) error {
	switch {
	case p.accept("CHARACTER", "SET"), p.accept("CHARSET"):
		return p.charsetName(&c.Charset)
	case p.accept("COLLATE"):
		return p.charsetName(&c.Collation)
	case p.accept("ASCII"):
		c.Charset = "latin1"
	case p.accept("UNICODE"):
		c.Charset = "ucs2"
	case p.accept("BINARY"): // the charset's _bin collation; resolved in finish
		c.Collation = "_bin"
	case p.accept("BYTE"):
		c.Charset = "binary"
	case p.accept("UNSIGNED"):
		c.Type.Unsigned = true
	case p.accept("SIGNED"):
	case p.accept("ZEROFILL"):
		c.Type.Zerofill, c.Type.Unsigned = true, true
	case p.accept("SERIAL", "DEFAULT", "VALUE"):
		c.AutoIncrement, c.Nullable = true, false
		p.columnIndex(c.Name, false)
	case p.accept("WITH", "SYSTEM", "VERSIONING"), p.accept("WITHOUT", "SYSTEM", "VERSIONING"):
	case p.accept("COMPRESSED"):
		if p.tok.IsPunct('=') {
			return p.optionalValue()
		}
	case p.accept("SRID"), p.accept("REF_SYSTEM_ID"), p.accept("COLUMN_FORMAT"),
		p.accept("STORAGE"), p.accept("ENGINE_ATTRIBUTE"), p.accept("SECONDARY_ENGINE_ATTRIBUTE"):
		return p.optionalValue()
	case p.tok.IsName(): // an engine-defined attribute of MariaDB: name=value
		p.next()
		if !p.tok.IsPunct('=') {
			p.tok.Start = p.prev
			return p.errorf("unknown attribute")
		}
		return p.optionalValue()
	default:
		return p.errorf("unexpected text in the definition of the column")
	}
	return nil
}

// optionalValue steps over [=] value, when there is one.
func (p *parser) optionalValue() error {
	equals := p.acceptPunct('=')
	switch {
	case p.tok.Kind == Number, p.tok.Kind == String, p.tok.Kind == Hex:
		p.next()
	case equals && p.tok.IsName():
		p.next()
	case p.tok.Is("DISK"), p.tok.Is("MEMORY"), p.tok.Is("FIXED"), p.tok.Is("DYNAMIC"), p.tok.Is("DEFAULT"):
		p.next()
	case p.tok.IsPunct('('):
		_, err := p.group()
		return err
	case equals:
		return p.errorf("expected a value")
	}
	return nil
}

// generated reads AS (expression) [VIRTUAL|STORED|PERSISTENT] and AS ROW START.
func (p *parser) generated(c *Column) error {
	if !p.accept("AS") {
		return p.errorf("expected AS after GENERATED ALWAYS")
	}
	switch {
	case p.accept("ROW", "START"):
		c.Generated = RowStart
		return nil
	case p.accept("ROW", "END"):
		c.Generated = RowEnd
		return nil
	}
	var err error
	if c.Expression, err = p.group(); err != nil {
		return err
	}
	c.Generated = Virtual
	if p.accept("STORED") || p.accept("PERSISTENT") {
		c.Generated = Stored
	} else {
		p.accept("VIRTUAL")
	}
	return nil
}

// expression reads a DEFAULT or ON UPDATE expression: a group, or a literal with
// sign and introducer, or a name with arguments.
func (p *parser) expression(dst *string) error {
	start := p.tok.Start
	if p.tok.OverLines() {
		return p.errorf("a string over several lines, which may have lost its quote")
	}
	for p.tok.IsPunct('-') || p.tok.IsPunct('+') {
		p.next()
	}
	switch {
	case p.tok.IsPunct('('):
		if _, err := p.group(); err != nil {
			return err
		}
	case p.tok.Kind == Word && p.tok.Text[0] == '_' && p.introducer():
	case p.accept("DATE"), p.accept("TIME"), p.accept("TIMESTAMP"): // DATE '2000-01-01'
		if p.tok.Kind != String {
			return p.errorf("expected an expression")
		}
		p.next()
	case p.tok.IsName():
		return p.call(start, dst)
	case p.tok.Kind == String, p.tok.Kind == Number, p.tok.Kind == Hex, p.tok.Kind == Bits:
		p.next()
	default:
		return p.errorf("expected an expression")
	}
	*dst = string(p.text[start:p.prev])
	return nil
}

// call reads the rest of an expression that is a word, or a function with its
// arguments: NULL, current_timestamp(6), nextval(`db`.`seq`).
func (p *parser) call(start int, dst *string) error {
	if _, _, err := p.qualified(); err != nil {
		return err
	}
	if p.tok.IsPunct('(') {
		if _, err := p.group(); err != nil {
			return err
		}
	}
	*dst = string(p.text[start:p.prev])
	return nil
}

// introducer steps over a charset introducer and its literal.
func (p *parser) introducer() bool {
	lex, tok, prev := *p.lex, p.tok, p.prev
	p.next()
	if p.tok.Kind == String || p.tok.Kind == Hex || p.tok.Kind == Bits {
		p.next()
		return true
	}
	*p.lex, p.tok, p.prev = lex, tok, prev
	return false
}

func (p *parser) stringValue(dst *string) error {
	if p.tok.Kind != String {
		return p.errorf("expected a string")
	}
	if p.tok.OverLines() {
		return p.errorf("a string over several lines, which may have lost its quote")
	}
	*dst = p.tok.Unquote(p.mode)
	p.next()
	return nil
}

// charsetName reads a charset or collation, quoted or not.
func (p *parser) charsetName(dst *string) error {
	switch {
	case p.tok.Kind == String:
		*dst = strings.ToLower(p.tok.Unquote(p.mode))
	case p.tok.IsName():
		*dst = strings.ToLower(p.tok.Name())
	default:
		return p.errorf("expected the name of a charset or a collation")
	}
	p.next()
	return nil
}

func (p *parser) columnIndex(column string, primary bool) {
	ix := Index{Unique: true, Primary: primary, Parts: []IndexPart{{Column: column}}}
	if primary {
		ix.Name = "PRIMARY"
	}
	p.table.Indexes = append(p.table.Indexes, ix)
}
