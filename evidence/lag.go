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

// Follower reads the log as it grows. The zero value begins at the first event.
type Follower struct {
	After uint64 // place of the last event that was read
}

// Timed is how long things took that happened.
type Timed struct {
	Lags    []time.Duration // revoke lags of grants that ended
	Answers []Answered
	Kinds   map[access.EventKind]int // how many events there were of each kind
}

// Next is what happened since the last call.
func (f *Follower) Next(tx store.Tx) (out Timed, err error) {
	next := f.After
	out.Kinds = map[access.EventKind]int{}
	err = each(tx, store.Filter{}, f.After, func(e access.Event) error {
		next = e.Place
		out.Kinds[e.Kind]++
		if a, ok, err := answered(tx, e); ok || err != nil {
			out.Answers = append(out.Answers, a)
			return err
		}
		lag, ok, err := lagOf(tx, e)
		if ok {
			out.Lags = append(out.Lags, lag)
		}
		return err
	})
	if err == nil {
		f.After = next
	}
	return out, err
}

// lagOf is the revoke lag of a grant that an event ended.
func lagOf(tx store.Tx, e access.Event) (lag time.Duration, ok bool, err error) {
	if e.Kind != access.EventMemberRemoved && e.Kind != access.EventMemberKept && e.Kind != access.EventMemberGone && e.Kind != access.EventFulfilled {
		return 0, false, nil
	}
	g, err := store.Grant(tx, e.Grant)
	if err != nil || !g.Finished.Equal(e.At) {
		return 0, false, orAbsent(err)
	}
	return RevokeLag(tx, g)
}
