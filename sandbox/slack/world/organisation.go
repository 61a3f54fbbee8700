package world

import "slices"

// JoinOrganisation makes the workspace one of an organisation. Its members get ids that
// count in all of it; the ones from before go on being understood.
func (s *State) JoinOrganisation(enterprise string) {
	s.Enterprise = enterprise
	exchanged := map[string]string{}
	for _, u := range s.Users {
		if u.IsBot || u.IsStranger {
			continue
		}
		u.FormerID, u.ID = u.ID, s.mint.id("W")
		exchanged[u.FormerID] = u.ID
		s.usersBy[u.ID] = u
		s.Note("user.saved", u.ID)
	}
	exchange(s.DirectMessages, exchanged)
	exchange(s.Modals, exchanged)
	exchange(s.Homes, exchanged)
	for _, v := range s.views {
		v.User = current(exchanged, v.User)
	}
	for _, c := range s.Channels {
		c.User = current(exchanged, c.User)
		for i, id := range c.Members {
			c.Members[i] = current(exchanged, id)
		}
	}
	for _, g := range s.Groups {
		for i, id := range g.Users {
			g.Users[i] = current(exchanged, id)
		}
	}
}

func exchange[T any](by map[string]T, exchanged map[string]string) {
	for former, id := range exchanged {
		if v, has := by[former]; has {
			delete(by, former)
			by[id] = v
		}
	}
}

func current(exchanged map[string]string, id string) string {
	if now, moved := exchanged[id]; moved {
		return now
	}
	return id
}

// Exchanged is what an id from before the workspace joined an organisation became, or,
// with old set, what one of the organisation was before.
func (s *State) Exchanged(id string, old bool) (string, bool) {
	i := slices.IndexFunc(s.Users, func(u *User) bool { return u.FormerID != "" && (old && u.ID == id || !old && u.FormerID == id) })
	switch {
	case i < 0:
		return "", false
	case old:
		return s.Users[i].FormerID, true
	}
	return s.Users[i].ID, true
}
