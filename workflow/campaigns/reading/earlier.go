package reading

import (
	"context"
	"slices"

	"latchkey/access"
	"latchkey/store"
	"latchkey/store/snapshot"
	"latchkey/workflow/query"
)

// earlier is what the latest review said of each membership, by group and account.
type earlier map[string]map[string]snapshot.Earlier

// decidedBefore reads what closed reviews decided, the latest first. A small one looks at one person's rows alone.
func (p *pass) decidedBefore(ctx context.Context) (earlier, error) {
	var closed []access.Campaign
	err := p.Units.View(ctx, func(tx store.Tx) (err error) {
		closed, err = closedCampaigns(tx)
		return err
	})
	out := earlier{}
	for _, c := range closed {
		if err == nil {
			err = p.decidedIn(ctx, c, out)
		}
	}
	return out, err
}

// decidedIn adds what a review decided of memberships of which no later one did. There may be millions: each page is read in a
// view of its own, as nobody changes a closed review.
func (p *pass) decidedIn(ctx context.Context, c access.Campaign, out earlier) error {
	read := func(after string, limit int) (some []access.ReviewItem, err error) {
		viewed := p.Units.View(ctx, func(tx store.Tx) error {
			if p.Campaign.Small() {
				some, err = store.ReviewItemsAbout(tx, p.Campaign.About, after, limit)
			} else {
				some, err = store.ReviewItems(tx, c.ID, after, limit)
			}
			return nil // what is damaged comes with the others
		})
		if viewed != nil {
			return nil, viewed
		}
		return some, err
	}
	_, _, err := store.Sound([]access.ReviewItem(nil), query.Each(read, access.ReviewItem.ID, func(i access.ReviewItem) {
		of := out[i.GroupID]
		if _, later := of[i.Account]; i.Campaign != c.ID || later || i.Decision != access.DecisionKeep && i.Decision != access.DecisionRevoke {
			return
		}
		if of == nil {
			of = map[string]snapshot.Earlier{}
			out[i.GroupID] = of
		}
		of[i.Account] = snapshot.Earlier{Decision: string(i.Decision), Campaign: c.ID}
	}))
	return err
}

// closedCampaigns are those that were closed, the latest first.
func closedCampaigns(tx store.Tx) ([]access.Campaign, error) {
	all, _, err := store.Sound(query.All(func(after string, limit int) ([]access.Campaign, error) { return store.Campaigns(tx, after, limit) }, func(c access.Campaign) string { return c.ID }))
	all = slices.DeleteFunc(all, func(c access.Campaign) bool { return c.State != access.CampaignClosed })
	slices.SortFunc(all, func(a, b access.Campaign) int { return b.Closed.Compare(a.Closed) })
	return all, err
}
