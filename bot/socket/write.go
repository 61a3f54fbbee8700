package socket

import (
	"errors"
	"time"

	"github.com/gorilla/websocket"
)

const (
	writeWait  = 5 * time.Second        // for one batch
	noticeWait = 250 * time.Millisecond // for our own close frame
)

// write sends batches until the outbox is shut and empty, then says goodbye. After a failure the socket is of no use
// to anybody.
func (c *conn) write() {
	defer close(c.writeDone)
	var batch []message
	for more := true; more; {
		batch, more = c.outbox.take(batch)
		if err := c.send(batch); err != nil {
			c.abandon(batch)
			return
		}
		for _, m := range batch {
			c.buffers.put(m.body)
		}
	}
	bye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	// The peer may be gone already, which is as good as a goodbye.
	_ = c.ws.WriteControl(websocket.CloseMessage, bye, time.Now().Add(noticeWait))
}

func (c *conn) send(batch []message) error {
	if len(batch) == 0 {
		return nil
	}
	deadline := time.Now().Add(writeWait)
	if err := c.ws.SetWriteDeadline(deadline); err != nil {
		return err
	}
	c.wire.cork()
	for _, m := range batch {
		if err := c.sendOne(m, deadline); err != nil {
			return errors.Join(err, c.wire.uncork(deadline))
		}
	}
	return c.wire.uncork(deadline)
}

func (c *conn) sendOne(m message, deadline time.Time) error {
	if m.pong {
		return c.ws.WriteControl(websocket.PongMessage, m.body.b, deadline)
	}
	return c.ws.WriteMessage(websocket.TextMessage, m.body.b)
}

// abandon reports the acks that did not go out and breaks the socket, which ends the reader.
func (c *conn) abandon(batch []message) {
	c.outbox.shut()
	c.ws.Close()
	rest, _ := c.outbox.take(nil)
	for _, m := range append(batch, rest...) {
		if !m.pong {
			c.lost(m.id, m.kind)
		}
	}
}
