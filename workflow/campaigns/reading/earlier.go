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
	out := earlier{}
	err := p.Units.View(ctx, func(tx store.Tx) error {
		clear(out)
		closed, err := closedCampaigns(tx)
		if err != nil {
			return err
		}
		for _, c := range closed {
			if err := p.decidedIn(tx, c, out); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// decidedIn adds what a review decided of memberships of which no later one did.
func (p *pass) decidedIn(tx store.Tx, c access.Campaign, out earlier) error {
	read := func(after string, limit int) ([]access.ReviewItem, error) {
		return store.ReviewItems(tx, c.ID, after, limit)
	}
	if p.Campaign.Small() {
		read = func(after string, limit int) ([]access.ReviewItem, error) {
			return store.ReviewItemsAbout(tx, p.Campaign.About, after, limit)
		}
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
