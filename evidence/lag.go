package evidence

import (
	"slices"
	"time"

	"latchkey/access"
	"latchkey/store"
)

// RevokeLag is how long access outlived its end: from the moment the grant was
// to end until it was seen to be gone. An end by time counts from that time,
// also when nobody ran to see it pass. ok is false while the access is not gone,
// and where there was nothing to take away.
func RevokeLag(tx store.Tx, g access.Grant) (lag time.Duration, ok bool, err error) {
	if g.State != access.GrantEnded || g.Started.IsZero() || g.Finished.IsZero() || !took(g) {
		return 0, false, nil
	}
	if g.End == access.EndExpired && !g.Ends.IsZero() {
		return max(0, g.Finished.Sub(g.Ends)), true, nil
	}
	began, err := ending(tx, g)
	if err != nil || began.IsZero() {
		return 0, false, err
	}
	return max(0, g.Finished.Sub(began)), true, nil
}

// took tells whether anything was taken away: what another grant needs stays.
func took(g access.Grant) bool {
	return g.Manual || slices.ContainsFunc(g.Entitlements, func(e access.Entitlement) bool { return e.State == access.EntitlementRemoved })
}

// ending is when the end of a grant began.
func ending(tx store.Tx, g access.Grant) (at time.Time, err error) {
	filter := store.Filter{Subject: access.RequestSubject(g.Request)}
	if g.Request == "" {
		filter = store.Filter{Subject: access.GrantSubject(g.ID)}
	}
	err = each(tx, filter, 0, func(e access.Event) error {
		if e.Kind == access.EventEnding && e.Grant == g.ID {
			at = e.At
		}
		return nil
	})
	return at, err
}

// Ends tells whether an event is the one that ended a grant, as it stands since.
func Ends(g access.Grant, e access.Event) bool {
	switch e.Kind {
	case access.EventMemberRemoved, access.EventMemberKept, access.EventMemberGone, access.EventFulfilled:
		return g.ID == e.Grant && g.State == access.GrantEnded && g.Finished.Equal(e.At)
	}
	return false
}
