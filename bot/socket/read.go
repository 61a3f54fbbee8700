package socket

import (
	"io"
	"time"

	"github.com/gorilla/websocket"
)

// read takes frames until the socket ends.
func (c *conn) read() {
	defer close(c.readDone)
	for {
		frame, err := c.frame()
		if err != nil {
			c.mu.Lock()
			c.readErr = err
			c.mu.Unlock()
			c.left(c, c.surprise())
			return
		}
		c.sort(frame)
	}
}

// frame reads the next text frame into a buffer from the pool.
func (c *conn) frame() (*buffer, error) {
	if err := c.alive(); err != nil {
		return nil, err
	}
	kind, r, err := c.ws.NextReader()
	if err != nil {
		return nil, err
	}
	frame := c.buffers.get()
	if frame.b, err = appendAll(frame.b, r); err != nil {
		return nil, err
	}
	if kind != websocket.TextMessage {
		c.log.Warn("ignoring a binary frame, which Socket Mode does not know", "bytes", len(frame.b))
		frame.b = frame.b[:0]
	}
	return frame, nil
}

// appendAll is io.ReadAll into a given slice.
func appendAll(b []byte, r io.Reader) ([]byte, error) {
	for {
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
		n, err := r.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		if err == io.EOF {
			return b, nil
		}
		if err != nil {
			return b, err
		}
	}
}

// alive gives Slack another Config.Silence to send something.
func (c *conn) alive() error { return c.ws.SetReadDeadline(time.Now().Add(c.cfg.Silence)) }

// pong queues the answer to a ping. A full network must not keep the reader from reading.
func (c *conn) pong(data string) error {
	body := c.buffers.get()
	body.b = append(body.b, data...)
	if !c.outbox.put(message{body: body, pong: true}) {
		c.buffers.put(body)
	}
	return c.alive()
}

// sort looks at a frame's top level and takes it where it belongs.
func (c *conn) sort(frame *buffer) {
	if len(frame.b) == 0 {
		c.buffers.put(frame)
		return
	}
	found, err := scan(frame.b)
	if err != nil {
		c.log.Error("ignoring a frame from Slack that cannot be read", "bytes", len(frame.b), "error", err)
		c.buffers.put(frame)
		return
	}
	switch env := found.envelope(); {
	case env.Type == "hello":
		c.welcome(frame.b)
		c.buffers.put(frame)
	case env.Type == "disconnect":
		c.takeDisconnect(frame.b)
		c.buffers.put(frame)
	case env.ID == "":
		c.log.Warn("ignoring a frame that is neither an envelope nor known", "type", env.Type)
		c.buffers.put(frame)
	default:
		env.Received = c.cfg.Now()
		c.deliver(env, frame)
	}
}

// deliver hands an envelope to the handlers. After Run was told to end it is left to Slack, which gives it to another
// replica or shows an error.
func (c *conn) deliver(env Envelope, frame *buffer) {
	if c.ctx.Err() != nil {
		c.log.Info("envelope refused: shutting down", "envelope_id", env.ID, "type", env.Type)
		c.buffers.put(frame)
		return
	}
	c.mu.Lock()
	c.inFlight++
	c.lastRead = time.Now()
	c.mu.Unlock()
	if !c.pool.submit(job{conn: c, env: env, frame: frame}) {
		c.log.Error("envelope refused: too many are waiting for their handlers, is the store stuck?", "envelope_id", env.ID, "type", env.Type)
		c.release()
		c.buffers.put(frame)
	}
}

// release notes that an envelope needs nothing more from this socket.
func (c *conn) release() {
	c.mu.Lock()
	c.inFlight--
	last := c.inFlight == 0
	c.mu.Unlock()
	if last {
		select {
		case c.idle <- struct{}{}:
		default:
		}
	}
}

func (c *conn) pending() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.inFlight
}

func (c *conn) lastEnvelope() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lastRead
}
