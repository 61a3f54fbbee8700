package slack

import (
	"encoding/json"

	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

// spec reads and checks the view argument. Own is the view it will replace.
func (s *Server) spec(c *call, kind string, own *world.View) (kit.Object, error) {
	v, ok := c.json("view")
	spec, isObject := v.(kit.Object)
	if !ok || !isObject {
		return nil, missing("view")
	}
	return s.checkSpec(c.method, spec, kind, own)
}

func (s *Server) checkSpec(by string, spec kit.Object, kind string, own *world.View) (kit.Object, error) {
	for k, v := range spec {
		if v == nil {
			delete(spec, k) // null means default
		}
	}
	if err := s.checkView(by, spec); err != nil {
		return nil, err
	}
	if kit.Str(spec, "type") != kind {
		return nil, badArguments("must be one of the following: " + kind + " [json-pointer:/view/type]")
	}
	if other := s.state.ViewByExternalID(kit.Str(spec, "external_id")); other != nil && other != own {
		return nil, fail("duplicate_external_id")
	}
	kit.Complete(kit.Objects(spec["blocks"]))
	for _, key := range []string{"title", "submit", "close"} {
		kit.CompleteText(spec[key])
	}
	return spec, nil
}

func (s *Server) viewAnswer(v *world.View) kit.Object {
	return kit.Object{"view": s.viewWire(v, kit.Values{}.Wire(s.cfg.EmptyStateAsList))}
}

// checkTrigger checks the trigger argument; both spellings are in use.
func (s *Server) checkTrigger(c *call) (*world.Trigger, error) {
	id := c.str("trigger_id")
	if id == "" {
		id = c.str("interactivity_pointer")
	}
	if id == "" {
		return nil, missing("trigger_id")
	}
	return s.state.LookTrigger(id)
}

// maxView is the size of a view in bytes.
// See view_too_large in docs.slack.dev/reference/methods/views.open.
const maxView = 250_000

// checkView returns what views.* would answer to a bad view, or nil.
func (s *Server) checkView(method string, v kit.Object) error {
	if b, err := json.Marshal(v); err != nil || len(b) > maxView {
		s.violate("%s: view larger than %d bytes", method, maxView)
		return fail("view_too_large")
	}
	c := &kit.Checker{}
	c.View(v)
	if c.Unmodelled != "" {
		return s.unmodelled(method, c.Unmodelled)
	}
	if len(c.Problems) == 0 {
		return nil
	}
	s.violate("%s: %s", method, c.Problems[0])
	return badArguments(c.Problems...)
}
