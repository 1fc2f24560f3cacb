package django

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestForms compares what is read of models of our own, which have every form in which tables and columns are declared,
// with what Django makes of them: the golden file is written by Django 3.2 (-update). Where Django is not installed, keys to
// its own models have no target.
func TestForms(t *testing.T) {
	golden := filepath.Join("testdata", "oracle", "shop.json")
	if *update {
		askForms(t, golden)
	}
	data, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	var want oracleAnswer
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	all, err := Read(t.Context(), []string{"testdata/forms"})
	if err != nil {
		t.Fatal(err)
	}
	got := lines(all[0].Tables)
	for table, lines := range want.Tables {
		allow(lines, got[table])
	}
	if diff := cmp.Diff(want.Tables, got); diff != "" {
		t.Errorf("columns (-Django +read):\n%s", diff)
	}
	unread := 0 // models of Django's own, which is not beside
	for _, p := range all[0].Problems {
		if p.Unresolved || !strings.Contains(p.Msg, "was not read") {
			t.Errorf("problem: %v", p)
		}
		unread++
	}
	if unread != 3 {
		t.Errorf("%d models were not read, want 3", unread)
	}
}

func askForms(t *testing.T, golden string) {
	t.Helper()
	script, err := filepath.Abs("testdata/oracle.py")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "/usr/bin/python3", "-B", script, "django.contrib.auth,django.contrib.contenttypes,shop", "shop")
	cmd.Dir = "testdata/forms"
	cmd.Env = append(os.Environ(), "PYTHONPATH=.")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("ask Django: %v", err)
	}
	answer := oracleAnswer{Package: "python3-django", Version: "3.2"}
	if err := json.Unmarshal(out, &answer.Tables); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(golden, answer.lines(), 0o644); err != nil {
		t.Fatal(err)
	}
}
