package app

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/gorilla/websocket"

	"latchkey/bot/socket"
	"latchkey/clock"
	"latchkey/config"
	"latchkey/store"
	"latchkey/workflow/notify"
)

// Hooks are what the surroundings may replace: time in the sandbox, the log
// anywhere, and, where it is tested that the process may die at any moment, what
// stands between two steps of its work. The zero value is production.
type Hooks struct {
	Clock   clock.Clock
	Logger  *slog.Logger
	Store   func(store.Store) store.Store       // put around the store; nil: as it is
	Handler func(socket.Handler) socket.Handler // put around who answers Slack; nil: as they are

	Dial   func(ctx context.Context, network, address string) (net.Conn, error) // how services are reached; nil: over the network
	Listen func(network, address string) (net.Listener, error)                  // where people's browsers are served; nil: on the network

	Calls func(service string, next http.RoundTripper) http.RoundTripper // put around the calls to a service; nil: as they are

	Reload Reload // how another configuration is taken up; zero: never

	Opening func(open func()) // runs what opens a directory; nil: as it stands

	Together time.Duration // for how long what happens to a request is one edit of its cards; zero: as in life

	SlackWaits time.Duration // how long the sandbox's Slack waits for an acknowledgement; zero: as in life

	Unflushed bool // the store doesn't wait for the disk: where processes die, and no machine

	NoSockets bool // a replica that nobody in Slack talks to: it works off what others take

	backends registry // empty: those of this build
}

func (h Hooks) withDefaults(c *config.Config) Hooks {
	if h.Clock == nil {
		h.Clock = clock.System{}
	}
	if h.Logger == nil {
		h.Logger = NewLogger(c, os.Stderr)
	}
	if h.Store == nil {
		h.Store = func(s store.Store) store.Store { return s }
	}
	if h.Handler == nil {
		h.Handler = func(next socket.Handler) socket.Handler { return next }
	}
	if h.Listen == nil {
		h.Listen = net.Listen
	}
	if h.Together == 0 {
		h.Together = notify.Together
	}
	if h.backends.stores == nil {
		h.backends = backends()
	}
	if h.Unflushed {
		h.backends = h.backends.unflushed()
	}
	return h
}

// dialer is how the sockets of Slack are reached; nil: over the network.
func (h Hooks) dialer() *websocket.Dialer {
	if h.Dial == nil {
		return nil
	}
	return &websocket.Dialer{NetDialContext: h.Dial}
}
