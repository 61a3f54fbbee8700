package slack

import (
	"context"
	"encoding/json"

	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

// Slash types the app's command with some text into a channel.
func (s *Server) Slash(ctx context.Context, userID, channelID, text string) (Outcome, error) {
	s.lock()
	u, err := s.state.Actor(userID)
	if err != nil {
		s.unlock()
		return Outcome{}, err
	}
	ch, err := s.state.ChannelFor(u, channelID)
	if err != nil {
		s.unlock()
		return Outcome{}, err
	}
	h := responseURL{kind: "commands", user: u.ID, channel: ch.ID}
	e := envelope{kind: "slash_commands", payload: s.slashPayload(u, ch, h, text), replies: true}
	s.unlock()
	return s.deliver(ctx, e, func(payload json.RawMessage, out *Outcome) { s.slashReply(&h, payload, out) })
}

func (s *Server) slashPayload(u *world.User, ch *world.Channel, h responseURL, text string) kit.Object {
	if !s.cfg.PlainSlashText {
		text = s.state.EscapeMentions(text)
	}
	return kit.Object{
		"token": "legacy-verification-token", "team_id": s.cfg.TeamID, "team_domain": s.cfg.TeamDomain,
		"channel_id": ch.ID, "channel_name": kit.Str(channelRef(ch), "name"), "user_id": u.ID, "user_name": u.Name,
		"command": s.cfg.Command, "text": text, "api_app_id": s.cfg.AppID, "is_enterprise_install": "false",
		"response_url": s.newResponseURL(h), "trigger_id": s.state.NewTrigger(u.ID, ""),
	}
}

// slashReply shows what the app answered in its acknowledgement.
func (s *Server) slashReply(h *responseURL, payload json.RawMessage, out *Outcome) {
	if payload == nil {
		return
	}
	var body kit.Object
	var text string
	if json.Unmarshal(payload, &text) == nil {
		body = kit.Object{"text": text}
	} else if json.Unmarshal(payload, &body) != nil {
		s.violate("answer to %s is neither text nor an object", s.cfg.Command)
		out.Error = dispatchFailed
		return
	}
	said, err := s.content(&call{args: args(body), method: "slash reply"})
	if err != nil {
		out.Error = asAPIError(err).Code
		return
	}
	if said.Empty() {
		return
	}
	m := s.postReply(h, said, kit.Str(body, "response_type") == "in_channel", "").Copy()
	out.Reply = &m
}
