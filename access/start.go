package access

import (
	"time"

	"latchkey/catalog"
)

// StartsAhead is how long before it begins access can be asked for.
const StartsAhead = 90 * catalog.Day

// startDue notes that this moment has come: from now on the grant waits for nothing but its
// record.
func startDue(g *Grant, e Event, at time.Time) ([]Effect, error) {
	if !g.Planned() || !e.happened() && at.Before(g.Starts) {
		return nil, refuse(Invalid, "It isn't time to begin.")
	}
	g.Starts = time.Time{}
	return effects(EffectRecord, EffectRelease, EffectShowCards), nil
}

// planned puts a grant back that can't begin yet.
func planned(g *Grant, at time.Time) bool {
	if g.Starts.IsZero() || !at.Before(g.Starts) {
		g.Starts = time.Time{}
		return false
	}
	g.State = GrantWaiting
	return true
}
