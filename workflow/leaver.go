package workflow

import (
	"context"
	"errors"
	"slices"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
)

// Left does what follows when somebody has left: what they asked for is
// cancelled, what they hold ends, and what waits for their answer is asked of
// somebody else. Doing it again changes nothing more.
func (s *Service) Left(ctx context.Context, who access.PersonID) error {
	if who == "" {
		return nil
	}
	s.people.forget(who)
	return s.update(ctx, func(st *step) error {
		for _, do := range []func(access.PersonID) error{st.markLeft, st.cancelOf, st.endOf, st.rerouteFrom} {
			if err := do(who); err != nil {
				return err
			}
		}
		return nil
	})
}

// LeftSlack is Left for a Slack account that was deactivated. The account's
// e-mail, which Slack may leave out, stands in when the account isn't known.
func (s *Service) LeftSlack(ctx context.Context, slackID string, email access.Email) error {
	who := PersonOf(email)
	err := s.Store.View(ctx, func(tx store.Tx) error {
		k, err := store.PersonByAccount(tx, "slack", slackID)
		if err == nil {
			who = k.ID
		}
		return err
	})
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return s.Left(ctx, who)
}

func (st *step) markLeft(who access.PersonID) error {
	k, err := store.Person(st.tx, who)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if k.Standing == access.Left {
		return nil
	}
	if err != nil {
		k.Person = access.Person{ID: who, Email: AddressOf(who), Kind: access.Employee}
	}
	k.Standing = access.Left
	return store.PutPerson(st.tx, &k)
}

// cancelOf cancels the waiting requests that somebody made or would have
// benefited from.
func (st *step) cancelOf(who access.PersonID) error {
	waiting, err := pages(func(after string) ([]access.Request, error) { return store.RequestsOf(st.tx, who, after, batch) }, requestID)
	if err != nil {
		return err
	}
	for _, r := range waiting {
		if r.State != access.RequestPending {
			continue
		}
		e := r.Event(access.EventCancelled, access.System(), st.at)
		e.Note = string(who) + " has left."
		if _, err := st.request(r, e); err != nil {
			return err
		}
	}
	return nil
}

// endOf ends everything somebody holds or is about to get.
func (st *step) endOf(who access.PersonID) error {
	grants, err := store.OpenGrantsOf(st.tx, who)
	if err != nil {
		return err
	}
	for _, g := range grants {
		_, err := st.grant(g, end(g, access.EndLeft, access.System(), "", st.at))
		if _, refused := access.AsRefusal(err); err != nil && !refused { // refused: it is ending already
			return err
		}
	}
	return nil
}

// rerouteFrom looks anew for who may decide wherever somebody was asked.
func (st *step) rerouteFrom(who access.PersonID) error {
	waiting, err := pages(func(after string) ([]access.Request, error) {
		return store.RequestsIn(st.tx, access.RequestPending, after, batch)
	}, requestID)
	if err != nil {
		return err
	}
	for _, r := range waiting {
		if !slices.Contains(r.Stages[r.Stage].Asked, who) {
			continue
		}
		e := r.Event(access.EventNote, access.System(), st.at)
		e.Note = string(who) + ", who was asked to decide, has left. Somebody else is looked for."
		if err := st.carry(e, []access.Effect{{Kind: access.EffectRecord}, {Kind: access.EffectFindApprovers}}); err != nil {
			return err
		}
	}
	return nil
}

func requestID(r access.Request) string { return r.ID }
func grantID(g access.Grant) string     { return g.ID }

// pages reads a listing to its end.
func pages[T any](page func(after string) ([]T, error), id func(T) string) ([]T, error) {
	var all []T
	for after := ""; ; {
		some, err := page(after)
		if err != nil || len(some) == 0 {
			return all, err
		}
		all = append(all, some...)
		after = id(some[len(some)-1])
	}
}

// involved are the people Latchkey deals with at the moment: who holds
// something, who asked, and who was asked to decide.
func (s *Service) involved(ctx context.Context) ([]access.PersonID, error) {
	seen := map[access.PersonID]bool{}
	err := s.Store.View(ctx, func(tx store.Tx) error {
		for _, state := range []access.GrantState{access.GrantWaiting, access.GrantProvisioning, access.GrantManual, access.GrantActive, access.GrantStuck} {
			grants, err := pages(func(after string) ([]access.Grant, error) { return store.GrantsIn(tx, state, after, batch) }, grantID)
			if err != nil {
				return err
			}
			for _, g := range grants {
				seen[g.Person] = true
			}
		}
		waiting, err := pages(func(after string) ([]access.Request, error) {
			return store.RequestsIn(tx, access.RequestPending, after, batch)
		}, requestID)
		for _, r := range waiting {
			for _, e := range append([]access.PersonID{r.Requester, r.Beneficiary}, r.Stages[r.Stage].Asked...) {
				seen[e] = true
			}
		}
		return err
	})
	return sorted(seen), err
}

func sorted(set map[access.PersonID]bool) []access.PersonID {
	out := make([]access.PersonID, 0, len(set))
	for e := range set {
		out = append(out, e)
	}
	slices.Sort(out)
	return out
}

// hasLeft tells whether Slack or a directory says that somebody has left. An
// account that can't be found is no proof: it may have been renamed.
func (s *Service) hasLeft(ctx context.Context, who access.PersonID) (bool, error) {
	if k, err := s.people.remembered(ctx, who); err == nil {
		if id := k.Account("slack"); id != "" {
			m, err := s.ports.Roster.Member(ctx, id)
			if softly(err) != nil {
				return false, err
			}
			if err == nil && m.Standing == access.Left {
				return true, nil
			}
		}
	}
	for _, d := range s.Directories {
		acc, err := s.people.account(ctx, d, who)
		switch {
		case err == nil && acc.Status == idp.Left:
			return true, nil
		case err != nil && !errors.Is(err, idp.ErrNotFound) && !errors.Is(err, idp.ErrAmbiguous):
			return false, directoryFailure(d, "Look up "+string(who)+" in "+d.ID(), err)
		}
	}
	return false, nil
}
