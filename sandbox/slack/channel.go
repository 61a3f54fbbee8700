package slack

import (
	"fmt"
	"slices"
	"strings"
)

// Channel is a public or private channel or, with IM set, the direct message
// between the app and one person.
type Channel struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Private  bool     `json:"private,omitempty"`
	Archived bool     `json:"archived,omitempty"`
	Members  []string `json:"members,omitempty"` // user ids; the app is in if its bot user is
	IM       bool     `json:"im,omitempty"`
	User     string   `json:"user,omitempty"` // the person of a direct message
}

// AddChannel adds a channel, minting an id if there is none, or replaces the
// one that has that id.
func (s *Server) AddChannel(c Channel) Channel {
	s.lock()
	defer s.unlock()
	s.changed()
	return s.world.putChannel(c).copy()
}

// Invite makes people, or the app by its bot user id, members of a channel.
func (s *Server) Invite(channelID string, userIDs ...string) error {
	s.lock()
	defer s.unlock()
	c := s.world.channel(channelID)
	if c == nil {
		return fmt.Errorf("no channel %s in the workspace", channelID)
	}
	for _, id := range userIDs {
		c.join(id)
	}
	s.changed()
	return nil
}

// Archive closes a channel to all messages, or opens it again.
func (s *Server) Archive(channelID string, archived bool) error {
	s.lock()
	defer s.unlock()
	c := s.world.channel(channelID)
	if c == nil || c.IM {
		return fmt.Errorf("no channel %s in the workspace", channelID)
	}
	c.Archived = archived
	s.changed()
	return nil
}

// Purge deletes all messages of a channel or direct message, as a rule about how
// long messages are kept does. The app is not told.
func (s *Server) Purge(channelID string) error {
	s.lock()
	defer s.unlock()
	if s.world.channel(channelID) == nil {
		return fmt.Errorf("no channel %s in the workspace", channelID)
	}
	for _, m := range slices.Clone(s.world.log(channelID).order) {
		s.world.unpost(m)
	}
	s.changed()
	return nil
}

// Channels returns all channels, direct messages included.
func (s *Server) Channels() []Channel {
	s.lock()
	defer s.unlock()
	out := make([]Channel, len(s.world.channels))
	for i, c := range s.world.channels {
		out[i] = c.copy()
	}
	return out
}

// DM returns the id of the direct message between the app and a person.
func (s *Server) DM(userID string) string {
	s.lock()
	defer s.unlock()
	return s.world.dm(userID).ID
}

func (c *Channel) copy() Channel {
	out := *c
	out.Members = slices.Clone(c.Members)
	return out
}

func (c *Channel) has(userID string) bool { return slices.Contains(c.Members, userID) }

func (c *Channel) join(userID string) {
	if !c.has(userID) {
		c.Members = append(c.Members, userID)
	}
}

// family is the prefix of the scopes that govern the channel.
func (c *Channel) family() string {
	switch {
	case c.IM:
		return "im"
	case c.Private:
		return "groups"
	}
	return "channels"
}

func (w *world) channel(id string) *Channel { return w.chansBy[id] }

func (w *world) channelNamed(ref string) *Channel {
	if c := w.channel(ref); c != nil {
		return c
	}
	name := strings.TrimPrefix(ref, "#")
	for _, c := range w.channels {
		if !c.IM && c.Name == name {
			return c
		}
	}
	return nil
}

func (w *world) putChannel(c Channel) *Channel {
	c.Members = slices.Clone(c.Members)
	if old := w.channel(c.ID); old != nil {
		*old = c
		return old
	}
	if c.ID == "" {
		c.ID = w.mint.id("C")
	}
	w.channels = append(w.channels, &c)
	w.chansBy[c.ID] = &c
	if c.IM {
		w.dms[c.User] = &c
	}
	return &c
}

// dm finds or opens the direct message with a person.
func (w *world) dm(userID string) *Channel {
	if c := w.dms[userID]; c != nil {
		return c
	}
	return w.putChannel(Channel{
		ID: w.mint.id("D"), IM: true, User: userID, Private: true, Members: []string{w.cfg.BotUserID, userID},
	})
}

// visible says whether the app may know that the channel exists.
func (w *world) visible(c *Channel) bool {
	return c != nil && (!c.Private || c.has(w.cfg.BotUserID))
}

func (w *world) channelWire(c *Channel) object {
	if c.IM {
		return object{"id": c.ID, "created": 1700000000, "is_im": true, "is_org_shared": false,
			"user": c.User, "is_user_deleted": w.user(c.User) == nil || w.user(c.User).Deleted}
	}
	return object{
		"id": c.ID, "name": c.Name, "name_normalized": c.Name, "created": 1700000000,
		"is_channel": !c.Private, "is_group": c.Private, "is_im": false, "is_mpim": false,
		"is_private": c.Private, "is_archived": c.Archived, "is_general": c.Name == "general",
		"is_shared": false, "is_ext_shared": false, "is_org_shared": false,
		"is_member": c.has(w.cfg.BotUserID), "num_members": len(c.Members),
		"context_team_id": w.cfg.TeamID, "previous_names": []any{},
		"topic":   object{"value": "", "creator": "", "last_set": 0},
		"purpose": object{"value": "", "creator": "", "last_set": 0},
	}
}

// ref is the short channel object of interaction payloads.
func (c *Channel) ref() object {
	switch {
	case c.IM:
		return object{"id": c.ID, "name": "directmessage"}
	case c.Private:
		return object{"id": c.ID, "name": "privategroup"}
	}
	return object{"id": c.ID, "name": c.Name}
}
