package zuul

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
)

// Identity is what Zuul shows of the worker, for people who look for it.
type Identity struct {
	Name     string // default: the manager's name
	Hostname string
	FQDN     string
	IPs      []string
	Program  string // default: turbo-hipster
	Version  string
	Extra    map[string]string

	NodeName   string // where builds run; default: Hostname
	NodeLabels []string
}

func (i Identity) withDefaults(manager string) Identity {
	if i.Name == "" {
		i.Name = manager
	}
	if i.Program == "" {
		i.Program = "turbo-hipster"
	}
	if i.NodeName == "" {
		i.NodeName = i.Hostname
	}
	if i.IPs == nil {
		i.IPs = []string{} // null is not what Zuul expects
	}
	if i.Extra == nil {
		i.Extra = map[string]string{}
	}
	return i
}

// started is the content of the first packet: everything that Zuul reads when a
// build starts, nothing of it null, and no result.
func (b *build) started() map[string]any {
	i := b.o.Identity
	return map[string]any{
		"name":            b.f.Job,
		"number":          b.number,
		"manager":         b.o.Name,
		"url":             b.reportURL,
		"worker_name":     i.Name,
		"worker_hostname": i.Hostname,
		"worker_ips":      i.IPs,
		"worker_fqdn":     i.FQDN,
		"worker_program":  i.Program,
		"worker_version":  i.Version,
		"worker_extra":    i.Extra,
	}
}

// ended is the content of the last packet. A nil result is null: none.
func (b *build) ended(result *string, data map[string]any) map[string]any {
	labels := b.o.Identity.NodeLabels
	if len(labels) == 0 {
		labels = []string{}
		if b.f.Node != "" {
			labels = []string{b.f.Node}
		}
	}
	last := b.started()
	last["node_name"], last["node_labels"] = b.o.Identity.NodeName, labels
	for name, value := range b.json(data) {
		last[name] = value
	}
	last["result"], last["number"], last["manager"] = result, b.number, b.o.Name
	return last
}

// maxDataBytes bounds what a Runner adds to the last payload: one that does not fit
// in a packet would take the verdict with it.
const maxDataBytes = 256 << 10

// json is the data as JSON; nothing when it is none.
func (b *build) json(data map[string]any) map[string]json.RawMessage {
	var values map[string]json.RawMessage
	body, err := json.Marshal(data)
	if err == nil && len(body) > maxDataBytes {
		err = fmt.Errorf("more than %d bytes", maxDataBytes)
	}
	if err == nil {
		err = json.Unmarshal(body, &values)
	}
	if err != nil {
		b.log.Error("the runner's data cannot be sent; answering without it", "err", err)
		return nil
	}
	return values
}

// reportURL is the URL of a build's index page; "" when there is none.
func reportURL(prefix, logPath string) string {
	if prefix == "" || logPath == "" {
		return ""
	}
	parts := strings.Split(logPath, "/")
	for i, part := range parts {
		parts[i] = url.PathEscape(part)
	}
	return strings.TrimRight(prefix, "/") + "/" + strings.Join(parts, "/") + "/index.html"
}
