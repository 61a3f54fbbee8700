package postgres

import (
	"errors"
	"net"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// TestAPathThatDiesIsGivenUp: the kernel is told for how long what was sent to the database may stay unacknowledged, and
// when it is to look whether the path is there.
func TestAPathThatDiesIsGivenUp(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	conn, err := dialPath(t.Context(), "tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	raw, err := conn.(syscall.Conn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	for option, want := range map[int]int{unix.TCP_USER_TIMEOUT: 30_000, unix.TCP_KEEPIDLE: 15, unix.TCP_KEEPINTVL: 5, unix.TCP_KEEPCNT: 3} {
		var is int
		var asked error
		err := raw.Control(func(fd uintptr) { is, asked = unix.GetsockoptInt(int(fd), unix.IPPROTO_TCP, option) })
		if err = errors.Join(err, asked); err != nil || is != want {
			t.Errorf("option %d is %d, want %d: %v", option, is, want, err)
		}
	}
}
