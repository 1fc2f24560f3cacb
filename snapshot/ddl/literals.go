package ddl

// Literal is one literal of a statement's text.
type Literal struct {
	// Kind is String, Number, Hex, Bits or, for what people leave in routine
	// bodies, Comment.
	Kind TokenKind
	// Offset is in bytes from the start of the text.
	Offset int
	// Raw is the literal as written, quotes included; it shares the text's
	// memory.
	Raw []byte
	// Value is what a string stands for, the digits of a number as written, the
	// bytes of a hexadecimal literal, and a comment's text with its marks.
	Value []byte
}

// Literals lists the literals in SQL text, in order, for checks of what a
// definition says besides names: defaults, members of ENUMs, checks,
// partitions, comments, and the bodies of views, triggers and routines. A string
// or comment that does not end is listed as a Comment with the rest of the text.
func Literals(sql []byte, m Mode) []Literal {
	var out []Literal
	lex := NewLexer(sql, m)
	lex.Comments = true
	for {
		t := lex.Next()
		l := Literal{Kind: t.Kind, Offset: t.Start, Raw: t.Text, Value: t.Text}
		switch t.Kind {
		case EOF:
			return out
		case String:
			l.Value = []byte(t.Unquote(m))
		case Hex:
			l.Value = hexBytes(t.Text)
		case Bad:
			l.Kind = Comment
		case Number, Bits, Comment:
		default:
			continue
		}
		out = append(out, l)
	}
}
