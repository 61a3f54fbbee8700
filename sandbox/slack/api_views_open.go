package slack

import "latchkey/sandbox/slack/kit"

func (s *Server) viewsOpen(c *call) (kit.Object, error) {
	t, err := s.checkTrigger(c)
	if err != nil {
		return nil, err
	}
	spec, err := s.spec(c, "modal", nil)
	if err != nil {
		return nil, err
	}
	t.Spend()
	return s.viewAnswer(s.state.OpenView(t.User, spec)), nil
}
