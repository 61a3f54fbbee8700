package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

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

// prepare asks the app for options where a menu needs them and what is wanted
// was not suggested yet.
func (s *Server) prepare(ctx context.Context, userID, viewID, name string, value any) error {
	s.lock()
	_, v, t, err := s.state.InputOf(userID, viewID, name)
	if err != nil || !strings.HasSuffix(t.Kind(), "external_select") {
		s.unlock()
		return err
	}
	texts, err := kit.AsTexts(value)
	var unknown []string
	for _, text := range texts {
		if kit.Choose(world.RawOptions(v.Offered[t.ActionID()]), text) == nil {
			unknown = append(unknown, text)
		}
	}
	s.unlock()
	for _, text := range unknown {
		if _, suggestErr := s.suggest(ctx, userID, viewID, t.ActionID(), text, true); suggestErr != nil {
			return suggestErr
		}
	}
	return err
}

func (s *Server) fillIn(userID, viewID, name string, value any) (kit.Object, error) {
	u, v, t, err := s.state.InputOf(userID, viewID, name)
	if err != nil {
		return nil, err
	}
	entered, err := s.state.FillIn(v, t, value)
	if err != nil {
		return nil, err
	}
	if !t.Dispatches() {
		return nil, nil
	}
	return s.viewAction(u, v, s.action(t, entered)), nil
}

// Suggest types into an external menu and returns what the app offers. Below
// min_query_length (3 unless stated) the app is not asked.
func (s *Server) Suggest(ctx context.Context, userID, viewID, actionID, query string) ([]world.Option, error) {
	return s.suggest(ctx, userID, viewID, actionID, query, false)
}

func (s *Server) suggest(ctx context.Context, userID, viewID, name, query string, keep bool) ([]world.Option, error) {
	s.lock()
	u, v, t, err := s.state.InputOf(userID, viewID, name)
	if err == nil && !strings.HasSuffix(t.Kind(), "external_select") {
		err = fmt.Errorf("%q takes no suggestions", name)
	}
	if err != nil || utf8.RuneCountInString(query) < minQuery(t.Element) {
		s.unlock()
		return nil, err
	}
	p := s.interaction("block_suggestion", u)
	p["container"], p["view"] = kit.Object{"type": "view", "view_id": v.ID}, s.viewNow(v)
	p["action_id"], p["block_id"], p["value"] = t.ActionID(), t.BlockID(), query
	s.unlock()
	var offered []world.Option
	out, err := s.deliver(ctx, envelope{kind: "interactive", payload: p, replies: true}, func(raw json.RawMessage, out *Outcome) {
		offered = s.offer(raw, out)
		v.Offer(t.ActionID(), offered, keep)
	})
	if err != nil {
		return nil, err
	}
	if out.Error != "" {
		return nil, fmt.Errorf("no suggestions for %q: %s", query, out.Error)
	}
	return offered, nil
}

func minQuery(element kit.Object) int {
	if n, ok := kit.Number(element["min_query_length"]); ok {
		return int(n)
	}
	return 3
}

// offer checks and reads the app's answer to a block_suggestion.
func (s *Server) offer(raw json.RawMessage, out *Outcome) []world.Option {
	var body kit.Object
	if raw == nil || json.Unmarshal(raw, &body) != nil {
		s.violate("block_suggestion acknowledged without options")
		out.Error = "no_options"
		return nil
	}
	if len(kit.OptionsOf(body)) == 0 && (body["options"] != nil || body["option_groups"] != nil) {
		return nil
	}
	c := &kit.Checker{}
	c.Menu("", body)
	if len(c.Problems) > 0 {
		s.violate("block_suggestion: %s", c.Problems[0])
		out.Error = "invalid_options"
		return nil
	}
	var offered []world.Option
	for _, o := range kit.Objects(body["options"]) {
		offered = append(offered, readOption(o, ""))
	}
	for _, g := range kit.Objects(body["option_groups"]) {
		for _, o := range kit.Objects(g["options"]) {
			offered = append(offered, readOption(o, kit.TextOf(g, "label")))
		}
	}
	return offered
}

func readOption(o kit.Object, group string) world.Option {
	kit.CompleteText(kit.Sub(o, "text"))
	return world.Option{Text: kit.TextOf(o, "text"), Value: kit.Str(o, "value"), Description: kit.TextOf(o, "description"), Group: group, Wire: o}
}
