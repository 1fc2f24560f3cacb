package gearman

import (
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"strings"
	"time"
	"unicode"
)

// Options says what a worker does and for whom. Servers and Functions are
// required; each duration must not be negative, and 0 is its default.
type Options struct {
	// Servers are served side by side, each for itself: one that is out of reach
	// does not matter to the others.
	Servers []Server
	// ClientID names the worker in a server's list of workers, on every
	// connection. It has no white space; "" sets none.
	ClientID string
	// Functions are the exact names that jobs may ask for.
	Functions map[string]Handler
	// Slots bounds how many jobs run at once, over all servers, and over all
	// workers that share it; nil is one slot of the worker's own.
	Slots *Slots

	// Log hears of connections and of jobs whose handlers failed; nil discards.
	Log *slog.Logger
	// Connected, if not nil, is told when a server has answered after the
	// connection was made (ok), and when that connection is over. It is called in
	// turn for one server, for several at once, and must return soon.
	Connected func(server string, ok bool)
	// Backoff is how long to wait before the next connection after attempt
	// failures in a row (from 1); nil is DefaultBackoff.
	Backoff func(attempt int) time.Duration

	// DialTimeout bounds connecting, TLS included; default 10 s.
	DialTimeout time.Duration
	// WriteTimeout is how long a server may take no byte of what is sent before it
	// is given up; default 30 s.
	WriteTimeout time.Duration
	// ReplyTimeout is how long a server may send no byte while an answer is due
	// before it is given up, and its jobs with it; default 1 min.
	ReplyTimeout time.Duration
	// KeepAlive is how often a server is asked whether it is there; default 30 s.
	KeepAlive time.Duration
	// MaxPayloadBytes bounds a packet from a server: a longer one ends the
	// connection. Default 64 MiB.
	MaxPayloadBytes int64
}

// DefaultBackoff doubles from half a second to 30 s, and returns a random time
// between half of that and all of it, so that workers which lost the same server
// do not all come back at once.
func DefaultBackoff(attempt int) time.Duration {
	const first, last = 500 * time.Millisecond, 30 * time.Second
	d := last
	if attempt < 7 {
		d = min(last, first<<max(attempt-1, 0))
	}
	return d/2 + rand.N(d/2)
}

// withDefaults checks the options, all mistakes at once, and fills in defaults.
func (o Options) withDefaults() (Options, error) {
	err := errors.Join(o.validateServers(), o.validateNames())
	for _, d := range []struct {
		name  string
		value *time.Duration
		empty time.Duration
	}{
		{"DialTimeout", &o.DialTimeout, defaultDialTimeout},
		{"WriteTimeout", &o.WriteTimeout, defaultWriteTimeout},
		{"ReplyTimeout", &o.ReplyTimeout, defaultReplyTimeout},
		{"KeepAlive", &o.KeepAlive, defaultKeepAlive},
	} {
		if *d.value < 0 {
			err = errors.Join(err, fmt.Errorf("%s is negative", d.name))
		} else if *d.value == 0 {
			*d.value = d.empty
		}
	}
	if o.MaxPayloadBytes < 0 {
		err = errors.Join(err, errors.New("MaxPayloadBytes is negative"))
	} else if o.MaxPayloadBytes == 0 {
		o.MaxPayloadBytes = defaultMaxPayload
	}
	if o.Slots == nil {
		o.Slots = NewSlots(1)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Connected == nil {
		o.Connected = func(string, bool) {}
	}
	if o.Backoff == nil {
		o.Backoff = DefaultBackoff
	}
	return o, err
}

func (o Options) validateServers() (err error) {
	if len(o.Servers) == 0 {
		err = errors.New("no Gearman server")
	}
	seen := map[string]bool{}
	for _, s := range o.Servers {
		if e := validateAddress(s.Address); e != nil {
			err = errors.Join(err, e)
		}
		if seen[s.Address] {
			err = errors.Join(err, fmt.Errorf("Gearman server %s is named twice", s.Address))
		}
		seen[s.Address] = true
	}
	return err
}

func validateAddress(address string) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil || host == "" || port == "" {
		return fmt.Errorf("Gearman server %q is not of the form host:port", address)
	}
	return nil
}

func (o Options) validateNames() (err error) {
	if strings.ContainsFunc(o.ClientID, notPrintable) {
		err = fmt.Errorf("client id %q has white space or control characters", o.ClientID)
	}
	if len(o.Functions) == 0 {
		err = errors.Join(err, errors.New("no function to serve"))
	}
	for name, handler := range o.Functions {
		if e := validateFunction(name); e != nil {
			err = errors.Join(err, e)
		}
		if handler == nil {
			err = errors.Join(err, fmt.Errorf("function %q has no handler", name))
		}
	}
	return err
}

// validateFunction refuses names that lists of functions, which are lines of
// words, could not show.
func validateFunction(name string) error {
	if name == "" || strings.ContainsFunc(name, notPrintable) {
		return fmt.Errorf("function name %q is empty, or has white space or control characters", name)
	}
	return nil
}

func notPrintable(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }

func (o Options) limits() limits {
	return limits{
		dial: o.DialTimeout, write: o.WriteTimeout, reply: o.ReplyTimeout,
		keepAlive: o.KeepAlive, maxBodyBytes: o.MaxPayloadBytes,
	}
}
