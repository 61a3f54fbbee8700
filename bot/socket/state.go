package socket

import "time"

// State is what a health check or a log wants to know about the connections.
type State struct {
	Connected      int       // sockets that Slack has greeted and that still serve; a rotation shows one more for a moment
	LastHello      time.Time // zero before the first
	NumConnections int       // of the whole app as counted by Slack in the last hello; more than ours means other replicas
	LastError      error     // why the last attempt or connection failed; nil after a hello
}

// State returns the current state. It may be called at any time, also from OnState.
func (c *Client) State() State {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state
}

// change applies f to the state and reports the result. Reports come one at a time and in order.
func (c *Client) change(f func(*State)) {
	c.reporting.Lock()
	defer c.reporting.Unlock()
	c.mu.Lock()
	f(&c.state)
	now := c.state
	c.mu.Unlock()
	if c.cfg.OnState != nil {
		c.cfg.OnState(now)
	}
}
