package recognize

import "bytes"

// URLParts are the parts of a URL, as offsets: scheme is b[:Scheme], user information
// b[User:Host-1] when User < Host, the host b[Host:HostEnd], and the rest, port, path,
// query and fragment, starts at HostEnd.
type URLParts struct {
	Scheme, User, Host, HostEnd int
}

// IsURL reports whether b is a URL with a known scheme and a host.
func IsURL(b []byte) bool {
	_, ok := SplitURL(b)
	return ok
}

// SplitURL returns the parts of a URL.
func SplitURL(b []byte) (URLParts, bool) {
	scheme := schemeLength(b)
	if scheme == 0 {
		return URLParts{}, false
	}
	for _, c := range b[scheme:] {
		if !isURLByte(c) {
			return URLParts{}, false
		}
	}
	p := URLParts{Scheme: scheme, User: scheme + 3}
	end := len(b)
	if i := bytes.IndexAny(b[p.User:], "/?#"); i >= 0 {
		end = p.User + i
	}
	p.Host = p.User + bytes.LastIndexByte(b[p.User:end], '@') + 1
	p.HostEnd = end
	if p.Host < end && b[p.Host] == '[' {
		if i := bytes.IndexByte(b[p.Host:end], ']'); i > 0 {
			p.HostEnd = p.Host + i + 1
		}
	} else if i := bytes.LastIndexByte(b[p.Host:end], ':'); i >= 0 {
		p.HostEnd = p.Host + i
	}
	return p, p.HostEnd > p.Host
}

// schemeLength returns the length of a known scheme that "://" follows, or 0.
func schemeLength(b []byte) int {
	var lower [16]byte
	n := 0
	for n < len(b) && n < len(lower) && (isAlnum(b[n]) || b[n] == '+') {
		lower[n] = b[n]
		if isLetter(b[n]) {
			lower[n] |= 0x20
		}
		n++
	}
	if n == 0 || len(b) < n+3 || b[n] != ':' || b[n+1] != '/' || b[n+2] != '/' {
		return 0
	}
	// The list is fixed, because the scheme is kept: an arbitrary word before "://"
	// would be a way out for a confidential one.
	switch string(lower[:n]) {
	case "http", "https", "ws", "wss", "ftp", "ftps", "sftp", "ssh", "git", "svn", "rsync", "telnet",
		"ldap", "ldaps", "mysql", "postgres", "postgresql", "mongodb", "redis", "amqp", "amqps",
		"rabbit", "kafka", "memcached", "tcp", "udp", "tls", "ssl", "unix", "file", "nfs", "smb", "cifs",
		"s3", "gs", "swift", "swift+http", "swift+https", "rbd", "iscsi", "glance", "cinder",
		"vnc", "rdp", "spice", "sip", "sips", "irc", "ircs", "git+ssh", "git+https", "mysql+pymysql":
		return n
	}
	return 0
}

// isURLByte reports whether c may stand in a URL: RFC 3986's reserved and unreserved
// characters and "%".
func isURLByte(c byte) bool {
	return isAlnum(c) || bytes.IndexByte([]byte("-._~:/?#[]@!$&'()*+,;=%"), c) >= 0
}
