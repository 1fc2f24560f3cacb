package annotations

// LiteralKind is the type of a Literal.
type LiteralKind int

// The types of constants that markup is made of.
const (
	NullLiteral LiteralKind = iota
	TextLiteral
	NumberLiteral
	BoolLiteral
	MapLiteral
	ListLiteral
)

// String gives the word for the type in error messages.
func (k LiteralKind) String() string {
	switch k {
	case NullLiteral:
		return "nothing"
	case TextLiteral:
		return "text"
	case NumberLiteral:
		return "a number"
	case BoolLiteral:
		return "true or false"
	case MapLiteral:
		return "a mapping"
	case ListLiteral:
		return "a list"
	}
	return "unknown"
}

// A Literal is a constant in a source of markup, whatever language the source is written in: what readers of model
// languages hand over, and what rules files are turned into, so that one grammar serves all.
type Literal struct {
	Kind     LiteralKind
	Text     string    // of text; of a number or a truth value as written ("true", "false"); "null" when that was spelled
	Pairs    []Pair    // of a mapping, in the order written
	Items    []Literal // of a list
	Position Position
}

// A Pair is one entry of a mapping.
type Pair struct {
	Key      string
	Value    Literal
	Position Position // of the key
}
