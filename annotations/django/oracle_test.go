package django

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/annotations"
)

var (
	update   = flag.Bool("update", false, "rewrite the golden files with what the installed packages say")
	required = flag.String("oracle", "", "projects, separated by commas, that must be installed and whose models Python is asked about anew")
)

// distPackages is where Debian installs Python packages, for its own interpreter only.
const distPackages = "/usr/lib/python3/dist-packages"

// An oracleProject is apps whose models are compared with what Django makes of them. The source of the models is not ours to
// keep, so the comparison needs the package, and its answers lie in testdata/oracle.
type oracleProject struct {
	name     string   // of the golden file
	packages string   // Debian's name
	egg      string   // what the version is found by
	apps     []string // whose tables are compared
	needs    []string // other apps that must be installed in the project
	// computed is how many foreign keys refer to what only running the code tells.
	computed int
}

func oracleProjects() []oracleProject {
	contrib := []string{"django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.sites"}
	return []oracleProject{
		{"django", "python3-django", "Django", append(contrib, "django.contrib.admin", "django.contrib.flatpages", "django.contrib.redirects"), nil, 0},
		{"allauth", "python3-django-allauth", "django_allauth", []string{"allauth.account", "allauth.socialaccount"}, contrib, 0},
		{"guardian", "python3-django-guardian", "django_guardian", []string{"guardian"}, contrib, 0},
		{"taggit", "python3-django-taggit", "django_taggit", []string{"taggit"}, contrib, 0},
		{"oauth2_provider", "python3-django-oauth-toolkit", "django_oauth_toolkit", []string{"oauth2_provider"}, contrib, 7},
		{"celery", "python3-django-celery-beat", "django_celery_beat", []string{"django_celery_beat", "django_celery_results"}, contrib, 0},
		{"reversion", "python3-django-reversion", "django_reversion", []string{"reversion"}, contrib, 0},
		{"otp", "python3-django-otp", "django_otp", []string{"django_otp", "django_otp.plugins.otp_totp", "django_otp.plugins.otp_static", "django_otp.plugins.otp_email"}, contrib, 0},
		{"django_q", "python3-django-q", "django_q", []string{"django_q"}, contrib, 0},
		{"axes", "python3-django-axes", "django_axes", []string{"axes"}, contrib, 0},
		{"waffle", "python3-django-waffle", "django_waffle", []string{"waffle"}, contrib, 0},
		{"hyperkitty", "python3-django-hyperkitty", "HyperKitty", []string{"hyperkitty", "django_mailman3"}, append(contrib, "allauth.account", "allauth.socialaccount"), 0},
		{"authtoken", "python3-djangorestframework", "djangorestframework", []string{"rest_framework.authtoken"}, contrib, 0},
		{"cas_server", "python3-django-cas-server", "django_cas_server", []string{"cas_server"}, contrib, 0},
	}
}

// An oracleAnswer is the tables that Django makes of a version of a project: lines of columns, by table.
type oracleAnswer struct {
	Package string              `json:"package"`
	Version string              `json:"version"`
	Tables  map[string][]string `json:"tables"`
}

// TestOracle compares what is read of real apps with what Django makes of them, where they are installed.
//
//	apt-get install --no-install-recommends python3-django python3-django-allauth …
//	go test ./annotations/django -run Oracle -v             # compare
//	go test ./annotations/django -run Oracle -update        # ask Python again
func TestOracle(t *testing.T) {
	for _, p := range oracleProjects() {
		t.Run(p.name, func(t *testing.T) {
			want := p.answer(t)
			var paths []string
			for _, app := range p.apps {
				dir := filepath.Join(distPackages, strings.ReplaceAll(app, ".", "/"))
				found, _ := filepath.Glob(filepath.Join(dir, "models*"))
				bases, _ := filepath.Glob(filepath.Join(dir, "base*"))
				paths = append(paths, append(found, bases...)...)
			}
			all, err := Read(t.Context(), paths)
			if err != nil {
				t.Fatal(err)
			}
			got := map[string][]string{}
			var problems annotations.Problems
			for _, m := range all {
				problems = append(problems, m.Problems...)
				maps.Copy(got, lines(m.Tables))
			}
			if len(problems) != p.computed {
				t.Errorf("problems: %v", problems)
			}
			columns, unknown := 0, 0
			for table, lines := range want.Tables {
				columns += len(lines)
				unknown += allow(lines, got[table])
			}
			differences := max(len(got)-len(want.Tables), 0)
			for table, lines := range want.Tables {
				if !slices.Equal(lines, got[table]) {
					differences++
				}
			}
			t.Logf("%s %s: %d tables, %d columns, %d lengths or targets computed by the project, %d differences",
				want.Package, want.Version, len(want.Tables), columns, unknown, differences)
			if diff := cmp.Diff(want.Tables, got); diff != "" {
				t.Errorf("columns (-Django +read):\n%s", diff)
			}
		})
	}
}

// allow takes the length or the target off the lines of an answer where what was read has none: the project computes them. It
// counts those lines.
func allow(want, got []string) int {
	n := 0
	for i, line := range want {
		for _, without := range []string{regexp.MustCompile(`\(\d+\)`).ReplaceAllString(line, ""), regexp.MustCompile(` -> .*`).ReplaceAllString(line, "")} {
			if without != line && slices.Contains(got, without) {
				want[i] = without
				n++
			}
		}
	}
	return n
}

// lines gives the columns that were read as testdata/oracle.py writes them, by table.
func lines(tables []annotations.ModelTable) map[string][]string {
	all := map[string][]string{}
	for _, table := range tables {
		for _, c := range table.Columns {
			all[table.Name] = append(all[table.Name], oracleLine(c))
		}
		slices.Sort(all[table.Name])
	}
	return all
}

// oracleLine describes a column as testdata/oracle.py does.
func oracleLine(c annotations.ModelColumn) string {
	line := c.Name + " " + c.Type
	if c.Impl != "" && c.Impl != c.Type {
		line += "=" + c.Impl
	}
	if c.Length > 0 {
		line += fmt.Sprintf("(%d)", c.Length)
	}
	if c.PrimaryKey {
		line += " pk"
	}
	for _, fk := range c.ForeignKeys {
		line += " -> " + fk.Table + "." + fk.Column
	}
	return line
}

// answer gives Django's answer: from the golden file when it is about the version that is installed, or else anew.
func (p oracleProject) answer(t *testing.T) oracleAnswer {
	t.Helper()
	found, _ := filepath.Glob(filepath.Join(distPackages, p.egg+"-*.*-info"))
	if len(found) != 1 {
		if p.required() {
			t.Fatalf("%s is not installed", p.packages)
		}
		t.Skipf("%s is not installed", p.packages)
	}
	version := strings.TrimPrefix(strings.TrimSuffix(filepath.Base(found[0]), filepath.Ext(found[0])), p.egg+"-")
	golden := filepath.Join("testdata", "oracle", p.name+".json")
	var answer oracleAnswer
	if data, err := os.ReadFile(golden); err == nil && !*update && !p.required() {
		if err := json.Unmarshal(data, &answer); err != nil {
			t.Fatalf("%s: %v", golden, err)
		}
		if answer.Version == version {
			return answer
		}
	}
	answer = oracleAnswer{Package: p.packages, Version: version, Tables: p.ask(t)}
	if *update {
		if err := os.WriteFile(golden, answer.lines(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return answer
}

func (p oracleProject) required() bool { return slices.Contains(strings.Split(*required, ","), p.name) }

// ask lets Django load the models.
func (p oracleProject) ask(t *testing.T) map[string][]string {
	t.Helper()
	installed := slices.Compact(slices.Concat(p.needs, p.apps))
	cmd := exec.CommandContext(t.Context(), "/usr/bin/python3", "-B", "testdata/oracle.py", strings.Join(installed, ","), strings.Join(p.apps, ","))
	out, err := cmd.Output()
	switch {
	case err != nil && p.required():
		t.Fatalf("the models of %s cannot be loaded: %v", p.packages, err)
	case err != nil:
		t.Skipf("the models of %s cannot be loaded here: %v", p.packages, err)
	}
	var tables map[string][]string
	if err := json.Unmarshal(out, &tables); err != nil {
		t.Fatal(err)
	}
	return tables
}

// lines writes an answer with one line for each table, so that a difference can be read.
func (a oracleAnswer) lines() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "{\"package\": %q, \"version\": %q, \"tables\": {", a.Package, a.Version)
	for i, name := range slices.Sorted(maps.Keys(a.Tables)) {
		quoted := make([]string, len(a.Tables[name]))
		for j, line := range a.Tables[name] {
			quoted[j] = fmt.Sprintf("%q", line)
		}
		comma := ","
		if i == 0 {
			comma = ""
		}
		fmt.Fprintf(&b, "%s\n%q: [%s]", comma, name, strings.Join(quoted, ", "))
	}
	b.WriteString("\n}}\n")
	return []byte(b.String())
}
