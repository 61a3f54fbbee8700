package slack

import (
	"net/url"
	"strings"

	"latchkey/sandbox/slack/kit"
)

// connectionsOpen hands out a link that works once.
func (s *Server) connectionsOpen(c *call) (kit.Object, error) {
	ticket := kit.UUID()
	s.tickets[ticket] = true
	q := url.Values{"ticket": {ticket}, "app_id": {s.cfg.AppID}}
	return kit.Object{"url": "ws" + strings.TrimPrefix(c.base, "http") + "/link/?" + q.Encode()}, nil
}
