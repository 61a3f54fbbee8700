package cli

import (
	"fmt"
	"net"
	"strings"
)

// listenLoopback opens an address of this machine only: whoever reaches the
// sandbox acts as everybody in it.
func listenLoopback(address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, usageError{fmt.Errorf("--listen %q is not host:port, for example 127.0.0.1:8080", address)}
	}
	if ip := net.ParseIP(host); !strings.EqualFold(host, "localhost") && (ip == nil || !ip.IsLoopback()) {
		return nil, usageError{fmt.Errorf("--listen %q is not an address of this machine alone: use 127.0.0.1", address)}
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w; choose another port with --listen", address, err)
	}
	return l, nil
}
