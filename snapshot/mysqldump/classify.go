package mysqldump

import (
	"bytes"
	"errors"
	"strings"

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
	// conditional: a token that was read stands in a conditional comment.
	conditional bool
}

func (c *classifier) next() {
	if c.tok = c.lex.Next(); c.tok.Lost() {
		c.tok.Kind = ddl.Bad
	}
	c.conditional = c.conditional || c.tok.Conditional
}

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
	name, ok := c.part()
	if !ok {
		return false
	}
	c.stmt.Name = name
	if !c.tok.IsPunct('.') {
		return true
	}
	c.next()
	if name, ok = c.part(); ok {
		c.stmt.Database, c.stmt.Name = c.stmt.Name, name
	}
	return ok
}

// part reads one name. A name that is too long for one is text that lost its quote.
func (c *classifier) part() (name string, ok bool) {
	if !c.tok.IsName() {
		return "", false
	}
	text, ok := c.stmt.Session.UTF8([]byte(c.tok.Name()))
	if name = string(text); !ok || !ddl.ValidName(name) {
		return "", false
	}
	c.next()
	return name, true
}

// Problems of statements that the reader refuses.
const (
	errUnknown   = problem("a statement that no dump has")
	errAccount   = problem("an account, role or privilege, which names somebody and may tell a password; dump without --system")
	errCarries   = problem("a statement that may carry or change rows")
	errName      = problem("expected a name")
	errAlter     = problem("ALTER TABLE that changes a definition")
	errHistogram = problem("a histogram carries values")
	errQuery     = problem("a query")
	errTail      = problem("text that does not belong in the statement; the one before may have lost its end")
)

// classify fills in r.stmt for the SQL of a statement without rows, and carries
// out what it changes for the reader.
func (r *Reader) classify(sql []byte) error {
	if ofPercona(sql) {
		r.stmt.Kind = Maintenance
		return nil
	}
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
		r.mode, r.stmt.Odd = r.session.Mode(), r.session.odd
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
	text, ok := r.session.UTF8(sql)
	if !ok {
		return r.fail(nil, "text that is not in character set "+r.session.CharacterSetClient)
	}
	table, err := ddl.ParseCreateTable(text, r.mode)
	if err != nil {
		return r.fail(err, "")
	}
	if table.Remote {
		return r.fail(nil, "a table on another server, whose definition may tell a password; leave it out (mysqldump --ignore-table)")
	}
	if systemTable(&r.stmt) {
		return r.fail(errSystem, "")
	}
	r.stmt.Table = table
	return nil
}

const errSystem = problem("a table of the server's own, whose schema mysql holds accounts and passwords; name the databases to dump (--databases), without --all-databases and --system")

// systemTable reports whether a statement is about a table of the schema mysql. In a dump that names no database it is known by a table
// that every version has there.
func systemTable(st *Statement) bool {
	return strings.EqualFold(st.Database, "mysql") || st.Database == "" && strings.EqualFold(st.Name, "tables_priv")
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
		return Use, c.namedOnly("")
	case c.tok.IsOneOf("GRANT", "REVOKE"):
		return Unknown, errAccount
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
		return Lock, c.namedOnly(",.")
	case c.accept("UNLOCK"):
		return Unlock, c.only("")
	}
	return c.rare()
}

// rare reads the head of statements that only some dumps have.
func (c *classifier) rare() (Kind, error) {
	switch {
	case c.accept("START", "TRANSACTION"), c.accept("BEGIN"), c.accept("COMMIT"):
		return Transaction, c.only(",")
	case c.accept("CHANGE", "MASTER"), c.accept("CHANGE", "REPLICATION"), c.accept("START"), c.accept("STOP"),
		c.accept("RESET"):
		return Replication, c.noRows()
	case c.accept("FLUSH"):
		return Maintenance, c.only(",.")
	case c.accept("ANALYZE"):
		return Maintenance, c.analyze()
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

// namedOnly reads a name and, after it, what only allows.
func (c *classifier) namedOnly(punct string) error {
	if err := c.named(); err != nil {
		return err
	}
	return c.only(punct)
}

// only accepts words, names and the given punctuation up to the statement's end; with a quote among them strings too, with
// a minus sign numbers. Without parentheses no rows hide behind a statement that lost its end.
func (c *classifier) only(punct string) error {
	for ; c.tok.Kind != ddl.EOF; c.next() {
		ok := false
		switch c.tok.Kind {
		case ddl.Word, ddl.QuotedName:
			ok = ddl.ValidName(c.tok.Name())
		case ddl.Punct:
			ok = strings.IndexByte(punct, c.tok.Text[0]) >= 0
		case ddl.String:
			ok = strings.Contains(punct, "'") && !c.tok.OverLines()
		case ddl.Number:
			ok = strings.Contains(punct, "-")
		default:
		}
		if !ok {
			return errTail
		}
	}
	return nil
}

// noRows accepts anything but the words that come before rows.
func (c *classifier) noRows() error {
	for ; c.tok.Kind != ddl.EOF; c.next() {
		if c.tok.Kind == ddl.Bad || c.tok.OverLines() || c.tok.IsOneOf("INSERT", "REPLACE", "INTO", "VALUES", "VALUE") {
			return errTail
		}
	}
	return nil
}

func (c *classifier) analyze() error {
	for ; c.tok.Kind != ddl.EOF; c.next() {
		switch {
		case c.tok.Is("USING"):
			return errHistogram
		case !c.tok.IsName() && c.tok.Kind != ddl.Number && !c.tok.IsPunct(',') && !c.tok.IsPunct('.'):
			return errTail
		}
	}
	return nil
}

func (c *classifier) drop() error {
	c.accept("TEMPORARY")
	if c.tok.IsOneOf("USER", "ROLE") {
		return errAccount
	}
	c.next() // TABLE, VIEW, …
	c.accept("IF", "EXISTS")
	return c.namedOnly(",.")
}

func (c *classifier) alter() (Kind, error) {
	switch {
	case c.accept("DATABASE"), c.accept("SCHEMA"):
		return AlterDatabase, c.namedOnly("=")
	case c.accept("TABLE"):
	case c.tok.Is("USER"):
		return Unknown, errAccount
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

// setval reads DO SETVAL(name, number, …), which sets a sequence.
func (c *classifier) setval() error {
	if !c.accept("SETVAL") || !c.tok.IsPunct('(') {
		return errQuery
	}
	c.next()
	if err := c.named(); err != nil {
		return err
	}
	for ; !c.tok.IsPunct(')'); c.next() {
		if c.tok.Kind != ddl.Number && c.tok.Kind != ddl.Word && !c.tok.IsPunct(',') && !c.tok.IsPunct('-') {
			return errTail
		}
	}
	if c.next(); c.tok.Kind != ddl.EOF {
		return errTail
	}
	return nil
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
		case !value && c.tok.IsOneOf("USER", "ROLE"):
			return Unknown, errAccount
		case c.tok.Kind == ddl.Word && !value && !isModifier(c.tok):
			return Unknown, errUnknown
		default:
			plain, value = false, c.tok.IsPunct('=')
			continue
		}
		c.accept("IF", "NOT", "EXISTS")
		within := c.tok.Conditional
		if err := c.named(); err != nil {
			return kind, err
		}
		if kind == CreateView && plain && conditional {
			c.stmt.StandIn = c.constants()
		}
		return kind, c.body(kind, within)
	}
}

// body checks what follows the name of an object, as far as it can be told from statements after it whose beginning or delimiter was
// lost. within: the name stands in a conditional comment, so that all that belongs to the object does.
func (c *classifier) body(kind Kind, within bool) error {
	switch kind {
	case CreateDatabase:
		return c.only("=-'")
	case CreateSequence:
		return c.only("=-")
	case CreateView, CreateTrigger, CreateRoutine, CreateEvent:
	default:
		return nil
	}
	c.lex.Comments = true
	for ; c.tok.Kind != ddl.EOF; c.next() {
		switch {
		case c.tok.Kind == ddl.Bad,
			kind == CreateView && (c.tok.Is("INTO") || c.tok.OverLines()),
			c.tok.Is("DELIMITER") && c.blankFollows(), // clients take it for their command wherever it stands
			within && !c.tok.Conditional && c.tok.Kind != ddl.Comment,
			swallowsDelimiter(c.tok):
			return errTail
		}
	}
	return nil
}

// swallowsDelimiter reports whether a string or comment in a body goes over a DELIMITER line, as dumps have behind every body.
func swallowsDelimiter(t ddl.Token) bool {
	if t.Kind != ddl.String && t.Kind != ddl.Comment {
		return false
	}
	for rest := t.Text; ; {
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			return false
		}
		const command = "DELIMITER "
		rest = rest[i+1:]
		if len(rest) >= len(command) && strings.EqualFold(string(rest[:len(command)]), command) {
			return true
		}
	}
}

// blankFollows reports whether the token is not followed by another one at once.
func (c *classifier) blankFollows() bool {
	lex := *c.lex
	return lex.Next().Start > c.tok.End
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
