package birthright

import (
	"context"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// Answer is IT's word on what would happen at once: it happens, or it doesn't. It counts for what the question showed.
func (s *Service) Answer(ctx context.Context, id string, yes bool, by access.Actor) error {
	err := s.answer(ctx, id, yes, by)
	return s.units.LogRefusal(ctx, "", by, "say whether birthrights are followed", err)
}

func (s *Service) answer(ctx context.Context, id string, yes bool, by access.Actor) error {
	caller, err := s.authority.CallerNow(ctx, by)
	if err != nil {
		return err
	}
	if err := s.authority.May(caller, people.ActBirthrights, people.Matter{}); err != nil {
		return err
	}
	return s.units.Update(ctx, func(u *engine.Unit) error {
		q, err := store.LoadBirthrightBrake(u.Tx)
		if err != nil {
			return err
		}
		if id == "" || q.ID != id {
			return access.Refuse(access.TooLate, "", "This was answered already, or asked anew since: the newest message counts.")
		}
		if yes {
			q.Allowed = append(q.Allowed, q.Keys...)
		} else {
			q.Refused = append(q.Refused, q.Keys...)
		}
		n := len(q.Keys)
		q.ID, q.Keys, q.Again = "", nil, time.Time{}
		if err := store.PutBirthrightBrake(u.Tx, &q); err != nil {
			return err
		}
		if err := tellAnswer(u, id, n, yes, by); err != nil {
			return err
		}
		return runSoon(u)
	})
}
