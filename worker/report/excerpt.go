package report

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
)

// What of the logs is in a page.
const (
	maxExcerptBytes = 5 << 20  // of one log
	maxAllBytes     = 20 << 20 // of all
	maxLineBytes    = 8 << 10  // of one line
	// minLineBytes is what a line costs at least: a browser keeps some hundred bytes
	// for each, however short.
	minLineBytes = 100
	// nearBefore and nearAfter are how many lines around a finding are kept.
	nearBefore, nearAfter = 5, 20
)

// excerpt says which lines of a log are in the page. A log within its budget is there
// as a whole; of another its head, for a quarter of the budget; for up to another quarter
// the lines that were asked for, which are those of steps, and findings with the lines near
// them; and for what is left its tail, where a log says what went wrong.
type excerpt struct {
	lines  int             // of the whole log
	cost   int64           // of the whole log
	source map[string]*int // how many lines each source has

	budget, head, tail int64
	wanted             map[int]placement
}

// placement is where a wanted line is.
type placement struct {
	before  int64 // what all lines before it cost
	cost    int64 // 0 when there is no such line
	granted bool
}

// newExcerpt wants the lines of steps, and findings with the lines near them.
func newExcerpt(steps, findings []int) *excerpt {
	x := &excerpt{source: map[string]*int{}, wanted: map[int]placement{}}
	for _, n := range findings {
		for i := max(1, n-nearBefore); n > 0 && i <= n+nearAfter; i++ {
			x.wanted[i] = placement{}
		}
	}
	for _, n := range steps {
		x.wanted[n] = placement{}
	}
	return x
}

// scan reads the whole log, of which it keeps nothing, to learn what there is.
func (x *excerpt) scan(r io.Reader) error {
	return eachLine(r, func(text []byte, length int64) error {
		x.lines++
		x.count(parseLine(text).source)
		cost := lineCost(length)
		if _, ok := x.wanted[x.lines]; ok {
			x.wanted[x.lines] = placement{before: x.cost, cost: cost}
		}
		x.cost += cost
		return nil
	})
}

func (x *excerpt) count(source []byte) {
	n, ok := x.source[string(source)]
	if !ok {
		n = new(int)
		x.source[string(source)] = n
	}
	*n++
}

// grant says how much of the log may be in the page.
func (x *excerpt) grant(budget int64) {
	left := budget / 4
	x.budget, x.head = budget, left
	for _, n := range slices.Sorted(maps.Keys(x.wanted)) {
		at := x.wanted[n]
		if at.granted = at.cost > 0 && at.cost <= left; at.granted {
			left -= at.cost
		}
		x.wanted[n] = at
	}
	x.tail = budget - x.head - (budget/4 - left)
}

// keeps tells whether line n is in the page. before is what all lines before it cost.
func (x *excerpt) keeps(n int, before, cost int64) bool {
	return x.cost <= x.budget || before+cost <= x.head || before >= x.cost-x.tail || x.wanted[n].granted
}

// has tells whether line n, of a step or finding, is in the page.
func (x *excerpt) has(n int) bool {
	at := x.wanted[n]
	return at.cost > 0 && x.keeps(n, at.before, at.cost)
}

// lineCost is what a line costs of the budget.
func lineCost(length int64) int64 { return min(max(length, minLineBytes), maxLineBytes) }

// eachLine calls f with every line: at most its first maxLineBytes, without its end,
// and its length. text is valid until f returns.
func eachLine(r io.Reader, f func(text []byte, length int64) error) error {
	b := bufio.NewReaderSize(r, maxLineBytes)
	for {
		text, err := b.ReadSlice('\n')
		if len(text) == 0 && errors.Is(err, io.EOF) {
			return nil
		}
		length := int64(len(text))
		if errors.Is(err, bufio.ErrBufferFull) {
			text = append([]byte(nil), text...)
			var rest int64
			if rest, err = skipLine(b); err == nil || errors.Is(err, io.EOF) {
				length += rest
			}
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read log: %w", err)
		}
		for len(text) > 0 && (text[len(text)-1] == '\n' || text[len(text)-1] == '\r') {
			text, length = text[:len(text)-1], length-1
		}
		if ferr := f(text, length); ferr != nil || err != nil {
			return ferr
		}
	}
}

// skipLine reads to the end of a line and returns how long the rest was, without its end.
func skipLine(b *bufio.Reader) (int64, error) {
	var n int64
	for {
		part, err := b.ReadSlice('\n')
		n += int64(len(bytes.TrimRight(part, "\r\n")))
		if !errors.Is(err, bufio.ErrBufferFull) {
			return n, err
		}
	}
}

// share divides what all logs together may have: each gets what it needs, at most
// maxExcerptBytes, and those that need more than is left share it evenly.
func share(sizes []int64) []int64 {
	order := make([]int, len(sizes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return int(min(max(sizes[a]-sizes[b], -1), 1)) })
	out, left := make([]int64, len(sizes)), int64(maxAllBytes)
	for done, i := range order {
		out[i] = min(sizes[i], maxExcerptBytes, left/int64(len(order)-done))
		left -= out[i]
	}
	return out
}
