package detect_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/annotations/detect"
)

// A judgement is what a person said about a column: must or should it be treated, or not.
type judgement struct{ table, column, typ, tier, kind string }

// readJudged reads testdata/gold_NAME.csv.
func readJudged(t testing.TB, file string) []judgement {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	var all []judgement
	for _, r := range rows[1:] {
		all = append(all, judgement{table: r[1], column: r[2], typ: r[3], tier: r[4], kind: r[5]})
	}
	return all
}

// asTables makes tables of judged columns: names and types alone.
func asTables(judged []judgement) []detect.Table {
	var tables []detect.Table
	at := map[string]int{}
	for _, j := range judged {
		i, ok := at[j.table]
		if !ok {
			i = len(tables)
			at[j.table] = i
			tables = append(tables, detect.Table{Name: j.table})
		}
		tables[i].Columns = append(tables[i].Columns, detect.Column{Name: j.column, Type: j.typ})
	}
	return tables
}

// The promise of the package, on every judged schema that rules were made with: of the columns that must be treated at least 97 of
// a hundred are proposed, and of the proposals at least 85 of a hundred are not harmless. Schemas that rules are never made for are
// in testdata/heldout; make score reports both.
func TestProposalsOnJudgedSchemas(t *testing.T) {
	files, err := filepath.Glob("testdata/gold_*.csv")
	if err != nil || len(files) == 0 {
		t.Fatalf("no judged schemas: %v", err)
	}
	d := detect.New()
	for _, file := range files {
		name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(file), "gold_"), ".csv")
		t.Run(name, func(t *testing.T) {
			judged := readJudged(t, file)
			proposed := map[string]detect.Proposal{}
			for _, p := range d.Propose(asTables(judged)) {
				proposed[p.Table+"."+p.Column] = p
			}
			s := score(judged, proposed)
			leastMust := 0.97
			if s.must < 30 { // where one column more or less moves the share by more than the promise allows
				leastMust = 0.95
			}
			if got := float64(s.mustFound) / float64(s.must); got < leastMust {
				t.Errorf("%d of %d columns that must be treated are proposed, want %g:\n%s", s.mustFound, s.must, leastMust, strings.Join(s.missed, "\n"))
			}
			if got := 1 - float64(s.wrong)/float64(len(proposed)); got < 0.85 {
				t.Errorf("%d of %d proposals are for harmless columns:\n%s", s.wrong, len(proposed), strings.Join(s.harmless, "\n"))
			}
		})
	}
}

type scored struct {
	must, mustFound, wrong int
	missed, harmless       []string
}

func score(judged []judgement, proposed map[string]detect.Proposal) scored {
	var s scored
	for _, j := range judged {
		p, ok := proposed[j.table+"."+j.column]
		switch {
		case j.tier == "must" && ok:
			s.must++
			s.mustFound++
		case j.tier == "must":
			s.must++
			s.missed = append(s.missed, fmt.Sprintf("%s.%s %s", j.table, j.column, j.typ))
		case j.tier == "no" && ok:
			s.wrong++
			s.harmless = append(s.harmless, fmt.Sprintf("%s.%s %s: %s (%s)", j.table, j.column, j.typ, p.Class, p.Reason))
		}
	}
	return s
}

func BenchmarkPropose(b *testing.B) {
	tables := asTables(readJudged(b, "testdata/gold_neutron.csv"))
	d := detect.New()
	b.ReportAllocs()
	for b.Loop() {
		d.Propose(tables)
	}
}
