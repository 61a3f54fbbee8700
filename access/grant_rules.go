package access

import (
	"time"

	"latchkey/catalog"
)

// GrantRule is one line of the grant's state table.
type GrantRule struct {
	From GrantState
	On   EventKind
	To   []GrantState
	do   func(*Grant, Event, time.Time) ([]Effect, error)
}

// GrantRules is the whole table. What is not in it is refused; GrantEnded has no line.
func GrantRules() []GrantRule {
	return []GrantRule{
		{GrantWaiting, EventRecorded, []GrantState{GrantProvisioning, GrantManual}, begin},
		{GrantWaiting, EventStuck, []GrantState{GrantStuck}, stuckAtOnce},
		{GrantWaiting, EventEnding, []GrantState{GrantEnded}, neverGiven},

		{GrantProvisioning, EventMemberAdded, []GrantState{GrantProvisioning, GrantActive}, memberAdded},
		{GrantProvisioning, EventStuck, []GrantState{GrantStuck}, stuck},
		{GrantProvisioning, EventEnding, []GrantState{GrantEnding}, ending},

		{GrantManual, EventFulfilled, []GrantState{GrantActive, GrantEnded}, fulfilled},
		{GrantManual, EventTaken, []GrantState{GrantManual}, taken},
		{GrantManual, EventNotFulfilled, []GrantState{GrantEnded, GrantStuck}, notFulfilled},
		{GrantManual, EventEnding, []GrantState{GrantManual}, ending},
		{GrantManual, EventFollowedUp, []GrantState{GrantManual}, followedUp(false)},
		{GrantManual, EventGrantEscalated, []GrantState{GrantManual}, followedUp(true)},

		{GrantActive, EventExtended, []GrantState{GrantActive}, extended},
		{GrantActive, EventReminded, []GrantState{GrantActive}, reminded},
		{GrantActive, EventEnding, []GrantState{GrantEnding, GrantManual}, ending},
		{GrantActive, EventMemberMissing, []GrantState{GrantActive}, missing(true)},
		{GrantActive, EventMemberBack, []GrantState{GrantActive}, missing(false)},
		{GrantActive, EventDisputed, []GrantState{GrantActive}, disputed},
		{GrantActive, EventDisputeResolved, []GrantState{GrantActive}, resolved},
		{GrantActive, EventFollowedUp, []GrantState{GrantActive}, followedUp(false)},

		{GrantEnding, EventMemberAdded, []GrantState{GrantEnding}, addedTooLate},
		{GrantEnding, EventMemberRemoved, []GrantState{GrantEnding, GrantEnded}, memberOut},
		{GrantEnding, EventMemberKept, []GrantState{GrantEnding, GrantEnded}, memberOut},
		{GrantEnding, EventMemberGone, []GrantState{GrantEnding, GrantEnded}, memberOut},
		{GrantEnding, EventStuck, []GrantState{GrantStuck}, stuck},

		{GrantStuck, EventMemberAdded, []GrantState{GrantStuck, GrantActive}, memberAdded},
		{GrantStuck, EventMemberRemoved, []GrantState{GrantStuck, GrantEnded}, memberOut},
		{GrantStuck, EventMemberKept, []GrantState{GrantStuck, GrantEnded}, memberOut},
		{GrantStuck, EventMemberGone, []GrantState{GrantStuck, GrantEnded}, memberOut},
		{GrantStuck, EventFulfilled, []GrantState{GrantEnded}, fulfilled},
		{GrantStuck, EventRetried, []GrantState{GrantProvisioning, GrantEnding, GrantManual}, retried},
		{GrantStuck, EventStuck, []GrantState{GrantStuck}, stuck},
		{GrantStuck, EventEnding, []GrantState{GrantEnding}, ending},
		{GrantStuck, EventFollowedUp, []GrantState{GrantStuck}, followedUp(false)},
		{GrantStuck, EventGrantEscalated, []GrantState{GrantStuck}, followedUp(true)},
	}
}

func grantRuleFor(s GrantState, k EventKind) (GrantRule, bool) {
	for _, rule := range GrantRules() {
		if rule.From == s && rule.On == k {
			return rule, true
		}
	}
	return GrantRule{}, false
}

func begin(g *Grant, e Event, at time.Time) ([]Effect, error) {
	if g.Manual {
		return g.askHands(e, at), nil
	}
	g.State = GrantProvisioning
	return append(g.additions(), effects(EffectShowCards)...), nil
}

// additions are the groups the person has still to be put into.
func (g *Grant) additions() []Effect {
	var out []Effect
	for _, e := range g.Entitlements {
		if e.State == EntitlementWanted {
			out = append(out, Effect{Kind: EffectAddMember, Group: &e.Group})
		}
	}
	return out
}

// removals are the groups the person may still be in because of this grant. A
// group that was never seen to be held counts too: the addition may be on its way.
func (g *Grant) removals() []Effect {
	var out []Effect
	for _, e := range g.Entitlements {
		if e.State == EntitlementWanted || e.State == EntitlementHeld {
			out = append(out, Effect{Kind: EffectRemoveMember, Group: &e.Group})
		}
	}
	return out
}

func (g *Grant) mark(ref *catalog.GroupRef, h EntitlementState) (*Entitlement, error) {
	for i := range g.Entitlements {
		if ref != nil && g.Entitlements[i].Group == *ref {
			g.Entitlements[i].State = h
			return &g.Entitlements[i], nil
		}
	}
	return nil, refuse(Invalid, "This grant doesn't open that group.")
}

func (g *Grant) all(states ...EntitlementState) bool {
	for _, e := range g.Entitlements {
		ok := false
		for _, h := range states {
			ok = ok || e.State == h
		}
		if !ok {
			return false
		}
	}
	return true
}

func memberAdded(g *Grant, e Event, at time.Time) ([]Effect, error) {
	if g.State == GrantStuck && g.Revoking {
		return addedTooLate(g, e, at)
	}
	ent, err := g.mark(e.Group, EntitlementHeld)
	if err != nil {
		return nil, err
	}
	ent.Before = ent.Before || e.Before
	g.start(at)
	switch {
	case g.all(EntitlementHeld):
		g.activate(at)
	case g.State != GrantStuck:
		return effects(EffectRecord), nil // the rest is on its way
	}
	return effects(EffectRecord, EffectShowCards), nil
}

// start starts the clock, once: durations run from the moment the first of the
// access is there, whatever becomes of the rest.
func (g *Grant) start(at time.Time) {
	if !g.Started.IsZero() {
		return
	}
	if g.Started = at; g.Wanted != catalog.Forever {
		g.Ends = at.Add(g.Wanted)
	}
}

// activate notes that all of the access is there.
func (g *Grant) activate(at time.Time) {
	g.start(at)
	g.State, g.Problem, g.FollowUp = GrantActive, "", FollowUp{}
	g.untake()
	g.rearm(at)
}

func (g *Grant) finish(at time.Time) {
	g.State, g.Finished, g.Problem, g.FollowUp = GrantEnded, at, "", FollowUp{}
	g.untake()
}

func extended(g *Grant, e Event, at time.Time) ([]Effect, error) {
	switch {
	case g.Disputed:
		return nil, refuse(TooLate, "It isn't certain how long this access was to last: IT has to look at it first.")
	case g.Ends.IsZero():
		return nil, refuse(Invalid, "This access has no end, so there is nothing to extend.")
	case !at.Before(g.Ends):
		return nil, refuse(TooLate, "This access has just ended. Ask for it again.")
	case !e.Until.After(g.Ends):
		return nil, refuse(Invalid, "An extension has to end later than the access does now.")
	}
	if g.Extensions++; len(e.Approvers) > 0 {
		g.Extensions = 0
	}
	g.Ends = e.Until
	g.rearm(at)
	return effects(EffectRecord, EffectShowCards), nil
}

// rearm sets the next reminder. A grant that nobody asked for has no card to be
// reminded on.
func (g *Grant) rearm(at time.Time) {
	g.Remind = time.Time{}
	if g.Request != "" {
		g.Remind = nextReminder(g.Started, g.Ends, at)
	}
}

// reminded notes that a reminder is going out. What came due meanwhile goes out
// with it.
func reminded(g *Grant, _ Event, at time.Time) ([]Effect, error) {
	if g.Remind.IsZero() || at.Before(g.Remind) || !at.Before(g.Ends) {
		return nil, refuse(Invalid, "There is nothing to be reminded of now.")
	}
	g.rearm(at)
	return effects(EffectShowCards), nil
}

func neverGiven(g *Grant, e Event, at time.Time) ([]Effect, error) {
	if e.End == EndExpired {
		return nil, refuse(Invalid, "Access that isn't there can't expire.")
	}
	g.End, g.EndedBy = e.End, e.Actor
	g.finish(at)
	return effects(EffectRecord, EffectShowCards), nil
}

// ending begins the end, whatever the reason. Expiry needs the time to have come.
func ending(g *Grant, e Event, at time.Time) ([]Effect, error) {
	if e.End == "" {
		return nil, refuse(Invalid, "An end needs a reason.")
	}
	if e.End == EndExpired && !g.Over(at) {
		return nil, refuse(Invalid, "The time isn't up.")
	}
	if (g.State == GrantStuck || g.State == GrantManual) && g.Revoking {
		return nil, refuse(TooLate, "This access is already being removed.")
	}
	g.End, g.EndedBy, g.Problem, g.FollowUp, g.Disputed = e.End, e.Actor, "", FollowUp{}, false
	if g.Manual {
		g.Revoking = true
		return g.askHands(e, at), nil
	}
	drop := g.State != GrantActive
	g.State, g.Revoking = GrantEnding, true
	out := g.removals()
	if drop {
		out = append(effects(EffectDropAdds), out...)
	}
	return append(out, effects(EffectRecord, EffectShowCards)...), nil
}

// addedTooLate notes an addition that was under way when the end began, also where
// the removal of another group is stuck by now. Its own removal is queued behind it.
func addedTooLate(g *Grant, e Event, _ time.Time) ([]Effect, error) {
	for _, ent := range g.Entitlements {
		if e.Group != nil && ent.Group == *e.Group && ent.State != EntitlementWanted {
			return nil, refuse(TooLate, g.unmoved())
		}
	}
	ent, err := g.mark(e.Group, EntitlementHeld)
	if err != nil {
		return nil, err
	}
	ent.Before = ent.Before || e.Before
	return effects(EffectRecord), nil // the removal is queued behind it
}

// missing notes that a held group was changed by somebody else, or changed back.
// The grant stays as it is: what to do about it is for people to say.
func missing(gone bool) func(*Grant, Event, time.Time) ([]Effect, error) {
	return func(g *Grant, e Event, _ time.Time) ([]Effect, error) {
		ent, err := g.mark(e.Group, EntitlementHeld)
		if err != nil {
			return nil, err
		}
		if ent.Missing == gone {
			return nil, refuse(Duplicate, "That is known already.")
		}
		ent.Missing = gone
		return effects(EffectRecord), nil
	}
}

// memberOut notes that one group is done with, and how.
func memberOut(g *Grant, e Event, at time.Time) ([]Effect, error) {
	if !g.Revoking {
		return nil, refuse(Invalid, "This access isn't being removed.")
	}
	became := map[EventKind]EntitlementState{EventMemberRemoved: EntitlementRemoved, EventMemberKept: EntitlementKept, EventMemberGone: EntitlementGone}[e.Kind]
	if _, err := g.mark(e.Group, became); err != nil {
		return nil, err
	}
	if !g.all(EntitlementRemoved, EntitlementKept, EntitlementGone) {
		return effects(EffectRecord), nil
	}
	g.finish(at)
	return effects(EffectRecord, EffectShowCards), nil
}

func stuck(g *Grant, e Event, at time.Time) ([]Effect, error) {
	if e.Note == "" {
		return nil, refuse(Invalid, "A stuck grant needs its reason.")
	}
	if g.State != GrantStuck {
		g.FollowUp = e.noted(g.stuckFollowUp(e.Chase, at))
	}
	g.State, g.Problem = GrantStuck, e.Note
	return effects(EffectRecord, EffectShowCards), nil
}

// stuckAtOnce has a human say whether a grant begins at all. Its issue has to be there,
// as for one that begins by itself.
func stuckAtOnce(g *Grant, e Event, at time.Time) ([]Effect, error) {
	if e.Issue == nil || e.Issue.Key == "" {
		return nil, refuse(Invalid, "Nothing begins before the issue exists that says why.")
	}
	return stuck(g, e, at)
}

// disputed notes that a human has to say whether what is known of the grant still
// holds. Until then they are told every day.
func disputed(g *Grant, e Event, at time.Time) ([]Effect, error) {
	if e.Note == "" {
		return nil, refuse(Invalid, "A doubt needs its reason.")
	}
	g.Disputed, g.Problem = true, e.Note
	g.FollowUp = FollowUp{Since: at, Next: at.Add(disputedAgain)}
	return effects(EffectShowCards), nil // the issue may know more than we do: nothing is written there
}

// disputedAgain is how often IT hears of a grant that is disputed.
const disputedAgain = 24 * time.Hour

// resolved lets a disputed grant go on as it is known. Where its end has passed, it
// ends now.
func resolved(g *Grant, _ Event, at time.Time) ([]Effect, error) {
	if !g.Disputed {
		return nil, refuse(TooLate, "Nobody doubts this access any more.")
	}
	g.Disputed, g.Problem, g.FollowUp = false, "", FollowUp{}
	g.rearm(at)
	return effects(EffectRecord, EffectShowCards), nil
}

// stuckFollowUp is what IT has to do about a change that is stuck. Of removals they
// hear again and again, at the same moments for all of them.
func (g *Grant) stuckFollowUp(c *Chase, at time.Time) FollowUp {
	if g.Revoking {
		return FollowUp{Since: at, Next: nextWave(at, 0)}
	}
	return c.trouble().begin(at)
}

// nextWave is when IT hears next of removals that are stuck, at night, too: after a
// quarter of an hour, within the hour after that, and then every four.
func nextWave(at time.Time, told int) time.Time {
	every := stuckAgain
	if first := []time.Duration{15 * time.Minute, time.Hour}; told < len(first) {
		every = first[told]
	}
	return at.Truncate(every).Add(every)
}

// followedUp notes that the one who has to act is told again, or that IT is.
func followedUp(escalated bool) func(*Grant, Event, time.Time) ([]Effect, error) {
	return func(g *Grant, e Event, at time.Time) ([]Effect, error) {
		endless := g.State == GrantStuck && g.Revoking
		switch {
		case !e.happened() && (!g.FollowUp.due(at) || escalated != (g.FollowUp.Escalates() && !endless && !g.Disputed)):
			return nil, refuse(Invalid, "Nobody has to be told of this again now.")
		case endless:
			g.FollowUp.Told, g.FollowUp.Next = g.FollowUp.Told+1, nextWave(at, g.FollowUp.Told+1)
			return effects(EffectTellStuck), nil
		case g.Disputed:
			g.FollowUp.Told, g.FollowUp.Next = g.FollowUp.Told+1, at.Add(disputedAgain)
			return effects(EffectShowCards), nil
		}
		p, out := e.Chase.trouble(), effects(EffectShowCards)
		if g.State == GrantManual {
			if p = e.Chase.manual(); g.FollowUp.Told < mostTold { // the last time together with IT
				out = effects(EffectRemind, EffectShowCards)
			}
		}
		if g.FollowUp = e.noted(p.told(g.FollowUp, at)); escalated {
			out = append(effects(EffectRecord), out...)
		}
		return out, nil
	}
}

func retried(g *Grant, e Event, at time.Time) ([]Effect, error) {
	g.Problem, g.FollowUp = "", FollowUp{}
	if g.Manual {
		return g.askHands(e, at), nil
	}
	if g.Revoking {
		g.State = GrantEnding
		return append(g.removals(), effects(EffectRecord, EffectShowCards)...), nil
	}
	g.State = GrantProvisioning
	return append(g.additions(), effects(EffectRecord, EffectShowCards)...), nil
}
