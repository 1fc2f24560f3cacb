package config_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/worker/config"
)

// A classic script gets its nine arguments, whatever is in them, by the real shell.
func TestClassicScriptRuns(t *testing.T) {
	const script = "#!/bin/sh\nprintf '<%s>' \"$@\"\n"
	dir := tree(t, map[string]string{"my scripts/nova_mysql_migrations.sh": script})
	if err := os.Chmod(filepath.Join(dir, "my scripts", "nova_mysql_migrations.sh"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ name, job string }{
		{"the job's project", "project: openstack/nova"},
		{"the change's project", "plugin: real_db_upgrade"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			text := "pip_download_cache: /pip\njobs:\n- name: n\n  scripts_dir: my scripts\n  " + tc.job + "\n"
			c, err := config.Parse("config.yaml", dir, []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), c.Jobs[0].Command[0], c.Jobs[0].Command[1:]...)
			cmd.Env = []string{
				"ZUUL_PROJECT=openstack/nova", "TH_UNIQUE=u 1", "TH_JOB_DIR=/j", "TH_SOURCE_DIR=/s", "TH_DATABASE_USER=me", "TH_DATABASE_PASSWORD=$p'\"",
				"TH_DATABASE_NAME=d", "TH_SEED_PATH=", "TH_LOGGING_CONF=/l", "TH_PIP_CACHE=" + c.Jobs[0].Environment["TH_PIP_CACHE"],
			}
			out, err := cmd.CombinedOutput()
			want := `<u 1></j></s><me><$p'"><d><></l></pip>`
			if err != nil || string(out) != want {
				t.Errorf("got %s, %v; want %s", out, err, want)
			}
		})
	}
}
