package socket

import "sync"

// message is one thing to write: an ack, or a pong when pong is set.
type message struct {
	body     *buffer
	pong     bool
	id, kind string // of the envelope, for the log
}

// outbox queues what handlers and the reader want written, so that neither ever waits for the network. The writer
// takes all there is at once, which turns a burst of acks into one write.
type outbox struct {
	mu     sync.Mutex
	queue  []message
	closed bool
	wake   chan struct{} // holds one token while there is something new to see
}

func newOutbox() *outbox { return &outbox{wake: make(chan struct{}, 1)} }

// put queues m, or reports false when the socket takes nothing any more.
func (o *outbox) put(m message) bool {
	o.mu.Lock()
	if o.closed {
		o.mu.Unlock()
		return false
	}
	o.queue = append(o.queue, m)
	o.mu.Unlock()
	o.signal()
	return true
}

// shut refuses further messages. Those already queued are still written.
func (o *outbox) shut() {
	o.mu.Lock()
	o.closed = true
	o.mu.Unlock()
	o.signal()
}

func (o *outbox) signal() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// take waits for messages and swaps them for the emptied slice of the previous batch. more is false once the outbox
// is shut and this was the last batch.
func (o *outbox) take(done []message) (batch []message, more bool) {
	clear(done)
	for {
		o.mu.Lock()
		if len(o.queue) > 0 || o.closed {
			batch, o.queue = o.queue, done[:0]
			more = !o.closed
			o.mu.Unlock()
			return batch, more
		}
		o.mu.Unlock()
		<-o.wake
	}
}
