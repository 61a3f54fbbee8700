package world

import (
	"fmt"

	"latchkey/sandbox/slack/kit"
)

// Actor finds the person who is to act; only people with a live account can.
func (s *State) Actor(userID string) (*User, error) {
	switch u := s.UserByID(userID); {
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

// ChannelFor finds a channel the person can be in.
func (s *State) ChannelFor(u *User, channelID string) (*Channel, error) {
	ch := s.ChannelByID(channelID)
	if ch == nil {
		return nil, fmt.Errorf("no channel %q in the workspace", channelID)
	}
	if ch.Private && !ch.Has(u.ID) {
		return nil, fmt.Errorf("%s is not in %s", u.Name, channelID)
	}
	return ch, nil
}

// ViewBefore finds a view the person has before them: the top modal or Home.
func (s *State) ViewBefore(u *User, viewID string) (*View, error) {
	v := s.ViewByID(viewID)
	switch {
	case v == nil || v.User != u.ID:
		return nil, fmt.Errorf("%s has no view %q open: %w", u.Name, viewID, kit.ErrGone)
	case v.Type == "modal" && s.TopModal(u.ID) != v:
		return nil, fmt.Errorf("view %q (%s) is covered by another: %w", viewID, v.Title, kit.ErrGone)
	}
	return v, nil
}

// MessageSeenBy finds a message the person can see.
func (s *State) MessageSeenBy(u *User, channelID, ts string) (*Channel, *Message, error) {
	ch, err := s.ChannelFor(u, channelID)
	if err != nil {
		return nil, nil, err
	}
	m := s.MessageAt(channelID, ts)
	if m == nil || (m.Ephemeral && m.Viewer != u.ID) {
		return nil, nil, fmt.Errorf("%s sees no message %s in %s: %w", u.Name, ts, channelID, kit.ErrGone)
	}
	return ch, m, nil
}
