package slack

import (
	"context"
	"fmt"

	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

// Words are what a person says besides the text: the names of files that they drop
// into it, and whether an answer in a thread is also sent to the channel.
type Words struct {
	Text      string
	Files     []string
	Broadcast bool
}

// subtype is what Slack calls such a message, though a person wrote it like any other.
func (w Words) subtype() string {
	switch {
	case len(w.Files) > 0:
		return "file_share"
	case w.Broadcast:
		return "thread_broadcast"
	}
	return ""
}

// Say posts a message as a person, in a thread if threadTS is given, and sends
// the app the events it is due: a direct message or a mention.
func (s *Server) Say(ctx context.Context, userID, channelID, threadTS, text string) (Outcome, error) {
	return s.SayWith(ctx, userID, channelID, threadTS, Words{Text: text})
}

// SayWith is Say for more than a text.
func (s *Server) SayWith(ctx context.Context, userID, channelID, threadTS string, w Words) (Outcome, error) {
	s.lock()
	m, events, err := s.say(userID, channelID, threadTS, w)
	s.unlock()
	if err != nil {
		return Outcome{}, err
	}
	out := Outcome{}
	for _, e := range events {
		if sent := s.emit(e); sent.EnvelopeID != "" {
			out = sent
		}
	}
	out.TS, out.Error = m.TS, "" // the message stands, whatever the app does
	return out, ctx.Err()
}

func (s *Server) say(userID, channelID, threadTS string, w Words) (*world.Message, []kit.Object, error) {
	u, err := s.state.Actor(userID)
	if err != nil {
		return nil, nil, err
	}
	ch, err := s.state.ChannelFor(u, channelID)
	if err != nil {
		return nil, nil, err
	}
	switch parent := s.state.MessageAt(ch.ID, threadTS); {
	case ch.IM && s.cfg.MessagesTabOff:
		return nil, nil, fmt.Errorf("sending messages to this app has been turned off")
	case ch.Archived:
		return nil, nil, fmt.Errorf("%s is archived", channelID)
	case threadTS != "" && parent == nil:
		return nil, nil, fmt.Errorf("no message %s in %s to answer: %w", threadTS, channelID, kit.ErrGone)
	}
	s.state.Join(ch, u.ID)
	said := world.Message{
		Channel: ch.ID, ThreadTS: threadTS, User: u.ID, ClientID: kit.UUID(), Text: kit.Escape(s.state.EscapeMentions(w.Text)), Subtype: w.subtype(),
	}
	for _, name := range w.Files {
		said.Files = append(said.Files, s.state.AddFile(u.ID, name).ID)
	}
	m := s.state.Post(said)
	return m, s.personMessage(ch, m), nil
}

// OpenHome visits the app's Home tab; the app gets app_home_opened each time.
func (s *Server) OpenHome(ctx context.Context, userID string) (Outcome, error) {
	s.lock()
	u, err := s.state.Actor(userID)
	if err == nil && s.cfg.HomeTabOff {
		err = fmt.Errorf("the app has no Home tab")
	}
	if err != nil {
		s.unlock()
		return Outcome{}, err
	}
	event := kit.Object{"type": "app_home_opened", "user": u.ID, "channel": s.state.DirectMessage(u.ID).ID, "tab": "home", "event_ts": s.state.NextTS()}
	if v := s.state.Homes[u.ID]; v != nil {
		event["view"] = s.viewNow(v) // absent on the first visit
	}
	s.unlock()
	out := s.emit(event)
	out.Error = ""
	return out, ctx.Err()
}

// Shortcut runs a global shortcut of the app.
func (s *Server) Shortcut(ctx context.Context, userID, callbackID string) (Outcome, error) {
	s.lock()
	u, err := s.state.Actor(userID)
	if err != nil {
		s.unlock()
		return Outcome{}, err
	}
	p := s.interaction("shortcut", u)
	delete(p, "api_app_id") // captures of shortcuts do not carry it
	p["action_ts"], p["callback_id"] = s.state.NextTS(), callbackID
	p["trigger_id"] = s.state.NewTrigger(u.ID, "")
	s.unlock()
	return s.deliver(ctx, envelope{kind: "interactive", payload: p}, nil)
}

// MessageShortcut runs a shortcut of the app on a message.
func (s *Server) MessageShortcut(ctx context.Context, userID, callbackID, channelID, ts string) (Outcome, error) {
	s.lock()
	u, err := s.state.Actor(userID)
	if err != nil {
		s.unlock()
		return Outcome{}, err
	}
	ch, m, err := s.state.MessageSeenBy(u, channelID, ts)
	if err != nil {
		s.unlock()
		return Outcome{}, err
	}
	p := s.interaction("message_action", u)
	delete(p, "api_app_id")
	p["action_ts"], p["callback_id"], p["channel"] = s.state.NextTS(), callbackID, channelRef(ch)
	p["message"], p["message_ts"] = s.messageWire(m, true), m.TS
	p["response_url"] = s.newResponseURL(responseURL{kind: "app", user: u.ID, channel: ch.ID, origin: m.TS})
	p["trigger_id"] = s.state.NewTrigger(u.ID, "")
	s.unlock()
	return s.deliver(ctx, envelope{kind: "interactive", payload: p}, nil)
}
