package socket

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/gorilla/websocket"
)

// dial opens the one-time URL and starts reading.
func (s *session) dial(url string) (*conn, error) {
	dialer, wire := corking(s.ctx, *s.cfg.Dialer)
	// The dialer itself looks at the context only until the handshake has been sent.
	unhook := context.AfterFunc(s.ctx, func() {
		if w := wire(); w != nil {
			w.Close()
		}
	})
	ws, resp, err := dialer.DialContext(s.ctx, url, nil)
	hooked := unhook()
	switch {
	case errors.Is(err, websocket.ErrBadHandshake) && resp != nil:
		return nil, refusedHandshake(resp)
	case err != nil:
		return nil, fmt.Errorf("connecting to Slack's WebSocket: %w", withoutURL(err))
	case !hooked:
		ws.Close()
		return nil, s.ctx.Err()
	}
	return s.adopt(ws, wire()), nil
}

// refusedHandshake is always worth another try, with a fresh URL: Slack answers 409 now and then.
func refusedHandshake(resp *http.Response) error {
	refused := fmt.Errorf("Slack's WebSocket refused the handshake with HTTP %d", resp.StatusCode)
	if resp.StatusCode != http.StatusTooManyRequests {
		return refused
	}
	limit := &OpenError{Code: "ratelimited", Status: resp.StatusCode, RetryAfter: retryAfter(resp.Header)}
	return fmt.Errorf("%w: %w", refused, limit)
}
