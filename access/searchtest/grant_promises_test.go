package searchtest

import (
	"time"

	"latchkey/access"
)

// outOfTurn tries on a grant what comes at any moment: late, early, twice, or from the
// wrong person. Only what fits does anything.
func (m *model) outOfTurn(g access.Grant) string {
	did := func(c cue) bool {
		_, _, err := g.Apply(c.fill(g.Event(c.kind, c.by.actor(), now)), now)
		return err == nil
	}
	by := func(kind access.EventKind, p person, way access.Direction) cue {
		c := said(kind, p)
		c.way = way
		return c
	}
	over := alive(g) && !g.Disputed && dueNow(g.Ends)
	hand := g.State == access.GrantManual
	told := dueNow(g.FollowUp.Next) && g.FollowUp.Open()
	endless := g.State == access.GrantStuck && g.Revoking || g.Disputed
	times := map[bool]int{true: 2, false: 3}[hand] // of what is to be done by hand, and of what is stuck
	it := told && g.FollowUp.Told >= times && !endless
	switch {
	case did(ends(access.EndExpired, nobody)) != over:
		return "2. access ends before its time, or not then"
	case did(ends(access.EndRevoked, tess)) != (g.State != access.GrantEnded && !g.Revoking):
		return "2. access can't be taken away when it should be, or is twice"
	case did(by(access.EventFulfilled, maya, g.Direction())):
		return "4. somebody confirms their own access"
	case did(by(access.EventFulfilled, ines, g.Direction())) != (hand || g.Manual && g.Revoking && g.State == access.GrantStuck):
		return "7. a change by hand can't be confirmed, or is where none is made"
	case did(by(access.EventFulfilled, ines, opposite(g.Direction()))):
		return "6. who confirmed that access was given has taken it away, or the other way round"
	case did(said(access.EventReminded, nobody)) != (g.State == access.GrantActive && dueNow(g.Remind) && now.Before(g.Ends)):
		return "7. somebody is reminded at the wrong moment"
	case did(said(access.EventFollowedUp, nobody)) != (told && !it):
		return "7. who has to act is told again at the wrong moment"
	case did(said(access.EventGrantEscalated, nobody)) != it:
		return "7. IT is told of it at the wrong moment"
	case did(said(access.EventRecorded, nobody)) != (g.State == access.GrantWaiting && !g.Planned()):
		return "1. a change begins twice, or before its time, or not when its issue is there"
	case did(said(access.EventStartDue, nobody)) != (g.Planned() && dueNow(g.Starts)):
		return "2. access that was asked for a moment begins at another"
	case did(said(access.EventRetried, tess)) != (g.State == access.GrantStuck):
		return "7. what is stuck can't be tried again, or what isn't can"
	}
	return first(m.byHands(g), m.isDoubted(g), m.lengthens(g), m.isSeen(g))
}

// byHands tries what those say who are asked to make a change by hand.
func (m *model) byHands(g access.Grant) string {
	hand, mine := g.State == access.GrantManual, g.TakenBy == ines.id()
	did := func(kind access.EventKind, p person, way access.Direction, why string) bool {
		c := said(kind, p)
		c.way = way
		e := c.fill(g.Event(kind, p.actor(), now))
		e.Reason = why
		_, _, err := g.Apply(e, now)
		return err == nil
	}
	for _, kind := range []access.EventKind{access.EventTaken, access.EventNotFulfilled} {
		switch {
		case did(kind, maya, g.Direction(), hint):
			return "4. somebody says of their own access what becomes of it"
		case did(kind, ines, opposite(g.Direction()), hint):
			return "6. who was asked to give access says something of its being taken away, or the other way round"
		}
	}
	switch {
	case did(access.EventTaken, ines, g.Direction(), "") != (hand && !mine):
		return "7. a change by hand can't be taken on, or is again and again"
	case did(access.EventNotFulfilled, ines, g.Direction(), hint) != hand:
		return "7. it can't be said that a change can't be made, or is where none is"
	case did(access.EventNotFulfilled, ines, g.Direction(), ""):
		return "7. a change can't be made, and nobody says why"
	case g.TakenBy != "" && !hand:
		return "7. somebody is said to make a change that nobody asks for"
	}
	return ""
}

func opposite(way access.Direction) access.Direction {
	if way == access.Granting {
		return access.Revoking
	}
	return access.Granting
}

// isDoubted tries what a human says about a grant that may not be as it is known.
func (m *model) isDoubted(g access.Grant) string {
	resolved := said(access.EventDisputeResolved, tess)
	if _, _, err := g.Apply(resolved.fill(g.Event(resolved.kind, tess.actor(), now)), now); (err == nil) != g.Disputed {
		return "7. a doubt can't be settled, or is where there is none"
	}
	e := g.Event(access.EventStuck, access.System(), now)
	e.Note = hint
	if _, _, err := g.Apply(e, now); err == nil && g.State == access.GrantWaiting {
		return "1. a human is asked whether a grant begins, and no issue says why"
	}
	return ""
}

// lengthens tries to extend a grant.
func (m *model) lengthens(g access.Grant) string {
	for _, by := range []time.Duration{-time.Hour, time.Hour} {
		c := cue{kind: access.EventExtended, part: -1, until: g.Ends.Add(by).Sub(now)}
		e := c.fill(g.Event(c.kind, access.System(), now))
		next, _, err := g.Apply(e, now)
		if may := g.State == access.GrantActive && !g.Ends.IsZero() && now.Before(g.Ends) && by > 0 && !g.Disputed; (err == nil) != may {
			return "2. what has ended is extended, or what is there can't be"
		}
		if err == nil && next.Ends.Sub(g.Ends) != by {
			return "2. an extension is another than was approved"
		}
		if err == nil && next.Extensions != g.Extensions+1 {
			return "4. extensions that nobody approved are not counted"
		}
	}
	return ""
}

// isSeen tries what a directory shows of each group, at the wrong moment, too.
func (m *model) isSeen(g access.Grant) string {
	for part := range groups {
		ent, opens := g.Entitlement(groups[part])
		for _, kind := range []access.EventKind{access.EventMemberAdded, access.EventMemberRemoved, access.EventMemberKept, access.EventMemberGone, access.EventMemberMissing, access.EventMemberBack} {
			c := about(kind, uint8(part))
			next, _, err := g.Apply(c.fill(g.Event(kind, access.System(), now)), now)
			if err == nil && !mayBeSeen(g, ent, opens, kind) {
				return "6. " + string(kind) + " is noted where it can't be so"
			}
			if err != nil && opens && mustBeSeen(g, ent, kind) {
				return "6. " + string(kind) + " can't be noted"
			}
			if err == nil && g.Revoking && alive(next) {
				return "2. what ends comes to life again"
			}
		}
	}
	return ""
}

// mayBeSeen tells whether an event of a directory can be true of a grant.
func mayBeSeen(g access.Grant, ent access.Entitlement, opens bool, kind access.EventKind) bool {
	switch kind {
	case access.EventMemberAdded:
		return opens && (g.State == access.GrantProvisioning || g.State == access.GrantStuck && !g.Revoking || g.Revoking && g.State != access.GrantManual && ent.State == access.EntitlementWanted && g.State != access.GrantEnded)
	case access.EventMemberMissing:
		return opens && g.State == access.GrantActive && !ent.Missing
	case access.EventMemberBack:
		return opens && g.State == access.GrantActive && ent.Missing
	}
	return opens && g.Revoking && (g.State == access.GrantEnding || g.State == access.GrantStuck)
}

// mustBeSeen tells whether it has to be noted.
func mustBeSeen(g access.Grant, ent access.Entitlement, kind access.EventKind) bool {
	return mayBeSeen(g, ent, true, kind)
}
