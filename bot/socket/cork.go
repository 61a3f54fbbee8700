package socket

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// corked is a connection whose writes can be held back and sent as one. It sits below TLS, where it also joins
// records.
type corked struct {
	net.Conn

	mu   sync.Mutex
	on   bool
	held []byte
}

// Write sends b, or keeps it while the cork is in.
func (c *corked) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.on {
		return c.Conn.Write(b)
	}
	c.held = append(c.held, b...)
	return len(b), nil
}

func (c *corked) cork() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.on = true
}

// uncork sends what was held back, until the deadline.
func (c *corked) uncork(deadline time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.on = false
	if len(c.held) == 0 {
		return nil
	}
	if err := c.SetWriteDeadline(deadline); err != nil {
		return err
	}
	_, err := c.Conn.Write(c.held)
	c.held = c.held[:0]
	if cap(c.held) > bufferKeep {
		c.held = nil
	}
	return err
}

// dialContext is the signature of net.Dialer.DialContext.
type dialContext func(ctx context.Context, network, addr string) (net.Conn, error)

// corking returns a copy of d whose connection is corked, and a way to get at that one: nil before it is dialled. What
// is dialled when life has ended already is closed: who looked for it at the end has not found it.
func corking(life context.Context, d websocket.Dialer) (*websocket.Dialer, func() *corked) {
	var wire atomic.Pointer[corked]
	wrap := func(dial dialContext) dialContext {
		return func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := dial(ctx, network, addr)
			if err != nil {
				return nil, err
			}
			w := &corked{Conn: conn}
			wire.Store(w)
			if err := life.Err(); err != nil {
				return nil, errors.Join(err, w.Close())
			}
			return w, nil
		}
	}
	if d.NetDialTLSContext != nil {
		d.NetDialTLSContext = wrap(d.NetDialTLSContext)
	}
	d.NetDialContext = wrap(plainDial(d))
	return &d, wire.Load
}

func plainDial(d websocket.Dialer) dialContext {
	switch {
	case d.NetDialContext != nil:
		return d.NetDialContext
	case d.NetDial != nil:
		return func(_ context.Context, network, addr string) (net.Conn, error) { return d.NetDial(network, addr) }
	}
	return (&net.Dialer{}).DialContext
}
