package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/turbo-hipster/turbo-hipster/worker"
	"github.com/turbo-hipster/turbo-hipster/worker/config"
	"github.com/turbo-hipster/turbo-hipster/worker/gearman"
	"github.com/turbo-hipster/turbo-hipster/worker/zuul"
)

// generation serves one state of the configuration, from its reading until its last build has ended. It has two workers,
// so that Zuul can stop builds while every slot is busy, and while the builds' worker drains.
type generation struct {
	service   *service
	workshop  *workshop
	runner    *worker.Runner
	functions []string // that builds are asked for by
	manager   *zuul.Manager

	builds, stops *gearman.Worker
	running       sync.WaitGroup
	registered    chan struct{} // closed when every server knows the functions
}

// start begins to serve a configuration; ctx ends its builds.
func (s *service) start(ctx context.Context, w *workshop) (*generation, error) {
	g := &generation{service: s, workshop: w, runner: w.runner(s.log, s.gate, nil, false)}
	options, err := g.zuulOptions(ctx)
	if err != nil {
		return nil, err
	}
	if s.current == nil {
		g.manager, err = zuul.NewManager(options)
	} else {
		g.manager, err = s.current.manager.Renew(options)
	}
	if err != nil {
		return nil, err
	}
	if err := g.workers(options.Name); err != nil {
		return nil, err
	}
	g.running.Go(func() { g.serve(ctx) })
	return g, nil
}

// workers makes the two workers.
func (g *generation) workers(clientID string) error {
	w, s := g.workshop, g.service
	servers, err := w.gearmanServers()
	if err != nil {
		return err
	}
	builds := map[string]gearman.Handler{}
	for i := range w.config.Jobs {
		job := &w.config.Jobs[i]
		f, err := zuul.ParseFunction(job.Function, job.Node)
		if err != nil {
			return fmt.Errorf("job %q: %w", job.Name, err)
		}
		builds[f.String()] = func(ctx context.Context, j *gearman.Job) { g.manager.Build(ctx, j, f) }
		g.functions = append(g.functions, f.String())
	}
	stop, describe := g.manager.FunctionNames()
	options := gearman.Options{Servers: servers, ClientID: clientID, Functions: builds, Slots: s.slots, Log: s.log}
	options.Connected = g.register(len(servers))
	if g.builds, err = gearman.New(options); err != nil {
		return err
	}
	options.Slots, options.Connected = gearman.NewSlots(stopSlots), nil
	options.Functions = map[string]gearman.Handler{
		stop:     func(ctx context.Context, j *gearman.Job) { g.manager.Stop(ctx, j) },
		describe: func(ctx context.Context, j *gearman.Job) { g.manager.SetDescription(ctx, j) },
	}
	g.stops, err = gearman.New(options)
	return err
}

// stopSlots is how many stop jobs are done at once; each takes no time.
const stopSlots = 4

// register makes what closes registered once each of n servers was connected to.
func (g *generation) register(n int) func(server string, ok bool) {
	g.registered = make(chan struct{})
	var lock sync.Mutex
	seen := map[string]bool{}
	return func(server string, ok bool) {
		lock.Lock()
		defer lock.Unlock()
		if !ok || seen[server] {
			return
		}
		if seen[server] = true; len(seen) == n {
			close(g.registered)
		}
	}
}

// registerTimeout bounds how long a reload waits for servers, one of which may be dead.
const registerTimeout = 5 * time.Second

// awaitRegistered waits until every server knows the functions; not for ever, and not when the service stops.
func (g *generation) awaitRegistered(stopping <-chan struct{}) {
	timeout := time.NewTimer(registerTimeout)
	defer timeout.Stop()
	select {
	case <-g.registered:
	case <-stopping:
	case <-timeout.C:
	}
}

// serve runs both workers; the one for stops ends after the one for builds, whatever ended those.
func (g *generation) serve(ctx context.Context) {
	serving, end := context.WithCancelCause(context.WithoutCancel(ctx))
	defer end(nil)
	var stops sync.WaitGroup
	stops.Go(func() {
		if err := g.stops.Run(serving); err != nil && ctx.Err() == nil {
			g.service.log.Error("the worker for stops ended", "err", err)
		}
	})
	if err := g.builds.Run(ctx); err != nil && ctx.Err() == nil {
		g.service.log.Error("the worker for builds ended", "err", err)
	}
	g.stops.Drain()
	// A server that hangs is not waited for when the service is to end at once.
	defer context.AfterFunc(ctx, func() { end(context.Cause(ctx)) })()
	stops.Wait()
}

// finish takes no more builds and returns when those that run have ended.
func (g *generation) finish() {
	g.builds.Drain()
	g.running.Wait()
}

// gearmanServers are the configured servers.
func (w *workshop) gearmanServers() ([]gearman.Server, error) {
	var secure *tls.Config
	if files := w.config.Zuul.TLS; files != (config.TLS{}) {
		var err error
		secure, err = gearman.TLSFiles{CA: files.CA, Cert: files.Cert, Key: files.Key, ServerName: files.ServerName}.Config()
		if err != nil {
			return nil, err
		}
	}
	var servers []gearman.Server
	for _, a := range w.config.Zuul.GearmanServers {
		servers = append(servers, gearman.Server{Address: a.String(), TLS: secure})
	}
	return servers, nil
}

// zuulOptions are what the manager tells Zuul of this worker.
func (g *generation) zuulOptions(ctx context.Context) (zuul.Options, error) {
	c := g.workshop.config
	host, name, err := g.workshop.names()
	if err != nil {
		return zuul.Options{}, err
	}
	return zuul.Options{
		Runner: g, Name: name, URLPrefix: c.Publish.PrependURL,
		Identity: zuul.Identity{Hostname: host, FQDN: fullName(ctx, host), IPs: addresses(), Version: version},
		Trouble:  zuul.Trouble{Attempts: c.Trouble.Attempts, Pause: c.Trouble.Pause, Then: zuul.Then(c.Trouble.Then)},
		Now:      g.service.program.now, Log: g.service.log,
	}, nil
}

// names are those of this machine, and by which Zuul stops builds.
func (w *workshop) names() (host, manager string, err error) {
	if host, err = os.Hostname(); err != nil {
		return "", "", fmt.Errorf("name this worker: %w", err)
	}
	if w.config.Manager != "" {
		return host, w.config.Manager, nil
	}
	return host, zuul.DefaultName(host), nil
}

// fullName is the host's name with its domain, as far as the resolver knows one.
func fullName(ctx context.Context, host string) string {
	ctx, cancel := context.WithTimeout(ctx, nameTimeout)
	defer cancel()
	name, err := net.DefaultResolver.LookupCNAME(ctx, host)
	if err != nil || name == "" {
		return host
	}
	return strings.TrimSuffix(name, ".")
}

// nameTimeout bounds how long the start waits for a resolver.
const nameTimeout = 2 * time.Second

// addresses are the machine's own, without those that nobody else can reach.
func addresses() []string {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	var ips []string
	for _, a := range all {
		if n, ok := a.(*net.IPNet); ok && n.IP.IsGlobalUnicast() {
			ips = append(ips, n.IP.String())
		}
	}
	return ips
}
