package e2e

import (
	"context"
	"fmt"
	"net"
	"sync"
)

// network joins bot and world within the process. Nothing in it waits for the machine, so that
// virtual time goes on whenever everybody waits.
type network struct {
	mu    sync.Mutex
	ports map[string]*port
}

// listen opens a port of its own.
func (n *network) listen() (net.Listener, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.ports == nil {
		n.ports = map[string]*port{}
	}
	p := &port{at: address(fmt.Sprintf("127.0.0.1:%d", 1+len(n.ports))), arriving: make(chan net.Conn), closed: make(chan struct{})}
	n.ports[p.at.String()] = p
	return p, nil
}

// dial reaches a port.
func (n *network) dial(ctx context.Context, _, at string) (net.Conn, error) {
	n.mu.Lock()
	p := n.ports[at]
	n.mu.Unlock()
	if p == nil {
		return nil, fmt.Errorf("nobody listens at %s", at)
	}
	here, there := net.Pipe()
	select {
	case p.arriving <- there:
		return here, nil
	case <-p.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// port is where one service listens.
type port struct {
	at       address
	arriving chan net.Conn
	closing  sync.Once
	closed   chan struct{}
}

// Accept implements net.Listener.
func (p *port) Accept() (net.Conn, error) {
	select {
	case c := <-p.arriving:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (p *port) Close() error {
	p.closing.Do(func() { close(p.closed) })
	return nil
}

// Addr implements net.Listener.
func (p *port) Addr() net.Addr { return p.at }

// address is host and port.
type address string

// Network implements net.Addr.
func (address) Network() string { return "tcp" }

func (a address) String() string { return string(a) }
