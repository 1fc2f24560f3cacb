package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
	"github.com/urfave/cli/v2"
	"golang.org/x/sys/unix"

	"github.com/turbo-hipster/turbo-hipster/internal/command"
	"github.com/turbo-hipster/turbo-hipster/worker"
	"github.com/turbo-hipster/turbo-hipster/worker/gearman"
)

// errShutdown is why builds end that are still running when the grace period of a shutdown is over.
var errShutdown = errors.New("the service shuts down")

// service serves builds until it is told to stop. One goroutine, in decide, decides everything; generations and builds talk
// to it through channels.
type service struct {
	program *program
	flags   *cli.Context
	log     *slog.Logger
	logFile *logFile // nil: the log goes to standard error
	notify  notifier

	gate  *worker.Gate   // of all generations: what is measured alone is alone on this machine
	slots *gearman.Slots // likewise: a reload makes no more slots than are configured

	current  *generation
	old      sync.WaitGroup // generations that finish their builds
	drain    chan string    // reasons to shut down gracefully
	stopping chan struct{}  // closed when it shuts down
	pulse    chan struct{}  // answered by the loop while it is alive
}

// signals are what the service is told, each sort for itself: however often it is told to reload while it is busy, that it
// is told to stop is not lost.
type signals struct{ reload, stop chan os.Signal }

func notifySignals() signals {
	s := signals{reload: make(chan os.Signal, 1), stop: make(chan os.Signal, 2)}
	signal.Notify(s.reload, syscall.SIGHUP)
	signal.Notify(s.stop, syscall.SIGTERM, os.Interrupt)
	return s
}

func (s signals) end() {
	signal.Stop(s.reload)
	signal.Stop(s.stop)
}

// serve is th-worker without a command.
func (p *program) serve(c *cli.Context) (err error) {
	if c.NArg() > 0 {
		return command.UnknownCommand(c.Args().First(), c.App.Commands)
	}
	if c.Bool("background") && p.env(readyVariable) == "" {
		return p.background(c.Context, os.Args)
	}
	p.inBackground()
	defer func() { p.sayReady(err) }()
	told := notifySignals()
	defer told.end()
	if err := c.Context.Err(); err != nil { // told before it listened
		return err
	}
	w, err := p.open(c)
	if err != nil {
		return err
	}
	if err := w.config.ForService(); err != nil {
		return err
	}
	pid, err := writePIDFile(c.String("pidfile"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pid.remove()) }()
	s := &service{
		program: p, flags: c, gate: worker.NewGate(), slots: gearman.NewSlots(w.config.Slots),
		drain: make(chan string, 1), stopping: make(chan struct{}), pulse: make(chan struct{}),
	}
	if err := s.openLog(w); err != nil {
		return err
	}
	defer s.closeLog()
	s.notify = notifier{s.log}
	return s.run(c.Context, w, told)
}

// openLog starts the log where the configuration wants it.
func (s *service) openLog(w *workshop) error {
	out := s.program.stderr
	if path := w.config.DebugLog; path != "" {
		file, err := openLogFile(path)
		if err != nil {
			return err
		}
		s.logFile, out = file, file
	}
	s.log = slog.New(slog.NewTextHandler(out, nil))
	return nil
}

func (s *service) closeLog() {
	if s.logFile != nil {
		_ = s.logFile.Close()
	}
}

// run serves the configuration until a signal or a build says to stop, and everything has ended.
func (s *service) run(ctx context.Context, w *workshop, told signals) (err error) {
	// A signal reloads, or drains before it cancels, so its context is not the builds'.
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	defer cancel(nil)
	if err := w.sweep(ctx, s.log); err != nil {
		return err
	}
	if s.current, err = s.start(ctx, w); err != nil {
		return err
	}
	s.log.Info("serving", "functions", s.current.functions, "slots", w.config.Slots, "version", version, "pid", os.Getpid())
	s.program.sayReady(nil)
	s.notify.say(daemon.SdNotifyReady)
	var watchdog sync.WaitGroup
	watching, unwatch := context.WithCancel(context.WithoutCancel(ctx)) // until the end, also of what ends at once
	watchdog.Go(func() { s.notify.watchdog(watching, s.alive) })
	defer watchdog.Wait()
	defer unwatch()
	s.decide(ctx, told, func() { cancel(errShutdown) })
	s.log.Info("ended")
	return nil
}

// decide does what the service is told until everything has ended. kill ends the builds that run.
func (s *service) decide(ctx context.Context, told signals, kill func()) {
	ended := make(chan struct{})
	var grace <-chan time.Time
	stopping := false
	stop := func(why string) {
		switch {
		case !stopping:
			stopping = true
			s.log.Info("shutting down; running builds may finish", "why", why, "grace", s.current.workshop.config.ShutdownGrace)
			s.notify.say(daemon.SdNotifyStopping)
			grace = time.After(s.current.workshop.config.ShutdownGrace)
			close(s.stopping)
			s.retire(s.current, nil)
			go func() { s.old.Wait(); close(ended) }()
		case why != drained:
			s.log.Warn("shutting down at once; Zuul will run unfinished builds again", "why", why)
			kill()
		}
	}
	for {
		select {
		case <-told.reload:
			if !stopping {
				s.reload(ctx)
			}
		case sig := <-told.stop:
			stop(sig.String())
		case why := <-s.drain:
			stop(why)
		case <-grace:
			stop("the grace period is over")
		case <-s.pulse:
		case <-ended:
			return
		}
	}
}

// drained is the reason of a job with shutdown-th.
const drained = "a job asked for it after its build"

// alive tells whether the loop answers.
func (s *service) alive(ctx context.Context) bool {
	select {
	case s.pulse <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// retire lets a generation finish its builds and take no more, as soon as the next one, unless nil, takes them. In between
// nobody would offer the functions, and Zuul tells the author NOT_REGISTERED of a build that it cannot place.
func (s *service) retire(g, next *generation) {
	s.old.Go(func() {
		if next != nil {
			next.awaitRegistered(s.stopping)
		}
		g.finish()
	})
}

// reload serves the configuration as it is now. A configuration with mistakes is refused whole, and what was served
// before goes on. Builds that run finish under the configuration they began with.
func (s *service) reload(ctx context.Context) {
	s.notify.say(daemon.SdNotifyReloading + fmt.Sprintf("\nMONOTONIC_USEC=%d", monotonicMicros()))
	defer s.notify.say(daemon.SdNotifyReady)
	if s.logFile != nil { // moved away by logrotate, perhaps, whatever the configuration says
		if err := s.logFile.reopen(s.current.workshop.config.DebugLog); err != nil {
			s.log.Error("the log goes on in the old file", "err", err)
		}
	}
	w, err := s.program.open(s.flags)
	if err == nil {
		err = w.config.ForService()
	}
	if err == nil && w.config.DebugLog != s.current.workshop.config.DebugLog {
		err = errors.New("debug_log: another one needs a restart")
	}
	var next *generation
	if err == nil {
		next, err = s.start(ctx, w)
	}
	if err != nil {
		s.log.Error("the configuration was not reloaded; what was served is served on", "err", err)
		return
	}
	s.slots.Resize(w.config.Slots)
	s.retire(s.current, next)
	s.current = next
	s.log.Info("reloaded", "functions", next.functions, "slots", w.config.Slots)
}

// monotonicMicros is the clock that the service manager compares a reload with.
func monotonicMicros() int64 {
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts); err != nil {
		return 0
	}
	return ts.Nano() / 1000
}
