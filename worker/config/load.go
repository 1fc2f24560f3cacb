package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/turbo-hipster/turbo-hipster/internal/strictyaml"
)

// maxGrace bounds the grace period of a shutdown.
const maxGrace = 7 * 24 * time.Hour

// maxBytes bounds one configuration file.
const maxBytes = 8 << 20

// Load reads the configuration file at path, and the files of its conf_d. Mistakes
// are an error of type strictyaml.Mistakes that lists all of them with their files
// and lines.
func Load(path string) (*Config, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	dir, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	return Parse(path, dir, data)
}

func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxBytes {
		return nil, fmt.Errorf("%q is larger than %d bytes", path, maxBytes)
	}
	return os.ReadFile(path)
}

// Parse reads a configuration from its text; the files of its conf_d are read from
// the disk. The file's name is for messages; relative paths are relative to dir,
// an absolute path.
func Parse(file, dir string, data []byte) (*Config, error) {
	l := &loader{
		config: &Config{
			Slots: 1, ShutdownGrace: time.Hour, Trouble: Trouble{Attempts: 3, Pause: 10 * time.Second, Then: ThenRetry},
			Logs: Logs{SQLSlow: Log{Own: true}, SQLErr: Log{Own: true}},
		},
		places: map[string]strictyaml.Node{},
	}
	l.read(&reader{loader: l, file: file, dir: dir}, data)
	if l.confD != "" {
		l.readConfD(filepath.Dir(file), dir)
	}
	if !l.unreadable {
		l.complete()
	}
	if err := l.err(); err != nil {
		return nil, err
	}
	return l.config, nil
}

// loader reads files, each over what those before it said.
type loader struct {
	config     *Config
	confD      string // the directory, absolute; "" is none
	scriptsDir string
	zuul       zuulKeys
	drafts     []*draft // of the jobs, one for each

	sources    []source
	unreadable bool                       // a file is not YAML: what it says is not known
	places     map[string]strictyaml.Node // where the top-level sections' keys stand that hold
}

// source is one file and what is wrong with it.
type source struct {
	doc      *strictyaml.Doc // nil when the file is unreadable
	mistakes strictyaml.Mistakes
}

// reader reads one file.
type reader struct {
	*loader
	file    string // as messages name it
	dir     string // that relative paths are relative to
	inConfD bool
}

// read reads a file's text.
func (l *loader) read(r *reader, data []byte) {
	l.config.Files = append(l.config.Files, r.file)
	doc, err := strictyaml.Parse(r.file, data)
	if err != nil {
		l.cannotRead(r.file, err)
		return
	}
	l.sources = append(l.sources, source{doc: doc})
	r.root(doc.Root())
}

// cannotRead notes that nothing is known of a file.
func (l *loader) cannotRead(file string, err error) {
	l.unreadable = true
	mistakes, ok := errors.AsType[strictyaml.Mistakes](err)
	if !ok {
		if perr, ok := errors.AsType[*os.PathError](err); ok {
			err = perr.Err // the file is named already
		}
		mistakes = strictyaml.Mistakes{{File: file, Msg: "cannot be read: " + err.Error()}}
	}
	l.sources = append(l.sources, source{mistakes: mistakes})
}

// readConfD reads the files of conf_d in the order of their names. Messages name
// them as seen from shown, the main file's directory as the user named it.
func (l *loader) readConfD(shown, dir string) {
	entries, err := os.ReadDir(l.confD)
	if err != nil {
		l.places["conf_d"].Mistake("%v", err)
		return
	}
	for _, entry := range entries {
		path := filepath.Join(l.confD, entry.Name())
		if !isConfigName(entry.Name()) {
			continue
		}
		name := path
		if rel, err := filepath.Rel(dir, path); err == nil && filepath.IsLocal(rel) {
			name = filepath.Join(shown, rel)
		}
		data, err := readFile(path)
		if err != nil {
			l.cannotRead(name, err)
			continue
		}
		l.read(&reader{loader: l, file: name, dir: l.confD, inConfD: true}, data)
	}
}

// isConfigName tells whether a file of conf_d is read: editors leave others there.
func isConfigName(name string) bool {
	switch filepath.Ext(name) {
	case ".yaml", ".yml", ".json":
		return !strings.HasPrefix(name, ".")
	}
	return false
}

// root reads the keys of a file.
func (r *reader) root(n strictyaml.Node) {
	c := r.config
	r.fields(n, "", strictyaml.Fields{
		"store":              func(n strictyaml.Node) { c.Store = r.path(n) },
		"jobs_working_dir":   func(n strictyaml.Node) { c.JobsWorkingDir = r.path(n) },
		"git_working_dir":    func(n strictyaml.Node) { c.GitWorkingDir = r.path(n) },
		"server_dir":         func(n strictyaml.Node) { c.ServerDir = r.path(n) },
		"pip_download_cache": func(n strictyaml.Node) { c.PipDownloadCache = r.path(n) },
		"scripts_dir":        func(n strictyaml.Node) { r.scriptsDir = r.path(n) },
		"debug_log":          func(n strictyaml.Node) { c.DebugLog = r.path(n) },
		"conf_d":             r.setConfD,
		"zuul_server":        r.zuulServer,
		"manager":            func(n strictyaml.Node) { c.Manager = manager(n) },
		"slots":              func(n strictyaml.Node) { c.Slots = n.Whole(1, 1000) },
		"shutdown_grace":     func(n strictyaml.Node) { c.ShutdownGrace = n.SecondsWithin(0, maxGrace) },
		"trouble":            r.trouble,
		"logs":               r.logs,
		"publish_logs":       r.publish,
		"jobs":               r.jobs,
		"plugins":            r.plugins,
	})
}

// fields reads the keys of a section and remembers where each stands, as
// "section.key".
func (r *reader) fields(n strictyaml.Node, section string, known strictyaml.Fields) {
	n.Fields(noting(r.places, section, known))
}

// noting are fields that note in places where their keys stand.
func noting(places map[string]strictyaml.Node, prefix string, known strictyaml.Fields) strictyaml.Fields {
	out := make(strictyaml.Fields, len(known))
	for key, read := range known {
		out[key] = func(n strictyaml.Node) {
			places[prefix+key] = n
			read(n)
		}
	}
	return out
}

func (r *reader) setConfD(n strictyaml.Node) {
	if r.inConfD {
		n.Mistake("want it in the configuration file only: this file is in a conf_d itself")
		return
	}
	r.confD = r.path(n)
}

// path reads a path; a relative one is taken from the file's directory.
func (r *reader) path(n strictyaml.Node) string {
	p := n.Path()
	switch {
	case p == "":
	case filepath.IsAbs(p):
		p = filepath.Clean(p)
	case strings.HasPrefix(p, "~"):
		n.Mistake("~ is not known here: want a whole path, or one relative to this file")
	default:
		p = filepath.Join(r.dir, p)
	}
	if strings.ContainsFunc(p, func(c rune) bool { return c < ' ' || c == 0x7f }) {
		n.Mistake("want a path without control characters")
	}
	return p
}

// err lists what is wrong in all files, in their order; nil when nothing is.
func (l *loader) err() error {
	var all strictyaml.Mistakes
	for _, s := range l.sources {
		all = append(all, s.mistakes...)
		if s.doc == nil {
			continue
		}
		if mistakes, ok := errors.AsType[strictyaml.Mistakes](s.doc.Err()); ok {
			all = append(all, mistakes...)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all
}
