package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
)

// notifier tells the service manager (systemd, Type=notify) how the service is. Without one it does nothing.
type notifier struct{ log *slog.Logger }

func (n notifier) say(state string) {
	if _, err := daemon.SdNotify(false, state); err != nil {
		n.log.Warn("cannot notify the service manager", "err", err)
	}
}

// watchdog says that the service is alive, twice as often as the manager asks for, as long as alive returns in time.
// alive takes part in the service's own loop, so that a service that hangs is restarted.
func (n notifier) watchdog(ctx context.Context, alive func(context.Context) bool) {
	every, err := daemon.SdWatchdogEnabled(false)
	if err != nil || every == 0 {
		return
	}
	tick := time.NewTicker(every / 2)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if alive(ctx) {
				n.say(daemon.SdNotifyWatchdog)
			}
		}
	}
}
