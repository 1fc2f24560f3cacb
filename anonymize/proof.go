package anonymize

import (
	"bytes"
	"slices"

	"github.com/turbo-hipster/turbo-hipster/anonymize/recognize"
	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// proof says what a treatment's construction promises about what becomes of a value.
type proof uint8

const (
	// proven: distinct from what all other proven values become.
	proven proof = iota
	// provenApart: distinct from what all proven values become, but not from others of its sort.
	provenApart
	// provenByKey: likewise, where the key shows characters that no text of printable ASCII is equal to.
	provenByKey
	// unproven: it may become equal to anything.
	unproven
)

// prover says what is known of a value that is neither NULL nor empty, as it is before it is treated.
type prover func(v []byte) proof

func nothingProven([]byte) proof { return unproven }

// prover returns what is known of the values of a column in a unique index; nil where all are proven. key is that of its text, nil for
// other types.
func (c *tableCompiler) prover(col *ddl.Column, t Treatment, key *textKey) prover {
	class := col.Type.Class()
	if t.Kind == kindRedact {
		t.Kind = pseudonymKind(class)
	}
	if t.Kind == kindSecret || !c.distinct(col, t) {
		return nothingProven
	}
	switch class {
	case ddl.Float:
		digits := 15 // DBL_DIG, FLT_DIG: so many survive in every number
		if col.Type.Name == "float" {
			digits = 6
		}
		return func(v []byte) proof { return provenDigits(v, digits) }
	case ddl.Decimal: // permuted among those of one spelling
		return func(v []byte) proof { return provenIf(fractionDigits(v) == max(col.Type.Decimals, 0)) }
	case ddl.DateTime, ddl.Time:
		return func(v []byte) proof { return provenIf(fractionDigits(v) == max(col.Type.Length, 0)) }
	case ddl.Text:
		if !key.exactASCII && !key.foldedASCII {
			return nothingProven
		}
		return c.textProver(t, key.exactASCII)
	case ddl.Binary:
		text := c.textProver(t, true)
		switch t.Kind {
		case kindBlob: // permuted up to 16 bytes, and then too long to collide
			return nil
		case kindUUID:
			return func(v []byte) proof { return ifLength(v, text, 16) }
		case kindIP:
			return func(v []byte) proof { return ifLength(v, text, 4, 16) }
		}
		return text
	default:
		return nil
	}
}

// ifLength takes values of some lengths, which are permuted as the bytes they are, for proven, and asks about others.
func ifLength(v []byte, others prover, lengths ...int) proof {
	if slices.Contains(lengths, len(v)) {
		return proven
	}
	return others(v)
}

// provenDigits tells numbers that a binary fraction keeps apart by their digits.
func provenDigits(v []byte, digits int) proof {
	n := 0
	for _, c := range v {
		switch {
		case c|0x20 == 'e':
			return provenIf(n <= digits)
		case c-'0' < 10 && (n > 0 || c != '0'):
			n++
		}
	}
	return provenIf(n <= digits)
}

// fractionDigits counts the digits behind the point: a server writes as many as the column has.
func fractionDigits(v []byte) int {
	if point := bytes.IndexByte(v, '.'); point >= 0 {
		return len(v) - point - 1
	}
	return 0
}

func provenIf(is bool) proof {
	if is {
		return proven
	}
	return unproven
}

// textProof knows what identifier kinds promise of text.
type textProof struct {
	kind  string
	shape *shapeKind
	// exact: the letter case of ASCII counts.
	exact  bool
	listed map[string]bool // top-level domains that map one to one
}

func (c *tableCompiler) textProver(t Treatment, exact bool) prover {
	if t.Prefix != "" || t.Format != nil { // character by character: nothing is treated as an identifier
		return func(v []byte) proof {
			if printableASCII(v) {
				return proven
			}
			return provenByKey
		}
	}
	p := &textProof{kind: t.Kind, shape: shapeOf(t.Kind), exact: exact, listed: c.a.listed}
	return p.of
}

// of goes through what package documentation says is not so by construction.
func (p *textProof) of(v []byte) proof {
	v, _ = splitSpaces(v)
	upperHex, wordy, host := false, false, p.kind == kindHostname
	for _, c := range v {
		switch {
		case c < ' ' || c >= 0x7f:
			return provenByKey
		case c >= 'A' && c <= 'F':
			upperHex = p.exact
		case c == '@' || c == ':': // of e-mail addresses and URLs
			host = true
		case c|0x20 > 'f' && c|0x20 <= 'z':
			wordy = true
		}
	}
	if len(v) > maxIdentifier {
		return provenApart // from shorter ones by its length
	}
	if wordy && !host && (p.shape == nil || !p.shape.accepts(v)) {
		upperHex = false // no uuid, address or hardware address has such a letter
	}
	if !upperHex && !host {
		return proven
	}
	found := recognize.Whole(v)
	switch {
	case upperHex && p.hexadecimal(v, found):
		return unproven
	case host && p.unlisted(v, found):
		return provenApart // the listed ones have images of their own
	}
	return proven
}

// hexadecimal reports whether a value may be treated as hexadecimal digits, whose letter case is lost where they become 0 to 9.
func (p *textProof) hexadecimal(v []byte, found recognize.Kind) bool {
	switch found {
	case recognize.None:
		switch p.kind {
		case kindHex, kindMAC, kindEC2, kindPath:
			return p.shape.accepts(v)
		}
		return false
	case recognize.IPv4:
		return false
	case recognize.Email:
		return bytes.IndexByte(v, '%') >= 0
	default:
		return true
	}
}

// unlisted reports whether a value may have a host name under a top-level domain that shares its image with others.
func (p *textProof) unlisted(v []byte, found recognize.Kind) bool {
	at := bytes.LastIndexByte(v, '@')
	switch found {
	case recognize.Email:
		return !p.isListed(v[at+1:])
	case recognize.URL:
		parts, _ := recognize.SplitURL(v)
		host := v[parts.Host:parts.HostEnd]
		return isDottedHost(host) && !p.isListed(host) || at >= parts.HostEnd
	case recognize.None:
		return p.kind == kindHostname && isDottedHost(v) && !p.isListed(v) || p.kind == kindPath && at >= 0
	default:
		return false
	}
}

func (p *textProof) isListed(host []byte) bool {
	start, end, ok := recognize.TopLevel(host)
	var lower [64]byte
	return ok && (end-start == 1 || p.listed[string(appendLower(lower[:0], host[start:end]))])
}
