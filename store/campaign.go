package store

import (
	"fmt"
	"strconv"

	"latchkey/access"
)

func campaigns() table[access.Campaign] {
	return table[access.Campaign]{
		kind: "campaign",
		row: func(c *access.Campaign) Record {
			r := Record{ID: c.ID, Version: c.Version, Due: c.DueAt(), Index: []string{"of:" + c.Review.ID}}
			if c.Issue.ID != "" {
				r.Index = append(r.Index, "issue:"+c.Issue.ID)
			}
			if c.Running() && c.About != "" {
				r.Index = append(r.Index, "about:"+string(c.About))
			}
			return r
		},
		set: func(c *access.Campaign, v uint64) { c.Version = v },
	}
}

// Campaign loads a campaign. Absent: ErrNotFound.
func Campaign(tx Tx, id string) (access.Campaign, error) { return campaigns().get(tx, id) }

// PutCampaign stores c at its version (ErrConflict if it moved on) and raises it.
func PutCampaign(tx Tx, c *access.Campaign) error { return campaigns().put(tx, c) }

// Campaigns are all campaigns, by id, a page at a time.
func Campaigns(tx Tx, after string, limit int) ([]access.Campaign, error) {
	return campaigns().all(tx.Find("campaign", "", after, limit))
}

// CampaignsOf are all runs of a review, by id.
func CampaignsOf(tx Tx, review string) ([]access.Campaign, error) {
	return campaigns().whole(tx, "of:"+review)
}

// CampaignOfIssue is the campaign whose issue it is. None is: ErrNotFound.
func CampaignOfIssue(tx Tx, issueID string) (access.Campaign, error) {
	all, err := campaigns().all(tx.Find("campaign", "issue:"+issueID, "", 1))
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("a review of issue %s: %w", issueID, ErrNotFound)
	}
	if err != nil {
		return access.Campaign{}, err
	}
	return all[0], nil
}

// CampaignsAbout are the small ones that are running about somebody.
func CampaignsAbout(tx Tx, who access.PersonID) ([]access.Campaign, error) {
	return campaigns().whole(tx, "about:"+string(who))
}

func reviewItems() table[access.ReviewItem] {
	return table[access.ReviewItem]{
		kind: "review_item",
		row: func(i *access.ReviewItem) Record {
			r := Record{ID: i.ID(), Version: i.Version, Due: i.DueAt(), Index: []string{
				"campaign:" + i.Campaign, "state:" + i.Campaign + "/" + string(i.State), "person:" + string(i.Person),
			}}
			for _, grant := range i.Ends {
				r.Index = append(r.Index, "grant:"+grant)
			}
			if i.State == access.ItemOpen || i.State == access.ItemDecided {
				for _, who := range i.Reviewers {
					r.Index = append(r.Index, "reviewer:"+i.Campaign+"/"+string(who))
				}
			}
			if i.Decision != access.DecisionNone {
				r.Index = append(r.Index, "decision:"+i.Campaign+"/"+string(i.Decision))
			}
			if i.Outcome != "" {
				r.Index = append(r.Index, "outcome:"+i.Campaign+"/"+string(i.Outcome))
			}
			if !i.Restored.IsZero() {
				r.Index = append(r.Index, "restored:"+i.Campaign)
			}
			return r
		},
		set: func(i *access.ReviewItem, v uint64) { i.Version = v },
	}
}

// ReviewItem loads what was said and done about a row of a campaign. Nothing was: ErrNotFound.
func ReviewItem(tx Tx, campaign string, row int) (access.ReviewItem, error) {
	return reviewItems().get(tx, access.ReviewItemID(campaign, row))
}

// PutReviewItem stores i at its version (ErrConflict if it moved on) and raises it.
func PutReviewItem(tx Tx, i *access.ReviewItem) error { return reviewItems().put(tx, i) }

// ReviewItems are the rows of a campaign about which something was said or done, in the order of the rows, a page at a
// time: after is the ID of the last one that is known.
func ReviewItems(tx Tx, campaign, after string, limit int) ([]access.ReviewItem, error) {
	return reviewItems().all(tx.Find("review_item", "campaign:"+campaign, after, limit))
}

// ReviewItemsIn are those of a campaign that are in a state.
func ReviewItemsIn(tx Tx, campaign string, state access.ReviewItemState, after string, limit int) ([]access.ReviewItem, error) {
	return reviewItems().all(tx.Find("review_item", "state:"+campaign+"/"+string(state), after, limit))
}

// ReviewItemsEnding are the rows whose revocation ended a grant.
func ReviewItemsEnding(tx Tx, grant string) ([]access.ReviewItem, error) {
	return reviewItems().whole(tx, "grant:"+grant)
}

// ReviewItemsAbout are the rows about somebody, of all campaigns, a page at a time.
func ReviewItemsAbout(tx Tx, who access.PersonID, after string, limit int) ([]access.ReviewItem, error) {
	return reviewItems().all(tx.Find("review_item", "person:"+string(who), after, limit))
}

// ReviewItemsFor are those that somebody was named for, whatever the snapshot says, and that can still be answered.
func ReviewItemsFor(tx Tx, campaign string, who access.PersonID) ([]access.ReviewItem, error) {
	return reviewItems().whole(tx, "reviewer:"+campaign+"/"+string(who))
}

// ReviewProgress counts how far the rows of a campaign are, by what was said and done about them. Rows without a record
// are in none of its figures.
func ReviewProgress(tx Tx, campaign string) (p access.Progress, err error) {
	count := func(key string) (n int) {
		if err != nil {
			return 0
		}
		var ids []string
		ids, err = idsOf(tx, "review_item", key)
		return len(ids)
	}
	outcome := func(o access.ReviewOutcome) int { return count("outcome:" + campaign + "/" + string(o)) }
	p.Kept, p.Revoked = count("decision:"+campaign+"/"+string(access.DecisionKeep)), count("decision:"+campaign+"/"+string(access.DecisionRevoke))
	p.Answered = p.Kept + p.Revoked
	p.Gone, p.Ended, p.Manual, p.Failed, p.Shared = outcome(access.OutcomeGone), outcome(access.OutcomeEnded), outcome(access.OutcomeManual), outcome(access.OutcomeFailed), outcome(access.OutcomeShared)
	p.Open = p.Revoked - p.Gone - p.Ended - p.Manual - p.Failed - p.Shared - outcome(access.OutcomeVoid)
	p.Restored = count("restored:" + campaign)
	return p, err
}

func worklists() table[access.Worklist] {
	return table[access.Worklist]{
		kind: "worklist",
		row: func(w *access.Worklist) Record {
			r := Record{ID: w.ID(), Version: w.Version, Index: []string{"campaign:" + w.Campaign}}
			stage := w.Campaign + "/" + strconv.Itoa(w.Stage)
			for _, who := range w.AskedNow() {
				r.Index = append(r.Index, "asked:"+stage+"/"+string(who))
				if w.Left() > 0 {
					r.Index = append(r.Index, "left:"+string(who))
				}
			}
			if w.Left() > 0 {
				r.Index = append(r.Index, "open:"+stage)
			}
			return r
		},
		set: func(w *access.Worklist, v uint64) { w.Version = v },
	}
}

// Worklist loads what a reviewer has to do in a stage of a campaign. Nothing: ErrNotFound.
func Worklist(tx Tx, campaign string, stage int, who access.PersonID) (access.Worklist, error) {
	return worklists().get(tx, access.WorklistID(campaign, stage, who))
}

// PutWorklist stores w at its version (ErrConflict if it moved on) and raises it.
func PutWorklist(tx Tx, w *access.Worklist) error { return worklists().put(tx, w) }

// Worklists are those of a campaign, of all stages, a page at a time: after is the ID of the last one that is known.
func Worklists(tx Tx, campaign, after string, limit int) ([]access.Worklist, error) {
	return worklists().all(tx.Find("worklist", "campaign:"+campaign, after, limit))
}

// WorklistsAsked are those of a stage that somebody answers now: their own, and those of whom they stand in the place.
func WorklistsAsked(tx Tx, campaign string, stage int, who access.PersonID) ([]access.Worklist, error) {
	return worklists().whole(tx, "asked:"+campaign+"/"+strconv.Itoa(stage)+"/"+string(who))
}

// WorklistsOpen are those of a stage in which something is left, a page at a time: after is the ID of the last one that
// is known.
func WorklistsOpen(tx Tx, campaign string, stage int, after string, limit int) ([]access.Worklist, error) {
	return worklists().all(tx.Find("worklist", "open:"+campaign+"/"+strconv.Itoa(stage), after, limit))
}

// WorklistsOf are those in which something waits for somebody.
func WorklistsOf(tx Tx, who access.PersonID) ([]access.Worklist, error) {
	return worklists().whole(tx, "left:"+string(who))
}
