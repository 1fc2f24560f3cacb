package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDiskFull: the words of servers whose disk was full, and some that are about something else.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, line string
		full       bool
	}{
		{"temporary file", `2026-11-22 20:21:00 14 [ERROR] mariadbd: Disk got full writing '.(temporary)' (Errcode: 28 "No space left on device")`, true},
		{"a table that waits", `2026-11-22 20:22:09 29 [Warning] mariadbd: Disk is full writing './nova/big.MAD' (Errcode: 28 "No space left on device"). Waiting for someone to free space...`, true},
		{"InnoDB extends a file", `2026-11-22 20:22:09 0 [ERROR] InnoDB: preallocating 1048576 bytes for file ./nova/t.ibd failed with error 28`, true},
		{"InnoDB writes", `2026-11-22 20:22:09 0 [ERROR] InnoDB: Operating system error number 28 in a file operation.`, true},
		{"MySQL", `2026-11-22T20:22:09.123456Z 8 [ERROR] [MY-010584] [Server] Disk is full writing './t.MYD' (OS errno 28 - No space left on device)`, true},
		{"quota", `2026-11-22 20:22:09 29 [Warning] mariadbd: Disk is full writing './t.MAD' (Errcode: 122 "Disk quota exceeded")`, true},
		{"a long line", strings.Repeat("x", 100_000) + ` (Errcode: 28 "No space left on device")`, true},
		{"nothing", "", false},
		{"another error", `2026-11-22 20:22:09 29 [ERROR] mariadbd: Can't find file: './t.MAD' (Errcode: 2 "No such file or directory")`, false},
		{"numbers", `2026-11-22 20:28:28 28 [Note] InnoDB: 28 rollback segments are active; error 281`, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "error.log")
			if err := os.WriteFile(path, []byte("a line before\n"+tc.line), 0o644); err != nil {
				t.Fatal(err)
			}
			if err := diskFull(path); errors.Is(err, errDiskFull) != tc.full || err != nil && !tc.full {
				t.Errorf("got %v", err)
			}
		})
	}
}
