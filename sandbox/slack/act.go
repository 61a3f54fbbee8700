package slack

import (
	"fmt"
	"slices"
)

// actor finds the person who is to act; only people with a live account can.
func (s *Server) actor(userID string) (*User, error) {
	switch u := s.world.user(userID); {
	case u == nil:
		return nil, fmt.Errorf("no user %q in the workspace", userID)
	case u.Deleted:
		return nil, fmt.Errorf("%s is deactivated and cannot act", u.Name)
	case u.IsBot:
		return nil, fmt.Errorf("%s is a bot; only people act", u.Name)
	default:
		return u, nil
	}
}

// place finds a channel the person can be in.
func (s *Server) place(u *User, channelID string) (*Channel, error) {
	ch := s.world.channel(channelID)
	if ch == nil {
		return nil, fmt.Errorf("no channel %q in the workspace", channelID)
	}
	if ch.Private && !ch.has(u.ID) {
		return nil, fmt.Errorf("%s is not in %s", u.Name, channelID)
	}
	return ch, nil
}

// interaction is the part all interaction payloads share.
func (s *Server) interaction(kind string, u *User) object {
	return object{
		"type": kind, "user": s.world.userRef(u), "api_app_id": s.cfg.AppID, "token": "legacy-verification-token",
		"team": object{"id": s.cfg.TeamID, "domain": s.cfg.TeamDomain}, "enterprise": nil, "is_enterprise_install": false,
	}
}

// openViewOf finds a view the person has before them: the top modal or Home.
func (s *Server) openViewOf(u *User, viewID string) (*View, error) {
	v := s.world.view(viewID)
	switch {
	case v == nil || v.User != u.ID:
		return nil, fmt.Errorf("%s has no view %q open", u.Name, viewID)
	case v.Type == "modal" && s.world.top(u.ID) != v:
		return nil, fmt.Errorf("view %q (%s) is covered by another", viewID, v.Title)
	}
	return v, nil
}

// seenMessage finds a message the person can see.
func (s *Server) seenMessage(u *User, channelID, ts string) (*Channel, *Message, error) {
	ch, err := s.place(u, channelID)
	if err != nil {
		return nil, nil, err
	}
	m := s.world.message(channelID, ts)
	if m == nil || (m.Ephemeral && m.Viewer != u.ID) {
		return nil, nil, fmt.Errorf("%s sees no message %s in %s", u.Name, ts, channelID)
	}
	return ch, m, nil
}

// find returns the one element that is meant; all given hints must fit.
func find(blocks []object, fits func(slot) bool, what string) (slot, error) {
	all := slots(blocks)
	all = slices.DeleteFunc(all, func(t slot) bool { return !fits(t) })
	switch len(all) {
	case 0:
		return slot{}, fmt.Errorf("nothing to act on: %s", what)
	case 1:
		return all[0], nil
	}
	return slot{}, fmt.Errorf("%d elements fit: %s", len(all), what)
}
