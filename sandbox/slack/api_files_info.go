package slack

import "latchkey/sandbox/slack/kit"

func (s *Server) filesInfo(c *call) (kit.Object, error) {
	f := s.state.Files[c.str("file")]
	if f == nil || !f.Completed {
		return nil, fail("file_not_found")
	}
	return kit.Object{"file": s.fileWire(f)}, nil
}
