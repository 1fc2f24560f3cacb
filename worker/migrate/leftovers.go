package migrate

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// markerVariable marks the processes of one run.
const markerVariable = "TH_MIGRATION_ID"

// marker is the variable's value: KillLeftovers knows by its beginning whose the
// process is.
func marker(build, run string) string { return build + "-" + run }

// leftoverRounds and leftoverPause bound how long processes that fork faster than
// they are found are hunted.
const (
	leftoverRounds = 20
	leftoverPause  = 10 * time.Millisecond
)

// KillLeftovers ends the commands of a build whose worker was killed, by the mark
// in their environment. It sees the processes of its own user only, and where there
// is no /proc none.
func KillLeftovers(build string) {
	if build == "" {
		return
	}
	mark := []byte("\x00" + markerVariable + "=" + marker(build, ""))
	for range leftoverRounds {
		environs, err := filepath.Glob("/proc/[0-9]*/environ")
		if err != nil {
			return
		}
		found := false
		for _, path := range environs {
			env, err := os.ReadFile(path)
			if err != nil || !bytes.Contains(append([]byte{0}, env...), mark) {
				continue
			}
			if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path))); err == nil && pid != os.Getpid() {
				found = syscall.Kill(pid, syscall.SIGKILL) == nil || found
			}
		}
		if !found {
			return
		}
		time.Sleep(leftoverPause) // until the kernel has removed them
	}
}
