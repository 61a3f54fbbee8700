package campaigns

import (
	"context"

	"latchkey/store"
	"latchkey/workflow/campaigns/draft"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/campaigns/targets"
)

// Draft is what is to be known before a campaign starts.
func (s *Service) Draft(ctx context.Context, id string) (draft.Draft, error) {
	c, err := s.Campaign(ctx, id)
	if err != nil || c.Snapshot == "" {
		if err != nil {
			return draft.Draft{Campaign: c}, err
		}
		fresh, err := s.Imported.Fresh(ctx)
		return draft.Draft{Campaign: c, Unproven: c.Unproven, NotCovered: targets.NotCovered(s.catalog(), s.dirs, c, fresh)}, err
	}
	var d draft.Draft
	err = s.units.View(ctx, func(tx store.Tx) error {
		of, err := rows.Of(tx, c, s.catalog())
		if err == nil {
			d, err = draft.Of(of, s.dirs)
		}
		return err
	})
	return d, err
}
