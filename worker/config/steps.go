package config

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/internal/strictyaml"
	"github.com/turbo-hipster/turbo-hipster/worker"
)

// tools are the words for what output looks like.
func tools() []string {
	return []string{
		worker.ToolSQLAlchemyMigrate, worker.ToolAlembic, worker.ToolDjango, worker.ToolRails, worker.ToolPatterns, worker.ToolRun,
	}
}

// tool reads what the command's output looks like.
func tool(n strictyaml.Node) worker.Tool {
	var t worker.Tool
	n.Fields(strictyaml.Fields{
		"tool": func(n strictyaml.Node) {
			t.Name = n.Choice(tools()...)
		},
		"versions": func(n strictyaml.Node) { versions(n, &t) },
		"start":    func(n strictyaml.Node) { t.Start = pattern(n) },
		"end":      func(n strictyaml.Node) { t.End = pattern(n) },
	})
	switch {
	case !n.Keys()["tool"]:
		n.Mistake("no tool: want %s", strings.Join(tools(), ", "))
	case t.Name == worker.ToolPatterns && t.Start == "":
		n.Mistake("tool patterns needs start, a regular expression")
	case t.Name != worker.ToolPatterns && t.Start+t.End != "":
		n.Mistake("start and end are for tool patterns only")
	case t.Name == worker.ToolRun && !t.Driven():
		n.Mistake("tool run needs versions: each run of the command is one step")
	}
	return t
}

// pattern reads a regular expression.
func pattern(n strictyaml.Node) string {
	p := n.Text()
	if _, err := regexp.Compile(p); err != nil {
		n.Mistake("%v", err)
	}
	return p
}

// versions reads what a step driver goes through: a list, or a command that prints
// it.
func versions(n strictyaml.Node, t *worker.Tool) {
	if n.IsMapping() {
		n.Fields(strictyaml.Fields{
			"command": func(n strictyaml.Node) { t.VersionsCommand.Argv, t.VersionsCommand.Text = command(n) },
		})
		if !n.Keys()["command"] {
			n.Mistake("no command: want one that prints the versions, or a list of them")
		}
		return
	}
	n.List(func(_ int, n strictyaml.Node) {
		switch version := n.Text(); {
		case strings.TrimSpace(version) == "" || strings.ContainsAny(version, "\x00\n"):
			n.Mistake("want a version")
		case slices.Contains(t.Versions, version):
			n.Mistake("this version a second time")
		default:
			t.Versions = append(t.Versions, version)
		}
	})
	if len(t.Versions) == 0 {
		n.Mistake("want at least one version")
	}
}

// expected reads where the last step must lead to.
func expected(n strictyaml.Node) worker.Expected {
	if !n.IsMapping() {
		return worker.Expected{Version: n.Text()}
	}
	var e worker.Expected
	n.Fields(strictyaml.Fields{
		"highest_in": func(n strictyaml.Node) {
			if e.HighestIn = n.Path(); !filepath.IsLocal(e.HighestIn) {
				n.Mistake("want a directory of the project's tree, relative to its top")
			}
		},
	})
	if !n.Keys()["highest_in"] {
		n.Mistake("want a version, or highest_in and a directory of the tree")
	}
	return e
}
