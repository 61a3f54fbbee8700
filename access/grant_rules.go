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

// GrantRules is the whole table. What is not in it is refused; Ended has no line.
func GrantRules() []GrantRule {
	return []GrantRule{
		{Waiting, Recorded, []GrantState{Provisioning, ByHand}, begin},
		{Waiting, Ending, []GrantState{Ended}, neverGiven},

		{Provisioning, MemberAdded, []GrantState{Provisioning, ActiveG}, memberAdded},
		{Provisioning, Stuck, []GrantState{StuckG}, stuck},
		{Provisioning, Ending, []GrantState{EndingG}, ending},

		{ByHand, ByHandDone, []GrantState{ActiveG, Ended}, byHandDone},
		{ByHand, Ending, []GrantState{ByHand}, ending},

		{ActiveG, Extended, []GrantState{ActiveG}, extended},
		{ActiveG, Reminded, []GrantState{ActiveG}, reminded},
		{ActiveG, Ending, []GrantState{EndingG, ByHand}, ending},
		{ActiveG, MemberMissing, []GrantState{ActiveG}, missing(true)},
		{ActiveG, MemberBack, []GrantState{ActiveG}, missing(false)},

		{EndingG, MemberAdded, []GrantState{EndingG}, addedTooLate},
		{EndingG, MemberRemoved, []GrantState{EndingG, Ended}, memberGone},
		{EndingG, MemberKept, []GrantState{EndingG, Ended}, memberGone},
		{EndingG, Stuck, []GrantState{StuckG}, stuck},

		{StuckG, MemberAdded, []GrantState{StuckG, ActiveG}, memberAdded},
		{StuckG, MemberRemoved, []GrantState{StuckG, Ended}, memberGone},
		{StuckG, MemberKept, []GrantState{StuckG, Ended}, memberGone},
		{StuckG, Retried, []GrantState{Provisioning, EndingG}, retried},
		{StuckG, Stuck, []GrantState{StuckG}, stuck},
		{StuckG, Ending, []GrantState{EndingG}, ending},
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

func begin(g *Grant, _ Event, _ time.Time) ([]Effect, error) {
	if g.Manual {
		g.State = ByHand
		return effects(Record, ShowCards), nil
	}
	g.State = Provisioning
	return append(g.additions(), effects(ShowCards)...), nil
}

// additions are the groups the person has still to be put into.
func (g *Grant) additions() []Effect {
	var out []Effect
	for _, e := range g.Entitlements {
		if e.Hold == Wanted {
			out = append(out, Effect{Kind: AddMember, Group: &e.Group})
		}
	}
	return out
}

// removals are the groups the person may still be in because of this grant. A
// group that was never seen to be held counts too: the addition may be on its way.
func (g *Grant) removals() []Effect {
	var out []Effect
	for _, e := range g.Entitlements {
		if e.Hold == Wanted || e.Hold == Held {
			out = append(out, Effect{Kind: RemoveMember, Group: &e.Group})
		}
	}
	return out
}

func (g *Grant) mark(ref *catalog.GroupRef, h Hold) (*Entitlement, error) {
	for i := range g.Entitlements {
		if ref != nil && g.Entitlements[i].Group == *ref {
			g.Entitlements[i].Hold = h
			return &g.Entitlements[i], nil
		}
	}
	return nil, refuse(Invalid, "This grant doesn't open that group.")
}

func (g *Grant) all(states ...Hold) bool {
	for _, e := range g.Entitlements {
		ok := false
		for _, h := range states {
			ok = ok || e.Hold == h
		}
		if !ok {
			return false
		}
	}
	return true
}

func memberAdded(g *Grant, e Event, at time.Time) ([]Effect, error) {
	if g.State == StuckG && g.Taking {
		return nil, refuse(TooLate, g.unmoved())
	}
	ent, err := g.mark(e.Group, Held)
	if err != nil {
		return nil, err
	}
	ent.Before = ent.Before || e.Before
	if !g.all(Held) {
		return effects(Record), nil
	}
	g.activate(at)
	return effects(Record, ShowCards), nil
}

// activate starts the clock: durations run from the moment access is there.
func (g *Grant) activate(at time.Time) {
	g.State, g.Started, g.Problem = ActiveG, at, ""
	if g.Wanted != catalog.Forever {
		g.Ends = at.Add(g.Wanted)
	}
	g.rearm(at)
}

func byHandDone(g *Grant, e Event, at time.Time) ([]Effect, error) {
	if e.Actor.Person == g.Person {
		return nil, refuse(NotAllowed, "Nobody confirms their own access.")
	}
	if g.Taking {
		g.finish(at)
	} else {
		g.activate(at)
	}
	return effects(Record, ShowCards), nil
}

func (g *Grant) finish(at time.Time) {
	g.State, g.Finished, g.Problem = Ended, at, ""
}

func extended(g *Grant, e Event, at time.Time) ([]Effect, error) {
	switch {
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
	return effects(Record, ShowCards), nil
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
	return effects(ShowCards), nil
}

func neverGiven(g *Grant, e Event, at time.Time) ([]Effect, error) {
	if e.End == ByTime {
		return nil, refuse(Invalid, "Access that isn't there can't expire.")
	}
	g.End, g.EndedBy = e.End, e.Actor
	g.finish(at)
	return effects(Record, ShowCards), nil
}

// ending begins the end, whatever the reason. Expiry needs the time to have come.
func ending(g *Grant, e Event, at time.Time) ([]Effect, error) {
	if e.End == "" {
		return nil, refuse(Invalid, "An end needs a reason.")
	}
	if e.End == ByTime && (g.State != ActiveG || g.Ends.IsZero() || at.Before(g.Ends)) {
		return nil, refuse(Invalid, "The time isn't up.")
	}
	if (g.State == StuckG || g.State == ByHand) && g.Taking {
		return nil, refuse(TooLate, "This access is already being removed.")
	}
	g.End, g.EndedBy, g.Problem = e.End, e.Actor, ""
	if g.Manual {
		g.State, g.Taking = ByHand, true
		return effects(Record, ShowCards), nil
	}
	drop := g.State != ActiveG
	g.State, g.Taking = EndingG, true
	out := g.removals()
	if drop {
		out = append(effects(DropAdds), out...)
	}
	return append(out, effects(Record, ShowCards)...), nil
}

// addedTooLate notes an addition that was under way when the end began. The
// removal is queued behind it.
func addedTooLate(g *Grant, e Event, _ time.Time) ([]Effect, error) {
	for _, ent := range g.Entitlements {
		if e.Group != nil && ent.Group == *e.Group && ent.Hold != Wanted {
			return nil, refuse(TooLate, g.unmoved())
		}
	}
	ent, err := g.mark(e.Group, Held)
	if err == nil {
		ent.Before = ent.Before || e.Before
	}
	return nil, err
}

// missing notes that a held group was changed by somebody else, or changed back.
// The grant stays as it is: what to do about it is for people to say.
func missing(gone bool) func(*Grant, Event, time.Time) ([]Effect, error) {
	return func(g *Grant, e Event, _ time.Time) ([]Effect, error) {
		ent, err := g.mark(e.Group, Held)
		if err != nil {
			return nil, err
		}
		if ent.Missing == gone {
			return nil, refuse(Duplicate, "That is known already.")
		}
		ent.Missing = gone
		return effects(Record), nil
	}
}

func memberGone(g *Grant, e Event, at time.Time) ([]Effect, error) {
	if !g.Taking {
		return nil, refuse(Invalid, "This access isn't being removed.")
	}
	hold := Removed
	if e.Kind == MemberKept {
		hold = Kept
	}
	if _, err := g.mark(e.Group, hold); err != nil {
		return nil, err
	}
	if !g.all(Removed, Kept) {
		return effects(Record), nil
	}
	g.finish(at)
	return effects(Record, ShowCards), nil
}

func stuck(g *Grant, e Event, _ time.Time) ([]Effect, error) {
	if e.Note == "" {
		return nil, refuse(Invalid, "A stuck grant needs its reason.")
	}
	g.State, g.Problem = StuckG, e.Note
	return effects(Record, ShowCards), nil
}

func retried(g *Grant, _ Event, _ time.Time) ([]Effect, error) {
	g.Problem = ""
	if g.Taking {
		g.State = EndingG
		return append(g.removals(), effects(Record, ShowCards)...), nil
	}
	g.State = Provisioning
	return append(g.additions(), effects(Record, ShowCards)...), nil
}
