package sqlalchemy

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/annotations/python"
)

var (
	update   = flag.Bool("update", false, "rewrite the golden files with what the installed packages say")
	required = flag.String("oracle", "", "projects, separated by commas, that must be installed and whose models Python is asked about anew")
)

// distPackages is where Debian installs Python packages, for its own interpreter only.
const distPackages = "/usr/lib/python3/dist-packages"

// An oracleProject is a project whose models are compared with what SQLAlchemy makes of them. The source of the models is
// not ours to keep, so the comparison needs the package, and its answers lie in testdata/oracle.
type oracleProject struct {
	name     string   // of the golden file
	packages string   // Debian's name
	egg      string   // what the version is found by
	modules  []string // that make all models known when Python imports them
	paths    []string // below dist-packages, that are read
}

func oracleProjects() []oracleProject {
	return []oracleProject{
		{"nova_main", "python3-nova", "nova", []string{"nova.db.main.models"}, []string{"nova/db/main"}},
		{"nova_api", "python3-nova", "nova", []string{"nova.db.api.models"}, []string{"nova/db/api"}},
		{
			"neutron", "python3-neutron", "neutron",
			[]string{"neutron.db.migration.models.head"},
			[]string{"neutron/db", "neutron/ipam", "neutron/plugins", "neutron/services", "neutron_lib/db"},
		},
		{"heat", "python3-heat", "openstack_heat", []string{"heat.db.sqlalchemy.models"}, []string{"heat/db"}},
		{
			"keystone", "python3-keystone", "keystone", strings.Fields(`keystone.catalog.backends.sql keystone.identity.mapping_backends.sql keystone.identity.backends.sql_model keystone.revoke.backends.sql keystone.federation.backends.sql keystone.policy.backends.sql keystone.resource.config_backends.sql keystone.resource.backends.sql_model keystone.assignment.backends.sql keystone.assignment.role_backends.sql_model keystone.oauth1.backends.sql keystone.credential.backends.sql keystone.application_credential.backends.sql keystone.trust.backends.sql keystone.limit.backends.sql keystone.endpoint_policy.backends.sql`),
			strings.Fields("keystone/application_credential keystone/assignment keystone/catalog keystone/common keystone/credential keystone/endpoint_policy keystone/federation keystone/identity keystone/limit keystone/oauth1 keystone/policy keystone/resource keystone/revoke keystone/trust"),
		},
		{"glance", "python3-glance", "glance", []string{"glance.db.sqlalchemy.models", "glance.db.sqlalchemy.models_metadef"}, []string{"glance/db/sqlalchemy"}},
		{"cinder", "python3-cinder", "cinder", []string{"cinder.db.sqlalchemy.models"}, []string{"cinder/db"}},
		{"barbican", "python3-barbican", "barbican", []string{"barbican.model.models"}, []string{"barbican/model"}},
		{"designate", "python3-designate", "designate", []string{"designate.storage.impl_sqlalchemy.tables"}, []string{"designate/storage"}},
		{"octavia", "python3-octavia", "octavia", []string{"octavia.db.models"}, []string{"octavia/db"}},
		{"placement", "python3-placement", "openstack_placement", []string{"placement.db.sqlalchemy.models"}, []string{"placement/db"}},
		{"manila", "python3-manila", "manila", []string{"manila.db.sqlalchemy.models"}, []string{"manila/db"}},
		{"ironic", "python3-ironic", "ironic", []string{"ironic.db.sqlalchemy.models"}, []string{"ironic/db"}},
		{"ironic_inspector", "python3-ironic-inspector", "ironic_inspector", []string{"ironic_inspector.db"}, []string{"ironic_inspector/db.py"}},
		{"magnum", "python3-magnum", "magnum", []string{"magnum.db.sqlalchemy.models"}, []string{"magnum/db"}},
		{"aodh", "python3-aodh", "aodh", []string{"aodh.storage.sqlalchemy.models"}, []string{"aodh/storage"}},
		{"mistral", "python3-mistral", "mistral", []string{"mistral.db.v2.sqlalchemy.models"}, []string{"mistral/db"}},
		{"masakari", "python3-masakari", "masakari", []string{"masakari.db.sqlalchemy.models"}, []string{"masakari/db"}},
		{"buildbot", "buildbot", "buildbot", []string{"buildbot.db.model"}, []string{"buildbot/db"}},
		{"mailman", "mailman3", "mailman", strings.Fields(`mailman.model.uid mailman.model.bans mailman.model.member mailman.model.digests mailman.model.requests mailman.model.mailinglist mailman.model.message mailman.model.preferences mailman.model.pending mailman.model.autorespond mailman.model.workflow mailman.model.domain mailman.model.language mailman.model.bounce mailman.model.cache mailman.model.mime mailman.model.address mailman.model.template mailman.model.user`), []string{"mailman/model"}},
		{"jupyterhub", "jupyterhub", "jupyterhub", []string{"jupyterhub.orm"}, []string{"jupyterhub/orm.py"}},
		{"cloudkitty", "python3-cloudkitty", "cloudkitty", []string{
			"cloudkitty.db.sqlalchemy.models", "cloudkitty.storage_state.models", "cloudkitty.storage.v1.hybrid.models",
			"cloudkitty.storage.v1.sqlalchemy.models", "cloudkitty.rating.hash.db.sqlalchemy.models", "cloudkitty.rating.pyscripts.db.sqlalchemy.models",
		}, []string{"cloudkitty"}},
	}
}

// An oracleAnswer is the tables that SQLAlchemy makes of a version of a project: lines of columns, by table.
type oracleAnswer struct {
	Package string              `json:"package"`
	Version string              `json:"version"`
	Tables  map[string][]string `json:"tables"`
}

// TestOracle compares what is read of real projects with what SQLAlchemy makes of them, where they are installed.
//
//	apt-get install --no-install-recommends python3-nova python3-neutron python3-heat …
//	go test ./annotations/sqlalchemy -run Oracle -v             # compare
//	go test ./annotations/sqlalchemy -run Oracle -update        # ask Python again
//	go test ./annotations/sqlalchemy -run Oracle -v -args -oracle=nova_main,heat    # these, whatever the golden files say
func TestOracle(t *testing.T) {
	for _, p := range oracleProjects() {
		t.Run(p.name, func(t *testing.T) {
			want := p.answer(t)
			var paths []string
			for _, path := range p.paths {
				paths = append(paths, filepath.Join(distPackages, path))
			}
			all, err := python.Read(t.Context(), paths, New())
			if err != nil {
				t.Fatal(err)
			}
			got := map[string][]string{}
			for _, m := range all {
				for _, problem := range m.Problems {
					t.Errorf("problem: %v", problem)
				}
				for _, table := range m.Tables {
					name := strings.TrimPrefix(table.Database+"."+table.Name, ".")
					for _, c := range table.Columns {
						got[name] = append(got[name], oracleLine(c))
					}
					slices.Sort(got[name])
				}
			}
			columns := 0
			for _, lines := range want.Tables {
				columns += len(lines)
			}
			t.Logf("%s %s: %d tables, %d columns, %d differences", want.Package, want.Version, len(want.Tables), columns, differences(want.Tables, got))
			if diff := cmp.Diff(want.Tables, got); diff != "" {
				t.Errorf("columns (-SQLAlchemy +read):\n%s", diff)
			}
		})
	}
}

// differences counts the columns that only one of two answers has, a column of another type twice.
func differences(want, got map[string][]string) int {
	n := 0
	count := func(a, b map[string][]string) {
		for table, lines := range a {
			for _, line := range lines {
				if !slices.Contains(b[table], line) {
					n++
				}
			}
		}
	}
	count(want, got)
	count(got, want)
	return n
}

// answer gives SQLAlchemy's answer: from the golden file when it is about the version that is installed, or else anew.
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

// ask imports the models with Python.
func (p oracleProject) ask(t *testing.T) map[string][]string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "/usr/bin/python3", append([]string{"testdata/oracle.py"}, p.modules...)...)
	out, err := cmd.Output()
	switch {
	case err != nil && p.required():
		t.Fatalf("the models of %s cannot be imported: %v", p.packages, err)
	case err != nil:
		t.Skipf("the models of %s cannot be imported here: %v", p.packages, err)
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
	names := make([]string, 0, len(a.Tables))
	for name := range a.Tables {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
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
	if c.AutoIncrement {
		line += " counted up"
	}
	if c.Generated {
		line += " generated"
	}
	var targets []string
	for _, fk := range c.ForeignKeys {
		targets = append(targets, strings.TrimPrefix(fk.Database+"."+fk.Table+"."+fk.Column, "."))
	}
	slices.Sort(targets)
	for _, target := range targets {
		line += " -> " + target
	}
	return line
}
