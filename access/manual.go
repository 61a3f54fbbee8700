package access

import (
	"cmp"
	"time"
)

// This file holds what people do for Latchkey where a change is made by hand.

// askHands has a change made by hand, by whoever does that.
func askHands(g *Grant, e Event, at time.Time) []Effect {
	g.State, g.FollowUp = GrantManual, e.noted(e.Chase.manual().begin(at))
	untake(g)
	return effects(EffectRecord, EffectShowCards)
}

// untake notes that nobody has said that they make a change, or that nobody has to.
func untake(g *Grant) { g.TakenBy, g.TakenAt = "", time.Time{} }

// mayConfirm refuses what somebody says of a change by hand who may not say it, or who was
// asked for another one.
func mayConfirm(g *Grant, e Event, own string) error {
	if e.Actor.Person == g.Person {
		return refuse(NotAllowed, own)
	}
	if e.Direction != "" && e.Direction != g.Direction() {
		return refuse(TooLate, movedOn(g))
	}
	return nil
}

// taken notes who makes the change. Somebody else can take it over: whoever was first may
// be away by now.
func taken(g *Grant, e Event, at time.Time) ([]Effect, error) {
	if err := mayConfirm(g, e, "Nobody makes a change to their own access."); err != nil {
		return nil, err
	}
	switch e.Actor.Person {
	case "":
		return nil, refuse(NotAllowed, "Only a person can take this on.")
	case g.TakenBy:
		return nil, refuse(Duplicate, "You have taken this on already.")
	}
	g.TakenBy, g.TakenAt = e.Actor.Person, at
	return effects(EffectRecord, EffectShowCards), nil
}

// fulfilled notes that the change was made, in which direction it is asked for.
func fulfilled(g *Grant, e Event, at time.Time) ([]Effect, error) {
	if !g.Manual || g.State == GrantStuck && !g.Revoking { // Latchkey makes it, or IT says first whether it is made
		return nil, refuse(TooLate, g.State.unmoved())
	}
	if err := mayConfirm(g, e, "Nobody confirms their own access."); err != nil {
		return nil, err
	}
	if g.Revoking {
		g.finish(at)
		return g.settling(effects(EffectRecord, EffectShowCards)), nil
	}
	g.activate(at)
	return effects(EffectRecord, EffectShowCards), nil
}

// notFulfilled notes that the change can't be made. What was to be given ends, and nothing
// was; what was to be taken away may still be there, so it is stuck and IT has to see to it.
func notFulfilled(g *Grant, e Event, at time.Time) ([]Effect, error) {
	if err := mayConfirm(g, e, "Nobody decides what becomes of their own access."); err != nil {
		return nil, err
	}
	if e.Reason == "" && !e.happened() {
		return nil, Refuse(Invalid, "reason", "Please say why it can't be done, so that others know what to do next.")
	}
	if !g.Revoking {
		g.End, g.EndedBy = EndUnfulfilled, e.Actor
		g.finish(at)
		return effects(EffectRecord, EffectShowCards), nil
	}
	untake(g)
	g.State, g.Problem, g.FollowUp = GrantStuck, cmp.Or(e.Reason, erasedWord), e.noted(stuckFollowUp(g, e.Chase, at))
	return g.settling(effects(EffectRecord, EffectShowCards)), nil
}

// movedOn says what is asked for by hand now, to somebody who confirms the opposite.
func movedOn(g *Grant) string {
	if g.Revoking {
		return "This access is to be taken away now, so that it was given can't be confirmed any more. The newest message shows what is asked."
	}
	return "This access is to be given, so there is nothing to confirm as taken away."
}
