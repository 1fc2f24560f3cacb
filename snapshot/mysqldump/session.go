package mysqldump

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/turbo-hipster/turbo-hipster/snapshot/charset"
	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// Session is the part of a client session's variables that changes what a
// statement means. Values are as the dump sets them.
type Session struct {
	SQLMode             string
	CharacterSetClient  string
	CharacterSetResults string
	// CollationConnection is "" for the default collation of the charset.
	CollationConnection string
	// TimeZone is "SYSTEM" until the dump sets it.
	TimeZone string
}

// InitialSession is what the reader assumes before the dump sets anything: no
// sql_mode, utf8mb4, and the time zone of a server that is not known.
func InitialSession() Session {
	return Session{CharacterSetClient: "utf8mb4", CharacterSetResults: "utf8mb4", TimeZone: "SYSTEM"}
}

// Mode is what the session's sql_mode means for the grammar.
func (s Session) Mode() ddl.Mode { return ddl.ParseMode(s.SQLMode) }

// UTF8 returns SQL text of the session, names or a whole statement, as UTF-8; the text itself where it is that already. ok is false when
// it has bytes that are no characters of the client's character set.
func (s Session) UTF8(sql []byte) (text []byte, ok bool) {
	set := charset.Of(s.CharacterSetClient)
	if set == nil || !slices.ContainsFunc(sql, func(b byte) bool { return b >= utf8.RuneSelf }) {
		return sql, true
	}
	return set.AppendUTF8(nil, sql)
}

// session follows SET statements.
type session struct {
	Session
	saved   map[string]value // user variables, by lower-cased name
	unsaved map[string]bool  // @OLD_… variables not yet set back, by lower-cased name
	initial Session
	odd     string // as Statement.Odd, of the last SET
}

// maxVariables bounds the user variables that are remembered. Dump programs set about ten.
const maxVariables = 1000

// value of a variable; not known when it is an expression.
type value struct {
	text  string
	known bool
}

func newSession() session {
	return session{
		Session: InitialSession(), initial: InitialSession(),
		saved: map[string]value{}, unsaved: map[string]bool{},
	}
}

// field returns where a session variable is kept, nil for one that does not
// matter here.
func field(s *Session, name string) *string {
	switch name {
	case "sql_mode":
		return &s.SQLMode
	case "character_set_client":
		return &s.CharacterSetClient
	case "character_set_results":
		return &s.CharacterSetResults
	case "collation_connection":
		return &s.CollationConnection
	case "time_zone":
		return &s.TimeZone
	}
	return nil
}

// set runs a SET statement. It returns what is wrong with it, or "".
func (s *session) set(sql []byte) string {
	s.odd = ""
	a := assigner{session: s, lex: ddl.NewLexer(sql, s.Mode()), mode: s.Mode()}
	a.next() // SET
	a.next()
	for {
		if problem := a.assignment(); problem != "" {
			return problem
		}
		if !a.tok.IsPunct(',') {
			break
		}
		a.next()
	}
	if a.tok.Kind != ddl.EOF {
		return "SET with something after its assignments"
	}
	return ""
}

// assigner reads the assignments of one SET.
type assigner struct {
	*session
	lex  *ddl.Lexer
	tok  ddl.Token
	mode ddl.Mode
	// overLines: a string of the current value goes over several lines. hasText: it has a string. plain: it is a word, a decimal number
	// or a variable.
	overLines, hasText, plain bool
	// global: the last scope named was GLOBAL, which holds for the assignments behind it, too.
	global bool
}

func (a *assigner) next() {
	if a.tok = a.lex.Next(); a.tok.Lost() {
		a.tok.Kind = ddl.Bad
	}
}

// assignment reads one assignment and carries it out.
func (a *assigner) assignment() string {
	if a.tok.IsOneOf("SESSION", "LOCAL", "GLOBAL", "PERSIST", "PERSIST_ONLY") {
		a.global = !a.tok.IsOneOf("SESSION", "LOCAL")
		a.next()
	}
	switch {
	case a.tok.Is("NAMES"), a.tok.Is("CHARSET"):
		a.next()
		return a.names()
	case a.tok.Is("CHARACTER"):
		a.next()
		if !a.tok.Is("SET") {
			return "SET CHARACTER without SET"
		}
		a.next()
		return a.names()
	case a.tok.Is("TRANSACTION"): // ISOLATION LEVEL REPEATABLE READ, READ ONLY
		for a.tok.Kind == ddl.Word || a.tok.IsPunct(',') {
			a.next()
		}
		return ""
	case a.tok.Is("STATEMENT"), a.tok.Is("PASSWORD"), a.tok.Is("ROLE"), a.tok.Is("DEFAULT"), a.tok.Is("RESOURCE"):
		return "SET " + strings.ToUpper(string(a.tok.Text)) + " does not belong in a dump"
	}
	target := a.tok
	if !target.IsName() && target.Kind != ddl.Variable {
		return "SET without a variable"
	}
	a.next()
	if a.tok.IsPunct(':') {
		a.next()
	}
	if !a.tok.IsPunct('=') {
		return "SET without an equals sign"
	}
	a.next()
	v, problem := a.value()
	if problem != "" {
		return problem
	}
	return a.assign(target, v)
}

// value reads a value up to the next comma and returns what it is. Two operands side by side are no expression: the SET lost its
// end, and what follows may be rows.
func (a *assigner) value() (v value, problem string) {
	a.overLines = a.tok.OverLines()
	if a.tok.Kind == ddl.Bad {
		return v, "SET with a value that is not closed"
	}
	text, operand := a.tok.Kind == ddl.String, true
	a.hasText, a.plain = text, isPlain(a.tok)
	v = a.single()
	for depth := 0; a.tok.Kind != ddl.EOF && a.tok.Kind != ddl.Bad; a.next() {
		a.overLines = a.overLines || a.tok.OverLines()
		before, isText := operand, a.tok.Kind == ddl.String
		operand = a.tok.Kind != ddl.Punct || a.tok.IsPunct(')')
		switch {
		case a.tok.IsPunct('('):
			depth++
		case a.tok.IsPunct(')'):
			depth--
		case depth <= 0 && a.tok.IsPunct(','):
			return v, ""
		case depth <= 0 && before && operand && !(text && isText): // strings side by side are one
			return v, "SET with something after its assignments"
		}
		text, a.hasText = isText, a.hasText || isText
		v.known, a.plain = false, false // more than one token: an expression
	}
	return v, ""
}

// isPlain reports whether a token is a word, a decimal number or a variable: as a value it holds no text.
func isPlain(t ddl.Token) bool {
	switch t.Kind {
	case ddl.Word, ddl.Variable:
		return true
	case ddl.Number:
		return !bytes.ContainsFunc(t.Text, func(r rune) bool { return r < '0' || r > '9' })
	default:
		return false
	}
}

// single reads a value's first token.
func (a *assigner) single() value {
	t := a.tok
	a.next()
	switch t.Kind {
	case ddl.String:
		return value{t.Unquote(a.mode), true}
	case ddl.Word, ddl.QuotedName, ddl.Number:
		return value{t.Name(), true}
	case ddl.Variable:
		name, system, global := variable(t)
		if !system {
			delete(a.unsaved, name)
			return a.saved[name]
		}
		if f := field(&a.Session, name); f != nil && !global {
			return value{*f, true}
		}
	default:
	}
	return value{}
}

// variable takes @name and @@SESSION.name apart.
func variable(t ddl.Token) (name string, system, global bool) {
	name = strings.ToLower(string(t.Text[1:]))
	if !strings.HasPrefix(name, "@") {
		return strings.Trim(name, "`'\""), false, false
	}
	name = name[1:]
	if scope, rest, ok := strings.Cut(name, "."); ok {
		return rest, true, scope != "session" && scope != "local"
	}
	return name, true, false
}

// assign carries out one assignment.
func (a *assigner) assign(target ddl.Token, v value) string {
	name, global := strings.ToLower(target.Name()), a.global
	if a.overLines && !strings.HasSuffix(name, "gtid_purged") { // whose value has a line for each server
		return "SET to text over several lines, which may have lost its quote"
	}
	if target.Kind == ddl.Variable {
		system := false
		if name, system, global = variable(target); !system {
			if a.hasText {
				return "SET of a user variable to text, which no dump does"
			}
			if len(a.saved) >= maxVariables {
				return "SET of more user variables than any dump has"
			}
			a.saved[name] = v
			if headerVariable(name) {
				a.unsaved[name] = true
			}
			return ""
		}
	}
	if name == "system_versioning_insert_history" && v.known && !slices.Contains([]string{"0", "OFF", "FALSE", "DEFAULT"}, strings.ToUpper(v.text)) {
		return "rows of the past among those of system-versioned tables: dump without --dump-history"
	}
	f := field(&a.Session, name)
	switch {
	case isReplication(name): // no copy has it
	case global && (name != "innodb_stats_auto_recalc" || !a.plain): // mysqldump 5.6 to 8.0 switches that off and on
		a.odd = "SET of a global variable, which would change the server that loads the copy: remove the line, which no dump program writes"
	case f == nil && !a.plain && !(holdsWords(name) && v.known && isSetting(v.text)):
		a.odd = "SET of a variable to text or an expression: remove the line, which no dump program writes"
	}
	if f == nil || global {
		return ""
	}
	if v.known && strings.EqualFold(v.text, "DEFAULT") {
		v.text = *field(&a.initial, name)
	}
	switch {
	case name == "sql_mode" && v.text == "0":
		v.text = ""
	case !v.known && (name == "collation_connection" || name == "character_set_results"):
		v.text = ""
	case !v.known:
		return "SET " + name + " to a value that is not known"
	}
	if !isSetting(v.text) || name == "sql_mode" && !ddl.KnownMode(v.text) || name == "time_zone" && !isTimeZone(v.text) {
		return "SET " + name + " to a value that is not known"
	}
	*f = v.text
	if name == "character_set_client" {
		*f = strings.ToLower(v.text)
		return unsafeCharset(*f)
	}
	return ""
}

// isReplication reports whether a variable says where replication stands; dump programs set them (--master-data, --gtid).
func isReplication(name string) bool {
	return name == "gtid_purged" || name == "gtid_slave_pos"
}

// holdsWords reports whether a variable that nothing here depends on is set to text by dumps: storage engines, charsets, levels.
func holdsWords(name string) bool {
	switch name {
	case "default_storage_engine", "default_tmp_storage_engine", "storage_engine", "character_set_connection",
		"character_set_database", "character_set_server", "collation_database", "collation_server", "note_verbosity",
		"tx_isolation", "transaction_isolation", "unique_checks", "foreign_key_checks", "sql_notes", "autocommit":
		return true
	}
	return false
}

// timeZone matches what servers take for a time zone: an offset, a name of the IANA database (area and place, or an abbreviation).
var timeZone = regexp.MustCompile(`^([+-]\d{1,2}:\d\d|(?i:system|utc|gmt|[cemw]et|[hem]st|[a-z]st\d[a-z]dt)|` +
	`(?i:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Brazil|Canada|Chile|Etc|Europe|Indian|Mexico|Pacific|US)/[A-Za-z0-9_+/-]+)$`)

func isTimeZone(text string) bool { return timeZone.MatchString(text) }

// isSetting reports whether text can be the value of a session variable that matters here: words with commas, as sql_mode has
// them, a charset, a time zone. A value that is kept in a snapshot holds nothing else.
func isSetting(text string) bool {
	const most = 1024 // all modes at once have 800
	for i := range len(text) {
		if c := text[i]; c >= 0x80 || !ddl.IsNameByte(c) && strings.IndexByte(",+-:/ ", c) < 0 {
			return false
		}
	}
	return len(text) <= most
}

// names carries out SET NAMES charset [COLLATE collation].
func (a *assigner) names() string {
	v := a.single()
	if !v.known {
		return "SET NAMES to a value that is not known"
	}
	name := strings.ToLower(v.text)
	if name == "default" {
		name = a.initial.CharacterSetClient
	}
	a.CharacterSetClient, a.CharacterSetResults, a.CollationConnection = name, name, ""
	if a.tok.Is("COLLATE") {
		a.next()
		a.CollationConnection = a.single().text
	}
	if !isSetting(name) || !isSetting(a.CollationConnection) {
		return "SET NAMES to a value that is not known"
	}
	return unsafeCharset(name)
}

// headerVariable reports whether a dump that saves this variable at its
// beginning sets it back at its end.
func headerVariable(name string) bool {
	switch name {
	case "old_character_set_client", "old_time_zone", "old_unique_checks", "old_foreign_key_checks",
		"old_sql_mode", "old_sql_notes", "old_note_verbosity":
		return true
	}
	return false
}

// unsafeCharset refuses charsets in which a byte of a longer character may look
// like a quote or a backslash, and swe7, where a letter is one.
func unsafeCharset(name string) string {
	switch name {
	case "big5", "cp932", "gb18030", "gbk", "sjis", "swe7", "ucs2", "utf16", "utf16le", "utf32":
		return "character set " + name + " is not supported: write the dump with --default-character-set=utf8mb4"
	}
	return ""
}

// rowCharset refuses charsets in which rows cannot be decoded.
func rowCharset(name string) string {
	if name == "binary" || charset.UTF8(name) || charset.Of(name) != nil {
		return ""
	}
	return "rows in character set " + name + " are not supported: write the dump with --default-character-set=utf8mb4"
}
