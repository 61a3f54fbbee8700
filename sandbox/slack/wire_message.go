package slack

import (
	"encoding/json"
	"strings"

	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

// messageWire is the message object of the Web API and of payloads. Metadata is only
// included when asked for.
func (s *Server) messageWire(m *world.Message, metadata bool) kit.Object {
	o := kit.Object{"type": "message", "user": m.User, "text": colons(m.Text), "ts": m.TS, "team": s.cfg.TeamID}
	if m.BotID != "" {
		o["bot_id"], o["app_id"] = m.BotID, s.cfg.AppID
		o["bot_profile"] = kit.Object{"id": m.BotID, "app_id": s.cfg.AppID, "user_id": m.User, "name": "Latchkey",
			"icons": kit.Object{}, "deleted": false, "updated": 1700000000, "team_id": s.cfg.TeamID}
	} else { // what a person typed comes as rich text
		o["client_msg_id"] = m.ClientID
		o["blocks"] = []kit.Object{{"type": "rich_text", "block_id": "d7eJ", "elements": []kit.Object{
			{"type": "rich_text_section", "elements": []kit.Object{{"type": "text", "text": m.Text}}}}}}
	}
	if m.Subtype != "" {
		o["subtype"] = m.Subtype
	}
	if len(m.Blocks) > 0 {
		o["blocks"] = kit.Clone(m.Blocks)
	}
	if len(m.Attachments) > 0 {
		o["attachments"] = kit.Clone(m.Attachments)
	}
	if m.Edited {
		o["edited"] = kit.Object{"user": m.User, "ts": m.EditedTS}
	}
	if metadata && m.Metadata != nil {
		o["metadata"] = kit.Clone(m.Metadata)
	}
	if len(m.Files) > 0 {
		o["files"] = s.filesWire(m.Files)
	}
	s.addThread(o, m)
	return o
}

func (s *Server) addThread(o kit.Object, m *world.Message) {
	if m.ThreadTS != "" {
		o["thread_ts"] = m.ThreadTS
		if p := s.state.MessageAt(m.Channel, m.ThreadTS); p != nil {
			o["parent_user_id"] = p.User
		}
		return
	}
	replies := s.state.Replies(m)
	if len(replies) == 0 {
		return
	}
	o["thread_ts"], o["reply_count"] = m.TS, len(replies)
	o["latest_reply"] = replies[len(replies)-1].TS
}

// colons turns emoji into the :name: form in which messages are read back.
func colons(s string) string {
	return strings.NewReplacer(
		"✅", ":white_check_mark:", "❌", ":x:", "⚠️", ":warning:", "🔑", ":key:", "🎉", ":tada:",
		"⏳", ":hourglass_flowing_sand:", "🔒", ":lock:", "🔓", ":unlock:", "👍", ":+1:", "🚨", ":rotating_light:",
	).Replace(s)
}

func toJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return "null"
	}
	return string(b)
}
