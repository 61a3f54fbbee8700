package slack

import (
	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

// viewsPush wants a trigger from inside a modal that is still open.
func (s *Server) viewsPush(c *call) (kit.Object, error) {
	t, err := s.checkTrigger(c)
	if err != nil {
		return nil, err
	}
	spec, err := s.spec(c, "modal", nil)
	if err != nil {
		return nil, err
	}
	switch depth := len(s.state.Modals[t.User]); {
	case t.View == "":
		return nil, fail("invalid_trigger_id")
	case depth == 0:
		return nil, fail("not_found")
	case depth >= world.MaxModals:
		return nil, fail("push_limit_reached")
	}
	t.Spend()
	return s.viewAnswer(s.state.PushView(t.User, spec)), nil
}
