package world

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
func (w *World) AddChannel(c Channel) Channel {
	s := w.Lock()
	defer w.Unlock()
	return s.putChannel(c).copy()
}

// Invite makes people, or the app by its bot user id, members of a channel.
func (w *World) Invite(channelID string, userIDs ...string) error {
	s := w.Lock()
	defer w.Unlock()
	c := s.ChannelByID(channelID)
	if c == nil {
		return fmt.Errorf("no channel %s in the workspace", channelID)
	}
	for _, id := range userIDs {
		s.Join(c, id)
	}
	return nil
}

// Archive closes a channel to all messages, or opens it again.
func (w *World) Archive(channelID string, archived bool) error {
	s := w.Lock()
	defer w.Unlock()
	c := s.ChannelByID(channelID)
	if c == nil || c.IM {
		return fmt.Errorf("no channel %s in the workspace", channelID)
	}
	c.Archived = archived
	s.Note("channel.saved", c.ID)
	return nil
}

// Change changes a channel: its name, whether it is private, who is in it. A change
// that leaves it without a name deletes it.
func (w *World) Change(channelID string, change func(*Channel)) error {
	s := w.Lock()
	defer w.Unlock()
	c := s.ChannelByID(channelID)
	if c == nil || c.IM {
		return fmt.Errorf("no channel %s in the workspace", channelID)
	}
	if change(c); c.Name == "" {
		delete(s.chansBy, c.ID)
		s.Channels = slices.DeleteFunc(s.Channels, func(o *Channel) bool { return o == c })
	}
	s.Note("channel.saved", c.ID)
	return nil
}

// Purge deletes all messages of a channel or direct message, as a rule about how
// long messages are kept does. The app is not told.
func (w *World) Purge(channelID string) error {
	s := w.Lock()
	defer w.Unlock()
	if s.ChannelByID(channelID) == nil {
		return fmt.Errorf("no channel %s in the workspace", channelID)
	}
	for _, m := range slices.Clone(s.logOf(channelID).order) {
		s.Delete(m)
	}
	return nil
}

// Channels returns all channels, direct messages included.
func (w *World) Channels() []Channel {
	s := w.Lock()
	defer w.Unlock()
	return s.allChannels()
}

func (s *State) allChannels() []Channel {
	out := make([]Channel, len(s.Channels))
	for i, c := range s.Channels {
		out[i] = c.copy()
	}
	return out
}

// DM returns the id of the direct message between the app and a person.
func (w *World) DM(userID string) string {
	s := w.Lock()
	defer w.Unlock()
	return s.DirectMessage(userID).ID
}

func (c *Channel) copy() Channel {
	out := *c
	out.Members = slices.Clone(c.Members)
	return out
}

// Has tells whether somebody is a member.
func (c *Channel) Has(userID string) bool { return slices.Contains(c.Members, userID) }

// Join makes somebody a member of a channel.
func (s *State) Join(c *Channel, userID string) {
	if !c.Has(userID) {
		c.Members = append(c.Members, userID)
		s.Note("channel.saved", c.ID)
	}
}

// Family is the prefix of the scopes that govern the channel.
func (c *Channel) Family() string {
	switch {
	case c.IM:
		return "im"
	case c.Private:
		return "groups"
	}
	return "channels"
}

// ChannelByID finds a channel or direct message; nil if there is none.
func (s *State) ChannelByID(id string) *Channel { return s.chansBy[id] }

// FindChannel finds a channel by its id or its name, with or without the #.
func (s *State) FindChannel(ref string) *Channel {
	if c := s.ChannelByID(ref); c != nil {
		return c
	}
	name := strings.TrimPrefix(ref, "#")
	for _, c := range s.Channels {
		if !c.IM && c.Name == name {
			return c
		}
	}
	return nil
}

func (s *State) putChannel(c Channel) *Channel {
	c.Members = slices.Clone(c.Members)
	if old := s.ChannelByID(c.ID); old != nil {
		*old = c
		s.Note("channel.saved", c.ID)
		return old
	}
	if c.ID == "" {
		c.ID = s.mint.id("C")
	}
	s.Channels = append(s.Channels, &c)
	s.chansBy[c.ID] = &c
	s.Note("channel.saved", c.ID)
	if c.IM {
		s.DirectMessages[c.User] = &c
	}
	return &c
}

// DirectMessage finds or opens the direct message with a person.
func (s *State) DirectMessage(userID string) *Channel {
	if c := s.DirectMessages[userID]; c != nil {
		return c
	}
	return s.putChannel(Channel{
		ID: s.mint.id("D"), IM: true, User: userID, Private: true, Members: []string{s.cfg.BotUserID, userID},
	})
}

// VisibleToApp says whether the app may know that the channel exists.
func (s *State) VisibleToApp(c *Channel) bool {
	return c != nil && (!c.Private || c.Has(s.cfg.BotUserID))
}
