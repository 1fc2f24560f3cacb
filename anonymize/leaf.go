package anonymize

import "github.com/turbo-hipster/turbo-hipster/anonymize/recognize"

// jsonMapping makes the treatment of JSON documents.
func (c *tableCompiler) jsonMapping(t Treatment) (mapping, error) {
	rest := Treatment{Kind: kindText, Domain: t.Domain}
	if t.Kind == kindRedact {
		rest.Kind = kindRedact
	}
	compile := func(sub Treatment) (leaf, error) {
		if sub.Domain == "" {
			sub.Domain = t.Domain
		}
		return c.leaf(sub)
	}
	l, err := compile(rest)
	if err != nil {
		return nil, err
	}
	rules, err := compileRules(t.Paths, compile)
	if err != nil {
		return nil, err
	}
	j := &document{d: c.domain(t.Domain), rules: rules, rest: l}
	return j.apply, nil
}

// leaf makes the treatment of the strings and numbers at a path. A number under a kind
// of text is treated as number, a string under a kind of number as that kind treats
// text.
func (c *tableCompiler) leaf(t Treatment) (leaf, error) {
	kind, _ := KindByName(t.Kind)
	t.Kind = kind.Name
	l := leaf{kind: t.Kind}
	d := c.domain(t.Domain)
	switch t.Kind {
	case kindPublic:
		return l, nil
	case kindNull:
		l.literal = []byte("null")
		return l, nil
	case kindConstant:
		l.literal = appendJSONString(nil, *t.Value)
		return l, nil
	case kindRedact:
		l.number = redactNumber
		l.truth = func() bool { return false }
	case kindSecret:
		r, err := c.randomness()
		if err != nil {
			return l, err
		}
		l.number = r.number
		l.truth = func() bool { return r.stream.Uint16n(2) == 0 }
	case kindJSON:
		t.Kind = kindText
		fallthrough
	default:
		l.number = d.number
	}
	var err error
	l.text, err = c.textMapping(t, false)
	return l, err
}

// hasSecret reports whether a part of the documents is random, so that equal ones do not stay equal.
func (t Treatment) hasSecret() bool {
	for _, part := range t.Paths {
		if part.Kind == kindSecret {
			return true
		}
	}
	return false
}

// number replaces every digit by a random one, such that the number stays JSON.
func (r *randomness) number(dst, v []byte) []byte {
	p, _ := recognize.SplitNumber(v)
	end := len(v) - p.Exponent
	for i, c := range v {
		switch {
		case i >= end || c-'0' >= 10:
			dst = append(dst, c)
		case i == p.Sign:
			if c == '0' {
				dst = append(dst, c)
			} else {
				dst = append(dst, '1'+byte(r.stream.Uint16n(9)))
			}
		default:
			dst = append(dst, '0'+byte(r.stream.Uint16n(10)))
		}
	}
	return dst
}

// appendJSONString appends s as a JSON string.
func appendJSONString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for _, r := range s {
		dst = appendJSONChar(dst, []byte(string(r)), plain)
	}
	return append(dst, '"')
}
