package campaigns

import (
	"context"

	"latchkey/access"
	"latchkey/workflow/engine"
)

// CloseNow ends the time to answer before its end, on the word of IT: no further stage comes, what nobody answered becomes
// what the review says, what is revoked is carried out, and after a look at all of it the campaign closes by itself. One that is open only for what people remove by hand
// closes at once.
func (s *Service) CloseNow(ctx context.Context, by access.Actor, id string) (access.Campaign, error) {
	return s.change(ctx, by, id, "close a review", func(u *engine.Unit, c access.Campaign) (access.Campaign, error) {
		if c.State == access.CampaignEnforcing {
			return s.Enforcing.CloseHeld(u, c, by)
		}
		if c.State != access.CampaignOpen {
			return c, access.Refuse(access.TooLate, "", c.State.Unmoved())
		}
		return s.stages.Over(u, c, by)
	})
}
