package slack

import (
	"context"
	"fmt"
)

// Say posts a message as a person, in a thread if threadTS is given, and sends
// the app the events it is due: a direct message or a mention.
func (s *Server) Say(ctx context.Context, userID, channelID, threadTS, text string) (Outcome, error) {
	s.lock()
	m, events, err := s.say(userID, channelID, threadTS, text)
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

func (s *Server) say(userID, channelID, threadTS, text string) (*Message, []object, error) {
	u, err := s.actor(userID)
	if err != nil {
		return nil, nil, err
	}
	ch, err := s.place(u, channelID)
	if err != nil {
		return nil, nil, err
	}
	switch parent := s.world.message(ch.ID, threadTS); {
	case ch.IM && s.cfg.MessagesTabOff:
		return nil, nil, fmt.Errorf("sending messages to this app has been turned off")
	case ch.Archived:
		return nil, nil, fmt.Errorf("%s is archived", channelID)
	case threadTS != "" && parent == nil:
		return nil, nil, fmt.Errorf("no message %s in %s to answer", threadTS, channelID)
	}
	ch.join(u.ID)
	m := s.world.post(Message{
		Channel: ch.ID, ThreadTS: threadTS, User: u.ID, clientID: uuid(), Text: entities(s.world.escapeMentions(text)),
	})
	s.changed()
	return m, s.personMessage(ch, m), nil
}

// OpenHome visits the app's Home tab; the app gets app_home_opened each time.
func (s *Server) OpenHome(ctx context.Context, userID string) (Outcome, error) {
	s.lock()
	u, err := s.actor(userID)
	if err == nil && s.cfg.HomeTabOff {
		err = fmt.Errorf("the app has no Home tab")
	}
	if err != nil {
		s.unlock()
		return Outcome{}, err
	}
	event := object{"type": "app_home_opened", "user": u.ID, "channel": s.world.dm(u.ID).ID, "tab": "home", "event_ts": s.world.ts()}
	if v := s.world.homes[u.ID]; v != nil {
		event["view"] = s.world.viewNow(v) // absent on the first visit
	}
	s.unlock()
	out := s.emit(event)
	out.Error = ""
	return out, ctx.Err()
}

// Shortcut runs a global shortcut of the app.
func (s *Server) Shortcut(ctx context.Context, userID, callbackID string) (Outcome, error) {
	s.lock()
	u, err := s.actor(userID)
	if err != nil {
		s.unlock()
		return Outcome{}, err
	}
	p := s.interaction("shortcut", u)
	delete(p, "api_app_id") // captures of shortcuts do not carry it
	p["action_ts"], p["callback_id"] = s.world.ts(), callbackID
	p["trigger_id"] = s.newTrigger(u.ID, "")
	s.unlock()
	return s.deliver(ctx, envelope{kind: "interactive", payload: p}, nil)
}

// MessageShortcut runs a shortcut of the app on a message.
func (s *Server) MessageShortcut(ctx context.Context, userID, callbackID, channelID, ts string) (Outcome, error) {
	s.lock()
	u, err := s.actor(userID)
	if err != nil {
		s.unlock()
		return Outcome{}, err
	}
	ch, m, err := s.seenMessage(u, channelID, ts)
	if err != nil {
		s.unlock()
		return Outcome{}, err
	}
	p := s.interaction("message_action", u)
	delete(p, "api_app_id")
	p["action_ts"], p["callback_id"], p["channel"] = s.world.ts(), callbackID, ch.ref()
	p["message"], p["message_ts"] = s.world.messageWire(m, true), m.TS
	p["response_url"] = s.newHook(hook{kind: "app", user: u.ID, channel: ch.ID, origin: m.TS})
	p["trigger_id"] = s.newTrigger(u.ID, "")
	s.unlock()
	return s.deliver(ctx, envelope{kind: "interactive", payload: p}, nil)
}
