package campaigns

import (
	"context"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
	"latchkey/workflow/query"
)

// Loader gathers what the card of a review shows, as of now.
func Loader(units *engine.Units) notify.Loader {
	return func(ctx context.Context, id string, _ notify.Card) (notify.Content, error) {
		var out notify.CampaignContent
		err := units.View(ctx, func(tx store.Tx) (err error) {
			out = notify.CampaignContent{}
			if out.Campaign, err = store.Campaign(tx, id); err != nil {
				return err
			}
			if out.Progress, err = store.ReviewProgress(tx, id); err != nil {
				return err
			}
			out.Late = out.Campaign.Answers() && !out.Campaign.Due.IsZero() && units.Now().After(out.Campaign.Due)
			return waiting(tx, &out)
		})
		return out, err
	}
}

// waiting counts the rows that wait for an answer, and the reviewers for whom they do.
func waiting(tx store.Tx, out *notify.CampaignContent) error {
	c := out.Campaign
	if c.State != access.CampaignOpen {
		return nil
	}
	_, _, err := store.Sound([]access.Worklist(nil), query.Each(func(after string, limit int) ([]access.Worklist, error) {
		return store.WorklistsOpen(tx, c.ID, rows.ListOf(c), after, limit)
	}, access.Worklist.ID, func(w access.Worklist) {
		out.Left += w.Left()
		out.Waiting++
	}))
	return err
}
