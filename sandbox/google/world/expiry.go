package world

import (
	"fmt"
	"time"
)

// SetExpiry says when a membership ends by itself, as an administrator does by hand; zero: never.
func (w *World) SetExpiry(groupKey, account string, at time.Time) error {
	err := fmt.Errorf("google: %s isn't in a group %s", account, groupKey)
	w.Update(func(s *State) {
		if g := s.named(groupKey); g != nil {
			if m := g.member(s.MemberOf(account).ID); m != nil {
				s.Expire(g, m, at)
				err = nil
			}
		}
	})
	return err
}

// Expires is when a membership ends by itself, on the record; zero for never, and where there is none.
func (w *World) Expires(groupKey, account string) (at time.Time) {
	w.View(func(s *State) {
		if g := s.named(groupKey); g != nil {
			if m := g.member(s.MemberOf(account).ID); m != nil {
				at = m.Expires
			}
		}
	})
	return at
}

// Expire has a membership end by itself.
func (s *State) Expire(g *LiveGroup, m *Member, at time.Time) {
	m.Expires = at
	s.await(at)
	s.note("member.expires", g.ID+"/"+m.ID)
}

// await notes that a membership ends at a moment.
func (s *State) await(at time.Time) {
	if !at.IsZero() && (s.ending.IsZero() || at.Before(s.ending)) {
		s.ending = at
	}
}

// endDue ends the memberships whose time is up. Reads show that at once: Google's leave out what has expired.
func (s *State) endDue() {
	now := s.Now()
	if s.ending.IsZero() || s.ending.Add(s.ExpiryLag).After(now) {
		return
	}
	s.ending = time.Time{}
	for _, g := range s.Groups {
		for _, m := range g.members {
			switch end := m.Expires.Add(s.ExpiryLag); {
			case m.Expires.IsZero() || !m.until.IsZero():
			case end.After(now):
				s.await(m.Expires)
			default:
				m.until = end
				s.note("member.expired", g.ID+"/"+m.ID)
			}
		}
	}
}
