package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/internal/filelock"
)

// templateFormat changes whenever bootstrapping does, so that an old template in
// a cache is not used.
const templateFormat = "1"

// provide fills the data directory of h, from the template when there is a
// cache directory.
func provide(ctx context.Context, h *home, o Options) error {
	if o.DataDir != "" {
		if err := copyTree(ctx, o.DataDir, h.data()); err != nil {
			return err
		}
		// MySQL's identity of a server; two with one would be taken for one.
		if err := os.Remove(filepath.Join(h.data(), "auto.cnf")); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("copy %s: %w", o.DataDir, err)
		}
		return nil
	}
	if o.CacheDir == "" {
		return bootstrap(ctx, o.Binaries, h.data())
	}
	template, err := ensureTemplate(ctx, o.Binaries, o.CacheDir)
	if err != nil {
		return err
	}
	return copyTree(ctx, template, h.data())
}

var unsafeInName = regexp.MustCompile(`[^A-Za-z0-9.+-]+`)

// ensureTemplate returns the template for b, making it when it is not there yet.
// Any number of processes may ask at once: one makes it, the others wait.
func ensureTemplate(ctx context.Context, b Binaries, cache string) (string, error) {
	cache, err := filepath.Abs(cache)
	if err != nil {
		return "", fmt.Errorf("open template cache: %w", err)
	}
	if err := os.MkdirAll(cache, 0o700); err != nil {
		return "", fmt.Errorf("open template cache: %w", err)
	}
	name := unsafeInName.ReplaceAllString(fmt.Sprintf("template-%s-%s-%s", templateFormat, b.Flavor, b.Version), "-")
	template := filepath.Join(cache, name)
	if complete(template) {
		return template, nil
	}
	l, err := filelock.Wait(ctx, template+lockSuffix)
	if err != nil {
		return "", fmt.Errorf("wait for template %s: %w", name, err)
	}
	defer func() { _ = l.Release() }()
	if complete(template) {
		return template, nil
	}
	unfinished := template + ".new"
	if err := os.RemoveAll(unfinished); err != nil {
		return "", fmt.Errorf("make template %s: %w", name, err)
	}
	if err := bootstrap(ctx, b, unfinished); err != nil {
		return "", errors.Join(err, os.RemoveAll(unfinished))
	}
	if err := os.Rename(unfinished, template); err != nil {
		return "", fmt.Errorf("make template %s: %w", name, err)
	}
	return template, nil
}

// complete reports whether the template is there; it appears by renaming, whole.
func complete(template string) bool {
	info, err := os.Stat(template)
	return err == nil && info.IsDir()
}

// bootstrap makes a fresh data directory, in which root has no password and no
// other account exists.
func bootstrap(ctx context.Context, b Binaries, data string) error {
	// One name, so that what a killed bootstrap leaves is found by the next one.
	tmp := data + ".tmp"
	if err := errors.Join(os.RemoveAll(tmp), os.Mkdir(tmp, 0o700)); err != nil {
		return fmt.Errorf("bootstrap a data directory: %w", err)
	}
	defer func() { _ = os.RemoveAll(tmp) }()
	cmd := exec.Command(b.Server, "--no-defaults", "--initialize-insecure", "--datadir="+data, "--tmpdir="+tmp) //nolint:noctx // see wait
	if b.Flavor == MariaDB {
		cmd = exec.Command(b.Install, "--no-defaults", "--datadir="+data, "--tmpdir="+tmp, //nolint:noctx // see wait
			"--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve",
			"--innodb-flush-method=nosync", "--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0")
		cmd.Args = append(cmd.Args, baseFlag(b.Server)...)
	}
	cmd.Args = append(cmd.Args, userFlag()...)
	cmd.Args = append(cmd.Args, layoutFlags(b.Flavor)...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.Env = b.environment()
	cmd.Dir = filepath.Dir(data)
	// Installing runs a shell script, so ending it means ending its group.
	p, err := launch(cmd)
	if err == nil {
		err = p.wait(ctx)
	}
	if err != nil {
		return fmt.Errorf("bootstrap a data directory: %w: %s", err, lastLines(out.String()))
	}
	return nil
}

// wait waits for the program, and ends it with its group when ctx ends first.
func (p *process) wait(ctx context.Context) error {
	select {
	case <-p.done:
		return p.err
	case <-ctx.Done():
		p.kill()
		return context.Cause(ctx)
	}
}

func lastLines(out string) string {
	const lines = 5
	all := strings.Split(strings.TrimSpace(out), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}
