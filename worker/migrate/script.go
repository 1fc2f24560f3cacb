package migrate

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"unicode"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// maxResultBytes bounds what is read of a script's result file.
const maxResultBytes = 4096

// Script runs the build's command as the classic worker ran shell scripts: with the
// tree, the build's directory and its unique name as arguments, and the build's
// parameters in the environment. The error is nil unless the command could not be
// run or logged, or ctx ended.
func (g *Migrator) Script(ctx context.Context, script worker.Script) (_ worker.Outcome, err error) {
	b := script.Build
	vars := surroundings(g.Path, b, script.Tree, script.Prepared, script.HomeDir)
	result := filepath.Join(script.HomeDir, "result")
	vars["TH_RESULT_FILE"] = result
	complete(vars, b, script.Prepared)
	s, err := g.open(place{
		dir: script.Tree.Dir, home: script.HomeDir, logPath: script.LogPath, marker: marker(b.ID, "script"), vars: vars,
		secrets: b.Signatures(), follow: b.Follow,
	})
	if err != nil {
		return worker.Outcome{}, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	if err := os.WriteFile(result, nil, 0o600); err != nil {
		return worker.Outcome{}, fmt.Errorf("make the command's directories: %w", err)
	}
	l := lines{log: s.log, found: newAnalysis(nil, false)}
	out := l.output(s, false, nil)
	ending, err := s.run(ctx, execution{
		argv: withArguments(b.Command, script.Tree.Dir, script.HomeDir, unique(b)), text: b.Command.Text, timeout: b.Command.Timeout,
		stdout: out, stderr: out,
	})
	if err != nil {
		return worker.Outcome{}, fmt.Errorf("run the script: %w", err)
	}
	o := worker.Outcome{
		ExitCode: ending.Code, Signal: ending.Signal, TimedOut: ending.TimedOut, Timeout: b.Command.Timeout,
		Duration: ending.end.Sub(ending.start), LogPath: script.LogPath, Tail: l.tail, ResultLine: string(s.secrets.Redact([]byte(resultLine(result)))),
	}
	l.found.outcome(&o)
	return o, nil
}

// withArguments adds arguments to a command. They go behind the last word of a
// shell's line, where the classic worker wrote them, as the shell's own parameters:
// so nothing in them is read by the shell.
func withArguments(c worker.Command, arguments ...string) []string {
	argv := slices.Clone(c.Argv)
	if len(argv) == 3 && argv[0] == "/bin/sh" && argv[1] == "-c" {
		argv[2] = strings.TrimRightFunc(argv[2], unicode.IsSpace) + ` "$@"`
		argv = append(argv, "sh")
	}
	return append(argv, arguments...)
}

// resultLine is the first line that a script left. What is there is the script's,
// and may be anything: only a regular file is read, and not much of it.
func resultLine(path string) string {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return ""
	}
	defer func() { _ = f.Close() }()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return ""
	}
	line, _ := bufio.NewReader(io.LimitReader(f, maxResultBytes)).ReadBytes('\n')
	return printable(line)
}

var _ worker.Scripter = (*Migrator)(nil)
