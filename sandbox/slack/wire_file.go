package slack

import (
	"cmp"

	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

func (s *Server) filesWire(ids []string) []kit.Object {
	out := []kit.Object{}
	for _, id := range ids {
		if f := s.state.Files[id]; f != nil {
			out = append(out, s.fileWire(f))
		}
	}
	return out
}

func (s *Server) fileWire(f *world.Upload) kit.Object {
	by := cmp.Or(f.User, s.cfg.BotUserID)
	o := kit.Object{
		"id": f.ID, "name": f.Name, "title": f.Title, "size": f.Size, "user": by,
		"created": f.Created.Unix(), "timestamp": f.Created.Unix(), "mode": "hosted",
		"permalink": "https://" + s.cfg.TeamDomain + ".slack.com/files/" + by + "/" + f.ID,
		"channels":  []string{}, "groups": []string{}, "ims": []string{}, "shares": kit.Object{},
	}
	c := s.state.ChannelByID(f.Channel)
	if c == nil {
		return o
	}
	share := kit.Object{c.ID: []kit.Object{{"ts": f.TS, "channel_name": c.Name, "team_id": s.cfg.TeamID}}}
	switch c.Family() {
	case "im":
		o["ims"], o["shares"] = []string{c.ID}, kit.Object{"private": share}
	case "groups":
		o["groups"], o["shares"] = []string{c.ID}, kit.Object{"private": share}
	default:
		o["channels"], o["shares"] = []string{c.ID}, kit.Object{"public": share}
	}
	return o
}
