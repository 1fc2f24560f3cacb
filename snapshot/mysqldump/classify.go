package mysqldump

import (
	"errors"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// startsStatement reports whether a statement of a dump may start with the
// word, which is in upper case and "" for the empty statement.
func startsStatement(word string) bool {
	switch word {
	case "", "SET", "USE", "CREATE", "ALTER", "DROP", "DO", "SELECT", "LOCK", "UNLOCK", "START", "BEGIN",
		"COMMIT", "STOP", "RESET", "CHANGE", "FLUSH", "ANALYZE":
		return true
	}
	return false
}

// classifier reads the head of one statement.
type classifier struct {
	lex  *ddl.Lexer
	tok  ddl.Token
	stmt *Statement
}

func (c *classifier) next() { c.tok = c.lex.Next() }

func (c *classifier) accept(words ...string) bool {
	lex, tok := *c.lex, c.tok
	for _, w := range words {
		if !c.tok.Is(w) {
			*c.lex, c.tok = lex, tok
			return false
		}
		c.next()
	}
	return true
}

// name reads the object's name, qualified or not.
func (c *classifier) name() bool {
	if !c.tok.IsName() {
		return false
	}
	c.stmt.Name = c.tok.Name()
	c.next()
	if c.tok.IsPunct('.') {
		c.next()
		if !c.tok.IsName() {
			return false
		}
		c.stmt.Database, c.stmt.Name = c.stmt.Name, c.tok.Name()
		c.next()
	}
	return true
}

// Problems of statements that the reader refuses.
const (
	errUnknown   = problem("a statement that no dump has")
	errCarries   = problem("a statement that may carry or change rows")
	errName      = problem("expected a name")
	errAlter     = problem("ALTER TABLE that changes a definition")
	errHistogram = problem("a histogram carries values")
	errQuery     = problem("a query")
)

// classify fills in r.stmt for the SQL of a statement without rows, and carries
// out what it changes for the reader.
func (r *Reader) classify(sql []byte) error {
	c := &classifier{lex: ddl.NewLexer(sql, r.mode), stmt: &r.stmt}
	c.next()
	kind, err := c.statement()
	r.stmt.Kind = kind
	if err != nil {
		return r.refuse(err)
	}
	switch kind {
	case Set:
		if msg := r.session.set(sql); msg != "" {
			return r.fail(nil, msg)
		}
		r.mode = r.session.Mode()
	case Use:
		r.database = r.stmt.Name
		r.stmt.Database = r.stmt.Name
	case CreateTable:
		return r.definition(sql)
	case Lock:
		r.completion.locked = true
	case Unlock:
		r.completion.locked = false
	default:
	}
	return nil
}

func (r *Reader) refuse(err error) error {
	if p, ok := errors.AsType[problem](err); ok {
		return r.fail(nil, string(p))
	}
	return r.fail(err, "")
}

// definition parses a CREATE TABLE.
func (r *Reader) definition(sql []byte) error {
	table, err := ddl.ParseCreateTable(sql, r.mode)
	if err != nil {
		return r.fail(err, "")
	}
	r.stmt.Table = table
	return nil
}

// statement reads the head of a statement.
func (c *classifier) statement() (Kind, error) {
	switch {
	case c.tok.Kind == ddl.EOF:
		return Comment, nil
	case c.tok.Kind == ddl.Bad:
		return Unknown, problem("a string or comment is not closed")
	case c.accept("SET"):
		return Set, nil
	case c.accept("USE"):
		return Use, c.named()
	case c.tok.Is("CREATE"):
		conditional := c.tok.Conditional
		c.next()
		return c.create(conditional)
	case c.accept("DROP"):
		return Drop, c.drop()
	case c.accept("ALTER"):
		return c.alter()
	case c.accept("DO"), c.accept("SELECT"):
		return SetVal, c.setval()
	case c.accept("LOCK"):
		if !c.accept("TABLES") && !c.accept("TABLE") {
			return Lock, errUnknown
		}
		return Lock, c.named()
	case c.accept("UNLOCK"):
		return Unlock, nil
	}
	return c.rare()
}

// rare reads the head of statements that only some dumps have.
func (c *classifier) rare() (Kind, error) {
	switch {
	case c.accept("START", "TRANSACTION"), c.accept("BEGIN"), c.accept("COMMIT"):
		return Transaction, nil
	case c.accept("CHANGE", "MASTER"), c.accept("CHANGE", "REPLICATION"), c.accept("START"), c.accept("STOP"),
		c.accept("RESET"):
		return Replication, nil
	case c.accept("FLUSH"):
		return Maintenance, nil
	case c.accept("ANALYZE"):
		for ; c.tok.Kind != ddl.EOF; c.next() {
			if c.tok.Is("USING") {
				return Maintenance, errHistogram
			}
		}
		return Maintenance, nil
	}
	if c.tok.IsOneOf("LOAD", "UPDATE", "DELETE", "CALL", "PREPARE", "EXECUTE", "WITH", "VALUES", "TABLE",
		"HANDLER", "IMPORT", "XA", "INSERT", "REPLACE", "MERGE", "COPY") {
		return Unknown, errCarries
	}
	return Unknown, errUnknown
}

func (c *classifier) named() error {
	if !c.name() {
		return errName
	}
	return nil
}

func (c *classifier) drop() error {
	c.accept("TEMPORARY")
	c.next() // TABLE, VIEW, …
	c.accept("IF", "EXISTS")
	return c.named()
}

func (c *classifier) alter() (Kind, error) {
	switch {
	case c.accept("DATABASE"), c.accept("SCHEMA"):
		return AlterDatabase, c.named()
	case c.accept("TABLE"):
	default:
		return Unknown, errUnknown
	}
	if err := c.named(); err != nil {
		return AlterKeys, err
	}
	if !c.accept("DISABLE", "KEYS") && !c.accept("ENABLE", "KEYS") || c.tok.Kind != ddl.EOF {
		return AlterKeys, errAlter
	}
	return AlterKeys, nil
}

// setval reads DO SETVAL(name, …), which sets a sequence.
func (c *classifier) setval() error {
	if !c.accept("SETVAL") || !c.tok.IsPunct('(') {
		return errQuery
	}
	c.next()
	return c.named()
}

// create finds which kind of object a CREATE makes. Words between CREATE and
// the object (OR REPLACE, ALGORITHM=…, DEFINER=…, SQL SECURITY …) are stepped
// over; conditional: CREATE itself stands in a conditional comment.
func (c *classifier) create(conditional bool) (Kind, error) {
	plain, value := true, false
	for ; ; c.next() {
		var kind Kind
		switch {
		case c.tok.Kind == ddl.EOF || c.tok.Kind == ddl.Bad:
			return Unknown, errUnknown
		case c.accept("DATABASE"), c.accept("SCHEMA"):
			kind = CreateDatabase
		case c.accept("TABLE"):
			kind = CreateTable
			c.stmt.StandIn = conditional
		case c.accept("VIEW"):
			kind = CreateView
		case c.accept("TRIGGER"):
			kind = CreateTrigger
		case c.accept("PROCEDURE"), c.accept("FUNCTION"), c.accept("PACKAGE"):
			c.accept("BODY")
			kind = CreateRoutine
		case c.accept("EVENT"):
			kind = CreateEvent
		case c.accept("SEQUENCE"):
			kind = CreateSequence
		case c.tok.Kind == ddl.Word && !value && !isModifier(c.tok):
			return Unknown, errUnknown
		default:
			plain, value = false, c.tok.IsPunct('=')
			continue
		}
		c.accept("IF", "NOT", "EXISTS")
		err := c.named()
		if kind == CreateView && plain && conditional {
			c.stmt.StandIn = c.constants()
		}
		return kind, err
	}
}

// isModifier reports whether a word may stand between CREATE and the object.
func isModifier(t ddl.Token) bool {
	return t.IsOneOf("OR", "REPLACE", "TEMPORARY", "ALGORITHM", "DEFINER", "SQL", "SECURITY", "INVOKER", "AGGREGATE")
}

// constants reports whether a view selects nothing but constants: the stand-in
// for a view.
func (c *classifier) constants() bool {
	if !c.accept("AS", "SELECT") {
		return false
	}
	for {
		if c.tok.Kind != ddl.Number && !c.tok.Is("NULL") {
			return false
		}
		c.next()
		if !c.accept("AS") || !c.tok.IsName() {
			return false
		}
		c.next()
		if c.tok.Kind == ddl.EOF {
			return true
		}
		if !c.tok.IsPunct(',') {
			return false
		}
		c.next()
	}
}
