package requests

import (
	"context"
	"time"

	"latchkey/access"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/query"
)

// Return gives access back before its time. Only the person who holds it can.
func (s *Service) Return(ctx context.Context, request string, by access.Actor) error {
	err := s.grants.move(ctx, request, by, people.ActReturn, func(u *engine.Unit, g access.Grant) (access.Event, error) {
		return end(g, access.EndReturned, by, "", u.At), nil
	})
	return s.units.LogRefusal(ctx, request, by, "give back", err)
}

// Revoke takes access away before its time. IT and the app's owners can.
func (s *Service) Revoke(ctx context.Context, request, reason string, by access.Actor) error {
	err := s.grants.move(ctx, request, by, people.ActRevoke, func(u *engine.Unit, g access.Grant) (access.Event, error) {
		return end(g, access.EndRevoked, by, reason, u.At), nil
	})
	return s.units.LogRefusal(ctx, request, by, "revoke", err)
}

// RevokeAll takes grants away before their time, all of them or none. IT and the
// apps' owners can.
func (s *Service) RevokeAll(ctx context.Context, grants []string, reason string, by access.Actor) error {
	caller, err := s.authority.CallerNow(ctx, by)
	if err != nil {
		return s.units.LogRefusal(ctx, "", by, "revoke", err)
	}
	err = s.units.Update(ctx, func(u *engine.Unit) error {
		for _, id := range grants {
			g, err := u.Grant(id)
			if err != nil {
				return query.NotFound(err, "That access isn't known any more.")
			}
			if err := s.authority.May(caller, people.ActRevoke, matterOf(g)); err != nil {
				return err
			}
			if _, err := u.MoveGrant(g, end(g, access.EndRevoked, by, reason, u.At)); err != nil {
				return err
			}
		}
		return nil
	})
	return s.units.LogRefusal(ctx, "", by, "revoke", err)
}

func end(g access.Grant, why access.End, by access.Actor, reason string, at time.Time) access.Event {
	e := g.Event(access.EventEnding, by, at)
	e.End, e.Reason = why, reason
	return e
}

// matterOf is what an act on a grant is about.
func matterOf(g access.Grant) people.Matter {
	return people.Matter{App: g.App, Holder: access.Person{ID: g.Person}}
}

// grants are changed by what people do about them.
type grants struct {
	units     *engine.Units
	authority Callers
}

// move moves what a request gave by an event, if its actor may.
func (s grants) move(ctx context.Context, request string, by access.Actor, act people.Act, event func(*engine.Unit, access.Grant) (access.Event, error)) error {
	caller, err := s.authority.CallerNow(ctx, by)
	if err != nil {
		return err
	}
	return s.units.Update(ctx, func(u *engine.Unit) error {
		g, err := grantOf(u, request)
		if err != nil {
			return err
		}
		if err := s.authority.May(caller, act, matterOf(g)); err != nil {
			return err
		}
		e, err := event(u, g)
		if err == nil {
			_, err = u.MoveGrant(g, e)
		}
		return err
	})
}
