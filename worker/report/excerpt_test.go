package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// longLog has n numbered lines of 100 bytes.
func longLog(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "2026-11-22 14:00:01,000 [output] %-66d\n", i+1)
	}
	return b.String()
}

// kept are the lines that an excerpt of a log has.
func kept(t *testing.T, x *excerpt, log string) []int {
	t.Helper()
	var lines []int
	var n int
	var before int64
	if err := eachLine(strings.NewReader(log), func(_ []byte, length int64) error {
		n++
		if cost := lineCost(length); x.keeps(n, before, cost) {
			lines = append(lines, n)
		}
		before += lineCost(length)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return lines
}

func TestExcerpt(t *testing.T) {
	log := longLog(1000)
	for _, tc := range []struct {
		name            string
		steps, findings []int
		budget          int64
		want            string // ranges of lines
		has, hasNot     []int
	}{
		{"all of it", []int{3}, []int{500}, 1000 * 100, "1-1000", []int{3, 500, 490 + 5}, []int{1001, 0, 700}},
		{"head and tail", nil, nil, 20 * 100, "1-5 986-1000", nil, []int{6}},
		{"near a finding", nil, []int{500}, 200 * 100, "1-50 495-520 877-1000", []int{500}, []int{521}},
		{"starts of steps", []int{300, 400}, nil, 100 * 100, "1-25 300 400 928-1000", []int{300, 400}, []int{301}},
		{"more wanted than there is place", []int{300, 302, 304, 306}, nil, 10 * 100, "1-2 300 302 996-1000", []int{300, 302}, []int{304, 306}},
		{"wanted in the tail", []int{999}, []int{998}, 20 * 100, "1-5 991-1000", []int{998, 999}, nil},
		{"beyond the log's end", []int{5000}, []int{6000}, 20 * 100, "1-5 986-1000", nil, []int{5000, 6000}},
		{"nothing", nil, []int{4}, 0, "", nil, []int{4}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := newExcerpt(tc.steps, tc.findings)
			if err := x.scan(strings.NewReader(log)); err != nil {
				t.Fatal(err)
			}
			x.grant(tc.budget)
			lines := kept(t, x, log)
			if diff := cmp.Diff(tc.want, ranges(lines)); diff != "" {
				t.Errorf("lines differ (-want +got):\n%s", diff)
			}
			if int64(len(lines))*100 > tc.budget {
				t.Errorf("%d lines are more than %d bytes", len(lines), tc.budget)
			}
			for _, n := range tc.has {
				if !x.has(n) || !slices.Contains(lines, n) {
					t.Errorf("line %d is missing", n)
				}
			}
			for _, n := range tc.hasNot {
				if x.has(n) && !slices.Contains(lines, n) {
					t.Errorf("has says that line %d is there", n)
				}
			}
			if x.lines != 1000 || *x.source["output"] != 1000 {
				t.Errorf("%d lines, sources %v", x.lines, x.source)
			}
		})
	}
}

// ranges writes sorted numbers as 1-3 7.
func ranges(numbers []int) string {
	var out []string
	for i := 0; i < len(numbers); {
		j := i
		for j+1 < len(numbers) && numbers[j+1] == numbers[j]+1 {
			j++
		}
		if i == j {
			out = append(out, fmt.Sprint(numbers[i]))
		} else {
			out = append(out, fmt.Sprintf("%d-%d", numbers[i], numbers[j]))
		}
		i = j + 1
	}
	return strings.Join(out, " ")
}

func TestEachLine(t *testing.T) {
	long := strings.Repeat("x", 3*maxLineBytes)
	for log, want := range map[string][]string{
		"":                           nil,
		"\n":                         {" 0"},
		"a":                          {"a 1"},
		"a\nb\n":                     {"a 1", "b 1"},
		"a\r\n\nb":                   {"a 1", " 0", "b 1"},
		long + "\nb":                 {long[:maxLineBytes] + fmt.Sprintf(" %d", len(long)), "b 1"},
		long:                         {long[:maxLineBytes] + fmt.Sprintf(" %d", len(long))},
		long[:maxLineBytes]:          {long[:maxLineBytes] + fmt.Sprintf(" %d", maxLineBytes)},
		long[:maxLineBytes-1]:        {long[:maxLineBytes-1] + fmt.Sprintf(" %d", maxLineBytes-1)},
		long[1:maxLineBytes] + "\nz": {long[1:maxLineBytes] + fmt.Sprintf(" %d", maxLineBytes-1), "z 1"},
		long[:maxLineBytes] + "\nz":  {long[:maxLineBytes] + fmt.Sprintf(" %d", maxLineBytes), "z 1"},
	} {
		var got []string
		if err := eachLine(strings.NewReader(log), func(text []byte, length int64) error {
			got = append(got, fmt.Sprintf("%s %d", text, length))
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("a log of %d bytes (-want +got):\n%.500s", len(log), diff)
		}
	}
	broken := io.MultiReader(strings.NewReader(long[:maxLineBytes+7]), brokenReader{})
	if err := eachLine(broken, func([]byte, int64) error { return nil }); err == nil {
		t.Error("a log that cannot be read: no error")
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestShare(t *testing.T) {
	const most, all = maxExcerptBytes, maxAllBytes
	for _, tc := range []struct{ sizes, want []int64 }{
		{nil, []int64{}},
		{[]int64{7, 0}, []int64{7, 0}},
		{[]int64{most + 1}, []int64{most}},
		{[]int64{1 << 40, 10, 1 << 40, 1 << 40, 1 << 40}, []int64{most - 3, 10, most - 3, most - 2, most - 2}},
		{[]int64{most, most, most, most, most, most, most, most}, slices.Repeat([]int64{all / 8}, 8)},
	} {
		if diff := cmp.Diff(tc.want, share(tc.sizes)); diff != "" {
			t.Errorf("%v (-want +got):\n%s", tc.sizes, diff)
		}
	}
}

func TestParseLine(t *testing.T) {
	const at = "2014-01-16 06:57:33,961 "
	for line, want := range map[string][3]string{ // time, source, text
		at + "[output] 73 -> 74...":          {"06:57:33,961", "output", "73 -> 74..."},
		at + "[output] ":                     {"06:57:33,961", "output", ""},
		at + "[output] [sqlslo] forged":      {"06:57:33,961", "output", "[sqlslo] forged"},
		at + "[sqlslo] # Query_time: 1":      {"06:57:33,961", "sqlslo", "# Query_time: 1"},
		at + "[heartbeat]":                   {"06:57:33,961", "heartbeat", "[heartbeat]"},
		at + "[timeout]":                     {"06:57:33,961", "worker", "[timeout]"},
		at + "[running sh -c 'a [b] c']":     {"06:57:33,961", "worker", "[running sh -c 'a [b] c']"},
		at + "[script exit code = 0]":        {"06:57:33,961", "worker", "[script exit code = 0]"},
		at + "[<script>] x":                  {"06:57:33,961", "worker", "[<script>] x"},
		at + "no source":                     {"06:57:33,961", "", "no source"},
		at:                                   {"06:57:33,961", "", ""},
		"2014-01-16 06:57:33,96x [output] a": {"", "", "2014-01-16 06:57:33,96x [output] a"},
		"Traceback":                          {"", "", "Traceback"},
		"":                                   {"", "", ""},
	} {
		l := parseLine([]byte(line))
		if diff := cmp.Diff(want, [3]string{string(l.time), string(l.source), string(l.text)}); diff != "" {
			t.Errorf("%q (-want +got):\n%s", line, diff)
		}
	}
}
