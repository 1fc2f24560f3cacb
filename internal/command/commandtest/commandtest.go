// Package commandtest has the commands that both programs' testscripts use.
package commandtest

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"
)

// Commands are testscript commands:
//
//	status N PROGRAM ARG...   runs a program and wants exit status N
//	corrupt STORE NAME        flips a bit in the middle of the largest blob of a dataset
func Commands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"status": status,
		"corrupt": func(ts *testscript.TestScript, _ bool, args []string) {
			ts.Check(corrupt(ts.MkAbs(filepath.Join(args...))))
		},
	}
}

func status(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

func corrupt(dataset string) error {
	largest, size := "", int64(0)
	err := filepath.WalkDir(filepath.Join(dataset, "blobs"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Size() > size {
			largest, size = path, info.Size()
		}
		return err
	})
	if err != nil {
		return err
	}
	data, err := os.ReadFile(largest)
	if err != nil {
		return err
	}
	data[len(data)/2] ^= 1
	if err := os.Chmod(largest, 0o644); err != nil {
		return err
	}
	return os.WriteFile(largest, data, 0o644)
}
