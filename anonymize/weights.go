package anonymize

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/klauspost/compress/zstd"
)

// weightsText says for each collation which weights it gives each character: what a server's WEIGHT_STRING says. Two texts are equal
// when their weights are, one after the other. A test writes the file, and compares it with a server.
//
// It is text, compressed, of sections that begin with "= NAME". A line is LOW HIGH OP WEIGHTS, numbers in hexadecimal, and says
// which weights each character from LOW to HIGH has:
//
//	=  these weights, for each character
//	+  one weight: this one for LOW, the next for the next
//	~  two weights that a character without one of its own gets from its code point r: this one + r/2^15, and r mod 2^15 + 2^15
//	&  these weights, for the characters of a contraction: "& 6c b7 = 21b0"
//
// Where a collation compares several levels, one after the other, each has a section: NAME.1, NAME.2, NAME.3.
//
//go:embed weights.txt.zst
var weightsText []byte

// weightOp says how the weights of a run of characters are made.
type weightOp byte

const (
	opSame     weightOp = '='
	opNext     weightOp = '+'
	opImplicit weightOp = '~'
)

// weightRun are the weights of the characters from low to high.
type weightRun struct {
	low, high rune
	op        weightOp
	weights   []uint16
}

// maxContraction is how many characters a contraction has at most.
const maxContraction = 3

// contraction is a sequence of characters that has weights of its own; unused places are 0.
type contraction [maxContraction]rune

// level is one level of a collation. It does not change and is safe for concurrent use.
type level struct {
	runs         []weightRun // ascending
	ascii        [utf8.RuneSelf]*weightRun
	contractions map[contraction][]uint16
	// starts are the characters that contractions begin with.
	starts map[rune]bool
}

// readLevel finds the section of a level; nil where there is none.
func readLevel(name string) (*level, error) {
	text, err := zstd.NewReader(bytes.NewReader(weightsText), zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, fmt.Errorf("read collation weights: %w", err)
	}
	defer text.Close()
	lines := bufio.NewScanner(text)
	want := []byte("= " + name)
	for lines.Scan() {
		if bytes.Equal(lines.Bytes(), want) {
			l, err := readSection(lines)
			if err != nil {
				return nil, fmt.Errorf("read collation weights of %s: %w", name, err)
			}
			return l, nil
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read collation weights: %w", err)
	}
	return nil, nil
}

func readSection(lines *bufio.Scanner) (*level, error) {
	l := &level{contractions: map[contraction][]uint16{}, starts: map[rune]bool{}}
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if fields[0] == "=" {
			break // the next one
		}
		at := slices.IndexFunc(fields, func(f string) bool { return f == "=" || f == "+" || f == "~" })
		numbers := make([]uint16, 0, len(fields))
		for _, f := range fields[at+1:] {
			n, err := strconv.ParseUint(f, 16, 16)
			if err != nil {
				return nil, err
			}
			numbers = append(numbers, uint16(n))
		}
		chars := fields[:at]
		if chars[0] == "&" {
			chars = chars[1:]
		}
		var runes contraction
		for i, f := range chars {
			n, err := strconv.ParseUint(f, 16, 32)
			if err != nil {
				return nil, err
			}
			runes[i] = rune(n)
		}
		if fields[0] == "&" {
			l.contractions[runes], l.starts[runes[0]] = numbers, true
			continue
		}
		l.runs = append(l.runs, weightRun{runes[0], runes[1], weightOp(fields[at][0]), numbers})
	}
	for c := range l.ascii {
		l.ascii[c] = l.find(rune(c))
	}
	return l, lines.Err()
}

// run returns the run of a character; nil for one that the collation's character set lacks.
func (l *level) run(r rune) *weightRun {
	if r < utf8.RuneSelf {
		return l.ascii[r]
	}
	return l.find(r)
}

func (l *level) find(r rune) *weightRun {
	i, found := slices.BinarySearchFunc(l.runs, r, func(w weightRun, r rune) int {
		switch {
		case w.high < r:
			return -1
		case w.low > r:
			return 1
		}
		return 0
	})
	if !found {
		return nil
	}
	return &l.runs[i]
}

// append appends the weights of a character of the run.
func (w *weightRun) append(dst []byte, r rune) []byte {
	switch w.op {
	case opNext:
		return binary.BigEndian.AppendUint16(dst, w.weights[0]+uint16(r-w.low))
	case opImplicit:
		dst = binary.BigEndian.AppendUint16(dst, w.weights[0]+uint16(r>>15))
		return binary.BigEndian.AppendUint16(dst, uint16(r&0x7fff|0x8000))
	case opSame:
		for _, weight := range w.weights {
			dst = binary.BigEndian.AppendUint16(dst, weight)
		}
	}
	return dst
}

// appendWeights appends the weights of a text, two bytes each. ok is false for a character that the collation's character set lacks.
func (l *level) appendWeights(dst, text []byte) (out []byte, ok bool) {
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		if l.starts[r] {
			if weights, length := l.contracted(text); length > 0 {
				for _, weight := range weights {
					dst = binary.BigEndian.AppendUint16(dst, weight)
				}
				text = text[length:]
				continue
			}
		}
		run := l.run(r)
		if run == nil {
			return dst, false
		}
		dst = run.append(dst, r)
		text = text[n:]
	}
	return dst, true
}

// contracted returns the weights of the longest contraction that a text begins with, and its length in bytes.
func (l *level) contracted(text []byte) (weights []uint16, length int) {
	var c contraction
	at := 0
	for i := range c {
		r, n := utf8.DecodeRune(text[at:])
		if n == 0 {
			break
		}
		c[i] = r
		at += n
		if found, ok := l.contractions[c]; ok {
			weights, length = found, at
		}
	}
	return weights, length
}

// levels reads each level once.
type levels struct {
	mu     sync.Mutex
	byName map[string]*level
}

func (l *levels) get(name string) (*level, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if found, ok := l.byName[name]; ok {
		return found, nil
	}
	found, err := readLevel(name)
	if err != nil {
		return nil, err
	}
	if l.byName == nil {
		l.byName = map[string]*level{}
	}
	l.byName[name] = found
	return found, nil
}
