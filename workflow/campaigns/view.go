package campaigns

import (
	"context"

	"latchkey/store"
)

// Draft is what is to be known before a campaign starts.
func (s *Service) Draft(ctx context.Context, id string) (Draft, error) {
	c, err := s.Campaign(ctx, id)
	if err != nil || c.Snapshot == "" {
		return Draft{Campaign: c, Unproven: c.Unproven, NotCovered: notCovered(s.catalog(), s.dirs, c)}, err
	}
	var d Draft
	err = s.units.View(ctx, func(tx store.Tx) error {
		of, err := RowsOf(tx, c, s.catalog())
		if err == nil {
			d, err = draftOf(of, s.dirs)
		}
		return err
	})
	return d, err
}
