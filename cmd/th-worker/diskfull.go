package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
)

// errDiskFull means that a build's server had no room to write. A migration that fails by that says nothing of its change.
var errDiskFull = errors.New("the disk of the database server was full")

// diskFullPattern is what servers write into their error logs of ENOSPC (28) and EDQUOT (122): MariaDB's and MySQL's own
// words, InnoDB's and the C library's.
var diskFullPattern = regexp.MustCompile(`(Errcode: |\berror (number )?|\berrno:? ?)(28|122)\b|No space left on device|Disk quota exceeded`)

// diskFull reads a server's error log: errDiskFull when the server has complained of its disk.
func diskFull(errorLog string) error {
	file, err := os.Open(errorLog)
	if err != nil {
		return fmt.Errorf("read the server's error log: %w", err)
	}
	defer file.Close()
	lines := bufio.NewReader(file)
	for {
		line, err := lines.ReadSlice('\n')
		if diskFullPattern.Match(line) {
			return errDiskFull
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			return fmt.Errorf("read the server's error log: %w", err)
		}
	}
}
