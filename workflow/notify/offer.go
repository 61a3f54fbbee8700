package notify

import (
	"context"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// offer shows the cards of a request with what they offer by now.
func (s *Service) offer(ctx context.Context, t store.Task) (engine.Outcome, error) {
	var r access.Request
	err := s.units.View(ctx, func(tx store.Tx) (err error) {
		r, err = store.Request(tx, t.Subject.ID)
		return err
	})
	if err != nil {
		return nil, people.Softly(err)
	}
	now := s.units.Now()
	switch offered, at := mayNudge(r, now, time.Time{}); {
	case offered:
		return s.lookAgain(ctx, t)
	case !at.IsZero():
		return nil, later(now, at, "was told not long ago")
	}
	return nil, nil
}
