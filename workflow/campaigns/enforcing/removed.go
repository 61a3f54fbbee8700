package enforcing

import (
	"context"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/campaigns/rows"
)

// removedAtOnce is how many rows are read at once to find those that were removed.
const removedAtOnce = 200

// Removed are rows that a review took away and that can still be given back, in the order of the rows: at most so many.
func (s *Service) Removed(ctx context.Context, campaign string, most int) (out []rows.Row, err error) {
	now := s.units.Now()
	err = s.units.View(ctx, func(tx store.Tx) error {
		out = nil
		c, err := s.rows.In(tx, campaign)
		if err != nil {
			return err
		}
		for after, more := "", true; more && len(out) < most; {
			items, damage, err := store.Sound(store.ReviewItemsIn(tx, campaign, access.ItemSettled, after, removedAtOnce))
			if err != nil {
				return err
			}
			more = len(items) > 0 && len(items)+len(damage) == removedAtOnce
			for _, i := range items {
				after = i.ID()
				if len(out) == most || !i.CanBeRestored(now) {
					continue
				}
				row, err := c.Rows.Row(i.Row)
				if err != nil {
					return err
				}
				out = append(out, row)
			}
		}
		return nil
	})
	return out, err
}
