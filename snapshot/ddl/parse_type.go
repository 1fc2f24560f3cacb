package ddl

import (
	"strconv"
	"strings"
)

// synonyms of types, by lower-cased name; the text after a space is fixed
// arguments.
var synonyms = map[string]string{
	"integer": "int", "int1": "tinyint", "int2": "smallint", "int3": "mediumint", "middleint": "mediumint",
	"int4": "int", "int8": "bigint", "numeric": "decimal", "dec": "decimal", "fixed": "decimal",
	"number": "decimal", "real": "double", "float4": "float", "float8": "double",
	"character": "char", "nchar": "char", "nvarchar": "varchar", "varcharacter": "varchar", "varchar2": "varchar",
	"clob": "longtext", "raw": "varbinary", "geomcollection": "geometrycollection",
}

// columnType reads a type with its arguments.
func (p *parser) columnType(c *Column) error {
	t := &c.Type
	t.Length, t.Decimals = -1, -1
	if p.accept("MARIADB_SCHEMA") || p.accept("ORACLE_SCHEMA") || p.accept("MAXDB_SCHEMA") {
		if err := p.expect('.'); err != nil {
			return err
		}
	}
	if !p.tok.IsName() {
		return p.errorf("expected a type")
	}
	name := strings.ToLower(p.tok.Name())
	p.next()
	p.wordyType(c, &name)
	if s, ok := synonyms[name]; ok {
		t.Name = s
	} else {
		t.Name = name
	}
	if !p.tok.IsPunct('(') {
		return nil
	}
	if t.Name == "enum" || t.Name == "set" {
		return p.members(t)
	}
	return p.lengths(t)
}

// wordyType resolves types of several words and those that imply attributes.
func (p *parser) wordyType(c *Column, name *string) {
	switch *name {
	case "national":
		c.Charset = "utf8mb3"
		*name = "char"
		if p.accept("VARCHAR") || p.accept("VARCHARACTER") || p.accept("CHAR", "VARYING") ||
			p.accept("CHARACTER", "VARYING") {
			*name = "varchar"
		} else if !p.accept("CHAR") {
			p.accept("CHARACTER")
		}
	case "nchar", "nvarchar":
		c.Charset = "utf8mb3"
		if p.accept("VARCHAR") || p.accept("VARYING") || p.accept("VARCHARACTER") {
			*name = "varchar"
		}
	case "char", "character":
		if p.accept("VARYING") {
			*name = "varchar"
		}
	case "double":
		p.accept("PRECISION")
	case "long":
		*name = "mediumtext"
		if p.accept("VARBINARY") {
			*name = "mediumblob"
		} else if !p.accept("VARCHAR") && !p.accept("CHARACTER", "VARYING") {
			p.accept("CHAR", "VARYING")
		}
	case "bool", "boolean":
		*name, c.Type.Length = "tinyint", 1
	case "serial":
		*name, c.Type.Unsigned, c.Nullable, c.AutoIncrement = "bigint", true, false, true
		p.columnIndex(c.Name, false)
	}
}

// lengths reads (n) or (n,m).
func (p *parser) lengths(t *Type) error {
	p.next()
	for i := 0; ; i++ {
		n, err := strconv.Atoi(string(p.tok.Text))
		switch {
		case p.tok.Kind == Number && err == nil && i == 0:
			t.Length = n
		case p.tok.Kind == Number && err == nil && i == 1:
			t.Decimals = n
		default:
			return p.errorf("expected a length")
		}
		p.next()
		if p.acceptPunct(')') {
			return nil
		}
		if err := p.expect(','); err != nil {
			return err
		}
	}
}

// members reads the values of an ENUM or a SET.
func (p *parser) members(t *Type) error {
	p.next()
	for {
		member := ""
		switch {
		case p.tok.Kind == Word && p.tok.Text[0] == '_': // an introducer
			p.next()
			continue
		case p.tok.Kind == Hex:
			member = string(hexBytes(p.tok.Text))
			p.next()
		default:
			if err := p.stringValue(&member); err != nil {
				return err
			}
		}
		t.Members = append(t.Members, member)
		if p.acceptPunct(')') {
			return nil
		}
		if err := p.expect(','); err != nil {
			return err
		}
	}
}

// hexBytes decodes the digits of a Hex token, as MariaDB writes members that
// are not text in the connection's charset.
func hexBytes(text []byte) []byte {
	digits := strings.Trim(string(text[1:]), "'xX")
	if len(digits)%2 != 0 {
		digits = "0" + digits
	}
	out := make([]byte, 0, len(digits)/2)
	for ; len(digits) >= 2; digits = digits[2:] {
		n, err := strconv.ParseUint(digits[:2], 16, 8)
		if err != nil {
			return nil
		}
		out = append(out, byte(n))
	}
	return out
}
