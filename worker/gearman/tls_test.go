package gearman_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/turbo-hipster/turbo-hipster/worker/gearman"
	"github.com/turbo-hipster/turbo-hipster/worker/gearman/gearmandtest"
)

// authority signs certificates for a test.
type authority struct {
	t    *testing.T
	dir  string
	file string // its own certificate
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T, name string) *authority {
	t.Helper()
	a := &authority{t: t, dir: t.TempDir()}
	a.cert, a.key = &x509.Certificate{
		Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}, nil
	a.file, _ = a.sign(name, a.cert)
	return a
}

// sign writes a certificate and its key, and returns the files.
func (a *authority) sign(name string, cert *x509.Certificate) (certFile, keyFile string) {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	if a.key == nil {
		a.key = key
	}
	cert.SerialNumber = big.NewInt(time.Now().UnixNano())
	cert.NotBefore, cert.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	der, err := x509.CreateCertificate(rand.Reader, cert, a.cert, key.Public(), a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		a.t.Fatal(err)
	}
	certFile, keyFile = filepath.Join(a.dir, name+".pem"), filepath.Join(a.dir, name+".key")
	a.write(certFile, "CERTIFICATE", der)
	a.write(keyFile, "PRIVATE KEY", private)
	return certFile, keyFile
}

func (a *authority) write(file, kind string, der []byte) {
	a.t.Helper()
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		a.t.Fatal(err)
	}
}

func (a *authority) server(host string) (certFile, keyFile string) {
	return a.sign("server", &x509.Certificate{
		Subject: pkix.Name{CommonName: host}, DNSNames: []string{host}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
}

func (a *authority) client(name string) (certFile, keyFile string) {
	return a.sign(name, &x509.Certificate{Subject: pkix.Name{CommonName: name}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
}

// secured puts TLS that asks for client certificates before a gearmand, since
// Debian's has none of its own, and returns the address.
func secured(t *testing.T, d *gearmandtest.Daemon, ca *authority, maxVersion uint16) string {
	t.Helper()
	certFile, keyFile := ca.server("gearman.example")
	pair, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		t.Fatal(err)
	}
	clients := x509.NewCertPool()
	clients.AddCert(mustParse(t, ca.file))
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{
		Certificates: []tls.Certificate{pair}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: clients, MaxVersion: maxVersion, MinVersion: tls.VersionTLS10,
	})
	if err != nil {
		t.Fatal(err)
	}
	var pipes sync.WaitGroup
	pipes.Go(func() {
		for {
			outside, err := l.Accept()
			if err != nil {
				return
			}
			pipes.Go(func() { pipe(outside, d.Address()) })
		}
	})
	t.Cleanup(func() { _ = l.Close(); pipes.Wait() })
	return l.Addr().String()
}

func mustParse(t *testing.T, file string) *x509.Certificate {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

func pipe(outside net.Conn, address string) {
	defer func() { _ = outside.Close() }()
	if c, ok := outside.(*tls.Conn); ok && c.Handshake() != nil {
		return
	}
	inside, err := net.Dial("tcp", address)
	if err != nil {
		return
	}
	defer func() { _ = inside.Close() }()
	var half sync.WaitGroup
	half.Go(func() { _, _ = io.Copy(inside, outside); _ = inside.Close() })
	_, _ = io.Copy(outside, inside)
	_ = outside.Close()
	half.Wait()
}

func TestTLS(t *testing.T) {
	d, ca := gearmandtest.Start(t), newAuthority(t, "ca")
	certFile, keyFile := ca.client("worker")
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		config, err := gearman.TLSFiles{CA: ca.file, Cert: certFile, Key: keyFile, ServerName: "gearman.example"}.Config()
		if err != nil {
			t.Fatal(err)
		}
		server := gearman.Server{Address: secured(t, d, ca, version), TLS: config}
		w := start(t, gearman.Options{Servers: []gearman.Server{server}, ClientID: "secure", Functions: map[string]gearman.Handler{"echo": func(_ context.Context, j *gearman.Job) {
			_ = j.Data(j.Payload())
			_ = j.Complete(j.Payload())
		}}})
		payload := strings.Repeat("x", 1<<20)
		var o outcome
		o.err = gearman.Submit(t.Context(), server, gearman.Submission{Function: "echo", Payload: []byte(payload)}, func(e gearman.Event) { o.events = append(o.events, e) })
		if o.err != nil || len(o.events) != 3 || string(o.last().Data) != payload {
			t.Errorf("%s: %d events, %v", tls.VersionName(version), len(o.events), o.err)
		}
		if all, err := gearman.Status(t.Context(), server); err != nil || len(all) != 1 || all[0].Workers != 1 {
			t.Errorf("%s: status %v, %v", tls.VersionName(version), all, err)
		}
		w.Drain()
		if err := w.wait(); err != nil {
			t.Error(err)
		}
	}
}

func TestTLSRefusals(t *testing.T) {
	d, ca, stranger := gearmandtest.Start(t), newAuthority(t, "ca"), newAuthority(t, "stranger")
	certFile, keyFile := ca.client("worker")
	otherCert, otherKey := stranger.client("worker")
	for _, tc := range []struct {
		name    string
		files   gearman.TLSFiles
		version uint16
		err     string
	}{
		{"the server's CA is another", gearman.TLSFiles{CA: stranger.file, Cert: certFile, Key: keyFile}, 0, "certificate signed by unknown authority"},
		{"the system's CAs do not know it", gearman.TLSFiles{Cert: certFile, Key: keyFile}, 0, "certificate signed by unknown authority"},
		{"the server's name is another", gearman.TLSFiles{CA: ca.file, Cert: certFile, Key: keyFile, ServerName: "other.example"}, 0, "certificate is valid for gearman.example, not other.example"},
		{"no client certificate", gearman.TLSFiles{CA: ca.file}, 0, "certificate required"},
		{"no client certificate, TLS 1.2", gearman.TLSFiles{CA: ca.file}, tls.VersionTLS12, "handshake failure"},
		{"a stranger's client certificate", gearman.TLSFiles{CA: ca.file, Cert: otherCert, Key: otherKey}, 0, "certificate required"},
		{"an old server", gearman.TLSFiles{CA: ca.file, Cert: certFile, Key: keyFile}, tls.VersionTLS11, "protocol version not supported"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			config, err := tc.files.Config()
			if err != nil {
				t.Fatal(err)
			}
			server := gearman.Server{Address: secured(t, d, ca, tc.version), TLS: config}
			err = gearman.Submit(t.Context(), server, gearman.Submission{Function: "f"}, nil)
			if err == nil || !strings.Contains(err.Error(), tc.err) {
				t.Errorf("submit: %v", err)
			}
			if _, err = gearman.Status(t.Context(), server); err == nil || !strings.Contains(err.Error(), tc.err) {
				t.Errorf("status: %v", err)
			}
		})
	}
	t.Run("no TLS on the other side", func(t *testing.T) {
		config, err := gearman.TLSFiles{CA: ca.file}.Config()
		if err != nil {
			t.Fatal(err)
		}
		err = gearman.Submit(t.Context(), gearman.Server{Address: d.Address(), TLS: config}, gearman.Submission{Function: "f"}, nil)
		if err == nil || !strings.Contains(err.Error(), "TLS handshake") {
			t.Errorf("got %v", err)
		}
	})
}

func TestTLSFiles(t *testing.T) {
	ca := newAuthority(t, "ca")
	certFile, keyFile := ca.client("worker")
	_, otherKey := ca.client("other")
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name  string
		files gearman.TLSFiles
		err   string
	}{
		{"nothing", gearman.TLSFiles{}, ""},
		{"all", gearman.TLSFiles{CA: ca.file, Cert: certFile, Key: keyFile}, ""},
		{"no such CA", gearman.TLSFiles{CA: empty + "x"}, "CA: open " + empty + "x"},
		{"empty CA", gearman.TLSFiles{CA: empty}, empty + " has no certificate"},
		{"no key", gearman.TLSFiles{Cert: certFile}, "needed together"},
		{"no certificate", gearman.TLSFiles{Key: keyFile}, "needed together"},
		{"another's key", gearman.TLSFiles{Cert: certFile, Key: otherKey}, "does not match"},
	} {
		config, err := tc.files.Config()
		if (err == nil) != (tc.err == "") || err != nil && !strings.Contains(err.Error(), tc.err) {
			t.Errorf("%s: %v", tc.name, err)
		}
		if err == nil && config.MinVersion != tls.VersionTLS12 {
			t.Errorf("%s: TLS from %s", tc.name, tls.VersionName(config.MinVersion))
		}
	}
}
