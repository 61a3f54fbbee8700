package access

import (
	"fmt"
	"slices"
	"time"

	"latchkey/catalog"
)

// Extension is how a running grant may go on.
type Extension struct {
	Until time.Time
	Anew  string // why a new approval is needed, in words; empty: the earlier one carries it
}

// Extend judges more time for the grant of a request. Only an approval by a
// person carries an extension, and only as far as the role's policy lets it; all
// together the access is never held for longer than the role allows.
func (g Grant) Extend(r Request, role catalog.Role, more time.Duration, at time.Time) (Extension, error) {
	switch {
	case g.State != GrantActive || g.Over(at):
		return Extension{}, refuse(TooLate, "This access isn't active any more, so it can't be extended. Ask for it again.")
	case g.Ends.IsZero():
		return Extension{}, refuse(Invalid, "This access has no end, so there is nothing to extend.")
	case more <= 0:
		return Extension{}, Refuse(Invalid, "duration", "Please choose how much longer.")
	case more > g.Room(role):
		return Extension{}, Refuse(Invalid, "duration", fmt.Sprintf("All together this role can be held for %s at most.", catalog.FormatDuration(role.Durations.Max)))
	}
	return Extension{Until: g.Ends.Add(more), Anew: g.anew(r, role, more)}, nil
}

// Prolonged is until when the grant goes on once more time was approved, and
// whether that is all of it. The longest time that a role can be held bounds the
// whole, also where the grant was extended since more was asked for.
func (g Grant) Prolonged(role catalog.Role, more time.Duration) (until time.Time, whole bool, err error) {
	room := g.Room(role)
	if room <= 0 {
		return g.Ends, false, refuse(Invalid, fmt.Sprintf("All together this role can be held for %s at most, and the access reaches that already, so there is nothing left to approve.", catalog.FormatDuration(role.Durations.Max)))
	}
	return g.Ends.Add(min(more, room)), more <= room, nil
}

// anew says why the earlier approval does not carry more time.
func (g Grant) anew(r Request, role catalog.Role, more time.Duration) string {
	policy := role.Extend
	switch {
	case g.Source == SourceBreakGlass:
		return "it was taken in an emergency"
	case len(g.Exceptions) > 0:
		return "it is an exception from what can't go together"
	case !decidedByPerson(r):
		return "nobody approved it the first time"
	case policy.Reapprove == catalog.ReapproveAlways:
		return "this role is approved anew each time"
	case r.Allowed != r.Wanted:
		return "it was approved for less time than you asked for"
	case g.Extensions >= policy.MaxTimes:
		return "it was extended as often as one approval allows"
	case policy.Reapprove == catalog.ReapproveAfter && g.Ends.Add(more).Sub(g.Started) > policy.After:
		return "it would be held for more than " + catalog.FormatDuration(policy.After)
	}
	return ""
}

func decidedByPerson(r Request) bool {
	a, ok := r.Decider()
	return ok && a.Yes && a.By.Person != ""
}

// Room is how much longer the grant may be held; the longest duration there is
// where the role sets no limit.
func (g Grant) Room(role catalog.Role) time.Duration {
	if role.Durations.Max == catalog.Forever {
		return 1<<63 - 1
	}
	return max(0, role.Durations.Max-g.Ends.Sub(g.Started))
}

// Choices are the stretches by which the grant can be extended, ascending: those
// of the role that fit, else whatever is left.
func (g Grant) Choices(role catalog.Role) []time.Duration {
	room := g.Room(role)
	out := slices.DeleteFunc(slices.Clone(role.Durations.Choices), func(d time.Duration) bool {
		return d == catalog.Forever || d > room
	})
	if len(out) == 0 && room > 0 {
		out = []time.Duration{min(room, g.Wanted)}
	}
	return out
}

// Shorter are the stretches, ascending, for which an approver may allow a
// request that are shorter than what it asks for.
func (r Request) Shorter(role catalog.Role) []time.Duration {
	return slices.DeleteFunc(slices.Clone(role.Durations.Choices), func(d time.Duration) bool {
		return d == catalog.Forever || r.Allowed != catalog.Forever && d >= r.Allowed
	})
}
