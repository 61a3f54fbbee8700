package slack

import (
	"slices"
	"strings"

	"latchkey/sandbox/slack/kit"
)

func (s *Server) conversationsList(c *call) (kit.Object, error) {
	types := map[string]string{"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}
	wanted := c.str("types")
	fill(&wanted, "public_channel")
	var families []string
	for _, t := range strings.Split(wanted, ",") {
		family := types[strings.TrimSpace(t)]
		if family == "" {
			return nil, fail("invalid_types")
		}
		if err := s.need(family + ":read"); err != nil {
			return nil, err
		}
		families = append(families, family)
	}
	rows := []kit.Object{}
	for _, ch := range s.state.Channels {
		if slices.Contains(families, ch.Family()) && s.state.VisibleToApp(ch) && !(ch.Archived && c.flag("exclude_archived")) {
			rows = append(rows, s.channelWire(ch))
		}
	}
	rows, next, err := page(c, rows, 100, 999)
	if err != nil {
		return nil, err
	}
	return kit.Object{"channels": rows, "response_metadata": kit.Object{"next_cursor": next}}, nil
}
