package inbox

import (
	"context"
	"errors"
	"time"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/store"
)

// Survey takes note of what Jira has more of than the store, among what was changed since
// it was read last. Nothing else is done about it.
func (s *Service) Survey(ctx context.Context) error {
	since, err := s.lastTurn(ctx, duty, s.units.Now())
	if err != nil {
		return err
	}
	seen, err := s.source.Changes(ctx, since, func(string, time.Time) bool { return false })
	for _, one := range seen {
		_, bad := s.knowsMore(ctx, Situation{Seen: one})
		err = errors.Join(err, bad)
	}
	return err
}

// knowsMore tells whether an issue holds more of a request than the store: it was
// written by a Latchkey of the same log, and the store is an older one. Nothing follows
// from such an issue but that.
func (s *Service) knowsMore(ctx context.Context, now Situation) (bool, error) {
	if s.ahead == nil || now.Seen.State == "" || now.Seen.Gone {
		return false, nil
	}
	state, _, err := evidence.OpenState(s.trust(), now.Seen.State)
	if err != nil || state.N == 0 || state.Issue != now.Seen.Issue.ID || now.Case.Request.ID != "" && now.Case.Request.ID != state.Request {
		return false, nil // what is wrong with it is told elsewhere
	}
	about, more := access.RequestSubject(state.Request), false
	err = s.units.View(ctx, func(tx store.Tx) error {
		log, err := store.LogName(tx)
		if err != nil || log != state.Log {
			return err // of a log before this one
		}
		here, err := tx.Entries(store.Filter{Subject: about}, state.N-1, 1)
		more = len(here) == 0
		return err
	})
	if err != nil || !more {
		return false, err
	}
	return true, s.ahead(ctx, store.Ahead{Subject: about, N: state.N, Place: now.Seen.Issue, Needs: needs(state.Now), Until: state.Now.Until}, state.Instance)
}

// needs are the memberships that a request gives reason for, by its signed state.
func needs(c access.Course) (out []access.Entitlement) {
	if c.Grant == "" || c.Grant == access.GrantWaiting || c.Grant == access.GrantEnding || c.Grant == access.GrantEnded {
		return nil
	}
	for _, e := range c.Groups {
		if e.State == access.EntitlementHeld || e.Sent {
			out = append(out, e)
		}
	}
	return out
}
