package migrate

import (
	"maps"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// surroundings are the variables that migrations and scripts have in common: the
// base, over them the build's parameters, what preparing the environment asks for,
// and the TH_ variables. The job's own go over all (see complete).
func surroundings(path string, b *worker.Build, tree worker.Tree, prepared worker.Prepared, home string) map[string]string {
	vars := map[string]string{
		"PATH":             path,
		"LANG":             "C.UTF-8",
		"HOME":             home,
		"TMPDIR":           filepath.Join(home, temporary),
		"PYTHONUNBUFFERED": "1",
	}
	maps.Copy(vars, b.Variables())
	maps.Copy(vars, prepared.Variables)
	maps.Copy(vars, map[string]string{
		"TH_JOB_NAME":   b.Job,
		"TH_JOB_DIR":    home,
		"TH_SOURCE_DIR": tree.Dir,
		"TH_UNIQUE":     unique(b),
		"TH_PIP_CACHE":  "",
	})
	if b.Environment.Python != nil {
		vars["TH_PIP_CACHE"] = b.Environment.Python.CacheDir
	}
	return vars
}

// databaseVariables are those of a migration.
func databaseVariables(m worker.Migration) map[string]string {
	a := m.Database.Address()
	return map[string]string{
		"MYSQL_UNIX_PORT":      a.Socket,
		"MYSQL_PWD":            a.Password,
		"TH_DATASET":           m.Dataset.Name,
		"TH_SEED_PATH":         m.Dataset.SeedPath,
		"TH_LOGGING_CONF":      m.Dataset.LoggingConf,
		"TH_DATABASE_SOCKET":   a.Socket,
		"TH_DATABASE_NAME":     a.Name,
		"TH_DATABASE_USER":     a.User,
		"TH_DATABASE_PASSWORD": a.Password,
		"TH_DATABASE_CHARSET":  a.Charset,
		"TH_DATABASE_URL":      DatabaseURL(a),
	}
}

// complete puts the job's own variables over the others, and the directories of the
// prepared environment before whatever PATH that makes.
func complete(vars map[string]string, b *worker.Build, prepared worker.Prepared) {
	maps.Copy(vars, b.Command.Environment)
	path := slices.Clone(prepared.PathDirs)
	if vars["PATH"] != "" {
		path = append(path, vars["PATH"])
	}
	vars["PATH"] = strings.Join(path, ":")
}

// environment is a command's whole environment, sorted by name.
func environment(vars, extra map[string]string) []string {
	all := maps.Clone(vars)
	maps.Copy(all, extra)
	delete(all, markerVariable) // the worker's alone
	out := make([]string, 0, len(all))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		out = append(out, name+"="+all[name])
	}
	return out
}

// unique is what names the build to the classic scripts, which make files by it.
func unique(b *worker.Build) string {
	if uuid := b.Parameters["ZUUL_UUID"]; regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z-]{0,63}$`).MatchString(uuid) {
		return uuid
	}
	return b.ID
}

// optionFile is the text of ~/.my.cnf, the option file that the mysql and mariadb
// clients read last. Without it the file in /etc, which on most distributions
// names the system's own socket, would win over MYSQL_UNIX_PORT.
func optionFile(a worker.Address) string {
	quote := func(value string) string {
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
	}
	return "[client]\nsocket=" + quote(a.Socket) + "\nuser=" + quote(a.User) + "\npassword=" + quote(a.Password) +
		"\ndefault-character-set=" + a.Charset + "\n"
}

// DatabaseURL is the database's address as SQLAlchemy spells it. The slashes of
// the socket's path stay as they are: settings files of Python programs take '%'
// for a variable.
func DatabaseURL(a worker.Address) string {
	u := url.URL{
		Scheme: "mysql+pymysql",
		User:   url.UserPassword(a.User, a.Password),
		Host:   "localhost",
		Path:   "/" + a.Name,
		RawQuery: "unix_socket=" + strings.ReplaceAll(url.QueryEscape(a.Socket), "%2F", "/") +
			"&charset=" + url.QueryEscape(a.Charset),
	}
	return u.String()
}
