package gearman

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"
)

// ErrConnectionLost is, possibly wrapped, the error of everything that is done for
// a job whose connection is gone, and the cause of its context's end. The server
// knows that too and gives the job to somebody else, so an answer that comes too
// late goes nowhere.
var ErrConnectionLost = errors.New("connection to the Gearman server lost")

// ErrNotConnected is the error of a connection that could not be made: the server
// was asked nothing.
var ErrNotConnected = errors.New("connect")

// Server is one Gearman server.
type Server struct {
	// Address is host:port.
	Address string
	// TLS is for a server that expects it; nil is plain TCP. An empty ServerName
	// means the host of Address. It is not changed. See TLSFiles.
	TLS *tls.Config
}

// Defaults of [Options] that clients use as well.
const (
	defaultDialTimeout  = 10 * time.Second
	defaultWriteTimeout = 30 * time.Second
	defaultReplyTimeout = time.Minute
	defaultKeepAlive    = 30 * time.Second
	defaultMaxPayload   = 64 << 20
)

func defaultLimits() limits {
	return limits{
		dial: defaultDialTimeout, write: defaultWriteTimeout, reply: defaultReplyTimeout,
		keepAlive: defaultKeepAlive, maxBodyBytes: defaultMaxPayload,
	}
}

// dial connects to a server; conn is raw itself without TLS.
func dial(ctx context.Context, s Server, timeout time.Duration) (conn, raw net.Conn, err error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	// A peer that is gone is noticed within two minutes even where nothing is sent.
	dialer := net.Dialer{KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: time.Minute, Interval: 15 * time.Second, Count: 4}}
	raw, err = dialer.DialContext(ctx, "tcp", s.Address)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrNotConnected, err)
	}
	if s.TLS == nil {
		return raw, raw, nil
	}
	config := s.TLS
	if config.ServerName == "" && !config.InsecureSkipVerify {
		host, _, err := net.SplitHostPort(s.Address)
		if err != nil {
			_ = raw.Close()
			return nil, nil, fmt.Errorf("%w: %w", ErrNotConnected, err)
		}
		config = config.Clone()
		config.ServerName = host
	}
	secure := tls.Client(raw, config)
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = raw.Close()
		return nil, nil, fmt.Errorf("%w: TLS handshake: %w", ErrNotConnected, err)
	}
	return secure, raw, nil
}

// dialLink connects for packets.
func dialLink(ctx context.Context, s Server, l limits) (*link, error) {
	conn, raw, err := dial(ctx, s, l.dial)
	if err != nil {
		return nil, err
	}
	return newLink(conn, raw, l), nil
}
