package config

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/internal/strictyaml"
	"github.com/turbo-hipster/turbo-hipster/worker"
)

// command reads what migrates: a shell's line, or program and arguments.
func command(n strictyaml.Node) (argv []string, text string) {
	if !n.IsList() {
		text = line(n)
		return shell(text), text
	}
	argv = n.Texts()
	if len(argv) == 0 || argv[0] == "" {
		n.Mistake("want a program and its arguments")
	}
	return argv, strings.Join(argv, " ")
}

// line reads a line for the shell.
func line(n strictyaml.Node) string {
	text := n.Text()
	if strings.TrimSpace(text) == "" {
		n.Mistake("want a command")
	}
	return text
}

// shell runs a line, with arguments that it sees as $0, $1 and so on.
func shell(line string, arguments ...string) []string {
	return append([]string{"/bin/sh", "-c", line}, arguments...)
}

// environment reads variables for the command.
func environment(n strictyaml.Node) map[string]string {
	out := map[string]string{}
	n.Each(func(key string, n strictyaml.Node) {
		value := n.Text()
		switch {
		case !regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`).MatchString(key):
			n.Mistake("want a variable's name of letters, digits and '_'")
		case strings.HasPrefix(key, "TH_"):
			n.Mistake("variables that start with TH_ are set by the worker")
		case strings.ContainsRune(value, 0):
			n.Mistake("want a value without NUL")
		default:
			out[key] = value
		}
	})
	return out
}

// python reads the virtual environment; nil is none.
func (r *reader) python(n strictyaml.Node) *worker.Python {
	if !n.IsMapping() {
		if n.Text() != "none" {
			n.Mistake("want none, or keys such as install and requirements")
		}
		return nil
	}
	p := &worker.Python{}
	var files []string
	n.Fields(strictyaml.Fields{
		"interpreter":          func(n strictyaml.Node) { p.Interpreter = r.interpreter(n) },
		"install":              func(n strictyaml.Node) { p.Install = arguments(n) },
		"requirements":         func(n strictyaml.Node) { files = requirements(n) },
		"constraints":          func(n strictyaml.Node) { p.Constraints = fileOrURL(n) },
		"index_url":            func(n strictyaml.Node) { p.IndexURL = indexURL(n) },
		"system_site_packages": func(n strictyaml.Node) { p.SystemSitePackages = n.Bool() },
	})
	for _, file := range files {
		p.Install = append(p.Install, "-r", file)
	}
	return p
}

// interpreter reads a program: a name that is looked up, or a path.
func (r *reader) interpreter(n strictyaml.Node) string {
	if program := n.Text(); !strings.Contains(program, "/") {
		if program == "" || program[0] == '-' {
			n.Mistake("want a program's name or path")
		}
		return program
	}
	return r.path(n)
}

// arguments reads arguments of pip install.
func arguments(n strictyaml.Node) []string {
	var out []string
	n.List(func(_ int, n strictyaml.Node) {
		word := n.Text()
		switch {
		case strings.TrimSpace(word) == "":
			n.Mistake("want an argument of pip install")
		case word[0] == '-' && strings.ContainsAny(word, " \t"):
			n.Mistake("an option and its value are two arguments: want two items")
		}
		out = append(out, word)
	})
	return out
}

// requirements reads names of requirement files.
func requirements(n strictyaml.Node) []string {
	var out []string
	n.List(func(_ int, n strictyaml.Node) { out = append(out, fileOrURL(n)) })
	return out
}

// fileOrURL reads a file of the tree, or a URL.
func fileOrURL(n strictyaml.Node) string {
	file := n.Path()
	if file == "" || file[0] == '-' {
		n.Mistake("want a file of the project's tree, or a URL")
	}
	return file
}

// indexURL reads the URL of a package index, which may have a password in it.
func indexURL(n strictyaml.Node) string {
	text := n.Text()
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https" || u.Host == "") && u.Scheme != "file" {
		n.Mistake("want an http, https or file URL")
	}
	return text
}
