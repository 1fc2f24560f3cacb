package anonymize

import (
	"encoding/hex"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/turbo-hipster/turbo-hipster/snapshot/server/servertest"
)

// alike are characters of which collations take some, or sequences of some, for others.
var alike = []string{
	"aAáÁäåæÆeé\u0301\u0308\u00a0 Ａ𝐀ª", "sSßẞſzｓ𝓼", "iIıİíĭ\u0307jĳﬁfﬀ", "lL·\u0387ŀĿ|łk", "a \t\n\x00\u200b\u00ad\u034f\u200d\ufeff.",
	"иИйЙ\u0306жЖеёЁѐ\u0300", "αάΑσςΣ\u0301\u0345ᾳᾼ", "漢㐀𠀀𪜀\U0002a6df⼀一丁豈\uf900", "각가\u1100\u1161\u11a8ㄱ", "😀😁🎉\U0001f9ff🇩🇪\ufe0f☺",
	"กเแขฃ\u0e48า", "\u0fb2\u0f71\u0f80\u0f77\u0f76\u0f73\u0f72", "かがカガｶﾞ\u3099\u309bー", "ﷺصلىاله ع", "\u0378\u0379\ue000\uf8ff\uffff\ufffd\U0010ffff\U000e0101",
	"дђјљњ…€šŠžœ", "\u0dd9\u0dcf\u0dca\u0ddd\u0ddc\u0cc6\u0cc2\u0cd5\u0ccb", "½1⁄2²①⑴(.)", "ǆǅDžŽ\u030c", "ѢѣᲀᲁꙋᏸᏰꮿ",
}

// alikeTexts are texts among which a collation of the charset finds many equal ones.
func alikeTexts(r *rand.Rand, n int, has func(rune) bool) []string {
	seen := map[string]bool{}
	for range n {
		var from []rune
		for _, c := range alike[r.IntN(len(alike))] + strings.Repeat(" ", r.IntN(2)) {
			if has(c) {
				from = append(from, c)
			}
		}
		var b strings.Builder
		for range r.IntN(5) {
			c := rune(r.IntN(0x110000))
			if len(from) > 0 && r.IntN(30) > 0 {
				c = from[r.IntN(len(from))]
			}
			if utf8.ValidRune(c) && has(c) {
				b.WriteRune(c)
			}
		}
		seen[b.String()] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

// What keys take for equal, of texts and of their beginnings, a server does, and nothing else.
func TestTextKeysAreEqualWhereAServerTakesTextsForEqual(t *testing.T) {
	s, name := servertest.Database(t)
	db := s.DB(name)
	defer db.Close()
	r := rand.New(rand.NewPCG(4, 4)) //nolint:gosec // a test that can be repeated
	collations := []string{
		"utf8mb4_general_ci", "utf8mb4_unicode_ci", "utf8mb4_unicode_520_ci", "utf8mb4_bin", "utf8mb4_nopad_bin",
		"utf8mb4_general_nopad_ci", "utf8mb4_unicode_nopad_ci", "utf8mb4_unicode_520_nopad_ci",
		"utf8mb4_uca1400_ai_ci", "utf8mb4_uca1400_as_ci", "utf8mb4_uca1400_ai_cs", "utf8mb4_uca1400_as_cs",
		"utf8mb4_uca1400_nopad_ai_ci", "utf8mb4_uca1400_nopad_as_ci", "utf8mb4_uca1400_nopad_ai_cs", "utf8mb4_uca1400_nopad_as_cs",
		"utf8mb3_general_ci", "utf8mb3_unicode_ci", "utf8mb3_uca1400_ai_ci", "ascii_general_ci", "ascii_bin", "latin1_bin",
		"latin1_swedish_nopad_ci",
	}
	for _, collation := range append(collations, strings.Fields(byteCollations)...) {
		t.Run(collation, func(t *testing.T) {
			charset, _, _ := strings.Cut(collation, "_")
			k, err := new(levels).textKey(collation)
			if err != nil {
				t.Fatal(err)
			}
			texts := alikeTexts(r, 4000, func(c rune) bool {
				if len(k.levels) > 0 && k.levels[0].run(c) == nil || c >= 0x80 && c < 0xa0 {
					return false
				}
				known := repertoireOf(charset)
				return c < utf8.RuneSelf || known == nil || known(c)
			})
			if _, err := db.ExecContext(t.Context(), "CREATE OR REPLACE TABLE texts (id INT PRIMARY KEY, v VARCHAR(10) CHARACTER SET "+charset+" COLLATE "+collation+")"); err != nil {
				servertest.Lacking(t, fmt.Errorf("this server has no such collation: %w", err))
			}
			var values []string
			keys := map[string][]int{}
			for i, text := range texts {
				values = append(values, fmt.Sprintf("(%d, CONVERT(_utf8mb4 x'%s' USING %s))", i, hex.EncodeToString([]byte(text)), charset))
				key, _ := k.append(nil, []byte(text))
				keys[string(key)] = append(keys[string(key)], i)
			}
			if _, err := db.ExecContext(t.Context(), "INSERT INTO texts VALUES "+strings.Join(values, ",")); err != nil {
				t.Fatal(err)
			}
			got, want := map[[2]int]bool{}, map[[2]int]bool{}
			for _, equal := range keys {
				for i, a := range equal {
					for _, b := range equal[i+1:] {
						got[[2]int{a, b}] = true
					}
				}
			}
			queryRows(t, db, "SELECT a.id, b.id FROM texts a JOIN texts b ON a.v = b.v AND a.id < b.id", func(c []string) {
				var a, b int
				fmt.Sscan(c[0], &a) //nolint:errcheck // numbers
				fmt.Sscan(c[1], &b) //nolint:errcheck // numbers
				want[[2]int{a, b}] = true
			})
			reported := 0
			report := func(pair [2]int, msg string) {
				if reported++; reported < 10 {
					t.Errorf("%+q and %+q are %s to the server", texts[pair[0]], texts[pair[1]], msg)
				}
			}
			for pair := range got {
				if !want[pair] {
					report(pair, "not equal")
				}
			}
			for pair := range want {
				if !got[pair] {
					report(pair, "equal")
				}
			}
			if len(want) == 0 && !strings.HasSuffix(collation, "nopad_bin") {
				t.Error("no texts are equal: the test shows nothing")
			}
		})
	}
}
