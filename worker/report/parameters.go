package report

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// shownParameters are those of a build's parameters that a report repeats: what
// Zuul says of the change. Others may be secrets (SWIFT_* are), so only these are
// let through, by name.
func shownParameters(parameters map[string]string) map[string]string {
	public := []string{
		"ZUUL_BRANCH", "ZUUL_CHANGE", "ZUUL_CHANGES", "ZUUL_CHANGE_IDS", "ZUUL_COMMIT", "ZUUL_NEWREV", "ZUUL_OLDREV",
		"ZUUL_PATCHSET", "ZUUL_PIPELINE", "ZUUL_PROJECT", "ZUUL_REF", "ZUUL_REFNAME", "ZUUL_SHORT_NEWREV",
		"ZUUL_SHORT_OLDREV", "ZUUL_URL", "ZUUL_UUID", "ZUUL_VOTING",
	}
	out := maps.Clone(parameters)
	if raw, ok := out["ZUUL_URL"]; ok {
		out["ZUUL_URL"] = plainURL(raw)
	}
	maps.DeleteFunc(out, func(name, value string) bool { return value == "" || !slices.Contains(public, name) })
	return out
}

// plainURL is the URL without account, password, query and fragment; "" when it
// cannot be told apart from them.
func plainURL(raw string) string {
	u, err := url.Parse(worker.RedactURL(raw))
	if err != nil || u.User != nil || u.Opaque != "" || strings.Contains(u.Path, "@") {
		return ""
	}
	u.RawQuery, u.ForceQuery, u.Fragment, u.RawFragment = "", false, "", ""
	return u.String()
}

// change describes the change that was tested, from Zuul's parameters: label and
// value, in the order in which people read them.
func change(p map[string]string) []fact {
	var out []fact
	add := func(label, value string) {
		if value != "" {
			out = append(out, fact{Label: label, Value: brief(value, textChars)})
		}
	}
	if number := p["ZUUL_CHANGE"]; number != "" {
		if set := p["ZUUL_PATCHSET"]; set != "" {
			number += ", patch set " + set
		}
		add("Change", number)
	}
	if name := p["ZUUL_REFNAME"]; name != "" {
		add("Ref", name)
		add("Update", short(p["ZUUL_OLDREV"])+" → "+short(p["ZUUL_NEWREV"]))
	}
	add("Branch", p["ZUUL_BRANCH"])
	add("Pipeline", p["ZUUL_PIPELINE"])
	if p["ZUUL_VOTING"] == "0" {
		add("Voting", "no")
	}
	return out
}

// fact is something that is known of a build or a dataset.
type fact struct{ Label, Value string }

// Long tells whether the value needs more than a column.
func (f fact) Long() bool { return len(f.Value) > 30 }

// short is the beginning of a commit's id, as git shows it.
func short(id string) string {
	switch {
	case id == "":
		return "?"
	case strings.Trim(id, "0") == "":
		return "nothing"
	}
	return id[:min(len(id), 12)]
}
