package workflow

import (
	"context"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/store"
)

// Return gives access back before its time. Only the person who holds it can.
func (s *Service) Return(ctx context.Context, request string, by access.Actor) error {
	err := s.moveGrant(ctx, request, func(g access.Grant, at time.Time) (access.Event, error) {
		if by.Person != g.Person {
			return access.Event{}, access.Refuse(access.NotAllowed, "", "Only the person who holds this access can give it back.")
		}
		return end(g, access.EndReturned, by, "", at), nil
	})
	return s.Turned(ctx, request, by, "give back", err)
}

// Revoke takes access away before its time. IT and the app's owners can.
func (s *Service) Revoke(ctx context.Context, request, reason string, by access.Actor) error {
	err := s.moveGrant(ctx, request, func(g access.Grant, at time.Time) (access.Event, error) {
		app, _ := s.Config.Catalog.App(g.App)
		if !s.isAdmin(by.Person) && !slices.Contains(PeopleOf(app.Owners), by.Person) {
			return access.Event{}, access.Refuse(access.NotAllowed, "", "Only IT and the app's owners can revoke access.")
		}
		return end(g, access.EndRevoked, by, reason, at), nil
	})
	return s.Turned(ctx, request, by, "revoke", err)
}

func end(g access.Grant, why access.End, by access.Actor, reason string, at time.Time) access.Event {
	e := g.Event(access.EventEnding, by, at)
	e.End, e.Reason = why, reason
	return e
}

// Done says that a manual change is made. Those who carry the app's changes out
// and IT can say so, never the person who gets the access.
func (s *Service) Done(ctx context.Context, request string, by access.Actor) error {
	err := s.moveGrant(ctx, request, func(g access.Grant, at time.Time) (access.Event, error) {
		app, _ := s.Config.Catalog.App(g.App)
		if !s.isAdmin(by.Person) && !slices.Contains(PeopleOf(app.Fulfillers()), by.Person) {
			return access.Event{}, access.Refuse(access.NotAllowed, "", "This change was asked of somebody else.")
		}
		return g.Event(access.EventFulfilled, by, at), nil
	})
	return s.Turned(ctx, request, by, "confirm a change by hand", err)
}

func (s *Service) moveGrant(ctx context.Context, request string, event func(access.Grant, time.Time) (access.Event, error)) error {
	return s.update(ctx, func(st *step) error {
		g, err := st.grantOf(request)
		if err != nil {
			return err
		}
		e, err := event(g, st.at)
		if err != nil {
			return err
		}
		_, err = st.grant(g, e)
		return err
	})
}

func (st *step) grantOf(request string) (access.Grant, error) {
	r, err := store.Request(st.tx, request)
	if err != nil {
		return access.Grant{}, notFound(err, "That request isn't known any more.")
	}
	g, err := store.Grant(st.tx, r.GrantID())
	return g, notFound(err, "There is no access for that request yet.")
}

// Retry tries everything of a request that is stuck again: a change to a group,
// and records and notices that could not be written. Only IT can.
func (s *Service) Retry(ctx context.Context, request string, by access.Actor) error {
	return s.Turned(ctx, request, by, "retry", s.retry(ctx, request, by))
}

func (s *Service) retry(ctx context.Context, request string, by access.Actor) error {
	if !s.isAdmin(by.Person) && by.Via != access.ViaCLI {
		return access.Refuse(access.NotAllowed, "", "Only IT can retry stuck work.")
	}
	return s.update(ctx, func(st *step) error {
		r, err := store.Request(st.tx, request)
		if err != nil {
			return notFound(err, "That request isn't known any more.")
		}
		some, err := st.retryTasks(r, by)
		if err != nil {
			return err
		}
		g, err := store.Grant(st.tx, r.GrantID())
		if err == nil && g.State == access.GrantStuck {
			_, err = st.grant(g, g.Event(access.EventRetried, by, st.at))
			return err
		}
		if !some {
			return access.Refuse(access.TooLate, "", "Nothing is stuck here any more.")
		}
		return nil
	})
}

// retryTasks puts a request's stuck tasks back to work.
func (st *step) retryTasks(r access.Request, by access.Actor) (bool, error) {
	stuck, err := stuckTasks(st.tx, r.ID)
	if err != nil {
		return false, err
	}
	for _, t := range stuck {
		if err := st.hurry(t.ID); err != nil {
			return false, err
		}
	}
	again := r.State == access.RequestPending && len(r.Stages[r.Stage].Asked) == 0 || r.UnderReview() && len(r.Review.Asked) == 0
	if len(stuck) == 0 && !again {
		return false, nil
	}
	effs := []access.Effect{{Kind: access.EffectShowCards}, {Kind: access.EffectRecord}}
	if again {
		effs = append(effs, access.Effect{Kind: access.EffectFindApprovers})
	}
	return true, st.carry(r.Event(access.EventTaskResumed, by, st.at), effs)
}

// stuckTasks are the stuck tasks about a request; about all of them for "".
func stuckTasks(tx store.Tx, request string) ([]store.Task, error) {
	var out []store.Task
	for after := uint64(0); ; {
		page, err := tx.Tasks(store.Stuck, after, 500)
		if err != nil || len(page) == 0 {
			return out, err
		}
		for _, t := range page {
			if request == "" || t.Subject == request {
				out = append(out, t)
			}
			after = t.Seq
		}
	}
}
