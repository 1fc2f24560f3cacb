package gearman

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// ErrUnknownJob is the error of cancelling a job that the server does not have.
var ErrUnknownJob = errors.New("the server has no such job")

// FunctionStatus is how many jobs there are of one function.
type FunctionStatus struct {
	Function string
	Queued   int // jobs that wait for a worker
	Running  int
	Workers  int // connections that offer the function
}

// ConnectedWorker is one connection to a server, from a worker or anybody else.
type ConnectedWorker struct {
	Address   string // without the port
	ClientID  string // "-" is none
	Functions []string
}

const (
	// adminTimeout bounds a question in the administrative protocol.
	adminTimeout = 30 * time.Second
	// maxAdminBytes bounds an answer: a server that never ends it is not believed.
	maxAdminBytes = 64 << 20
)

// Status asks a server for its functions, in no order.
func Status(ctx context.Context, server Server) ([]FunctionStatus, error) {
	lines, err := administer(ctx, server, "status", true)
	if err != nil {
		return nil, err
	}
	all := make([]FunctionStatus, 0, len(lines))
	for _, line := range lines {
		f, err := parseFunctionStatus(line)
		if err != nil {
			return nil, fmt.Errorf("ask Gearman server %s for its status: %w", server.Address, err)
		}
		all = append(all, f)
	}
	return all, nil
}

// parseFunctionStatus reads a line: name, all jobs, those running, workers,
// separated by tabs.
func parseFunctionStatus(line string) (FunctionStatus, error) {
	columns := strings.Split(line, "\t")
	if len(columns) != 4 {
		return FunctionStatus{}, fmt.Errorf("a line has %d columns instead of 4", len(columns))
	}
	var n [3]int
	for i, text := range columns[1:] {
		var err error
		if n[i], err = strconv.Atoi(text); err != nil {
			return FunctionStatus{}, fmt.Errorf("column %d is not a number", i+2)
		}
	}
	return FunctionStatus{Function: columns[0], Queued: max(n[0]-n[1], 0), Running: n[1], Workers: n[2]}, nil
}

// Workers asks a server for its connections, in no order.
func Workers(ctx context.Context, server Server) ([]ConnectedWorker, error) {
	lines, err := administer(ctx, server, "workers", true)
	if err != nil {
		return nil, err
	}
	all := make([]ConnectedWorker, 0, len(lines))
	for _, line := range lines {
		// FD ADDRESS CLIENT-ID : FUNCTION ...
		words := strings.Fields(line)
		if len(words) < 4 || words[3] != ":" {
			return nil, fmt.Errorf("ask Gearman server %s for its workers: a line is not of the known form", server.Address)
		}
		all = append(all, ConnectedWorker{Address: words[1], ClientID: words[2], Functions: words[4:]})
	}
	return all, nil
}

// CancelQueued takes a job off a server's queue, by its handle. gearmand tells its
// client that it failed. Servers differ in what they do with a job that runs: it
// is not stopped in any case.
func CancelQueued(ctx context.Context, server Server, handle string) error {
	if handle == "" || strings.ContainsFunc(handle, notPrintable) {
		return fmt.Errorf("cancel job: %q is not a handle", handle)
	}
	lines, err := administer(ctx, server, "cancel job "+handle, false)
	if err != nil {
		return err
	}
	switch answer := lines[0]; {
	case answer == "OK":
		return nil
	case strings.HasPrefix(answer, "ERR UNKNOWN_JOB"):
		return fmt.Errorf("cancel job %s at Gearman server %s: %w", handle, server.Address, ErrUnknownJob)
	default:
		return fmt.Errorf("cancel job %s at Gearman server %s: %w", handle, server.Address, parseRefusal(answer))
	}
}

// administer sends one command of the administrative protocol, which is text, and
// returns the answer: one line, or several that end with a line of one full stop,
// which is left out.
func administer(ctx context.Context, server Server, command string, several bool) (lines []string, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, adminTimeout, errors.New("no answer in time"))
	defer cancel()
	defer func() {
		if err != nil && ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		if err != nil {
			err = fmt.Errorf("ask Gearman server %s: %w", server.Address, err)
		}
	}()
	if err := validateAddress(server.Address); err != nil {
		return nil, err
	}
	conn, raw, err := dial(ctx, server, defaultDialTimeout)
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close() }()
	defer context.AfterFunc(ctx, func() { _ = raw.Close() })()

	if _, err := io.WriteString(conn, command+"\n"); err != nil {
		return nil, err
	}
	in := bufio.NewScanner(io.LimitReader(conn, maxAdminBytes))
	in.Buffer(nil, maxAdminBytes)
	for in.Scan() {
		line := strings.TrimSuffix(in.Text(), "\r")
		if several && line == "." {
			return lines, nil
		}
		lines = append(lines, line)
		if !several {
			return lines, nil
		}
		if len(lines) == 1 && strings.HasPrefix(line, "ERR ") {
			return nil, parseRefusal(line)
		}
	}
	if err := in.Err(); err != nil {
		return nil, err
	}
	return nil, errors.New("the answer is not whole")
}

// parseRefusal reads a line such as "ERR UNKNOWN_COMMAND text".
func parseRefusal(line string) *ServerError {
	code, text, _ := strings.Cut(strings.TrimPrefix(line, "ERR "), " ")
	return &ServerError{Code: code, Text: text}
}
