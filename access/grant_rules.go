package access

import (
	"fmt"
	"slices"
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
		{GrantWaiting, EventStartDue, []GrantState{GrantWaiting}, startDue},
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
		{GrantStuck, EventRetried, []GrantState{GrantWaiting, GrantProvisioning, GrantEnding, GrantManual}, retried},
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

// Apply moves the grant by one event; see Request.Apply, which reads the same: a machine
// is a few lines around its table, and one function for both would hide which fields a
// copy has to part with.
func (g Grant) Apply(e Event, at time.Time) (Grant, []Effect, error) {
	if e.Newer() {
		return g, nil, ErrNewerEvent
	}
	rule, ok := grantRuleFor(g.State, e.Kind)
	if !ok {
		return g, nil, refuse(TooLate, g.State.unmoved())
	}
	next := g
	next.Entitlements = slices.Clone(g.Entitlements)
	effs, err := rule.do(&next, e, at)
	if err != nil {
		return g, nil, err
	}
	if !slices.Contains(rule.To, next.State) {
		return g, nil, fmt.Errorf("access: grant %s went from %s to %s on %s, which the table does not allow", g.ID, g.State, next.State, e.Kind)
	}
	return next, effs, nil
}

func begin(g *Grant, e Event, at time.Time) ([]Effect, error) {
	if g.Planned() {
		return nil, refuse(Invalid, "It isn't time to begin.")
	}
	if g.Manual {
		return askHands(g, e, at), nil
	}
	g.State = GrantProvisioning
	return append(additions(g.Entitlements), effects(EffectShowCards)...), nil
}

func memberAdded(g *Grant, e Event, at time.Time) ([]Effect, error) {
	if g.State == GrantStuck && g.Revoking {
		return addedTooLate(g, e, at)
	}
	ent, err := mark(g.Entitlements, e.Group, EntitlementHeld)
	if err != nil {
		return nil, err
	}
	ent.Before = ent.Before || e.Before
	g.start(at)
	switch {
	case allIn(g.Entitlements, EntitlementHeld):
		if g.activate(at); g.Source == SourceDowngraded {
			return effects(EffectRecord, EffectShowCards, EffectSettleReclaim), nil
		}
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
	untake(g)
	g.rearm(at)
}

func (g *Grant) finish(at time.Time) {
	g.State, g.Finished, g.Problem, g.FollowUp = GrantEnded, at, "", FollowUp{}
	untake(g)
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
	return effects(EffectBackstop, EffectRecord, EffectShowCards), nil
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
	return g.settling(effects(EffectRecord, EffectShowCards)), nil
}

// settling adds to what follows that the rows of a review hear of it which revoked the access, and the question about an
// idle seat that the access held.
func (g *Grant) settling(effs []Effect) []Effect {
	if g.End == EndReviewed {
		effs = append(effs, Effect{Kind: EffectSettleReview})
	}
	if g.End != "" {
		effs = append(effs, Effect{Kind: EffectSettleReclaim})
	}
	return effs
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
		return append(askHands(g, e, at), effects(EffectLoseNeeds, EffectSettleReclaim)...), nil
	}
	drop := g.State != GrantActive
	g.State, g.Revoking = GrantEnding, true
	out := removals(g.Entitlements)
	if drop {
		out = append(effects(EffectDropAdds), out...)
	}
	return append(out, effects(EffectRecord, EffectShowCards, EffectLoseNeeds, EffectSettleReclaim)...), nil
}

// addedTooLate notes an addition that was under way when the end began, also where
// the removal of another group is stuck by now. Its own removal is queued behind it.
func addedTooLate(g *Grant, e Event, _ time.Time) ([]Effect, error) {
	for _, ent := range g.Entitlements {
		if e.Group != nil && ent.Group == *e.Group && ent.State != EntitlementWanted {
			return nil, refuse(TooLate, g.State.unmoved())
		}
	}
	ent, err := mark(g.Entitlements, e.Group, EntitlementHeld)
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
		ent, err := mark(g.Entitlements, e.Group, EntitlementHeld)
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
	if _, err := mark(g.Entitlements, e.Group, became); err != nil {
		return nil, err
	}
	if !allIn(g.Entitlements, EntitlementRemoved, EntitlementKept, EntitlementGone) {
		return g.settling(effects(EffectRecord)), nil
	}
	g.finish(at)
	return g.settling(effects(EffectRecord, EffectShowCards)), nil
}
