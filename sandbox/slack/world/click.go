package world

import (
	"fmt"
	"strings"

	"latchkey/sandbox/slack/kit"
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

func (c Click) fits(t kit.Slot) bool {
	return (c.ActionID == "" || c.ActionID == t.ActionID()) &&
		(c.BlockID == "" || c.BlockID == t.BlockID()) &&
		(c.Label == "" || c.Label == t.Label()) &&
		(c.Value == "" || t.Kind() != "button" || c.Value == kit.Str(t.Element, "value"))
}

// FindButton finds a button, or an option of an overflow menu, by what it says or, where
// nothing says just that, by the words that it begins with, ready to be clicked.
func FindButton[T Message | View](on T, label string) (Click, bool) {
	if c, ok := findButton(on, func(said string) bool { return said == label }); ok {
		return c, true
	}
	return findButton(on, func(said string) bool {
		rest, begins := strings.CutPrefix(said, label)
		return begins && (strings.HasPrefix(rest, " ") || strings.HasPrefix(rest, ",") || rest == "…")
	})
}

func findButton[T Message | View](on T, means func(said string) bool) (Click, bool) {
	var c Click
	var blocks []kit.Object
	switch on := any(on).(type) {
	case Message:
		c, blocks = Click{ChannelID: on.Channel, MessageTS: on.TS}, on.Blocks
	case View:
		c, blocks = Click{ViewID: on.ID}, on.Blocks
	}
	for _, t := range kit.Slots(blocks) {
		c.ActionID, c.BlockID = t.ActionID(), t.BlockID()
		switch t.Kind() {
		case "button":
			if means(kit.TextOf(t.Element, "text")) {
				c.Value = kit.Str(t.Element, "value")
				return c, true
			}
		case "overflow":
			for _, o := range kit.OptionsOf(t.Element) {
				if means(kit.TextOf(o, "text")) {
					c.Value = kit.Str(o, "value")
					return c, true
				}
			}
		}
	}
	return Click{}, false
}

// Press works the element that a click means. What was entered or chosen is nil
// for a button, which leaves no trace in the state of its surface.
func (s *State) Press(u *User, blocks []kit.Object, state kit.Values, c Click) (t kit.Slot, entered kit.Object, err error) {
	t, err = kit.Find(blocks, c.fits, fmt.Sprintf("click %+v by %s", c, u.Name))
	if err != nil {
		return t, nil, err
	}
	switch t.Kind() {
	case "button":
		return t, nil, nil
	case "overflow":
		chosen := kit.Choose(kit.OptionsOf(t.Element), c.Value)
		if chosen == nil {
			return t, nil, fmt.Errorf("the menu has no option %q", c.Value)
		}
		return t, kit.Object{"selected_option": kit.Clone(chosen)}, nil
	}
	if entered, err = s.enter(t, nil, c.Value); err != nil {
		return t, nil, err
	}
	state[t.BlockID()][t.ActionID()] = entered
	s.Note("element.chosen", c.surface())
	return t, entered, nil
}

// surface names what was clicked on: a view, or a message by channel and timestamp.
func (c Click) surface() string {
	if c.ViewID != "" {
		return c.ViewID
	}
	return c.ChannelID + "/" + c.MessageTS
}
