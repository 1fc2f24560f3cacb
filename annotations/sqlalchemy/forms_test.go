package sqlalchemy

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/annotations"
)

// lines gives the columns that were read as testdata/oracle.py writes them, by table.
func lines(tables []annotations.ModelTable) map[string][]string {
	all := map[string][]string{}
	for _, table := range tables {
		name := strings.TrimPrefix(table.Database+"."+table.Name, ".")
		for _, c := range table.Columns {
			all[name] = append(all[name], oracleLine(c))
		}
		slices.Sort(all[name])
	}
	return all
}

// TestForms compares what is read of models of our own, which have every form in which tables and columns are declared,
// with what SQLAlchemy makes of them. The golden files for "classic" and "flasked" are written by SQLAlchemy 1.4 and
// Flask-SQLAlchemy 3.0 (-update); that for "typed", which needs SQLAlchemy 2.0, which Debian 12 lacks, is written by hand after
// its documentation.
func TestForms(t *testing.T) {
	for _, name := range []string{"classic", "flasked", "typed"} {
		t.Run(name, func(t *testing.T) {
			golden := filepath.Join("testdata", "oracle", name+".json")
			if *update && name != "typed" {
				askForms(t, name, golden)
			}
			data, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			var want oracleAnswer
			if err := json.Unmarshal(data, &want); err != nil {
				t.Fatal(err)
			}
			m, err := Read(t.Context(), []string{filepath.Join("testdata", "forms", name)})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want.Tables, lines(m.Tables)); diff != "" {
				t.Errorf("columns (-SQLAlchemy +read):\n%s", diff)
			}
			for _, p := range m.Problems {
				t.Errorf("problem: %v", p)
			}
		})
	}
}

func askForms(t *testing.T, name, golden string) {
	t.Helper()
	script, err := filepath.Abs("testdata/oracle.py")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "/usr/bin/python3", "-B", script, name+".models")
	cmd.Dir = "testdata/forms"
	cmd.Env = append(os.Environ(), "PYTHONPATH=.")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("ask SQLAlchemy: %v", err)
	}
	answer := oracleAnswer{Package: "python3-sqlalchemy", Version: "1.4"}
	if err := json.Unmarshal(out, &answer.Tables); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(golden, answer.lines(), 0o644); err != nil {
		t.Fatal(err)
	}
}
