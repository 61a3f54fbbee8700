package access

import (
	"fmt"
	"time"

	"latchkey/catalog"
)

// StartsAhead is how long before it begins access can be asked for.
const StartsAhead = 90 * catalog.Day

// checkStart refuses a beginning that is past or too far away.
func (a Ask) checkStart(at time.Time) error {
	switch {
	case a.Starts.IsZero():
		return nil
	case !a.Starts.After(at):
		return Refuse(Invalid, "starts", "That is past. Please choose a moment to come, or none to begin as soon as there is a yes.")
	case a.Starts.Sub(at) > StartsAhead:
		return Refuse(Invalid, "starts", fmt.Sprintf("That is more than %s from now. Please ask for it later.", catalog.FormatDuration(StartsAhead)))
	}
	return nil
}

// Planned reports whether a grant waits for the moment for which it was asked.
func (g Grant) Planned() bool { return g.State == GrantWaiting && !g.Starts.IsZero() }

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
func (g *Grant) planned(at time.Time) bool {
	if g.Starts.IsZero() || !at.Before(g.Starts) {
		g.Starts = time.Time{}
		return false
	}
	g.State = GrantWaiting
	return true
}
