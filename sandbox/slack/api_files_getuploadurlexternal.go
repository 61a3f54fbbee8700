package slack

import "latchkey/sandbox/slack/kit"

func (s *Server) uploadURL(c *call) (kit.Object, error) {
	length := c.number("length", 0)
	switch {
	case c.str("filename") == "":
		return nil, missing("filename")
	case length <= 0:
		return nil, fail("missing_argument")
	case c.has("alt_txt") && len(c.str("alt_txt")) > 1000:
		return nil, fail("alt_txt_too_large")
	case c.str("snippet_type") != "" && length > 1<<20:
		return nil, fail("snippet_too_large")
	}
	f := s.state.AddUpload(c.str("filename"), length)
	return kit.Object{"upload_url": c.base + "/upload/v1/" + f.ID + "/" + f.Secret, "file_id": f.ID}, nil
}
