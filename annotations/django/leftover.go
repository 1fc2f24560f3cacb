package django

import (
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations/python"
)

// leftovers reports models and fields that a module makes in ways that are not read: by type(…), or in locals().update(…).
func (r *reader) leftovers(m *python.Module) {
	m.Reached(func(n *python.Node) bool {
		if !n.Is("call") {
			return true
		}
		function := n.Child("function")
		switch {
		case slices.ContainsFunc(n.BasesOfCall(), r.maybeModel):
			r.project.Unresolved(m, n, "the model that %s(…) makes is not read", function.Text())
			return false
		case updatesBody(function) && strings.Contains(n.Text(), "Field("):
			r.project.Unresolved(m, n, "fields in %s(…) are not read", function.Text())
			return false
		}
		return true
	})
}

// maybeModel reports whether a base makes models.
func (r *reader) maybeModel(base python.Value) bool {
	switch v := base.(type) {
	case *python.Class:
		return r.model(v).is
	case *python.External:
		return isDjango(v.Name) && python.Last(v.Name) == "Model"
	}
	return false
}

// updatesBody reports whether a function is locals().update, or that of vars().
func updatesBody(function *python.Node) bool {
	names := function.Child("object").Child("function")
	return function.Child("attribute").Is("identifier") && function.Child("attribute").Text() == "update" &&
		names.Is("identifier") && (names.Text() == "locals" || names.Text() == "vars")
}
