package config

import (
	"net"
	"net/netip"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/internal/strictyaml"
	"github.com/turbo-hipster/turbo-hipster/worker"
)

// Zuul says where Zuul and its projects are. The zero value is enough for th-worker
// run, which asks nobody.
type Zuul struct {
	GearmanServers []Address // in the order of the file, all different
	TLS            TLS       // the zero value is a plain connection

	// Base URLs that a slash and the project's name are added to. Any may be "".
	GitURL     string
	GerritSite string
	GitOrigin  string

	// AllowedURLs are what ZUUL_URL may be, or begin with up to a slash. Empty is any
	// http, https, git and ssh URL; a path or file URL of this machine must be listed.
	AllowedURLs []string
}

// Address is where a Gearman server listens.
type Address struct {
	Host string // a name or an IP address, without brackets
	Port int    // 1 to 65535
}

// String is "host:port", as net.Dial takes it.
func (a Address) String() string { return net.JoinHostPort(a.Host, strconv.Itoa(a.Port)) }

// TLS says how connections to Gearman servers are made safe. The files are PEM.
type TLS struct {
	CA         string // who signed the server's certificate; "" is those that the system trusts
	Cert       string // the worker's own certificate; "" shows none
	Key        string // of Cert; "" exactly when Cert is
	ServerName string // what the server's certificate must be for; "" is the host
}

// Origin is the base URL that projects are cloned from; "" when none is
// configured.
func (z Zuul) Origin() string {
	switch {
	case z.GitURL != "":
		return z.GitURL
	case z.GitOrigin != "":
		return z.GitOrigin
	case z.GerritSite != "":
		return strings.TrimRight(z.GerritSite, "/") + "/p" // where Gerrit has them for everybody
	}
	return ""
}

// gearmanPort is where Gearman servers listen (IANA).
const gearmanPort = 4730

// zuulKeys are the classic keys of one server, until all files are read.
type zuulKeys struct {
	host string
	port int
}

// zuulServer reads where Zuul is.
func (r *reader) zuulServer(n strictyaml.Node) {
	z := &r.config.Zuul
	r.fields(n, "zuul_server.", strictyaml.Fields{
		"gearman_host":    func(n strictyaml.Node) { r.zuul.host = host(n) },
		"gearman_port":    func(n strictyaml.Node) { r.zuul.port = n.Whole(1, 65535) },
		"gearman_servers": func(n strictyaml.Node) { z.GearmanServers = servers(n) },
		"tls":             r.tls,
		"git_url":         func(n strictyaml.Node) { z.GitURL = r.url(n) },
		"gerrit_site":     func(n strictyaml.Node) { z.GerritSite = r.url(n) },
		"git_origin":      func(n strictyaml.Node) { z.GitOrigin = r.url(n) },
		"zuul_urls": func(n strictyaml.Node) {
			z.AllowedURLs = nil
			n.List(func(_ int, n strictyaml.Node) { z.AllowedURLs = append(z.AllowedURLs, r.url(n)) })
		},
	})
}

// host reads the name or the IP address of one server.
func host(n strictyaml.Node) string {
	host := n.Text()
	if !isHost(host) {
		n.Mistake("want a host's name or IP address; the port is gearman_port")
	}
	return host
}

// servers reads a list of HOST:PORT. A port that is missing is gearmanPort.
func servers(n strictyaml.Node) []Address {
	var out []Address
	n.List(func(_ int, n strictyaml.Node) {
		a, ok := address(n.Text())
		switch {
		case !ok:
			n.Mistake("want HOST or HOST:PORT, with brackets around an IPv6 address")
		case slices.Contains(out, a):
			n.Mistake("this server a second time")
		default:
			out = append(out, a)
		}
	})
	return out
}

// address reads HOST, HOST:PORT, IPV6 or [IPV6]:PORT.
func address(text string) (Address, bool) {
	if isHost(text) {
		return Address{text, gearmanPort}, true
	}
	host, port, err := net.SplitHostPort(text)
	number, nerr := strconv.ParseUint(port, 10, 16)
	return Address{host, int(number)}, err == nil && nerr == nil && number > 0 && isHost(host)
}

// isHost tells whether the text is a name or an IP address without a port.
func isHost(text string) bool {
	if _, err := netip.ParseAddr(text); err == nil {
		return true
	}
	return text != "" && text[0] != '-' && !strings.ContainsFunc(text, func(c rune) bool {
		return c <= ' ' || c == 0x7f || strings.ContainsRune("/:[]@?#\\\"'", c)
	})
}

// tls reads how connections are made safe.
func (r *reader) tls(n strictyaml.Node) {
	t := &r.config.Zuul.TLS
	r.fields(n, "zuul_server.tls.", strictyaml.Fields{
		"ca":          func(n strictyaml.Node) { t.CA = r.path(n) },
		"cert":        func(n strictyaml.Node) { t.Cert = r.path(n) },
		"key":         func(n strictyaml.Node) { t.Key = r.path(n) },
		"server_name": func(n strictyaml.Node) { t.ServerName = serverName(n) },
	})
}

func serverName(n strictyaml.Node) string {
	name := n.Text()
	if name != "" && !isHost(name) {
		n.Mistake("want a host's name")
	}
	return name
}

// url reads the URL of repositories, or a path of this machine.
func (r *reader) url(n strictyaml.Node) string {
	url := n.Text()
	if strings.HasPrefix(url, "./") || strings.HasPrefix(url, "../") {
		url = filepath.Join(r.dir, url)
	}
	if err := worker.CheckURL(url); err != nil {
		n.Mistake("%v", err)
	}
	return url
}

// completeZuul checks what all files together say of Zuul.
func (l *loader) completeZuul() {
	z := &l.config.Zuul
	_, hasHost := l.places["zuul_server.gearman_host"]
	port, hasPort := l.places["zuul_server.gearman_port"]
	several, hasSeveral := l.places["zuul_server.gearman_servers"]
	switch {
	case hasSeveral && hasHost:
		several.Mistake("gearman_servers and gearman_host exclude each other")
	case hasSeveral && hasPort:
		port.Mistake("gearman_port goes with gearman_host: the port of a gearman_servers entry is part of it")
	case hasPort && !hasHost:
		port.Mistake("gearman_port without gearman_host")
	case hasSeveral && len(z.GearmanServers) == 0:
		several.Mistake("want at least one server")
	case hasHost:
		if !hasPort {
			l.zuul.port = gearmanPort
		}
		z.GearmanServers = []Address{{l.zuul.host, l.zuul.port}}
	}
	at, hasTLS := l.places["zuul_server.tls"]
	switch {
	case hasTLS && z.TLS == (TLS{}):
		at.Mistake("want ca, cert and key, or server_name: an empty tls would be a plain connection")
	case (z.TLS.Cert == "") != (z.TLS.Key == ""):
		at.Mistake("cert and key are needed together")
	}
}
