package kit

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrGone says that what a person wants to act on is not before them: it never was, or it
// was replaced between their look and their hand. Nothing has happened.
var ErrGone = errors.New("it is not there")

// Find returns the one element that is meant; all given hints must fit.
func Find(blocks []Object, fits func(Slot) bool, what string) (Slot, error) {
	all := Slots(blocks)
	all = slices.DeleteFunc(all, func(t Slot) bool { return !fits(t) })
	switch len(all) {
	case 0:
		return Slot{}, fmt.Errorf("nothing to act on: %s: %w", what, ErrGone)
	case 1:
		return all[0], nil
	}
	return Slot{}, fmt.Errorf("%d elements fit: %s", len(all), what)
}

// Values is the state of the input elements of a surface: block_id, then
// action_id, then {"type": …, "value"|"selected_option"|…: …}.
type Values map[string]map[string]Object

// Slot is one interactive element and where it sits.
type Slot struct {
	block   Object
	Element Object
	Input   bool // sits in an input block
}

// BlockID is the id of the block it sits in.
func (t Slot) BlockID() string { return Str(t.block, "block_id") }

// ActionID is the id of the element.
func (t Slot) ActionID() string { return Str(t.Element, "action_id") }

// Kind is the type of the element, such as "button".
func (t Slot) Kind() string { return Str(t.Element, "type") }

// Label is what a person calls the element.
func (t Slot) Label() string {
	switch {
	case t.Input:
		return TextOf(t.block, "label")
	case t.Kind() == "button":
		return TextOf(t.Element, "text")
	case Str(t.block, "type") == "section":
		return TextOf(t.block, "text")
	}
	return TextOf(t.Element, "placeholder")
}

// Dispatches tells whether the app hears of a change at once.
func (t Slot) Dispatches() bool { return !t.Input || Flag(t.block, "dispatch_action") }

// Slots lists the interactive elements of some blocks in reading order.
func Slots(blocks []Object) []Slot {
	var out []Slot
	for _, b := range blocks {
		switch Str(b, "type") {
		case "input":
			out = append(out, Slot{block: b, Element: Sub(b, "element"), Input: true})
		case "section":
			if e := Sub(b, "accessory"); e != nil && Str(e, "type") != "image" {
				out = append(out, Slot{block: b, Element: e})
			}
		case "actions", "context_actions":
			for _, e := range Objects(b["elements"]) {
				out = append(out, Slot{block: b, Element: e})
			}
		}
	}
	return out
}

// StateKey names the state key of an element type, the key its initial value is
// given under, and whether it holds a list. Elements without state have none.
func StateKey(kind string) (key, initial string, list bool) {
	switch kind {
	case "plain_text_input", "email_text_input", "url_text_input", "number_input":
		return "value", "initial_value", false
	case "rich_text_input":
		return "rich_text_value", "initial_value", false
	case "file_input":
		return "files", "", true
	}
	single, several := strings.CutPrefix(kind, "multi_")
	noun := chosen(single)
	switch {
	case noun == "":
		return "", "", false
	case several || kind == "checkboxes":
		return "selected_" + noun + "s", "initial_" + noun + "s", true
	}
	return "selected_" + noun, "initial_" + noun, false
}

// chosen is what a type of element lets people choose; empty if it is no menu.
func chosen(kind string) string {
	switch kind {
	case "static_select", "external_select", "radio_buttons", "checkboxes":
		return "option"
	case "users_select":
		return "user"
	case "conversations_select":
		return "conversation"
	case "channels_select":
		return "channel"
	case "datepicker":
		return "date"
	case "timepicker":
		return "time"
	case "datetimepicker":
		return "date_time"
	}
	return ""
}

// Blank is the state of an element nobody has touched.
func (t Slot) Blank() Object {
	key, initial, list := StateKey(t.Kind())
	if key == "" {
		return nil
	}
	o := Object{"type": t.Kind(), key: nil}
	if list {
		o[key] = []any{}
	}
	if v, ok := t.Element[initial]; ok && v != nil {
		o[key] = CloneAny(v)
	}
	return o
}

// InitialState is the state of blocks that nobody has touched.
func InitialState(blocks []Object) Values { return CarryState(nil, blocks) }

// CarryState builds the state for new blocks and keeps what was entered where
// block_id, action_id and type are unchanged.
func CarryState(old Values, blocks []Object) Values {
	out := Values{}
	for _, t := range Slots(blocks) {
		v := t.Blank()
		if v == nil {
			continue
		}
		if kept := old[t.BlockID()][t.ActionID()]; Str(kept, "type") == t.Kind() {
			v = kept
		}
		if out[t.BlockID()] == nil {
			out[t.BlockID()] = map[string]Object{}
		}
		out[t.BlockID()][t.ActionID()] = v
	}
	return out
}

// Copy copies the values deeply.
func (v Values) Copy() Values {
	out := Values{}
	for b, actions := range v {
		out[b] = map[string]Object{}
		for a, o := range actions {
			out[b][a] = Clone(o)
		}
	}
	return out
}

// Wire is the JSON "state". Slack has been seen to send an empty map as [].
func (v Values) Wire(emptyAsList bool) Object {
	if len(v) == 0 && emptyAsList {
		return Object{"values": []any{}}
	}
	return Object{"values": v.Copy()}
}

// filled says whether a person has given an answer.
func filled(state Object) bool {
	key, _, list := StateKey(Str(state, "type"))
	switch v := state[key].(type) {
	case nil:
		return false
	case string:
		return v != ""
	case []any:
		return !list || len(v) > 0
	}
	return true
}
