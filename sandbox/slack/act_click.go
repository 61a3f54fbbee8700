package slack

import (
	"context"
	"fmt"
)

// Click says what a person clicks: an element of a message, or of a view that
// lies open. Any of ActionID, BlockID and Label may be left out as long as one
// element fits. Value tells buttons of the same action apart, and chooses the
// option (by value or label) of menus, overflow menus, radio buttons and the
// like.
type Click struct {
	ChannelID string `json:"channel_id,omitempty"`
	MessageTS string `json:"message_ts,omitempty"`
	ViewID    string `json:"view_id,omitempty"`
	ActionID  string `json:"action_id,omitempty"`
	BlockID   string `json:"block_id,omitempty"`
	Label     string `json:"label,omitempty"`
	Value     string `json:"value,omitempty"`
}

func (c Click) fits(t slot) bool {
	return (c.ActionID == "" || c.ActionID == t.actionID()) &&
		(c.BlockID == "" || c.BlockID == t.blockID()) &&
		(c.Label == "" || c.Label == t.label()) &&
		(c.Value == "" || t.kind() != "button" || c.Value == str(t.element, "value"))
}

// Click presses a button or chooses an option. A confirmation dialog counts as
// confirmed.
func (s *Server) Click(ctx context.Context, userID string, c Click) (Outcome, error) {
	s.lock()
	payload, err := s.clickPayload(userID, c)
	s.unlock()
	if err != nil || payload == nil {
		return Outcome{}, err
	}
	return s.interact(ctx, payload)
}

// interact sends block_actions; the app can only acknowledge.
func (s *Server) interact(ctx context.Context, payload object) (Outcome, error) {
	out, err := s.deliver(ctx, envelope{kind: "interactive", payload: payload}, nil)
	if out.Error != "" && payload["view"] != nil {
		out.Error = troubleModal
	}
	return out, err
}

// clickPayload works the element and builds what the app is told: nothing, if
// the element waits for its form to be submitted.
func (s *Server) clickPayload(userID string, c Click) (object, error) {
	u, err := s.actor(userID)
	if err != nil {
		return nil, err
	}
	if c.ViewID != "" {
		v, err := s.openViewOf(u, c.ViewID)
		if err != nil {
			return nil, err
		}
		action, err := s.press(u, v.Blocks, v.State, c)
		if err != nil || action == nil {
			return nil, err
		}
		return s.viewAction(u, v, action), nil
	}
	ch, m, err := s.seenMessage(u, c.ChannelID, c.MessageTS)
	if err != nil {
		return nil, err
	}
	action, err := s.press(u, m.Blocks, m.state, c)
	if err != nil {
		return nil, err
	}
	return s.messageAction(u, ch, m, action), nil
}

// press works one element and returns the entry for "actions".
func (s *Server) press(u *User, blocks []object, state values, c Click) (object, error) {
	t, err := find(blocks, c.fits, fmt.Sprintf("click %+v by %s", c, u.Name))
	if err != nil {
		return nil, err
	}
	switch t.kind() {
	case "button":
		return s.action(t, nil), nil
	case "overflow":
		chosen := choose(optionsOf(t.element), c.Value)
		if chosen == nil {
			return nil, fmt.Errorf("the menu has no option %q", c.Value)
		}
		return s.action(t, object{"selected_option": clone(chosen)}), nil
	}
	entered, err := s.enter(t, nil, c.Value)
	if err != nil {
		return nil, err
	}
	state[t.blockID()][t.actionID()] = entered
	s.changed()
	if !t.dispatches() {
		return nil, nil
	}
	return s.action(t, entered), nil
}

// action is one entry of "actions" in a block_actions payload.
func (s *Server) action(t slot, entered object) object {
	a := object{"type": t.kind(), "action_id": t.actionID(), "block_id": t.blockID(), "action_ts": s.world.ts()}
	for _, key := range []string{"text", "value", "style", "url", "placeholder"} {
		if v, ok := t.element[key]; ok && v != nil {
			a[key] = cloneAny(v)
		}
	}
	for key, v := range entered {
		a[key] = cloneAny(v)
	}
	return a
}

func (s *Server) viewAction(u *User, v *View, action object) object {
	from := v.ID
	if v.Type == "home" {
		from = "" // nothing can be pushed from Home
	}
	p := s.interaction("block_actions", u)
	p["container"] = object{"type": "view", "view_id": v.ID}
	p["view"] = s.world.viewNow(v)
	p["trigger_id"] = s.newTrigger(u.ID, from)
	p["actions"] = []object{action}
	return p
}

// messageAction leaves out the message if it is ephemeral, as Slack does.
func (s *Server) messageAction(u *User, ch *Channel, m *Message, action object) object {
	p := s.interaction("block_actions", u)
	container := object{"type": "message", "message_ts": m.TS, "channel_id": ch.ID, "is_ephemeral": m.Ephemeral}
	if m.ThreadTS != "" {
		container["thread_ts"] = m.ThreadTS
	}
	p["container"], p["channel"] = container, ch.ref()
	if !m.Ephemeral {
		p["message"] = s.world.messageWire(m, true)
	}
	p["state"] = m.state.wire(s.cfg.EmptyStateAsList)
	p["response_url"] = s.newHook(hook{kind: "actions", user: u.ID, channel: ch.ID, origin: m.TS, thread: m.ThreadTS})
	p["trigger_id"] = s.newTrigger(u.ID, "")
	p["actions"] = []object{action}
	return p
}

// FindButton finds a button, or an option of an overflow menu, by what it
// says, ready to be clicked.
func FindButton[T Message | View](on T, label string) (Click, bool) {
	var c Click
	var blocks []object
	switch on := any(on).(type) {
	case Message:
		c, blocks = Click{ChannelID: on.Channel, MessageTS: on.TS}, on.Blocks
	case View:
		c, blocks = Click{ViewID: on.ID}, on.Blocks
	}
	for _, t := range slots(blocks) {
		c.ActionID, c.BlockID = t.actionID(), t.blockID()
		switch t.kind() {
		case "button":
			if textOf(t.element, "text") == label {
				c.Value = str(t.element, "value")
				return c, true
			}
		case "overflow":
			for _, o := range optionsOf(t.element) {
				if textOf(o, "text") == label {
					c.Value = str(o, "value")
					return c, true
				}
			}
		}
	}
	return Click{}, false
}
