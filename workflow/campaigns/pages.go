package campaigns

import (
	"context"

	"latchkey/access"
	"latchkey/store"
)

// load is a campaign at this moment.
func (o *Opener) load(ctx context.Context, id string) (c access.Campaign, err error) {
	err = o.units.View(ctx, func(tx store.Tx) error {
		c, err = store.Campaign(tx, id)
		return err
	})
	return c, err
}

// readAtOnce is how many rows are read in one view.
const readAtOnce = 500

// pages goes through all rows of a campaign, a page at a time.
func (o *Opener) pages(ctx context.Context, id string, do func(open, []Row) error) error {
	for after := 0; ctx.Err() == nil; {
		var page []Row
		var c open
		err := o.units.View(ctx, func(tx store.Tx) (err error) {
			page = nil
			if c, err = o.in(tx, id); err != nil {
				return err
			}
			for row, err := range c.rows.All(after) {
				if err != nil {
					return err
				}
				if page = append(page, row); len(page) == readAtOnce {
					break
				}
			}
			return nil
		})
		if err == nil {
			err = do(open{Campaign: c.Campaign}, page) // apart from the view: what it does may write
		}
		if err != nil || len(page) < readAtOnce {
			return err
		}
		after = page[len(page)-1].Number
	}
	return ctx.Err()
}
