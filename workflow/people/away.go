package people

import (
	"context"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// longestLeave is for how long somebody can say that they are on leave.
const longestLeave = 366 * 24 * time.Hour

// lookedAtOnce is for how many requests that wait for somebody it is looked at once who else
// may decide. It is within the hour for all.
const lookedAtOnce = 200

// Away notes that somebody is on leave until a moment, or isn't any more: what waits for
// them then goes to others.
func (s *identities) Away(ctx context.Context, who access.PersonID, until time.Time) error {
	now := s.units.Now()
	switch {
	case until.IsZero():
	case !until.After(now):
		return access.Refuse(access.Invalid, "", "That day is past. Write the day on which you are back, like 2026-12-24.")
	case until.Sub(now) > longestLeave:
		return access.Refuse(access.Invalid, "", "That is more than a year from now. Write an earlier day.")
	}
	err := s.units.Update(ctx, func(u *engine.Unit) error {
		k, err := store.Person(u.Tx, who)
		if err != nil {
			return err
		}
		k.AwayUntil = until.UTC()
		if until.IsZero() {
			k.AwayUntil = time.Time{}
		}
		if err := store.PutPerson(u.Tx, &k); err != nil || until.IsZero() {
			return err
		}
		return LookNow(u, who)
	})
	s.Forget(who)
	return err
}

// LookNow has it looked now who else may decide what waits for somebody.
func LookNow(u *engine.Unit, who access.PersonID) error {
	waiting, _, err := store.Sound(store.RequestsAsking(u.Tx, who, "", lookedAtOnce))
	for _, r := range waiting {
		if r.Look = u.At; err == nil {
			err = engine.Save(u, engine.Requests(), &r)
		}
	}
	return err
}
