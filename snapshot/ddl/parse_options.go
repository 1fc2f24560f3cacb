package ddl

import "strings"

// options reads what follows the list of columns: table options, partitions.
func (p *parser) options() error {
	for {
		switch {
		case p.tok.Kind == EOF:
			return nil
		case p.tok.Kind == Bad:
			return p.errorf("a string or comment is not closed")
		case p.acceptPunct(';'):
			if p.tok.Kind != EOF {
				return p.errorf("text after the end of the statement")
			}
		case p.accept("PARTITION", "BY"):
			p.table.Partitioned = true
			if err := p.partitions(); err != nil {
				return err
			}
		case p.tok.Is("SELECT"), p.tok.Is("AS"), p.tok.Is("LIKE"), p.tok.Is("VALUES"),
			p.tok.Is("IGNORE"), p.tok.Is("REPLACE"):
			return p.errorf("CREATE TABLE with a query carries rows")
		default:
			if err := p.option(); err != nil {
				return err
			}
		}
	}
}

func (p *parser) option() error {
	t := p.table
	p.acceptPunct(',')
	switch {
	case p.accept("DEFAULT"): // before CHARSET, COLLATE
	case p.accept("WITH", "SYSTEM", "VERSIONING"):
		t.SystemVersioned = true
	case p.accept("ENGINE"), p.accept("TYPE"):
		p.acceptPunct('=')
		return p.engine()
	case p.accept("CHARSET"), p.accept("CHARACTER", "SET"):
		p.acceptPunct('=')
		return p.charsetName(&t.Charset)
	case p.accept("COLLATE"):
		p.acceptPunct('=')
		return p.charsetName(&t.Collation)
	case p.accept("COMMENT"):
		p.acceptPunct('=')
		return p.stringValue(&t.Comment)
	case p.tok.IsName(): // any other option: name [=] value
		return p.otherOption()
	default:
		return p.errorf("unexpected text in the table's options")
	}
	return nil
}

// rowWords start what carries rows. They stand in no option: where one does, the statement before lost its end.
var rowWords = []string{"INSERT", "REPLACE", "INTO", "VALUES", "VALUE", "SELECT", "SET", "LOCK", "UNLOCK"}

// otherOption steps over an option that this package does not use. Its equals sign may be missing only where SHOW CREATE
// TABLE writes none.
func (p *parser) otherOption() error {
	if name := p.tok.Name(); strings.EqualFold(name, "CONNECTION") || strings.EqualFold(name, "OPTION_LIST") { // CONNECT: 'user=…,password=…'
		p.table.Remote = true
	}
	bare := p.accept("TABLESPACE") || p.accept("STORAGE")
	if !bare {
		if p.tok.Is("DATA") || p.tok.Is("INDEX") { // DATA DIRECTORY='…'
			p.next()
		}
		p.next()
	}
	if !p.acceptPunct('=') && !bare {
		return p.errorf("expected the value of a table option")
	}
	switch {
	case p.tok.IsPunct('('):
		_, err := p.group()
		return err
	case p.tok.Kind == String:
		var value string
		return p.stringValue(&value)
	case p.tok.Kind == Number, p.tok.Kind == Word, p.tok.Kind == QuotedName, p.tok.Kind == Hex:
		p.next()
		return nil
	}
	return p.errorf("expected the value of a table option")
}

func (p *parser) engine() error {
	if p.tok.Kind == String {
		return p.stringValue(&p.table.Engine)
	}
	var err error
	p.table.Engine, err = p.name()
	return err
}

// partitions steps over the description of partitions up to the end of the
// statement, which it must be.
func (p *parser) partitions() error {
	engine := false // its name comes next
	for depth := 0; ; p.next() {
		switch {
		case p.tok.Kind == Bad:
			return p.errorf("a string or comment is not closed")
		case p.tok.Kind == EOF, p.tok.IsPunct(';'):
			if depth != 0 {
				return p.errorf("parenthesis is not closed")
			}
			return nil
		case p.tok.IsPunct('('):
			depth++
		case p.tok.IsPunct(')'):
			if depth--; depth < 0 {
				return p.errorf("parenthesis closed twice")
			}
		case engine && remoteEngine(p.tok.Name()), p.tok.Is("CONNECTION"): // of one partition; its COMMENT may tell a password
			p.table.Remote = true
		case depth == 0 && p.tok.IsOneOf(rowWords...):
			return p.errorf("CREATE TABLE with something after its partitions that carries rows")
		}
		engine = p.tok.Is("ENGINE") || engine && p.tok.IsPunct('=')
	}
}

// finish fills in what follows from other parts of the definition.
func (t *Table) finish() {
	if t.Charset == "" {
		t.Charset = CollationCharset(t.Collation)
	}
	t.Remote = t.Remote || remoteEngine(t.Engine)
	for i := range t.Columns {
		t.finishCharset(&t.Columns[i])
	}
	for _, ix := range t.Indexes {
		for _, part := range ix.Parts {
			i := t.ColumnIndex(part.Column)
			if part.Column == "" || i < 0 {
				continue
			}
			c := &t.Columns[i]
			if ix.Primary {
				c.PrimaryKey, c.Nullable = true, false
			}
			if ix.Unique && len(ix.Parts) == 1 && part.Prefix == 0 {
				c.Unique = true
			}
		}
	}
}

// remoteEngine reports whether an engine's tables are on another server.
func remoteEngine(name string) bool {
	switch strings.ToUpper(name) {
	case "FEDERATED", "FEDERATEDX", "SPIDER":
		return true
	}
	return false
}

func (t *Table) finishCharset(c *Column) {
	if !c.Type.hasCharset() {
		c.Charset, c.Collation = "", ""
		return
	}
	if c.Charset == "binary" { // CHAR BYTE and TEXT CHARACTER SET binary are binary types
		if name, ok := binaryTypes[c.Type.Name]; ok {
			c.Type.Name, c.Charset, c.Collation = name, "", ""
			return
		}
	}
	if c.Charset == "" && c.Collation != "_bin" {
		c.Charset = CollationCharset(c.Collation)
	}
	if c.Charset == "" {
		c.Charset = t.Charset
		if c.Collation == "" {
			c.Collation = t.Collation
		}
	}
	if c.Collation == "_bin" {
		c.Collation = c.Charset + "_bin"
	}
}

// binaryTypes are the types that text types become with the charset binary.
var binaryTypes = map[string]string{
	"char": "binary", "varchar": "varbinary", "tinytext": "tinyblob", "text": "blob",
	"mediumtext": "mediumblob", "longtext": "longblob",
}

// CollationCharset returns the charset that a collation belongs to: its name up
// to the first underscore; "" for "" and for MariaDB's collations that fit
// several charsets (uca1400_…).
func CollationCharset(collation string) string {
	charset, _, _ := strings.Cut(collation, "_")
	if strings.HasPrefix(charset, "uca") {
		return ""
	}
	return charset
}
