package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Option is one choice of a menu.
type Option struct {
	Text        string `json:"text"`
	Value       string `json:"value"`
	Description string `json:"description,omitempty"`
	Group       string `json:"group,omitempty"`

	wire object
}

// SetInput fills in one element of an open view, named by action_id, block_id
// or label. Options are chosen by value or label, people and channels by id or
// name; a nil or empty value clears the field. Elements outside an input block,
// or in one with dispatch_action, tell the app.
func (s *Server) SetInput(ctx context.Context, userID, viewID, name string, value any) (Outcome, error) {
	if err := s.prepare(ctx, userID, viewID, name, value); err != nil {
		return Outcome{}, err
	}
	s.lock()
	payload, err := s.fillIn(userID, viewID, name, value)
	s.unlock()
	if err != nil || payload == nil {
		return Outcome{}, err
	}
	return s.interact(ctx, payload)
}

// named finds an input by action_id, block_id or label, in this order.
func named(v *View, name string) (slot, error) {
	hints := []func(slot) string{slot.actionID, slot.blockID, slot.label}
	for _, hint := range hints {
		for _, t := range slots(v.Blocks) {
			if hint(t) == name && t.blank() != nil {
				return find(v.Blocks, func(t slot) bool { return hint(t) == name && t.blank() != nil }, name)
			}
		}
	}
	return slot{}, fmt.Errorf("%q has no input named %q", v.Title, name)
}

func (s *Server) input(userID, viewID, name string) (*User, *View, slot, error) {
	u, err := s.actor(userID)
	if err != nil {
		return nil, nil, slot{}, err
	}
	v, err := s.openViewOf(u, viewID)
	if err != nil {
		return nil, nil, slot{}, err
	}
	t, err := named(v, name)
	return u, v, t, err
}

// prepare asks the app for options where a menu needs them and what is wanted
// was not suggested yet.
func (s *Server) prepare(ctx context.Context, userID, viewID, name string, value any) error {
	s.lock()
	_, v, t, err := s.input(userID, viewID, name)
	if err != nil || !strings.HasSuffix(t.kind(), "external_select") {
		s.unlock()
		return err
	}
	texts, err := asTexts(value)
	var unknown []string
	for _, text := range texts {
		if choose(wires(v.offered[t.actionID()]), text) == nil {
			unknown = append(unknown, text)
		}
	}
	s.unlock()
	for _, text := range unknown {
		if _, suggestErr := s.suggest(ctx, userID, viewID, t.actionID(), text, true); suggestErr != nil {
			return suggestErr
		}
	}
	return err
}

func wires(options []Option) []object {
	var out []object
	for _, o := range options {
		out = append(out, o.wire)
	}
	return out
}

func (s *Server) fillIn(userID, viewID, name string, value any) (object, error) {
	u, v, t, err := s.input(userID, viewID, name)
	if err != nil {
		return nil, err
	}
	entered, err := s.enter(t, wires(v.offered[t.actionID()]), value)
	if err != nil {
		return nil, err
	}
	v.State[t.blockID()][t.actionID()] = entered
	s.changed()
	if !t.dispatches() {
		return nil, nil
	}
	return s.viewAction(u, v, s.action(t, entered)), nil
}

// Suggest types into an external menu and returns what the app offers. Below
// min_query_length (3 unless stated) the app is not asked.
func (s *Server) Suggest(ctx context.Context, userID, viewID, actionID, query string) ([]Option, error) {
	return s.suggest(ctx, userID, viewID, actionID, query, false)
}

func (s *Server) suggest(ctx context.Context, userID, viewID, name, query string, keep bool) ([]Option, error) {
	s.lock()
	u, v, t, err := s.input(userID, viewID, name)
	if err == nil && !strings.HasSuffix(t.kind(), "external_select") {
		err = fmt.Errorf("%q takes no suggestions", name)
	}
	if err != nil || utf8.RuneCountInString(query) < minQuery(t.element) {
		s.unlock()
		return nil, err
	}
	p := s.interaction("block_suggestion", u)
	p["container"], p["view"] = object{"type": "view", "view_id": v.ID}, s.world.viewNow(v)
	p["action_id"], p["block_id"], p["value"] = t.actionID(), t.blockID(), query
	s.unlock()
	var offered []Option
	out, err := s.deliver(ctx, envelope{kind: "interactive", payload: p, replies: true}, func(raw json.RawMessage, out *Outcome) {
		offered = s.offer(raw, out)
		if v.offered == nil || !keep {
			v.offered = map[string][]Option{t.actionID(): nil}
		}
		v.offered[t.actionID()] = append(v.offered[t.actionID()], offered...)
	})
	if err != nil {
		return nil, err
	}
	if out.Error != "" {
		return nil, fmt.Errorf("no suggestions for %q: %s", query, out.Error)
	}
	return offered, nil
}

func minQuery(element object) int {
	if n, ok := number(element["min_query_length"]); ok {
		return int(n)
	}
	return 3
}

// offer checks and reads the app's answer to a block_suggestion.
func (s *Server) offer(raw json.RawMessage, out *Outcome) []Option {
	var body object
	if raw == nil || json.Unmarshal(raw, &body) != nil {
		s.violate("block_suggestion acknowledged without options")
		out.Error = "no_options"
		return nil
	}
	if len(optionsOf(body)) == 0 && (body["options"] != nil || body["option_groups"] != nil) {
		return nil
	}
	c := &checker{}
	c.menu("", body)
	if len(c.problems) > 0 {
		s.violate("block_suggestion: %s", c.problems[0])
		out.Error = "invalid_options"
		return nil
	}
	var offered []Option
	for _, o := range objects(body["options"]) {
		offered = append(offered, readOption(o, ""))
	}
	for _, g := range objects(body["option_groups"]) {
		for _, o := range objects(g["options"]) {
			offered = append(offered, readOption(o, textOf(g, "label")))
		}
	}
	return offered
}

func readOption(o object, group string) Option {
	completeText(sub(o, "text"))
	return Option{Text: textOf(o, "text"), Value: str(o, "value"), Description: textOf(o, "description"), Group: group, wire: o}
}
