package slack

import (
	"strings"

	"latchkey/sandbox/slack/kit"
)

func (s *Server) permalink(c *call) (kit.Object, error) {
	ch, err := s.lookup(c)
	if err != nil {
		return nil, err
	}
	ts := c.str("message_ts")
	if m := s.state.MessageAt(ch.ID, ts); m == nil || m.Ephemeral {
		return nil, fail("message_not_found")
	}
	link := "https://" + s.cfg.TeamDomain + ".slack.com/archives/" + ch.ID + "/p" + strings.ReplaceAll(ts, ".", "")
	return kit.Object{"channel": ch.ID, "permalink": link}, nil
}
