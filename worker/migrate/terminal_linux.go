package migrate

import (
	"fmt"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// terminalRows and terminalColumns are the size of terminals: wide enough that
// nothing is wrapped.
const (
	terminalRows    = 50
	terminalColumns = 250
)

// openTerminal opens a new pseudo-terminal (pty(7)): what a command writes to the
// terminal is read from ours. It is set to change nothing on the way: no carriage
// returns, no echo. It is made nobody's controlling terminal, so that no
// signal comes of closing it, and nothing can ask a person on /dev/tty.
func openTerminal() (ours, terminal *os.File, err error) {
	ours, err = os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("open terminal: %w", err)
	}
	var number int
	err = control(ours, func(fd int) (err error) {
		if err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err == nil {
			number, err = unix.IoctlGetInt(fd, unix.TIOCGPTN)
		}
		return err
	})
	if err == nil {
		terminal, err = os.OpenFile("/dev/pts/"+strconv.Itoa(number), os.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	}
	if err == nil {
		if err = control(terminal, setRaw); err != nil {
			_ = terminal.Close()
		}
	}
	if err != nil {
		_ = ours.Close()
		return nil, nil, fmt.Errorf("open terminal: %w", err)
	}
	return ours, terminal, nil
}

func setRaw(fd int) error {
	t, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		return err
	}
	t.Oflag &^= unix.OPOST
	t.Lflag &^= unix.ECHO | unix.ICANON | unix.ISIG
	if err := unix.IoctlSetTermios(fd, unix.TCSETS, t); err != nil {
		return err
	}
	return unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: terminalRows, Col: terminalColumns})
}

// control calls f with the file's descriptor, and leaves the file as it is: its Fd
// would make reading from it block for ever.
func control(file *os.File, f func(fd int) error) error {
	conn, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var ferr error
	if err := conn.Control(func(fd uintptr) { ferr = f(int(fd)) }); err != nil {
		return err
	}
	return ferr
}
