package rows

import (
	"context"

	"latchkey/access"
	"latchkey/store"
)

// Load is a campaign at this moment.
func (o *Opener) Load(ctx context.Context, id string) (c access.Campaign, err error) {
	err = o.units.View(ctx, func(tx store.Tx) error {
		c, err = store.Campaign(tx, id)
		return err
	})
	return c, err
}

// readAtOnce is how many rows are read in one view.
const readAtOnce = 500

// Pages goes through all rows of a campaign, a page at a time.
func (o *Opener) Pages(ctx context.Context, id string, do func(Opened, []Row) error) error {
	for after := 0; ctx.Err() == nil; {
		var page []Row
		var c Opened
		err := o.units.View(ctx, func(tx store.Tx) (err error) {
			page = nil
			if c, err = o.In(tx, id); err != nil {
				return err
			}
			for row, err := range c.Rows.All(after) {
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
			err = do(Opened{Campaign: c.Campaign}, page) // apart from the view: what it does may write
		}
		if err != nil || len(page) < readAtOnce {
			return err
		}
		after = page[len(page)-1].Number
	}
	return ctx.Err()
}
