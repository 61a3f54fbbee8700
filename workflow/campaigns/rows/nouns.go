package rows

import (
	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/query"
)

// Campaigns is how a campaign is kept.
func Campaigns() engine.Noun[access.Campaign] {
	return engine.Noun[access.Campaign]{Kind: "campaign", ID: func(c access.Campaign) string { return c.ID }, Load: store.Campaign, Put: store.PutCampaign}
}

// Items is how a row's record is kept.
func Items() engine.Noun[access.ReviewItem] {
	return engine.Noun[access.ReviewItem]{
		Kind: "review_item", ID: func(i access.ReviewItem) string { return i.ID() }, Put: store.PutReviewItem,
		Load: func(tx store.Tx, id string) (access.ReviewItem, error) {
			campaign, row, err := access.ParseReviewItemID(id)
			if err != nil {
				return access.ReviewItem{}, err
			}
			return store.ReviewItem(tx, campaign, row)
		},
	}
}

// Worklists is how a worklist is kept.
func Worklists() engine.Noun[access.Worklist] {
	return engine.Noun[access.Worklist]{
		Kind: "worklist", ID: func(w access.Worklist) string { return w.ID() }, Put: store.PutWorklist,
		Load: func(tx store.Tx, id string) (access.Worklist, error) {
			campaign, stage, who, err := access.ParseWorklistID(id)
			if err != nil {
				return access.Worklist{}, err
			}
			return store.Worklist(tx, campaign, stage, who)
		},
	}
}

// ListOf is the number under which the worklists of those are kept who answer now.
func ListOf(c access.Campaign) int {
	if c.ToIT > 0 {
		return access.StageIT
	}
	return c.Stage
}

// AllCampaigns are all of them, by id.
func AllCampaigns(tx store.Tx) ([]access.Campaign, error) {
	all, _, err := store.Sound(query.All(func(after string, limit int) ([]access.Campaign, error) { return store.Campaigns(tx, after, limit) }, campaignID))
	return all, err
}

func campaignID(c access.Campaign) string { return c.ID }

// WithReview is an event that says of a review no more than its kind.
func WithReview(e access.Event) access.Event {
	if e.Review == nil {
		e.Review = &access.ReviewDetails{}
	}
	return e
}
