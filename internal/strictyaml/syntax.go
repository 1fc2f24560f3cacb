package strictyaml

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// The parser's time and memory grow with the square of both: a file of 200,000 brackets would take tens of gigabytes.
const (
	maxTokens = 500_000 // some 2 MB of settings; seconds
	maxNested = 64      // brackets and braces within one another
)

// SyntaxError is text that is not YAML, or more of it than is read.
type SyntaxError struct {
	Line int // from 1; 0 when it is not known
	Msg  string
}

// Error is the message without the line.
func (e *SyntaxError) Error() string { return e.Msg }

// Syntax parses a file's text, with or without a byte order mark. The error is a *SyntaxError.
func Syntax(data []byte, options ...parser.Option) (*ast.File, error) {
	tokens := lexer.Tokenize(string(bytes.TrimPrefix(data, []byte("\ufeff"))))
	if err := bounded(tokens); err != nil {
		return nil, err
	}
	file, err := parser.Parse(tokens, 0, options...)
	if err == nil {
		return file, nil
	}
	var syntax *yaml.SyntaxError
	if errors.As(err, &syntax) && syntax.Token != nil && syntax.Token.Position != nil {
		return nil, &SyntaxError{syntax.Token.Position.Line, "not YAML: " + syntax.Message}
	}
	return nil, &SyntaxError{0, "not YAML"}
}

// bounded refuses what would take the parser too long.
func bounded(tokens token.Tokens) error {
	if len(tokens) > maxTokens {
		return &SyntaxError{0, fmt.Sprintf("more than %d words and signs; split the file", maxTokens)}
	}
	nested := 0
	for _, t := range tokens {
		switch t.Type { //nolint:exhaustive // the others do not nest
		case token.SequenceStartType, token.MappingStartType:
			nested++
		case token.SequenceEndType, token.MappingEndType:
			nested--
		}
		if nested > maxNested {
			return &SyntaxError{t.Position.Line, fmt.Sprintf("brackets nest more than %d deep", maxNested)}
		}
	}
	return nil
}
