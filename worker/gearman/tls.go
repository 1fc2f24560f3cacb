package gearman

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
)

// TLSFiles names the PEM files for connecting to a server with TLS, as
// configuration files do.
type TLSFiles struct {
	// CA has the certificates that may have signed the server's; "" is the
	// system's.
	CA string
	// Cert and Key are our own certificate and its private key, for servers that
	// ask for one; both or neither.
	Cert, Key string
	// ServerName is the name that the server's certificate must have; "" is the
	// host of its address. Servers that are found by address need it where their
	// certificate has a name only.
	ServerName string
}

// Config reads the files. The server's certificate is always verified, and TLS is
// 1.2 or later.
func (f TLSFiles) Config() (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: f.ServerName}
	if f.CA != "" {
		text, err := os.ReadFile(f.CA)
		if err != nil {
			return nil, fmt.Errorf("read the Gearman server's CA: %w", err)
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("read the Gearman server's CA: %s has no certificate in PEM form", f.CA)
		}
	}
	if (f.Cert == "") != (f.Key == "") {
		return nil, errors.New("a TLS certificate and its key are needed together")
	}
	if f.Cert != "" {
		pair, err := tls.LoadX509KeyPair(f.Cert, f.Key)
		if err != nil {
			return nil, fmt.Errorf("read TLS certificate %s with key %s: %w", f.Cert, f.Key, err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return config, nil
}
