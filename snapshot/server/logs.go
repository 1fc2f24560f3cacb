package server

import (
	"context"
	"fmt"
	"time"
)

// DefaultSlowThreshold is how long a statement takes that [Server.EnableSlowLog]
// logs when it is given no threshold.
const DefaultSlowThreshold = 500 * time.Millisecond

// ErrorLog is the path of the log of the server's errors and warnings, in its home.
func (s *Server) ErrorLog() string { return s.home.errorLog() }

// SlowLog is the path of the log of slow statements, in the server's home. It is
// empty until [Server.EnableSlowLog].
func (s *Server) SlowLog() string { return s.home.slowLog() }

// EnableSlowLog logs the statements, ALTER TABLE and the like included, that take longer than threshold: those of sessions that
// begin afterwards, so that a restore before it leaves no trace. A threshold of 0 is DefaultSlowThreshold; the
// server counts in microseconds. Statements are logged as they are, values included.
//
// An account may switch its own sessions' logging off; where the log is written it cannot change.
func (s *Server) EnableSlowLog(ctx context.Context, threshold time.Duration) error {
	if threshold <= 0 {
		threshold = DefaultSlowThreshold
	}
	set := fmt.Sprintf("SET GLOBAL long_query_time = %.6f, GLOBAL slow_query_log = 1", max(threshold, time.Microsecond).Seconds())
	if _, err := s.monitor.ExecContext(ctx, set); err != nil {
		return fmt.Errorf("enable the log of slow statements: %w", err)
	}
	return nil
}
