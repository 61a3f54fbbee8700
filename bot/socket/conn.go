package socket

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	frameLimit = 16 << 20        // bytes; Slack's own limits keep payloads far below
	quiet      = time.Second     // without a new envelope, after which a replaced socket counts as left alone
	ackWindow  = 3 * time.Second // in which Slack wants an ack
	closeWait  = 2 * time.Second // for the answer to our close frame
)

// conn is one socket. The reader never writes and never waits for a handler; the writer is the only one to write; the
// keeper sees the socket to its end.
type conn struct {
	*session
	ws     *websocket.Conn
	wire   *corked
	outbox *outbox

	greeted    chan struct{} // closed at the hello
	leaving    chan struct{} // closed at a disconnect frame
	replaced   chan struct{} // closed by retire
	readDone   chan struct{} // closed when nothing more can be read
	writeDone  chan struct{} // closed when nothing more can be written
	idle       chan struct{} // holds a token when the last envelope in flight was released
	retireOnce sync.Once

	mu       sync.Mutex
	hello    hello
	reason   string // of the disconnect frame
	readErr  error
	inFlight int
	lastRead time.Time // of an envelope
}

// adopt takes over a connected WebSocket and starts its goroutines.
func (s *session) adopt(ws *websocket.Conn, wire *corked) *conn {
	c := &conn{
		session: s, ws: ws, wire: wire, outbox: newOutbox(),
		greeted: make(chan struct{}), leaving: make(chan struct{}), replaced: make(chan struct{}),
		readDone: make(chan struct{}), writeDone: make(chan struct{}), idle: make(chan struct{}, 1),
	}
	ws.SetReadLimit(frameLimit)
	ws.SetPingHandler(c.pong)
	// Our close frame must come after the acks in flight, so the keeper sends it.
	ws.SetCloseHandler(func(int, string) error { return nil })
	s.conns.Go(c.read)
	s.conns.Go(c.write)
	s.conns.Go(c.keep)
	return c
}

// retire lets the socket go once what came in on it has been acked. It returns at once.
func (c *conn) retire() { c.retireOnce.Do(func() { close(c.replaced) }) }

// keep waits for the socket's end, by whatever cause, and cleans up.
func (c *conn) keep() {
	select {
	case <-c.readDone:
	case <-c.replaced:
		c.drain(c.cfg.Drain)
	case <-c.ctx.Done():
		c.drain(c.cfg.Drain)
	}
	if c.closedByPeer() {
		c.drain(ackWindow)
	}
	c.left(c, nil)
	c.outbox.shut()
	<-c.writeDone
	select {
	case <-c.readDone:
	case <-time.After(closeWait):
	}
	// Closing with unread data would reset the connection and could destroy the last acks, hence the wait above.
	c.ws.Close()
	<-c.readDone
}

// drain waits until Slack has stopped using the socket and every envelope in flight is released, for limit at most.
func (c *conn) drain(limit time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	c.linger(ctx)
	for c.pending() > 0 {
		select {
		case <-c.idle:
		case <-ctx.Done():
			c.log.Warn("closing a socket with envelopes still being handled", "count", c.pending())
			return
		}
	}
}

// linger keeps a replaced socket until no envelope has come for a while: Slack may still send on it.
func (c *conn) linger(ctx context.Context) {
	since := time.Now()
	for {
		if last := c.lastEnvelope(); last.After(since) {
			since = last
		}
		timer := time.NewTimer(quiet - time.Since(since))
		select {
		case <-timer.C:
			if !c.lastEnvelope().After(since) {
				return
			}
		case <-c.readDone:
			timer.Stop()
			return
		case <-c.ctx.Done():
			timer.Stop()
			return
		case <-ctx.Done():
			timer.Stop()
			return
		}
	}
}

// lossReason says why reading ended.
func (c *conn) lossReason() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var timeout interface{ Timeout() bool }
	switch {
	case errors.As(c.readErr, &timeout) && timeout.Timeout():
		return fmt.Errorf("Slack sent neither a ping nor anything else for %v", c.cfg.Silence)
	case websocket.IsCloseError(c.readErr, websocket.CloseAbnormalClosure):
		return errors.New("Slack dropped the connection")
	}
	return c.readErr
}

// surprise is lossReason, or nil if the end was to be expected.
func (c *conn) surprise() error {
	if isClosed(c.leaving) || isClosed(c.replaced) || c.ctx.Err() != nil {
		return nil
	}
	return c.lossReason()
}

// closedByPeer tells whether Slack sent a close frame, after which it may still take acks.
func (c *conn) closedByPeer() bool {
	if !isClosed(c.readDone) {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var closed *websocket.CloseError
	return errors.As(c.readErr, &closed) && closed.Code != websocket.CloseAbnormalClosure
}

func isClosed(ch <-chan struct{}) bool {
	select {
	case <-ch:
		return true
	default:
		return false
	}
}
