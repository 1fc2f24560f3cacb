package subprocess

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// member is one process; its start tells it from a later one of the same number.
type member struct {
	pid, parent, group, session int
	start                       string // in the kernel's ticks
}

// sweepRounds and sweepPause bound how long processes that fork faster than they
// are found are hunted.
const (
	sweepRounds = 20
	sweepPause  = 10 * time.Millisecond
)

// sweep kills what is left of a run whose leader has ended, and of those that
// were its family when it was told to. Looking at every process of the machine
// takes milliseconds: without a marker that is saved when nobody is left in the
// group of a program that ended by itself.
func sweep(leader int, marker string, before []member) {
	err := syscall.Kill(-leader, syscall.SIGKILL)
	if marker == "" && before == nil && errors.Is(err, syscall.ESRCH) {
		return
	}
	for _, m := range before {
		if now, ok := read(m.pid); ok && now.start == m.start {
			_ = syscall.Kill(m.pid, syscall.SIGKILL)
		}
	}
	for range sweepRounds { // what forks while it is looked for is found the next time
		left := family(leader, marker)
		if len(left) == 0 {
			return
		}
		for _, m := range left {
			_ = syscall.Kill(m.pid, syscall.SIGKILL)
		}
		time.Sleep(sweepPause) // until the kernel has removed them
	}
}

// family finds the living processes of a run: those of its group and session,
// those that carry the marker, and the children of all these. Without /proc, and
// of other users' processes, it knows nothing.
func family(leader int, marker string) []member {
	var found, rest []member
	in := map[int]bool{}
	for _, m := range processes() {
		if m.group == leader || m.session == leader || carries(m.pid, marker) {
			in[m.pid] = true
			found = append(found, m)
			continue
		}
		rest = append(rest, m)
	}
	for grown := true; grown; {
		grown = false
		for i, m := range rest {
			if m.pid != 0 && in[m.parent] {
				in[m.pid], grown = true, true
				found, rest[i].pid = append(found, m), 0
			}
		}
	}
	return found
}

// processes are all that live now; those that have ended and wait for their
// parents are none.
func processes() []member {
	dirs, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return nil
	}
	all := make([]member, 0, len(dirs))
	for _, dir := range dirs {
		if pid, err := strconv.Atoi(filepath.Base(dir)); err == nil {
			if m, ok := read(pid); ok {
				all = append(all, m)
			}
		}
	}
	return all
}

// read reads /proc/PID/stat (proc_pid_stat(5)): "PID (name) state parent group
// session …", where the name may have spaces and parentheses, and the 22nd field
// is the start.
func read(pid int) (member, bool) {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return member{}, false
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) < 20 || fields[0] == "Z" || fields[0] == "X" {
		return member{}, false
	}
	m := member{pid: pid, start: fields[19]}
	for i, to := range []*int{&m.parent, &m.group, &m.session} {
		if *to, err = strconv.Atoi(fields[1+i]); err != nil {
			return member{}, false
		}
	}
	return m, true
}

// carries tells whether a process was started with the marker.
func carries(pid int, marker string) bool {
	if marker == "" {
		return false
	}
	env, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/environ")
	return err == nil && bytes.Contains(append([]byte{0}, env...), []byte("\x00"+marker+"\x00"))
}

// KillMarked kills every process that carries a marker which begins with prefix,
// such as NAME=BUILD-: what is left of runs whose own program was killed.
func KillMarked(prefix string) {
	for range sweepRounds {
		found := false
		for _, m := range processes() {
			env, err := os.ReadFile("/proc/" + strconv.Itoa(m.pid) + "/environ")
			if err == nil && bytes.Contains(append([]byte{0}, env...), []byte("\x00"+prefix)) {
				found = true
				_ = syscall.Kill(m.pid, syscall.SIGKILL)
			}
		}
		if !found {
			return
		}
		time.Sleep(sweepPause)
	}
}
