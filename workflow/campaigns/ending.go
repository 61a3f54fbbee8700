package campaigns

import (
	"context"
	"errors"
	"fmt"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// CloseNow ends the time to answer before its end, on the word of IT: no further stage comes, what nobody answered becomes
// what the review says, what is revoked is carried out, and after a look at all of it the campaign closes by itself.
func (s *Service) CloseNow(ctx context.Context, by access.Actor, campaign string) error {
	err := s.run(ctx, by, campaign, func(u *engine.Unit, c access.Campaign) error {
		if c.State != access.CampaignOpen {
			return access.Refuse(access.TooLate, "", c.State.Unmoved())
		}
		return over(u, c, by)
	})
	return s.units.LogRefusal(ctx, "", by, "close a review", err)
}

// Cancel cancels a campaign, whether it has started or not. What was revoked and carried out stays so; what was only said
// isn't carried out any more.
func (s *Service) Cancel(ctx context.Context, by access.Actor, campaign, why string) error {
	err := s.run(ctx, by, campaign, func(u *engine.Unit, c access.Campaign) error {
		e := withReview(c.Event(access.EventCampaignCancelled, by, u.At))
		e.Reason = why
		_, err := engine.Move(u, campaigns(), c, e)
		return err
	})
	return s.units.LogRefusal(ctx, "", by, "cancel a review", err)
}

// run does something with a campaign that IT may.
func (s *Service) run(ctx context.Context, by access.Actor, campaign string, do func(*engine.Unit, access.Campaign) error) error {
	caller, err := s.deciders.CallerNow(ctx, by)
	if err == nil {
		err = s.deciders.May(caller, people.ActReview, people.Matter{})
	}
	if err != nil {
		return err
	}
	return s.units.Update(ctx, func(u *engine.Unit) error {
		c, err := engine.Load(u, campaigns(), campaign)
		if errors.Is(err, store.ErrNotFound) {
			return access.Refuse(access.Unknown, "review", fmt.Sprintf("No access review is known as %s.", campaign))
		}
		if err != nil {
			return err
		}
		return do(u, c)
	})
}
