package reclaim

import (
	"context"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/query"
)

// Preview is how the seats of all apps stand that come back, and what would follow. Reading it changes nothing.
type Preview struct {
	Apps   []App // in configured order
	AtMost int   // how many people are asked in one turn
}

// Preview reads, at this moment, how seats stand.
func (s *Service) Preview(ctx context.Context) (Preview, error) {
	out := Preview{AtMost: catalog.ReclaimingIn(s.catalog()).AtMost}
	for _, app := range reclaimed(s.catalog()) {
		seen, err := s.seats.look(ctx, app)
		if err != nil {
			return out, err
		}
		now, err := s.seats.judge(ctx, seen)
		if err != nil {
			return out, err
		}
		out.Apps = append(out.Apps, now)
	}
	return out, nil
}

// Idle are how many seats of an app nobody uses, those included about which somebody has been asked.
func (a App) Idle() (n int) {
	for _, seat := range a.Seats {
		switch seat.Standing {
		case access.SeatIdle, access.SeatResting, access.SeatAway:
			n++
		case access.SeatAsked:
			if seat.ByUse != access.SeatUsed && seat.ByUse != access.SeatNew && seat.ByUse != access.SeatUnknown {
				n++
			}
		}
	}
	return n
}

// Saves is what the idle seats cost in a month, in hundredths of the app's currency; 0 where no price is known.
func (a App) Saves() int64 { return int64(a.Idle()) * a.App.Seat.Price }

// Get is one question.
func (s *Service) Get(ctx context.Context, id string) (access.Reclaim, error) {
	c, err := s.load(ctx, id)
	return c, unknownCase(err)
}

// Open are the questions in which something is still to happen, by id.
func (s *Service) Open(ctx context.Context) (all []access.Reclaim, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		all, _, err = store.Sound(query.All(func(after string, limit int) ([]access.Reclaim, error) {
			return store.ReclaimsOpen(tx, after, limit)
		}, caseID))
		return err
	})
	return all, err
}

// List are all questions there ever were, by id, a page at a time: after is the ID of the last one that is known.
func (s *Service) List(ctx context.Context, after string, limit int) (all []access.Reclaim, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		all, _, err = store.Sound(store.Reclaims(tx, after, limit))
		return err
	})
	return all, err
}

// Of are the questions about somebody's seats, by id.
func (s *Service) Of(ctx context.Context, who access.PersonID) (all []access.Reclaim, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		all, err = heldBy(tx, who)
		return err
	})
	return all, err
}

func heldBy(tx store.Tx, who access.PersonID) ([]access.Reclaim, error) {
	all, _, err := store.Sound(query.All(func(after string, limit int) ([]access.Reclaim, error) {
		return store.ReclaimsAbout(tx, who, after, limit)
	}, caseID))
	return all, err
}

func caseID(c access.Reclaim) string { return c.ID }
