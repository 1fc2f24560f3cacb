package server

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"github.com/go-sql-driver/mysql"
)

// DefaultStartTimeout is how long [Start] waits for the server to answer when
// [Options.StartTimeout] is zero. A server starts in about 0.1 s; recovery of a
// large data directory on a busy machine takes much longer.
const DefaultStartTimeout = 60 * time.Second

// DefaultShortDir is where the socket goes when [Options.Dir] is too long a path
// for one and [Options.ShortDir] is empty.
const DefaultShortDir = "/tmp"

// ErrEnded is the cause of every error that comes from a server that is no
// longer running.
var ErrEnded = errors.New("database server ended")

// Options say which server to start, and where.
type Options struct {
	Binaries Binaries // from Find
	Dir      string   // homes of servers are made here; created if missing
	CacheDir string   // the template is kept here; "" bootstraps anew each time (1–2 s)
	DataDir  string   // copy this data directory of a cleanly stopped server instead of the template

	// ShortDir takes the socket when Dir is too long for one.
	ShortDir string
	// Rand is the source of passwords and names: crypto/rand.Reader.
	Rand io.Reader
	// BufferPoolBytes is the size of InnoDB's cache; 0 is DefaultBufferPoolBytes.
	BufferPoolBytes int64
	// LogBytes is the size of InnoDB's redo log; below DefaultLogBytes it is that. MariaDB stalls for ever when the log cannot
	// hold what writing one value takes, so it must be larger than any value.
	LogBytes int64
	// Flags are added to the command line, after ours, so that they win.
	Flags []string
	// StartTimeout bounds the start, bootstrapping excluded; 0 is DefaultStartTimeout.
	StartTimeout time.Duration
}

// Server is a running private server. It is safe for concurrent use.
type Server struct {
	opts     Options
	home     *home
	process  *process
	password string  // root's
	monitor  *sql.DB // root's one connection from beginning to end
	randLock sync.Mutex

	closeOnce sync.Once
	closeErr  error
}

// Start makes a home for a server, starts it and waits until it answers. When
// ctx ends during the start, or the start fails, nothing is left; afterwards the
// server lives until it is ended, whatever becomes of ctx.
func Start(ctx context.Context, o Options) (*Server, error) {
	if o.Rand == nil {
		return nil, errors.New("start database server: Options.Rand is missing")
	}
	if o.ShortDir == "" {
		o.ShortDir = DefaultShortDir
	}
	if o.StartTimeout == 0 {
		o.StartTimeout = DefaultStartTimeout
	}
	h, err := newHome(o.Dir, o.ShortDir, o.Rand)
	if err != nil {
		return nil, fmt.Errorf("start database server: %w", err)
	}
	s := &Server{opts: o, home: h}
	if err := s.start(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("start database server: %w", err), s.Close())
	}
	return s, nil
}

func (s *Server) start(ctx context.Context) (err error) {
	if err := provide(ctx, s.home, s.opts); err != nil {
		return err
	}
	if s.password, err = randomHex(s.opts.Rand, 16); err != nil {
		return err
	}
	// Run by the server before it takes connections, so that there is no
	// moment in which root has no password.
	sql := fmt.Sprintf("ALTER USER 'root'@'localhost' IDENTIFIED BY '%s';\n", s.password)
	if err := os.WriteFile(s.home.initFile(), []byte(sql), 0o600); err != nil {
		return err
	}
	s.monitor = s.openMonitor()
	cmd := exec.Command(s.opts.Binaries.Server, arguments(s.home, s.opts)...) //nolint:noctx // it outlives ctx
	cmd.Env = s.opts.Binaries.environment()
	cmd.Dir = s.home.dir
	if s.process, err = launch(cmd); err != nil {
		s.process = nil
		return err
	}
	if err := s.awaitReady(ctx); err != nil {
		return err
	}
	return os.Remove(s.home.initFile())
}

// awaitReady connects until the server answers.
func (s *Server) awaitReady(ctx context.Context) error {
	const again = 5 * time.Millisecond
	ctx, cancel := context.WithTimeoutCause(ctx, s.opts.StartTimeout,
		fmt.Errorf("no answer within %s", s.opts.StartTimeout))
	defer cancel()
	for {
		var err error
		if _, serr := os.Stat(s.home.socket); serr == nil {
			if err = s.monitor.PingContext(ctx); err == nil {
				return nil
			}
		}
		if _, refused := errors.AsType[*mysql.MySQLError](err); refused {
			return err // it answers, and will not have us
		}
		select {
		case <-s.process.done:
			return s.ended()
		case <-ctx.Done():
			return fmt.Errorf("%w; error log: %s", context.Cause(ctx), s.home.logTail())
		case <-time.After(again):
		}
	}
}

// ended describes the end of the program.
func (s *Server) ended() error {
	return fmt.Errorf("%w (%s); error log: %s", ErrEnded, s.process.cmd.ProcessState, s.home.logTail())
}

// Err is nil while the server runs, and afterwards an error that is [ErrEnded],
// with the last lines of the server's error log.
func (s *Server) Err() error {
	select {
	case <-s.process.done:
		return s.ended()
	default:
		return nil
	}
}

// Done is closed when the server has ended, for whatever reason.
func (s *Server) Done() <-chan struct{} { return s.process.done }

// Socket is the absolute path of the unix socket.
func (s *Server) Socket() string { return s.home.socket }

// FIFODir is the only directory that LOAD DATA and INTO OUTFILE may touch.
func (s *Server) FIFODir() string { return s.home.fifos() }

// DataDir is the server's data directory. It may be copied after [Server.Stop].
func (s *Server) DataDir() string { return s.home.data() }

// Version is the exact version, as in [Binaries].
func (s *Server) Version() string { return s.opts.Binaries.Version }

// Flavor tells MariaDB from MySQL.
func (s *Server) Flavor() Flavor { return s.opts.Binaries.Flavor }

// Config is a fresh configuration of the driver for the administrator, with
// database selected ("" for none). The caller may change it.
func (s *Server) Config(database string) *mysql.Config {
	return s.config(Account{User: "root", Password: s.password}, database)
}

func (s *Server) config(a Account, database string) *mysql.Config {
	c := mysql.NewConfig()
	c.Net, c.Addr = "unix", s.home.socket
	c.User, c.Passwd = a.User, a.Password
	c.DBName = database
	c.Collation = "utf8mb4_general_ci"
	c.MaxAllowedPacket = 0 // ask the server
	c.Logger = &mysql.NopLogger{}
	return c
}

// DB opens a pool of connections as administrator, with database selected (""
// for none). The caller closes it.
func (s *Server) DB(database string) *sql.DB { return open(s.Config(database)) }

// AccountDB opens a pool of connections as a. The caller closes it.
func (s *Server) AccountDB(a Account, database string) *sql.DB { return open(s.config(a, database)) }

func open(c *mysql.Config) *sql.DB {
	connector, err := mysql.NewConnector(c)
	if err != nil {
		panic("server: impossible driver configuration: " + err.Error())
	}
	return sql.OpenDB(connector)
}

// Stop shuts the server down so that its data directory needs no recovery, and
// waits until it has ended. When ctx ends first the server is killed, and the
// data directory is not to be used.
func (s *Server) Stop(ctx context.Context) error {
	db := s.DB("")
	_, err := db.ExecContext(ctx, "SET GLOBAL innodb_fast_shutdown=0")
	_ = db.Close()
	if err != nil {
		return fmt.Errorf("stop database server: %w", errors.Join(err, s.Err()))
	}
	s.process.signal(syscall.SIGTERM)
	select {
	case <-s.process.done:
		if s.process.err != nil {
			return fmt.Errorf("stop database server: %w", s.ended())
		}
		return nil
	case <-ctx.Done():
		s.process.kill()
		return fmt.Errorf("stop database server: %w", context.Cause(ctx))
	}
}

// Kill ends the server at once and waits until it is gone. Its home stays until
// [Server.Close].
func (s *Server) Kill() { s.process.kill() }

// Close ends the server at once, if it runs, and removes everything that was its
// own. It may be called more than once.
func (s *Server) Close() error {
	s.closeOnce.Do(func() {
		if s.process != nil {
			s.process.kill()
		}
		if s.monitor != nil {
			_ = s.monitor.Close()
		}
		s.closeErr = s.home.remove()
	})
	return s.closeErr
}

func randomHex(random io.Reader, n int) (string, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", fmt.Errorf("read random bytes: %w", err)
	}
	return hex.EncodeToString(b), nil
}
