package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

// Submit presses the submit button of the top modal. What the client can see
// is wrong comes back in Outcome.Errors without troubling the app.
func (s *Server) Submit(ctx context.Context, userID, viewID string) (Outcome, error) {
	s.lock()
	v, payload, err := s.submission(userID, viewID)
	if err != nil {
		s.unlock()
		return Outcome{}, err
	}
	if len(v.Errors) > 0 {
		out := Outcome{Errors: maps.Clone(v.Errors)}
		s.unlock()
		return out, nil
	}
	s.unlock()
	out, err := s.deliver(ctx, envelope{kind: "interactive", payload: payload, replies: true},
		func(raw json.RawMessage, out *Outcome) { s.respondToSubmission(v, raw, out) })
	if out.Error != "" {
		out.Error = troubleModal
	}
	return out, err
}

// submission checks the form as the client does and builds the payload.
func (s *Server) submission(userID, viewID string) (*world.View, kit.Object, error) {
	u, err := s.state.Actor(userID)
	if err != nil {
		return nil, nil, err
	}
	v, err := s.state.ViewBefore(u, viewID)
	if err != nil {
		return nil, nil, err
	}
	if v.Type != "modal" || v.SubmitLabel == "" {
		return nil, nil, fmt.Errorf("%q has no submit button", v.Title)
	}
	s.state.CheckForm(v)
	p := s.interaction("view_submission", u)
	p["view"], p["response_urls"] = s.viewNow(v), []any{}
	p["trigger_id"] = s.state.NewTrigger(u.ID, v.ID)
	return v, p, nil
}

// answerToForm is the payload of the acknowledgement of a view_submission.
type answerToForm struct {
	Action string            `json:"response_action"`
	Errors map[string]string `json:"errors"`
	View   kit.Object        `json:"view"`
}

// respondToSubmission carries out response_action.
// See docs.slack.dev/surfaces/modals.
func (s *Server) respondToSubmission(v *world.View, raw json.RawMessage, out *Outcome) {
	var a answerToForm
	if raw != nil && json.Unmarshal(raw, &a) != nil {
		a.Action = "unreadable"
	}
	var err error
	switch a.Action {
	case "":
		s.state.CloseView(v)
		out.Closed = true
	case "clear":
		s.state.CloseViews(v.User)
		out.Closed = true
	case "errors":
		err = s.fieldErrors(v, a.Errors)
		out.Errors = maps.Clone(v.Errors)
	case "update":
		err = s.replaceView(v, a.View)
	case "push":
		err = s.coverView(v, a.View)
	default:
		err = fmt.Errorf("response_action %q", a.Action)
	}
	if err != nil {
		s.violate("bad answer to view_submission of %q: %v", v.CallbackID, err)
		out.Error = troubleModal
	}
}

// fieldErrors accepts errors for input blocks only; for anything else the
// person sees no field error but a connection problem.
func (s *Server) fieldErrors(v *world.View, errors map[string]string) error {
	if len(errors) == 0 {
		return fmt.Errorf("no errors given")
	}
	for _, id := range slices.Sorted(maps.Keys(errors)) {
		if !slices.ContainsFunc(v.Blocks, func(b kit.Object) bool { return kit.Str(b, "block_id") == id && kit.Str(b, "type") == "input" }) {
			return fmt.Errorf("errors for %q, which is no input block", id)
		}
	}
	s.state.ShowErrors(v, maps.Clone(errors))
	return nil
}

func (s *Server) replaceView(v *world.View, spec kit.Object) error {
	spec, err := s.checkSpec("response_action update", spec, "modal", v)
	if err != nil {
		return err
	}
	s.state.UpdateView(v, spec)
	return nil
}

func (s *Server) coverView(v *world.View, spec kit.Object) error {
	spec, err := s.checkSpec("response_action push", spec, "modal", nil)
	if err != nil {
		return err
	}
	if len(s.state.Modals[v.User]) >= world.MaxModals {
		return fail("push_limit_reached")
	}
	s.state.PushView(v.User, spec)
	return nil
}

// CloseView dismisses the top modal (Cancel) or, with all, every open one (the
// cross). The app hears of it if it asked with notify_on_close.
func (s *Server) CloseView(ctx context.Context, userID, viewID string, all bool) (Outcome, error) {
	s.lock()
	payload, err := s.closing(userID, viewID, all)
	s.unlock()
	if err != nil || payload == nil {
		return Outcome{Closed: err == nil}, err
	}
	out, err := s.deliver(ctx, envelope{kind: "interactive", payload: payload}, nil)
	out.Closed, out.Error = true, "" // the person sees nothing of it
	return out, err
}

func (s *Server) closing(userID, viewID string, all bool) (kit.Object, error) {
	u, err := s.state.Actor(userID)
	if err != nil {
		return nil, err
	}
	v, err := s.state.ViewBefore(u, viewID)
	if err != nil {
		return nil, err
	}
	if v.Type != "modal" {
		return nil, fmt.Errorf("the Home tab cannot be closed")
	}
	all = all || v.ClearOnClose
	s.state.CloseView(v)
	if all {
		if stack := s.state.Modals[u.ID]; len(stack) > 0 {
			v = stack[0] // Slack reports the root view
		}
		s.state.CloseViews(u.ID)
	}
	if !v.NotifyOnClose {
		return nil, nil
	}
	p := s.interaction("view_closed", u)
	p["view"], p["is_cleared"] = s.viewWire(v, kit.Values{}.Wire(s.cfg.EmptyStateAsList)), all
	return p, nil
}
