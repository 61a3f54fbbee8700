package slack

import (
	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

// completeUpload finishes uploads and shares them, once.
func (s *Server) completeUpload(c *call) (kit.Object, error) {
	wanted, err := list(c, "files", "invalid_arguments")
	if err != nil || len(wanted) == 0 {
		return nil, missing("files")
	}
	var files []*world.Upload
	for _, f := range wanted {
		found := s.state.Files[kit.Str(f, "id")]
		if found == nil || !found.Uploaded || found.Completed {
			return nil, fail("file_not_found")
		}
		files = append(files, found)
	}
	ch, err := s.shareTarget(c)
	if err != nil {
		return nil, err
	}
	out := []kit.Object{}
	for i, f := range files {
		f.Complete(kit.Str(wanted[i], "title"))
		out = append(out, kit.Object{"id": f.ID, "title": f.Title})
	}
	if ch != nil {
		s.shareFiles(c, files, ch)
	}
	return kit.Object{"files": out}, nil
}

func (s *Server) shareTarget(c *call) (*world.Channel, error) {
	if c.has("channels") || c.has("blocks") {
		return nil, s.unmodelled(c.method, "channels or blocks")
	}
	id := c.str("channel_id")
	if id == "" {
		return nil, nil
	}
	ch := s.state.ChannelByID(id)
	switch {
	case !s.state.VisibleToApp(ch):
		return nil, fail("channel_not_found")
	case !ch.Has(s.cfg.BotUserID):
		return nil, fail("not_in_channel")
	}
	return ch, nil
}

// shareFiles posts the files, now or, as Slack likes to do it, later.
func (s *Server) shareFiles(c *call, files []*world.Upload, ch *world.Channel) {
	thread, comment := c.str("thread_ts"), kit.Escape(c.str("initial_comment"))
	share := func() { s.state.ShareFiles(files, ch.ID, thread, comment) }
	if s.cfg.LateShares <= 0 {
		share()
		return
	}
	s.later(s.cfg.LateShares, share)
}
