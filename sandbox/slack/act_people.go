package slack

import (
	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

// AddUser adds a person, minting an id if there is none, or replaces the one
// who has that id. The app is told by team_join or user_change if it listens.
func (s *Server) AddUser(u world.User) world.User {
	s.lock()
	kind := "team_join"
	if s.state.UserByID(u.ID) != nil {
		kind = "user_change"
	}
	u = s.state.PutUser(u)
	event := s.userEvent(kind, u)
	if len(s.sockets) > 0 { // people who were there first are no news
		s.start(func() { s.emit(event) })
	}
	s.unlock()
	return u
}

// SetDeleted deactivates or reactivates a person; the app gets user_change.
func (s *Server) SetDeleted(userID string, deleted bool) error {
	s.lock()
	u, err := s.state.SetDeleted(userID, deleted)
	if err != nil {
		s.unlock()
		return err
	}
	event := s.userEvent("user_change", *u)
	s.start(func() { s.emit(event) })
	s.unlock()
	return nil
}

// JoinOrganisation makes the workspace one of an organisation: its members get other ids.
func (s *Server) JoinOrganisation(enterprise string) {
	s.lock()
	defer s.unlock()
	s.state.JoinOrganisation(enterprise)
}

func (s *Server) userEvent(kind string, u world.User) kit.Object {
	wire := s.userWire(u)
	if s.cfg.EmptyFieldsAsList {
		kit.Sub(wire, "profile")["fields"] = []any{}
	}
	ts := s.state.NextTS()
	return kit.Object{"type": kind, "user": wire, "cache_ts": s.state.Now().Unix(), "event_ts": ts}
}
