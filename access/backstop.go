package access

import (
	"slices"
	"time"

	"latchkey/catalog"
)

// BackstopAfter is how long after the end of access its directory ends it by itself, where it can. Latchkey's own removal, what
// is seen of it and what is written down come first, also where clocks differ or the directory has a bad minute, so that
// the directory acts only where Latchkey doesn't.
const BackstopAfter = 15 * time.Minute

// Backstop is when a directory is to end by itself that somebody is in a group, as all grants say that need it: after the
// last of their ends; zero: never. open are the open grants of the person, g among them. needed tells whether any
// needs the group at all. One that has no end, or of whose end it isn't certain, outlasts all others.
func (g Grant) Backstop(ref catalog.GroupRef, open []Grant, at time.Time) (until time.Time, needed bool) {
	for _, o := range open {
		if o.Person != g.Person || !o.Needs(ref) || apart(g, o, ref) {
			continue
		}
		needed = true
		end := o.latestEnd(at)
		if end.IsZero() {
			return time.Time{}, true
		}
		until = latest(until, end.Add(BackstopAfter))
	}
	return until, needed
}

// latestEnd is when the access of a live grant is over at the latest, also of one that is about to be given; zero: never.
func (g Grant) latestEnd(at time.Time) time.Time {
	switch {
	case g.Disputed:
		return time.Time{}
	case !g.Ends.IsZero():
		return g.Ends
	case g.Started.IsZero() && g.Wanted > 0 && g.Wanted != catalog.Forever:
		return at.Add(g.Wanted)
	}
	return time.Time{}
}

// Backstopped are those of the open grants of a person that open a group in g's account, with the moment at which the
// directory ends that by itself: all of them are about one membership.
func (g Grant) Backstopped(ref catalog.GroupRef, open []Grant, until time.Time) (all []Grant) {
	for _, o := range open {
		i := slices.IndexFunc(o.Entitlements, func(e Entitlement) bool { return e.Group == ref })
		if i < 0 || o.Person != g.Person || apart(g, o, ref) || o.Entitlements[i].Backstop.Equal(until) {
			continue
		}
		o.Entitlements = slices.Clone(o.Entitlements)
		o.Entitlements[i].Backstop = until
		all = append(all, o)
	}
	return all
}
