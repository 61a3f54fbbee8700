package world

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"latchkey/sandbox/slack/kit"
)

// Option is one choice of a menu.
type Option struct {
	Text        string `json:"text"`
	Value       string `json:"value"`
	Description string `json:"description,omitempty"`
	Group       string `json:"group,omitempty"`

	Wire kit.Object
}

// named finds an input by action_id, block_id or label, in this order.
func named(v *View, name string) (kit.Slot, error) {
	hints := []func(kit.Slot) string{kit.Slot.ActionID, kit.Slot.BlockID, kit.Slot.Label}
	for _, hint := range hints {
		for _, t := range kit.Slots(v.Blocks) {
			if hint(t) == name && t.Blank() != nil {
				return kit.Find(v.Blocks, func(t kit.Slot) bool { return hint(t) == name && t.Blank() != nil }, name)
			}
		}
	}
	return kit.Slot{}, fmt.Errorf("%q has no input named %q", v.Title, name)
}

// InputOf finds an input that a person has before them, by action_id, block_id
// or label.
func (s *State) InputOf(userID, viewID, name string) (*User, *View, kit.Slot, error) {
	u, err := s.Actor(userID)
	if err != nil {
		return nil, nil, kit.Slot{}, err
	}
	v, err := s.ViewBefore(u, viewID)
	if err != nil {
		return nil, nil, kit.Slot{}, err
	}
	t, err := named(v, name)
	return u, v, t, err
}

// Offers tells whether an input of a view has an option, by value or label.
func Offers(v View, name, option string) bool {
	t, err := named(&v, name)
	return err == nil && kit.Choose(kit.OptionsOf(t.Element), option) != nil
}

// RawOptions are the options as the app sent them.
func RawOptions(options []Option) []kit.Object {
	var out []kit.Object
	for _, o := range options {
		out = append(out, o.Wire)
	}
	return out
}

// enter turns what a person types or picks into the state of an element.
// Offered are the options last suggested for an external menu.
func (s *State) enter(t kit.Slot, offered []kit.Object, value any) (kit.Object, error) {
	key, _, list := kit.StateKey(t.Kind())
	if key == "" {
		return nil, fmt.Errorf("%s %q takes no input", t.Kind(), t.ActionID())
	}
	out := kit.Object{"type": t.Kind(), key: nil}
	texts, err := kit.AsTexts(value)
	if err != nil {
		return nil, err
	}
	picked := []any{}
	for _, text := range texts {
		v, err := s.one(t, offered, text)
		if err != nil {
			return nil, err
		}
		picked = append(picked, v)
	}
	if list {
		out[key] = picked
		if most, ok := kit.Number(t.Element["max_selected_items"]); ok && len(picked) > int(most) {
			return nil, fmt.Errorf("%q takes at most %d choices", t.Label(), int(most))
		}
		return out, nil
	}
	switch len(picked) {
	case 0:
		return out, nil
	case 1:
		out[key] = picked[0]
		return out, nil
	}
	return nil, fmt.Errorf("%q takes one answer, not %d", t.Label(), len(picked))
}

// one converts a single answer for the element's type.
func (s *State) one(t kit.Slot, offered []kit.Object, text string) (any, error) {
	switch kind := strings.TrimPrefix(t.Kind(), "multi_"); kind {
	case "static_select", "radio_buttons", "checkboxes":
		return kit.PickOption(t, kit.OptionsOf(t.Element), text)
	case "external_select":
		return kit.PickOption(t, offered, text)
	case "users_select":
		if u := s.FindUser(text); u != nil && !u.Deleted {
			return u.ID, nil
		}
		return nil, fmt.Errorf("%q: no person %q to pick", t.Label(), text)
	case "conversations_select", "channels_select":
		if c := s.FindChannel(text); c != nil {
			return c.ID, nil
		}
		return nil, fmt.Errorf("%q: no channel %q to pick", t.Label(), text)
	case "datepicker":
		if ahead, err := aheadOf(s.Now(), text); err == nil {
			text = ahead.Format(time.DateOnly)
		}
		return kit.Shaped(t, text, time.DateOnly)
	case "timepicker":
		return kit.Shaped(t, text, "15:04")
	case "datetimepicker":
		if ahead, err := aheadOf(s.Now(), text); err == nil {
			return ahead.Unix(), nil
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%q wants epoch seconds, not %q", t.Label(), text)
		}
		return n, nil
	case "rich_text_input":
		return kit.RichText(text), nil
	case "file_input":
		return nil, fmt.Errorf("%q: the emulator does not model files picked by people", t.Label())
	}
	return text, nil
}

// aheadOf is a day or moment that is written as one to come, like +7d or +36h.
func aheadOf(now time.Time, text string) (time.Time, error) {
	days := 0
	if n, err := fmt.Sscanf(text, "+%dd", &days); err == nil && n == 1 && strings.HasSuffix(text, "d") {
		return now.AddDate(0, 0, days), nil
	}
	if !strings.HasPrefix(text, "+") {
		return now, fmt.Errorf("%q is not to come", text)
	}
	d, err := time.ParseDuration(text[1:])
	return now.Add(d), err
}

// FillIn puts what a person types or picks into an element of a view.
func (s *State) FillIn(v *View, t kit.Slot, value any) (kit.Object, error) {
	entered, err := s.enter(t, RawOptions(v.Offered[t.ActionID()]), value)
	if err != nil {
		return nil, err
	}
	v.State[t.BlockID()][t.ActionID()] = entered
	s.Note("view.filled", v.ID)
	return entered, nil
}
