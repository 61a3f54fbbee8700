package socket

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

// Config says how to connect and whom to hand envelopes to. Open and Handler are required.
type Config struct {
	Open    Opener
	Handler Handler

	// Persist: a refusal that a human has to mend, such as a token that was revoked, is waited out from the first attempt
	// on. Without it such a refusal ends Run until a socket has been greeted for the first time: a wrong configuration
	// is told at once, and what has worked once is never given up.
	Persist bool

	Connections  int               // sockets to keep open, default 2; Slack allows an app 10 over all replicas
	HandlerLimit int               // handlers at once over all sockets, default 64; further envelopes wait in memory
	Dialer       *websocket.Dialer // default: proxy from the environment, 10 s for the handshake
	Backoff      Backoff           // between failed attempts
	Silence      time.Duration     // a socket with neither ping nor frame for this long is replaced, default 30 s
	Drain        time.Duration     // how long handlers may still ack on a socket that is to close, default 10 s
	Now          func() time.Time  // stamps Envelope.Received and State.LastHello, default time.Now
	Logger       *slog.Logger      // default: none
	OnState      func(State)       // told of every change, one call at a time; must return at once
}

func (cfg Config) withDefaults() Config {
	cfg.Connections = positive(cfg.Connections, 2)
	cfg.HandlerLimit = positive(cfg.HandlerLimit, 64)
	cfg.Silence = positive(cfg.Silence, 30*time.Second)
	cfg.Drain = positive(cfg.Drain, 10*time.Second)
	cfg.Backoff = cfg.Backoff.withDefaults()
	cfg.Dialer = withBuffers(cfg.Dialer)
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	return cfg
}

func positive[T int | time.Duration](v, otherwise T) T {
	if v <= 0 {
		return otherwise
	}
	return v
}

// withBuffers copies d with buffers that hold the largest ack in one frame, because Slack is reported not to put
// continuation frames together, and that read many envelopes at once in a burst.
func withBuffers(d *websocket.Dialer) *websocket.Dialer {
	if d == nil {
		d = &websocket.Dialer{Proxy: http.ProxyFromEnvironment}
	}
	own := *d
	own.ReadBufferSize = max(own.ReadBufferSize, 32<<10)
	own.WriteBufferSize = max(own.WriteBufferSize, 24<<10)
	own.HandshakeTimeout = positive(own.HandshakeTimeout, 10*time.Second)
	return &own
}

// Client keeps the sockets of one app open.
type Client struct {
	cfg     Config
	buffers buffers
	reporter
}

// New prepares a client; Run connects it.
func New(cfg Config) *Client {
	return &Client{cfg: cfg.withDefaults(), reporter: reporter{onState: cfg.OnState}}
}

// Run connects and serves until ctx ends, then takes no new envelopes, lets the handlers at work finish and ack
// (Config.Drain at most), says goodbye on every socket and returns nil. Before that it returns only if Slack, which has
// greeted no socket yet, gives a reason that a human has to mend: an [*OpenError] that is Fatal, or [ErrSocketModeOff];
// see Config.Persist. Run it once at a time.
func (c *Client) Run(ctx context.Context) error {
	if c.cfg.Open == nil || c.cfg.Handler == nil {
		return errors.New("socket: Config needs Open and Handler")
	}
	s := newSession(ctx, c)
	defer s.stop(nil)
	s.start()
	<-s.ctx.Done()
	s.finish()
	if cause := context.Cause(s.ctx); fatal(cause) {
		return cause
	}
	return nil
}
