package anonymize

import (
	"slices"
	"strings"
	"testing"
)

func TestListedTopLevelDomains(t *testing.T) {
	for _, list := range []string{countries, listed} {
		names := strings.Split(list, " ")
		for i, name := range names {
			if slices.Index(names, name) != i {
				t.Errorf("%s is listed twice", name)
			}
			if strings.Contains(undelegatedStarts, name[:2]) && len(name) > 2 && startsUndelegated(name) {
				t.Errorf("%s is listed, but starts as no delegated domain does", name)
			}
		}
	}
	if n := undelegatedCount(2); n != uint64(26*26-len(strings.Fields(countries))) {
		t.Errorf("%d labels of two letters are free", n)
	}
}

func startsUndelegated(name string) bool {
	for i := 0; i < len(undelegatedStarts); i += 2 {
		if name[:2] == undelegatedStarts[i:i+2] {
			return true
		}
	}
	return false
}

func TestTopLevelIsInjectiveOnListedAndNeverDelegated(t *testing.T) {
	d := testDomain(1)
	seen := map[string]string{}
	for _, name := range append(strings.Fields(countries), strings.Fields(listed)...) {
		out := string(d.topLevel(nil, []byte(name)))
		if len(out) != len(name) {
			t.Errorf("%s: the length changed", name)
		}
		if old, twice := seen[out]; twice {
			t.Errorf("%s and %s become the same", name, old)
		}
		seen[out] = name
		if len(out) == 2 && isCountry(out[0], out[1]) || len(out) > 2 && !startsUndelegated(out) {
			t.Errorf("%s becomes a label that somebody may have", name)
		}
		if upper := string(d.topLevel(nil, []byte(strings.ToUpper(name)))); upper != strings.ToUpper(out) {
			t.Errorf("%s: the case changes more than the case", name)
		}
	}
}

func TestLongTopLevel(t *testing.T) {
	d := testDomain(1)
	name := strings.Repeat("a", 63)
	if out := d.topLevel(nil, []byte(name)); len(out) != 63 || !startsUndelegated(string(out)) {
		t.Errorf("a label of 63 letters became one of %d", len(out))
	}
}
