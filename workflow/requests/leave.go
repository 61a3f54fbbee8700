package requests

import (
	"context"
	"slices"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/query"
)

// Left does what follows when somebody has left: what they asked for is
// cancelled, what they hold ends, and what waits for their answer is asked of
// somebody else. Doing it again changes nothing more.
func (s *Service) Left(ctx context.Context, who access.PersonID) error {
	if who == "" {
		return nil
	}
	s.people.Forget(who)
	return s.units.Update(ctx, func(u *engine.Unit) error {
		for _, do := range []func(*engine.Unit, access.PersonID) error{people.MarkLeft, cancelOf, endOf, rerouteFrom} {
			if err := do(u, who); err != nil {
				return err
			}
		}
		return nil
	})
}

// LeftSlack is Left for a Slack account that was deactivated. One that nobody is
// known by concerns nobody: whose address it shows proves nothing.
func (s *Service) LeftSlack(ctx context.Context, slackID string) error {
	who, err := s.people.Whose(ctx, access.SystemSlack, slackID)
	if err != nil {
		return err
	}
	return s.Left(ctx, who)
}

// cancelOf cancels the waiting requests that somebody made or would have
// benefited from.
func cancelOf(u *engine.Unit, who access.PersonID) error {
	theirs, err := query.All(func(after string, limit int) ([]access.Request, error) {
		return store.RequestsOf(u.Tx, who, after, limit)
	}, query.RequestID)
	if err != nil {
		return err
	}
	name, err := people.ContactIn(u.Tx, who)
	if err != nil {
		return err
	}
	for _, r := range theirs {
		if r.State != access.RequestPending {
			continue
		}
		e := r.Event(access.EventCancelled, access.System(), u.At)
		e.Note = name + " has left."
		if _, err := u.MoveRequest(r, e); err != nil {
			return err
		}
	}
	return nil
}

// endOf ends everything somebody holds or is about to get.
func endOf(u *engine.Unit, who access.PersonID) error {
	grants, err := store.OpenGrantsOf(u.Tx, who)
	if err != nil {
		return err
	}
	for _, g := range grants {
		_, err := u.MoveGrant(g, end(g, access.EndLeft, access.System(), "", u.At))
		if _, refused := access.AsRefusal(err); err != nil && !refused { // refused: it is ending already
			return err
		}
	}
	return nil
}

// rerouteFrom looks anew for who may decide wherever somebody was asked.
func rerouteFrom(u *engine.Unit, who access.PersonID) error {
	waiting, err := query.All(func(after string, limit int) ([]access.Request, error) {
		return store.RequestsIn(u.Tx, access.RequestPending, after, limit)
	}, query.RequestID)
	if err != nil {
		return err
	}
	name, err := people.ContactIn(u.Tx, who)
	if err != nil {
		return err
	}
	for _, r := range waiting {
		if !slices.Contains(r.Stages[r.Stage].Asked, who) {
			continue
		}
		e := r.Event(access.EventNote, access.System(), u.At)
		e.Note = name + ", who was asked to decide, has left. Somebody else is looked for."
		if _, err := u.Append(e, access.Effect{Kind: access.EffectRecord}, access.Effect{Kind: access.EffectFindApprovers}); err != nil {
			return err
		}
	}
	return nil
}
