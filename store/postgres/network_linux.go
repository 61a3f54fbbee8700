package postgres

import (
	"errors"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// givesUp has a connection end when what was sent isn't acknowledged for a while (tcp(7), TCP_USER_TIMEOUT).
func givesUp(network, _ string, c syscall.RawConn) error {
	if !strings.HasPrefix(network, "tcp") {
		return nil // a socket of this machine has no path
	}
	var set error
	err := c.Control(func(fd uintptr) {
		set = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(pathPatience.Milliseconds()))
	})
	return errors.Join(err, set)
}
