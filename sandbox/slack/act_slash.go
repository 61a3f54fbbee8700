package slack

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"
)

// Slash types the app's command with some text into a channel.
func (s *Server) Slash(ctx context.Context, userID, channelID, text string) (Outcome, error) {
	s.lock()
	u, err := s.actor(userID)
	if err != nil {
		s.unlock()
		return Outcome{}, err
	}
	ch, err := s.place(u, channelID)
	if err != nil {
		s.unlock()
		return Outcome{}, err
	}
	h := hook{kind: "commands", user: u.ID, channel: ch.ID}
	e := envelope{kind: "slash_commands", payload: s.slashPayload(u, ch, h, text), replies: true}
	s.unlock()
	return s.deliver(ctx, e, func(payload json.RawMessage, out *Outcome) { s.slashReply(&h, payload, out) })
}

func (s *Server) slashPayload(u *User, ch *Channel, h hook, text string) object {
	if !s.cfg.PlainSlashText {
		text = s.world.escapeMentions(text)
	}
	return object{
		"token": "legacy-verification-token", "team_id": s.cfg.TeamID, "team_domain": s.cfg.TeamDomain,
		"channel_id": ch.ID, "channel_name": str(ch.ref(), "name"), "user_id": u.ID, "user_name": u.Name,
		"command": s.cfg.Command, "text": text, "api_app_id": s.cfg.AppID, "is_enterprise_install": "false",
		"response_url": s.newHook(h), "trigger_id": s.newTrigger(u.ID, ""),
	}
}

// slashReply shows what the app answered in its acknowledgement.
func (s *Server) slashReply(h *hook, payload json.RawMessage, out *Outcome) {
	if payload == nil {
		return
	}
	var body object
	var text string
	if json.Unmarshal(payload, &text) == nil {
		body = object{"text": text}
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
	if said.empty() {
		return
	}
	m := s.postReply(h, said, str(body, "response_type") == "in_channel", "").copy()
	out.Reply = &m
	s.changed()
}

var mention = regexp.MustCompile(`(^|\s)([@#])([\p{L}\d._-]+)`)

// escapeMentions turns @name and #channel into ids, as should_escape does.
func (w *world) escapeMentions(text string) string {
	return mention.ReplaceAllStringFunc(text, func(hit string) string {
		parts := mention.FindStringSubmatch(hit)
		name := strings.TrimRight(parts[3], ".")
		rest := parts[3][len(name):]
		if parts[2] == "@" {
			if u := w.userNamed(name); u != nil {
				return parts[1] + "<@" + u.ID + ">" + rest
			}
			return hit
		}
		if c := w.channelNamed(name); c != nil {
			return parts[1] + "<#" + c.ID + ">" + rest
		}
		return hit
	})
}
