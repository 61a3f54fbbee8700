//go:build linux || darwin

package ask

import (
	"io"

	"golang.org/x/sys/unix"
)

// terminal is one that somebody types at.
type terminal struct {
	fd int
	as unix.Termios // how it was found
}

func terminalOf(in io.Reader) (*terminal, bool) {
	file, ok := in.(interface{ Fd() uintptr })
	if !ok {
		return nil, false
	}
	t := &terminal{fd: int(file.Fd())}
	as, err := unix.IoctlGetTermios(t.fd, getTermios)
	if err != nil {
		return nil, false
	}
	t.as = *as
	return t, true
}

// shown has what is typed from now on shown, and forgets what was typed before.
func (t *terminal) shown() error { return t.set(t.as) }

// hidden is the same without showing it.
func (t *terminal) hidden() error {
	as := t.as
	as.Lflag &^= unix.ECHO
	return t.set(as)
}

// restore leaves the terminal as it was found.
func (t *terminal) restore() error { return t.set(t.as) }

func (t *terminal) set(as unix.Termios) error {
	return unix.IoctlSetTermios(t.fd, setTermiosFlushing, &as)
}
