package config

import (
	"net"
	"strconv"
	"strings"
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
	}
	return z.gerrit()
}

// UpdateOrigin is the base URL that ref updates are fetched from: Gerrit itself
// where it is known, since a mirror may be late.
func (z Zuul) UpdateOrigin() string {
	if z.GerritSite != "" {
		return z.gerrit()
	}
	return z.Origin()
}

// gerrit is where the Gerrit site has its repositories for everybody.
func (z Zuul) gerrit() string {
	if z.GerritSite == "" {
		return ""
	}
	return strings.TrimRight(z.GerritSite, "/") + "/p"
}
