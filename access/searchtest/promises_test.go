package searchtest

import (
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// promises are what must hold in every state. It returns the first that is broken.
func (m *model) promises(s *state) string {
	for i, id := range s.Request {
		if id == 0 {
			continue
		}
		if why := m.requests.broken[id]; why != "" {
			return why
		}
		if why := first(m.recorded(s, i), m.asking(s, i)); why != "" {
			return why
		}
	}
	for _, id := range s.Grant {
		if why := m.grants.broken[id]; why != "" {
			return why
		}
	}
	return m.explained(s)
}

// 1. No change without a record: nothing begins before the issue exists. And what was
// approved is given.
func (m *model) recorded(s *state, i int) string {
	r := m.requestAt(s, i)
	if s.Grant[i] == 0 {
		if r.State == access.RequestApproved && m.world.asks[i].more == 0 {
			return "7. a request is approved, and nothing follows"
		}
		return ""
	}
	if g := m.grantAt(s, i); g.State != access.GrantWaiting && g.State != access.GrantEnded && r.Issue.Key == "" {
		return "1. a change begins, and there is no issue"
	}
	return ""
}

// 7. Whoever is to decide is asked, or looked for.
func (m *model) asking(s *state, i int) string {
	r := m.requestAt(s, i)
	if r.State != access.RequestPending || r.Stage >= len(r.Stages) || len(r.Stages[r.Stage].Asked) > 0 || r.Stages[r.Stage].Why != "" {
		return ""
	}
	if s.Queue.Find(Find, uint8(i), 0) < 0 {
		return "7. nobody is asked, and nobody looks for who may be"
	}
	return ""
}

// 2. It ends on time: whatever Latchkey gave is some grant's, which will end it.
func (m *model) explained(s *state) string {
	for part, member := range s.Member {
		if member && !s.Prior[part] && !s.Either[part] && !m.explains(s, part) {
			return "2. access is there, and no grant will end it"
		}
	}
	return ""
}

func (m *model) explains(s *state, part int) bool {
	for _, id := range s.Grant {
		g := &m.grants.values[id]
		if id == 0 || g.State == access.GrantEnded {
			continue
		}
		for _, ent := range g.Entitlements {
			if ent.Group == groups[part] && (ent.State == access.EntitlementHeld || ent.State == access.EntitlementWanted && (ent.Absent || ent.Sent)) {
				return true
			}
		}
	}
	return false
}

// grantPromises are what must hold of one grant, wherever it stands.
func (m *model) grantPromises(g access.Grant) string {
	return first(endsOnTime(g), endsWhole(g), isWaitedFor(g), isReason(g), m.outOfTurn(g))
}

// 2. It ends on time: as soon as something of it is there, it has an end, and is
// looked at then or before.
func endsOnTime(g access.Grant) string {
	there := !g.Started.IsZero()
	for _, e := range g.Entitlements {
		there = there || e.Sent
	}
	given := alive(g)
	heldIn := slices.ContainsFunc(g.Entitlements, func(e access.Entitlement) bool { return e.State == access.EntitlementHeld })
	switch {
	case given && (g.State == access.GrantActive || heldIn) && g.Started.IsZero():
		return "2. access is there, and its time doesn't run"
	case g.Wanted == catalog.Forever || !there || !given || g.Disputed:
		return ""
	case g.Ends.IsZero():
		return "2. access is there, and has no end"
	case g.Due().IsZero() || g.Due().After(g.Ends):
		return "2. access is there, and nobody looks at its end"
	case !g.Started.IsZero() && g.Ends.Sub(g.Started) > longest:
		return "2. access is held for longer than its role can be held"
	case g.Started.IsZero() && g.Ends.After(now.Add(g.Wanted)):
		return "2. access ends later than it was approved for"
	}
	return ""
}

// 5. Nothing is taken away, or said to be gone, that isn't: what has ended has let go
// of every group; what is there holds every group.
func endsWhole(g access.Grant) string {
	for _, e := range g.Entitlements {
		inPlace := e.State == access.EntitlementHeld
		switch {
		case g.State == access.GrantActive && !inPlace:
			return "6. access is said to be there, and a part of it isn't"
		case g.State == access.GrantEnded && (inPlace || e.State == access.EntitlementWanted && e.Sent):
			return "2. access is said to have ended, and a part of it is there"
		}
	}
	if g.Revoking && g.End == "" {
		return "6. access ends, and nothing says why"
	}
	return ""
}

// 7. Whoever is waited for is reminded.
func isWaitedFor(g access.Grant) string {
	waits := g.State == access.GrantManual || g.State == access.GrantStuck || g.Disputed
	switch {
	case waits && (!g.FollowUp.Open() || g.Due().IsZero()):
		return "7. somebody has to act, and will never be told again"
	case !waits && g.FollowUp.Open():
		return "7. somebody is told again of what is over"
	case !g.Remind.IsZero() && g.State == access.GrantActive && !g.Disputed && !g.Remind.Before(g.Ends):
		return "7. the reminder of an end comes when it is over"
	case g.State == access.GrantActive && g.Request != "" && !g.Ends.IsZero() && now.Before(g.Ends.Add(-g.Ends.Sub(g.Started)/6)) && g.Remind.IsZero():
		return "7. access ends, and its holder isn't told before"
	}
	return ""
}

// 5. Nothing valid is taken away: a grant is a reason for its groups from when the
// change begins until its end does.
func isReason(g access.Grant) string {
	if len(g.Entitlements) == 0 {
		return ""
	}
	other := access.Grant{ID: "G-other", Person: g.Person, Entitlements: g.Entitlements[:1]}
	_, needed := other.NeededBy(g.Entitlements[0].Group, []access.Grant{g})
	if needed != (alive(g) && !lapsed(g, g.Entitlements[0])) {
		return "5. a grant doesn't count as a reason when it is one, or does when it isn't"
	}
	stranger := other
	stranger.Person = ines.id()
	if _, needed := stranger.NeededBy(g.Entitlements[0].Group, []access.Grant{g}); needed {
		return "5. somebody's access is a reason for somebody else's"
	}
	return ""
}

// longest is for how long the roles can be held, all together.
const longest = 10 * time.Hour
