package server

import (
	"fmt"
	"os"
	"path/filepath"
)

// DefaultBufferPoolBytes is the size of InnoDB's buffer pool when
// [Options.BufferPoolBytes] is zero. Memory is taken as it is used.
const DefaultBufferPoolBytes = 512 << 20

// DefaultLogBytes is the size of InnoDB's redo log when [Options.LogBytes] is not larger. It is enough for changes of small
// values, and cheap to copy.
const DefaultLogBytes = 8 << 20

// layoutFlags fix the files of a data directory, so they are the same when the
// template is bootstrapped and whenever a copy of it is started. Small files
// make copies cheap.
func layoutFlags(f Flavor) []string {
	if f == MySQL {
		return []string{"--innodb-data-file-path=ibdata1:12M:autoextend", "--innodb-autoextend-increment=1"}
	}
	return []string{
		"--innodb-data-file-path=ibdata1:4M:autoextend",
		"--innodb-autoextend-increment=1",
		fmt.Sprintf("--innodb-log-file-size=%d", DefaultLogBytes),
	}
}

// logFlag asks for a larger redo log than a data directory has; the server makes it when it starts.
func logFlag(f Flavor, bytes int64) []string {
	switch {
	case bytes <= DefaultLogBytes:
		return nil
	case f == MySQL:
		return []string{fmt.Sprintf("--loose-innodb-redo-log-capacity=%d", bytes)}
	}
	return []string{fmt.Sprintf("--innodb-log-file-size=%d", bytes)}
}

// commonFlags hold for every server: private, and in no hurry to reach the disk.
// A flag with the prefix loose- may be unknown to a version.
func commonFlags() []string {
	return []string{
		"--skip-networking",
		"--skip-name-resolve",
		// Tables have no DATA DIRECTORY outside the home: neither a dump's nor a migration's.
		"--skip-symbolic-links",
		"--event-scheduler=OFF",
		"--innodb-flush-log-at-trx-commit=0",
		"--innodb-doublewrite=0",
		"--innodb-buffer-pool-load-at-startup=0",
		"--innodb-buffer-pool-dump-at-shutdown=0",
		"--innodb-stats-auto-recalc=0",
		// Buffered changes of a unique index are not checked when unique_checks=0.
		"--loose-innodb-change-buffering=none",
		"--performance-schema=0",
		// Where slow statements go once they are asked for, and that ALTER TABLE is one.
		"--log-output=FILE",
		"--slow-query-log=0",
		"--loose-log-slow-admin-statements=1",
		"--key-buffer-size=1M",
		"--table-open-cache=400",
		// What a server has by default: a migration tool's pool, and a load for every processor, fit in.
		"--max-connections=151",
		"--character-set-server=utf8mb4",
		"--collation-server=utf8mb4_general_ci",
		// The largest a server takes: UNHEX of a longer value would be NULL.
		"--max-allowed-packet=1G",
	}
}

func flavorFlags(f Flavor) []string {
	if f == MySQL {
		return []string{"--disable-log-bin", "--loose-mysqlx=OFF", "--innodb-flush-method=O_DIRECT_NO_FSYNC"}
	}
	return []string{
		"--skip-log-bin",
		"--innodb-flush-method=nosync",
		"--innodb-fast-shutdown=2",
		"--loose-sync-frm=0",
		"--loose-feedback=OFF",
		"--aria-pagecache-buffer-size=8M",
	}
}

// arguments is the command line of the server in h.
func arguments(h *home, o Options) []string {
	pool := o.BufferPoolBytes
	if pool == 0 {
		pool = DefaultBufferPoolBytes
	}
	args := []string{
		"--no-defaults",
		"--datadir=" + h.data(),
		"--tmpdir=" + h.tmp(),
		"--socket=" + h.socket,
		"--pid-file=" + h.pidFile(),
		"--log-error=" + h.errorLog(),
		"--slow-query-log-file=" + h.slowLog(),
		"--secure-file-priv=" + h.fifos(),
		"--plugin-dir=" + h.plugins(),
		"--init-file=" + h.initFile(),
		fmt.Sprintf("--innodb-buffer-pool-size=%d", pool),
	}
	args = append(args, userFlag()...)
	args = append(args, commonFlags()...)
	args = append(args, flavorFlags(o.Binaries.Flavor)...)
	args = append(args, layoutFlags(o.Binaries.Flavor)...)
	args = append(args, logFlag(o.Binaries.Flavor, o.LogBytes)...)
	return append(args, o.Flags...)
}

// userFlag lets root run a server, which it refuses otherwise.
func userFlag() []string {
	if os.Geteuid() == 0 {
		return []string{"--user=root"}
	}
	return nil
}

// baseFlag tells where the program's messages and bootstrap scripts are, when the
// program was unpacked somewhere else than it was built for.
func baseFlag(program string) []string {
	base := filepath.Dir(filepath.Dir(program))
	if info, err := os.Stat(filepath.Join(base, "share")); err != nil || !info.IsDir() {
		return nil
	}
	return []string{"--basedir=" + base}
}
