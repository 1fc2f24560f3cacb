package config

import (
	"fmt"
	"maps"
	"path/filepath"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// complete makes the configuration of what all files said, and notes what is wrong
// with it as a whole.
func (l *loader) complete() {
	l.completeZuul()
	l.completePublish()
	l.checkDirectories()
	for _, d := range l.drafts {
		l.completeJob(d)
		l.config.Jobs = append(l.config.Jobs, d.Job)
	}
	l.checkNames()
	if len(l.drafts) == 0 {
		l.sources[0].doc.Root().Mistake("no jobs: want at least one under jobs")
	}
}

// completeJob adds what a job's plugin means.
func (l *loader) completeJob(d *draft) {
	_, given := d.at["plugin"]
	_, hasSteps := d.at["steps"]
	_, hasScripts := d.at["scripts_dir"]
	switch {
	case d.Plugin != "":
	case given: // not one that there is
		return
	case hasSteps || hasScripts:
		d.Plugin = worker.PluginRealDBUpgrade
	default:
		d.Plugin = worker.PluginShellScript
	}
	if d.Plugin == worker.PluginShellScript {
		d.completeScript(given)
	} else {
		l.completeUpgrade(d, hasSteps, hasScripts)
	}
	if d.Prepare.Python != nil {
		d.Prepare.Python.CacheDir = l.config.PipDownloadCache
	}
	for _, c := range []*worker.Command{&d.Prepare.Command, &d.Tool.VersionsCommand} {
		if len(c.Argv) > 0 {
			c.Environment, c.Timeout = d.Environment, d.Timeout
		}
	}
}

// upgradeOnly are the keys that mean nothing to a shell script.
func upgradeOnly() []string {
	return []string{
		"steps", "scripts_dir", "datasets", "datasets_dir", "database", "charset", "map_collation", "base", "expected_final_version",
		"limits", "maximum_migration_times", "XInnodb_rows_changed", "Innodb_rows_read",
	}
}

// completeScript adds what shell_script means. Without a plugin in the file, a key
// that a migration has says that something was forgotten: a script that passes
// must not be taken for a migration that was judged.
func (d *draft) completeScript(given bool) {
	for _, key := range upgradeOnly() {
		at, ok := d.at[key]
		if ok && !given {
			at.Mistake("the job has no steps, so that it would only run a script: want steps; or plugin: real_db_upgrade and scripts_dir, for a classic script")
			return
		}
		if ok {
			at.Mistake("not for plugin shell_script")
		}
	}
	script, hasScript := d.at["shell_script"]
	_, hasCommand := d.at["command"]
	switch {
	case hasScript && hasCommand:
		script.Mistake("shell_script and command exclude each other")
	case hasScript:
		d.Command, d.CommandText = shell(d.script), d.script
	case !hasCommand:
		d.node.Mistake("the job has no command")
	}
}

// completeUpgrade adds what real_db_upgrade means.
func (l *loader) completeUpgrade(d *draft, hasSteps, hasScripts bool) {
	if at, ok := d.at["shell_script"]; ok {
		at.Mistake("only for plugin shell_script: want command and steps")
		return
	}
	scripts := d.scriptsDir
	if scripts == "" {
		scripts = l.scriptsDir
	}
	_, hasCommand := d.at["command"]
	switch {
	case hasCommand && hasScripts:
		d.at["scripts_dir"].Mistake("scripts_dir and command exclude each other")
	case hasCommand && !hasSteps:
		d.node.Mistake("the job has no steps")
	case hasCommand:
	case scripts != "":
		d.Command, d.CommandText = classicScript(scripts, d.Project)
		d.Environment = maps.Clone(d.Environment)
		if d.Environment == nil {
			d.Environment = map[string]string{}
		}
		d.Environment["TH_PIP_CACHE"] = l.config.PipDownloadCache // known without python as well
		if !hasSteps {
			d.Tool.Name = worker.ToolSQLAlchemyMigrate
		}
	case !hasSteps:
		d.node.Mistake("plugin real_db_upgrade needs command, which migrates, and steps, which say what its output looks like; " +
			"or scripts_dir, the directory of the classic scripts")
	default:
		d.node.Mistake("the job has no command")
	}
}

// classicScript runs the script that the classic worker had for a project and the
// one type of database, with its nine arguments. The last part of the project's
// name is part of the script's.
func classicScript(dir, project string) (argv []string, text string) {
	name := project[strings.LastIndexByte(project, '/')+1:] + "_mysql_migrations.sh"
	if project == "" {
		name = "${ZUUL_PROJECT##*/}_mysql_migrations.sh"
	}
	const arguments = ` "$TH_UNIQUE" "$TH_JOB_DIR" "$TH_SOURCE_DIR" "$TH_DATABASE_USER" "$TH_DATABASE_PASSWORD" "$TH_DATABASE_NAME"` +
		` "$TH_SEED_PATH" "$TH_LOGGING_CONF" "$TH_PIP_CACHE"`
	if project == "" {
		return shell(`exec "$0/${ZUUL_PROJECT##*/}_mysql_migrations.sh"`+arguments, dir), filepath.Join(dir, name) + arguments
	}
	return shell(`exec "$0"`+arguments, filepath.Join(dir, name)), filepath.Join(dir, name) + arguments
}

// checkNames refuses two jobs of one name or function, in whichever files.
func (l *loader) checkNames() {
	names, functions := map[string]*draft{}, map[string]*draft{}
	for _, d := range l.drafts {
		function := d.GearmanFunction()
		if first := names[d.Name]; first != nil && d.Name != "" {
			d.mistake("a second job %q: the first is at %s", d.Name, d.where(first))
			continue
		}
		if first := functions[function]; first != nil && d.Function != "" {
			d.mistake("a second job with function %s: the first is at %s", function, d.where(first))
			continue
		}
		names[d.Name], functions[function] = d, d
	}
}

// mistake notes something wrong with the job as a whole.
func (d *draft) mistake(format string, args ...any) { d.node.MistakeAt(d.Line, format, args...) }

// where says where another job is, as seen from this one.
func (d *draft) where(other *draft) string {
	if other.File == d.File {
		return fmt.Sprintf("line %d", other.Line)
	}
	return fmt.Sprintf("%s:%d", other.File, other.Line)
}

// checkDirectories refuses directories for two purposes, and to publish what is
// nobody's business: the published directory is served as a whole.
func (l *loader) checkDirectories() {
	c := l.config
	type directory struct{ key, path string }
	all := []directory{
		{"store", c.Store},
		{"jobs_working_dir", c.JobsWorkingDir},
		{"git_working_dir", c.GitWorkingDir},
		{"pip_download_cache", c.PipDownloadCache},
		{"publish_logs.path", c.Publish.Path},
	}
	for i, d := range all {
		for _, other := range all[:i] {
			if d.path != "" && d.path == other.path {
				l.places[d.key].Mistake("the same directory as %s", other.key)
			}
		}
	}
	published := c.Publish.Path
	if published == "" {
		return
	}
	for _, d := range append(all[:len(all)-1], directory{"debug_log", c.DebugLog}) {
		switch {
		case d.path == "" || d.path == published:
		case inside(published, d.path):
			l.places["publish_logs.path"].Mistake("%s is in it, and would be published", d.key)
		case d.key == "jobs_working_dir" && inside(d.path, published):
			l.places["publish_logs.path"].Mistake("it is in jobs_working_dir, where all is deleted in the end")
		}
	}
}

// inside tells whether a path is in a directory, by their names.
func inside(dir, path string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && filepath.IsLocal(rel)
}
