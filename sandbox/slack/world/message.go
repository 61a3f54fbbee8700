package world

import (
	"slices"

	"latchkey/sandbox/slack/kit"
)

// PostedByApp says whether the app posted the message.
func (s *State) PostedByApp(m *Message) bool { return m.BotID == s.cfg.BotID }

// Message is a message as it stands in a channel, or an ephemeral one that
// only Viewer sees.
type Message struct {
	Channel  string       `json:"channel"`
	TS       string       `json:"ts"`
	ThreadTS string       `json:"thread_ts,omitempty"`
	User     string       `json:"user"`
	BotID    string       `json:"bot_id,omitempty"`
	Text     string       `json:"text"`
	Blocks   []kit.Object `json:"blocks,omitempty"`

	Attachments []kit.Object `json:"attachments,omitempty"`
	Metadata    kit.Object   `json:"metadata,omitempty"`
	Files       []string     `json:"files,omitempty"`   // file ids
	Subtype     string       `json:"subtype,omitempty"` // "file_share", or "thread_broadcast" where it was also sent to the channel

	Edited    bool   `json:"edited,omitempty"`
	EditedTS  string `json:"edited_ts,omitempty"`
	Ephemeral bool   `json:"ephemeral,omitempty"`
	Viewer    string `json:"viewer,omitempty"`
	Pinned    bool   `json:"pinned,omitempty"` // to its channel

	State    kit.Values `json:"-"` // what was chosen in its elements
	ClientID string     `json:"-"` // of what a person typed
}

// channelLog is what was said in one channel, oldest first.
type channelLog struct {
	order   []*Message
	byTS    map[string]*Message
	threads map[string][]*Message // public answers by the root's timestamp
}

// Messages returns what is in a channel, oldest first: thread replies and
// ephemeral messages (for whoever) included.
func (w *World) Messages(channelID string) []Message {
	s := w.Lock()
	defer w.Unlock()
	log := s.logOf(channelID)
	return log.copies()
}

func (l *channelLog) copies() []Message {
	out := make([]Message, len(l.order))
	for i, m := range l.order {
		out[i] = m.Copy()
	}
	return out
}

// Message returns one message by channel and timestamp.
func (w *World) Message(channelID, ts string) (Message, bool) {
	s := w.Lock()
	defer w.Unlock()
	m := s.MessageAt(channelID, ts)
	if m == nil {
		return Message{}, false
	}
	return m.Copy(), true
}

// subject names the message in changes: its channel and its timestamp.
func (m *Message) subject() string { return m.Channel + "/" + m.TS }

// Copy is the message for somebody who looks: nothing in it changes later.
func (m *Message) Copy() Message {
	out := *m
	out.Blocks, out.Attachments = kit.Clone(m.Blocks), kit.Clone(m.Attachments)
	out.Metadata, out.Files = kit.Clone(m.Metadata), slices.Clone(m.Files)
	out.State = m.State.Copy()
	return out
}

func (s *State) logOf(channelID string) *channelLog {
	log := s.logs[channelID]
	if log == nil {
		log = &channelLog{byTS: map[string]*Message{}, threads: map[string][]*Message{}}
		s.logs[channelID] = log
	}
	return log
}

// MessageAt finds a message by its timestamp; nil if there is none.
func (s *State) MessageAt(channelID, ts string) *Message { return s.logOf(channelID).byTS[ts] }

// Post appends a message, giving it a timestamp.
func (s *State) Post(m Message) *Message {
	m.TS = s.NextTS()
	m.State = kit.InitialState(m.Blocks)
	log := s.logOf(m.Channel)
	log.order = append(log.order, &m)
	log.byTS[m.TS] = &m
	s.Note("message.posted", m.subject())
	if m.ThreadTS != "" && !m.Ephemeral {
		log.threads[m.ThreadTS] = append(log.threads[m.ThreadTS], &m)
	}
	return &m
}

// Delete takes a message away.
func (s *State) Delete(m *Message) {
	log := s.logOf(m.Channel)
	delete(log.byTS, m.TS)
	s.Note("message.deleted", m.subject())
	same := func(o *Message) bool { return o == m }
	log.order = slices.DeleteFunc(log.order, same)
	log.threads[m.ThreadTS] = slices.DeleteFunc(log.threads[m.ThreadTS], same)
}

// Pin has a message stand pinned in its channel, or not any more.
func (s *State) Pin(m *Message, on bool) {
	m.Pinned = on
	s.Note("message.pinned", m.subject())
}

// Edit replaces the content of a message and keeps what people selected in
// elements that are still there.
func (s *State) Edit(m *Message, c Content) {
	m.Text, m.Blocks = c.Text, c.Blocks
	if c.Attachments != nil {
		m.Attachments = c.Attachments
	}
	if c.Metadata != nil {
		m.Metadata = c.Metadata
	}
	m.State = kit.CarryState(m.State, m.Blocks)
	m.Edited, m.EditedTS = true, s.NextTS()
	s.Note("message.edited", m.subject())
}

// Replies are the public answers in a message's thread, oldest first.
func (s *State) Replies(parent *Message) []*Message {
	return s.logOf(parent.Channel).threads[parent.TS]
}

// Content is what chat methods and response URLs put into a message.
type Content struct {
	Text        string
	Blocks      []kit.Object
	Attachments []kit.Object
	Metadata    kit.Object
}

// Empty tells whether there is nothing to say.
func (c Content) Empty() bool {
	return c.Text == "" && len(c.Blocks) == 0 && len(c.Attachments) == 0
}

// MessagesIn lists what is in a channel, oldest first.
func (s *State) MessagesIn(channelID string) []*Message { return s.logOf(channelID).order }
