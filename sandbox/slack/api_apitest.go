package slack

import "latchkey/sandbox/slack/kit"

func (s *Server) apiTest(c *call) (kit.Object, error) {
	if c.has("error") {
		return nil, fail(c.str("error"))
	}
	return kit.Object{"args": kit.Object(c.args)}, nil
}
