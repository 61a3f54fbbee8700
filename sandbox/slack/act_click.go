package slack

import (
	"context"

	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

// Click presses a button or chooses an option. A confirmation dialog counts as
// confirmed.
func (s *Server) Click(ctx context.Context, userID string, c world.Click) (Outcome, error) {
	s.lock()
	payload, err := s.clickPayload(userID, c)
	s.unlock()
	if err != nil || payload == nil {
		return Outcome{}, err
	}
	return s.interact(ctx, payload)
}

// interact sends block_actions; the app can only acknowledge.
func (s *Server) interact(ctx context.Context, payload kit.Object) (Outcome, error) {
	out, err := s.deliver(ctx, envelope{kind: "interactive", payload: payload}, nil)
	if out.Error != "" && payload["view"] != nil {
		out.Error = troubleModal
	}
	return out, err
}

// clickPayload works the element and builds what the app is told: nothing, if
// the element waits for its form to be submitted.
func (s *Server) clickPayload(userID string, c world.Click) (kit.Object, error) {
	u, err := s.state.Actor(userID)
	if err != nil {
		return nil, err
	}
	if c.ViewID != "" {
		v, err := s.state.ViewBefore(u, c.ViewID)
		if err != nil {
			return nil, err
		}
		action, err := s.press(u, v.Blocks, v.State, c)
		if err != nil || action == nil {
			return nil, err
		}
		return s.viewAction(u, v, action), nil
	}
	ch, m, err := s.state.MessageSeenBy(u, c.ChannelID, c.MessageTS)
	if err != nil {
		return nil, err
	}
	action, err := s.press(u, m.Blocks, m.State, c)
	if err != nil {
		return nil, err
	}
	return s.messageAction(u, ch, m, action), nil
}

// press works one element and returns the entry for "actions".
func (s *Server) press(u *world.User, blocks []kit.Object, state kit.Values, c world.Click) (kit.Object, error) {
	t, entered, err := s.state.Press(u, blocks, state, c)
	if err != nil {
		return nil, err
	}
	if !t.Dispatches() {
		return nil, nil
	}
	return s.action(t, entered), nil
}

// action is one entry of "actions" in a block_actions payload.
func (s *Server) action(t kit.Slot, entered kit.Object) kit.Object {
	a := kit.Object{"type": t.Kind(), "action_id": t.ActionID(), "block_id": t.BlockID(), "action_ts": s.state.NextTS()}
	for _, key := range []string{"text", "value", "style", "url", "placeholder"} {
		if v, ok := t.Element[key]; ok && v != nil {
			a[key] = kit.CloneAny(v)
		}
	}
	for key, v := range entered {
		a[key] = kit.CloneAny(v)
	}
	return a
}

func (s *Server) viewAction(u *world.User, v *world.View, action kit.Object) kit.Object {
	from := v.ID
	if v.Type == "home" {
		from = "" // nothing can be pushed from Home
	}
	p := s.interaction("block_actions", u)
	p["container"] = kit.Object{"type": "view", "view_id": v.ID}
	p["view"] = s.viewNow(v)
	p["trigger_id"] = s.state.NewTrigger(u.ID, from)
	p["actions"] = []kit.Object{action}
	return p
}

// messageAction leaves out the message if it is ephemeral, as Slack does.
func (s *Server) messageAction(u *world.User, ch *world.Channel, m *world.Message, action kit.Object) kit.Object {
	p := s.interaction("block_actions", u)
	container := kit.Object{"type": "message", "message_ts": m.TS, "channel_id": ch.ID, "is_ephemeral": m.Ephemeral}
	if m.ThreadTS != "" {
		container["thread_ts"] = m.ThreadTS
	}
	p["container"], p["channel"] = container, channelRef(ch)
	if !m.Ephemeral {
		p["message"] = s.messageWire(m, true)
	}
	p["state"] = m.State.Wire(s.cfg.EmptyStateAsList)
	p["response_url"] = s.newResponseURL(responseURL{kind: "actions", user: u.ID, channel: ch.ID, origin: m.TS, thread: m.ThreadTS})
	p["trigger_id"] = s.state.NewTrigger(u.ID, "")
	p["actions"] = []kit.Object{action}
	return p
}
