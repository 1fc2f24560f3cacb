package annotations

import (
	"strings"

	"github.com/turbo-hipster/turbo-hipster/internal/nearest"
)

// FromDDL reads the markup in the comments of the dump's columns: a comment, or a part of one between semicolons or line
// ends, that is "confidential: KIND". Unknown kinds are problems, and so is a word that is almost "confidential".
func FromDDL(tables []DumpTable) *Markup {
	m := &Markup{Source: DDL}
	for _, t := range tables {
		for _, c := range t.Columns {
			kind, ok, misspelt := commentKind(c.Comment)
			if misspelt {
				m.Problems = append(m.Problems, Problem{
					Severity: Error, Msg: "comment of column " + t.Name + "." + c.Name + ": markup begins with \"confidential:\", this has almost that",
				})
			}
			if !ok {
				continue
			}
			g := &grammar{}
			mark := g.column(Literal{Kind: TextLiteral, Text: kind})
			for _, p := range g.problems {
				p.Msg = "comment of column " + t.Name + "." + c.Name + ": " + p.Msg
				m.Problems = append(m.Problems, p)
			}
			mark.Database, mark.Table, mark.Column, mark.Source = t.Database, t.Name, c.Name, DDL
			mark.Reason = "comment of the column"
			if len(g.problems) == 0 {
				m.Marks = append(m.Marks, mark)
			}
		}
	}
	return m
}

// commentKind gives what follows "confidential:" in a comment. misspelt: something almost like it is there instead.
func commentKind(comment string) (kind string, ok, misspelt bool) {
	for part := range strings.FieldsFuncSeq(comment, func(r rune) bool { return r == ';' || r == '\n' || r == '\r' }) {
		name, kind, ok := strings.Cut(part, ":")
		name = strings.TrimSpace(name)
		if ok && strings.EqualFold(name, "confidential") {
			return strings.TrimSpace(kind), true, false
		}
		misspelt = misspelt || ok && nearest.Word(name, []string{"confidential"}) != ""
	}
	return "", false, misspelt
}
