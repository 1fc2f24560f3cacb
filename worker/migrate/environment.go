package migrate

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// environment is the command's whole environment, sorted by name.
func environment(path, id, home, tmp string, m worker.Migration) []string {
	a := m.Database.Address()
	vars := map[string]string{
		"PATH":                 path,
		"LANG":                 "C.UTF-8",
		"HOME":                 home,
		"TMPDIR":               tmp,
		"PYTHONUNBUFFERED":     "1",
		"MYSQL_UNIX_PORT":      a.Socket,
		"MYSQL_PWD":            a.Password,
		"TH_JOB_NAME":          m.Build.Job,
		"TH_JOB_DIR":           home,
		"TH_SOURCE_DIR":        m.Tree.Dir,
		"TH_DATASET":           m.Dataset.Name,
		"TH_DATABASE_SOCKET":   a.Socket,
		"TH_DATABASE_NAME":     a.Name,
		"TH_DATABASE_USER":     a.User,
		"TH_DATABASE_PASSWORD": a.Password,
		"TH_DATABASE_CHARSET":  a.Charset,
		"TH_DATABASE_URL":      DatabaseURL(a),
		markerVariable:         id,
	}
	maps.Copy(vars, m.Build.Command.Environment)
	out := make([]string, 0, len(vars))
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		out = append(out, name+"="+vars[name])
	}
	return out
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
