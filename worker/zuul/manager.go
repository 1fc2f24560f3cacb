package zuul

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"
)

// Options make a Manager. Runner and Name are needed.
type Options struct {
	Runner Runner
	// Name is the manager's. No other worker of the same Gearman server may have it;
	// see DefaultName.
	Name     string
	Identity Identity
	// URLPrefix is where logs are published: the URL of a build is
	// URLPrefix/LOG_PATH/index.html. "" tells Zuul no URL before the end.
	URLPrefix string
	Trouble   Trouble

	// Estimate is how long a job's builds usually take; 0 is unknown. Zuul 2.5 takes
	// the total of a WORK_STATUS for the expected milliseconds: with an estimate, it
	// is that, and done is the same share of it. Without, or nil, done and total are
	// steps, as the classic worker sent them.
	Estimate func(job string) time.Duration

	// Now is the clock of Running and of durations in the log.
	Now func() time.Time
	// Sleep waits for d, or until ctx ends and then returns an error; nil really waits.
	Sleep func(ctx context.Context, d time.Duration) error
	Log   *slog.Logger // nil discards
}

// DefaultName is the classic name of the manager on a host.
func DefaultName(host string) string { return "turbo-hipster-manager-" + host }

// Manager does builds for Zuul and stops them. It is safe for concurrent use.
type Manager struct {
	o       Options
	log     *slog.Logger
	running *running
}

// running are the builds that can be stopped.
type running struct {
	mu     sync.Mutex
	builds map[*build]struct{} // registered before their first packet, until their end is decided
}

// NewManager checks the options and fills in what they leave out.
func NewManager(o Options) (*Manager, error) {
	if o.Runner == nil || o.Now == nil {
		return nil, errors.New("manager: no runner or no clock")
	}
	if o.Name == "" || !printable(o.Name) || strings.Contains(o.Name, " ") || len(o.Name) > maxElementBytes {
		return nil, fmt.Errorf("manager's name %q: want one without white space", o.Name)
	}
	if err := o.Trouble.validate(); err != nil {
		return nil, err
	}
	o.Trouble = o.Trouble.withDefaults()
	o.Identity = o.Identity.withDefaults(o.Name)
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	log := o.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Manager{o: o, log: log, running: &running{builds: map[*build]struct{}{}}}, nil
}

// Renew makes a manager with other options, for a configuration that was read
// again. Each of the two knows the builds of the other, so that Zuul can stop a
// build through either.
func (m *Manager) Renew(o Options) (*Manager, error) {
	next, err := NewManager(o)
	if err != nil {
		return nil, err
	}
	next.running = m.running
	return next, nil
}

// FunctionNames are the Gearman functions that Stop and SetDescription serve.
func (m *Manager) FunctionNames() (stop, setDescription string) {
	return StopFunction(m.o.Name), "set_description:" + m.o.Name
}

// StopFunction is the Gearman function by which builds of a manager are stopped.
func StopFunction(manager string) string { return "stop:" + manager }

// Running is a build that has not ended.
type Running struct {
	Number  string
	Job     string
	Project string // "" of a build with a bad payload
	Stopped bool   // Zuul stopped it; what it started is being ended
	Since   time.Time
}

// Running are the builds that have not ended, oldest first.
func (m *Manager) Running() []Running {
	m.running.mu.Lock()
	defer m.running.mu.Unlock()
	var all []Running
	for b := range m.running.builds {
		all = append(all, Running{Number: b.number, Job: b.f.Job, Project: b.params.Project, Stopped: b.aborted, Since: b.since})
	}
	slices.SortFunc(all, func(a, b Running) int {
		if c := a.Since.Compare(b.Since); c != 0 {
			return c
		}
		return strings.Compare(a.Number, b.Number)
	})
	return all
}

// add makes a build known to Stop.
func (m *Manager) add(b *build) {
	m.running.mu.Lock()
	defer m.running.mu.Unlock()
	m.running.builds[b] = struct{}{}
}

// remove makes a build unknown, and tells whether it had been stopped. What
// arrives later comes too late.
func (m *Manager) remove(b *build) (aborted bool) {
	m.running.mu.Lock()
	defer m.running.mu.Unlock()
	delete(m.running.builds, b)
	return b.aborted
}

// abort ends the builds with that number and name, and tells how many.
func (m *Manager) abort(name, number string) int {
	m.running.mu.Lock()
	defer m.running.mu.Unlock()
	n := 0
	for b := range m.running.builds {
		if b.number == number && b.f.called(name) {
			n++
			b.aborted = true
			b.cancel(ErrAborted)
		}
	}
	return n
}

// sleep waits for d or for ctx.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
