package access

import "time"

// This file holds what becomes of a grant that can't go on by itself: it is stuck, or in
// doubt, or somebody hasn't done what they were asked to.

func stuck(g *Grant, e Event, at time.Time) ([]Effect, error) {
	if e.Note == "" {
		return nil, refuse(Invalid, "A stuck grant needs its reason.")
	}
	if g.State != GrantStuck {
		g.FollowUp = e.noted(stuckFollowUp(g, e.Chase, at))
	}
	g.State, g.Problem = GrantStuck, e.Note
	return g.settling(effects(EffectRecord, EffectShowCards)), nil
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
	return effects(EffectBackstop, EffectRecord, EffectShowCards), nil
}

// stuckFollowUp is what IT has to do about a change that is stuck. Of removals they
// hear again and again, at the same moments for all of them.
func stuckFollowUp(g *Grant, c *Chase, at time.Time) FollowUp {
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
	if !g.Revoking && planned(g, at) {
		return effects(EffectRecord, EffectShowCards), nil
	}
	if g.Manual {
		return askHands(g, e, at), nil
	}
	if g.Revoking {
		g.State = GrantEnding
		return append(removals(g.Entitlements), effects(EffectRecord, EffectShowCards)...), nil
	}
	g.State = GrantProvisioning
	return append(additions(g.Entitlements), effects(EffectRecord, EffectShowCards)...), nil
}
