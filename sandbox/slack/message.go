package slack

import (
	"encoding/json"
	"slices"
	"strings"
)

// Message is a message as it stands in a channel, or an ephemeral one that
// only Viewer sees.
type Message struct {
	Channel  string   `json:"channel"`
	TS       string   `json:"ts"`
	ThreadTS string   `json:"thread_ts,omitempty"`
	User     string   `json:"user"`
	BotID    string   `json:"bot_id,omitempty"`
	Text     string   `json:"text"`
	Blocks   []object `json:"blocks,omitempty"`

	Attachments []object `json:"attachments,omitempty"`
	Metadata    object   `json:"metadata,omitempty"`
	Files       []string `json:"files,omitempty"` // file ids

	Edited    bool   `json:"edited,omitempty"`
	EditedTS  string `json:"edited_ts,omitempty"`
	Ephemeral bool   `json:"ephemeral,omitempty"`
	Viewer    string `json:"viewer,omitempty"`

	state    values
	clientID string // of what a person typed
}

// channelLog is what was said in one channel, oldest first.
type channelLog struct {
	order   []*Message
	byTS    map[string]*Message
	threads map[string][]*Message // public answers by the root's timestamp
}

// Messages returns what is in a channel, oldest first: thread replies and
// ephemeral messages (for whoever) included.
func (s *Server) Messages(channelID string) []Message {
	s.lock()
	defer s.unlock()
	log := s.world.log(channelID)
	out := make([]Message, len(log.order))
	for i, m := range log.order {
		out[i] = m.copy()
	}
	return out
}

// Message returns one message by channel and timestamp.
func (s *Server) Message(channelID, ts string) (Message, bool) {
	s.lock()
	defer s.unlock()
	m := s.world.message(channelID, ts)
	if m == nil {
		return Message{}, false
	}
	return m.copy(), true
}

func (m *Message) copy() Message {
	out := *m
	out.Blocks, out.Attachments = clone(m.Blocks), clone(m.Attachments)
	out.Metadata, out.Files = clone(m.Metadata), slices.Clone(m.Files)
	out.state = m.state.copy()
	return out
}

func (w *world) log(channelID string) *channelLog {
	log := w.logs[channelID]
	if log == nil {
		log = &channelLog{byTS: map[string]*Message{}, threads: map[string][]*Message{}}
		w.logs[channelID] = log
	}
	return log
}

func (w *world) message(channelID, ts string) *Message { return w.log(channelID).byTS[ts] }

// post appends a message, giving it a timestamp.
func (w *world) post(m Message) *Message {
	m.TS = w.ts()
	m.state = initialState(m.Blocks)
	log := w.log(m.Channel)
	log.order = append(log.order, &m)
	log.byTS[m.TS] = &m
	if m.ThreadTS != "" && !m.Ephemeral {
		log.threads[m.ThreadTS] = append(log.threads[m.ThreadTS], &m)
	}
	return &m
}

func (w *world) unpost(m *Message) {
	log := w.log(m.Channel)
	delete(log.byTS, m.TS)
	same := func(o *Message) bool { return o == m }
	log.order = slices.DeleteFunc(log.order, same)
	log.threads[m.ThreadTS] = slices.DeleteFunc(log.threads[m.ThreadTS], same)
}

// edit replaces the content of a message and keeps what people selected in
// elements that are still there.
func (w *world) edit(m *Message, c content) {
	m.Text, m.Blocks = c.text, c.blocks
	if c.attachments != nil {
		m.Attachments = c.attachments
	}
	if c.metadata != nil {
		m.Metadata = c.metadata
	}
	m.state = carryState(m.state, m.Blocks)
	m.Edited, m.EditedTS = true, w.ts()
}

// mine says whether the app posted the message.
func (w *world) mine(m *Message) bool { return m.BotID == w.cfg.BotID }

// messageWire is the message object of the Web API and of payloads. Metadata is only
// included when asked for.
func (w *world) messageWire(m *Message, metadata bool) object {
	o := object{"type": "message", "user": m.User, "text": colons(m.Text), "ts": m.TS, "team": w.cfg.TeamID}
	if m.BotID != "" {
		o["bot_id"], o["app_id"] = m.BotID, w.cfg.AppID
		o["bot_profile"] = object{"id": m.BotID, "app_id": w.cfg.AppID, "user_id": m.User, "name": "Latchkey",
			"icons": object{}, "deleted": false, "updated": 1700000000, "team_id": w.cfg.TeamID}
	} else { // what a person typed comes as rich text
		o["client_msg_id"] = m.clientID
		o["blocks"] = []object{{"type": "rich_text", "block_id": "d7eJ", "elements": []object{
			{"type": "rich_text_section", "elements": []object{{"type": "text", "text": m.Text}}}}}}
	}
	if len(m.Blocks) > 0 {
		o["blocks"] = clone(m.Blocks)
	}
	if len(m.Attachments) > 0 {
		o["attachments"] = clone(m.Attachments)
	}
	if m.Edited {
		o["edited"] = object{"user": m.User, "ts": m.EditedTS}
	}
	if metadata && m.Metadata != nil {
		o["metadata"] = clone(m.Metadata)
	}
	if len(m.Files) > 0 {
		o["files"] = w.filesWire(m.Files)
	}
	w.addThread(o, m)
	return o
}

func (w *world) addThread(o object, m *Message) {
	if m.ThreadTS != "" {
		o["thread_ts"] = m.ThreadTS
		if p := w.message(m.Channel, m.ThreadTS); p != nil {
			o["parent_user_id"] = p.User
		}
		return
	}
	replies := w.replies(m)
	if len(replies) == 0 {
		return
	}
	o["thread_ts"], o["reply_count"] = m.TS, len(replies)
	o["latest_reply"] = replies[len(replies)-1].TS
}

// replies are the public answers in a message's thread, oldest first.
func (w *world) replies(parent *Message) []*Message {
	return w.log(parent.Channel).threads[parent.TS]
}

// content is what chat methods and response URLs put into a message.
type content struct {
	text        string
	blocks      []object
	attachments []object
	metadata    object
}

func (c content) empty() bool {
	return c.text == "" && len(c.blocks) == 0 && len(c.attachments) == 0
}

// entities escapes stray control characters the way Slack's servers do:
// well-formed <@U1>, <#C1>, <!here> and links stay, everything else is text.
// See docs.slack.dev/messaging/formatting-message-text.
func entities(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '&':
			b.WriteByte('&')
			if !entityAt(s[i:]) {
				b.WriteString("amp;")
			}
		case '<':
			end := strings.IndexByte(s[i:], '>')
			if end > 1 && controlSequence(s[i+1:i+end]) {
				b.WriteString(s[i : i+end+1])
				i += end
				continue
			}
			b.WriteString("&lt;")
		case '>':
			b.WriteString("&gt;") // a quote mark too comes back escaped
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func entityAt(s string) bool {
	return strings.HasPrefix(s, "&amp;") || strings.HasPrefix(s, "&lt;") || strings.HasPrefix(s, "&gt;")
}

func controlSequence(s string) bool {
	switch s[0] {
	case '@', '#', '!':
		return true
	}
	for _, scheme := range []string{"http://", "https://", "mailto:", "slack://", "tel:"} {
		if strings.HasPrefix(s, scheme) {
			return true
		}
	}
	return false
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
