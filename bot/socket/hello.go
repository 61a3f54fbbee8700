package socket

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

var errTooMany = errors.New("the app has too many connections (Slack allows 10): stop other running copies of the bot")

// hello is the first frame of a socket.
type hello struct {
	NumConnections int `json:"num_connections"`
	DebugInfo      struct {
		Seconds float64 `json:"approximate_connection_time"` // until Slack refreshes the connection
	} `json:"debug_info"`
}

func (c *conn) welcome(frame []byte) {
	var h hello
	if err := json.Unmarshal(frame, &h); err != nil {
		c.log.Warn("cannot read all of Slack's hello", "error", err)
	}
	if isClosed(c.greeted) { // a second hello says nothing new
		return
	}
	c.mu.Lock()
	c.hello = h
	c.mu.Unlock()
	c.log.Info("connected to Slack", "num_connections", h.NumConnections, "for_about", c.life())
	c.joined(c, h)
	close(c.greeted)
}

// life is how long Slack means to keep the socket; 0 if it did not say.
func (c *conn) life() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Duration(c.hello.DebugInfo.Seconds * float64(time.Second))
}

func (c *conn) takeDisconnect(frame []byte) {
	var disconnect struct {
		Reason string `json:"reason"`
	}
	if err := json.Unmarshal(frame, &disconnect); err != nil {
		c.log.Warn("cannot read all of Slack's disconnect frame", "error", err)
	}
	if isClosed(c.leaving) { // a warning is followed by the refresh itself
		return
	}
	c.mu.Lock()
	c.reason = disconnect.Reason
	c.mu.Unlock()
	close(c.leaving)
}

// disconnectError turns the reason of the disconnect frame into an error.
func (c *conn) disconnectError() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch c.reason {
	case "link_disabled":
		return ErrSocketModeOff
	case "too_many_websockets":
		return errTooMany
	}
	return fmt.Errorf("Slack disconnects (%s)", c.reason)
}
