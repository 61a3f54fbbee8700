package e2e

import (
	"fmt"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/bot/socket"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/store/snapshot"
	"latchkey/workflow/people/peopletest"
)

// reviewed is an access review, as far as it has come.
type reviewed struct {
	campaign access.Campaign
	row      *access.ReviewItem
}

// authoritySnapshot names what was read for all reviews of the table: that Maya is in a group, which Noor answers.
const authoritySnapshot = "authority"

// readMemberships writes it.
func readMemberships(t *testing.T, s store.Store) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	to, err := snapshot.Begin(t.Context(), s, authoritySnapshot, time.Now().UTC(), snapshot.Options{})
	must(err)
	maya, err := to.AddPeople(t.Context(),
		snapshot.Person{Directory: "okta", Account: "00u-maya", ID: peopletest.ID("maya"), Name: "Maya Lind", Status: access.Active},
		snapshot.Person{Directory: "okta", Account: "00u-noor", ID: peopletest.ID("noor"), Name: "Noor Haddad", Status: access.Active})
	must(err)
	must(to.BeginGroup(snapshot.Group{Ref: plainGroup(), ID: "g1", Name: "kit-plain", App: "kit", Roles: []string{"plain"}}))
	must(to.AddRows(t.Context(), snapshot.Row{Account: maya, Reviewers: []int{maya + 1}}))
	must(to.EndGroup(t.Context(), nil))
	_, err = to.Finish(t.Context(), time.Now().UTC())
	must(err)
}

func plainGroup() catalog.GroupRef { return catalog.GroupRef{Directory: "okta", Group: "kit-plain"} }

// authorityReview is a review that Noor answers.
func authorityReview() catalog.Review {
	return catalog.Review{
		ID: "quarter", Name: "Quarter", Unanswered: catalog.KeepAccess, Unreachable: catalog.EscalateReview, Undo: catalog.Day, Restore: 30 * catalog.Day,
		Stages: []catalog.ReviewStage{{Reviewers: []catalog.Approver{{Kind: catalog.Manager}}, Strategy: catalog.AllMustKeep, Lasts: catalog.Week}},
	}
}

// reviewActs are all that is done about access reviews.
func reviewActs(reason, to, toBeneficiary map[string]any) []authorityAct {
	type obj = map[string]any
	chosen := func(answer string) obj {
		return obj{"row-1": obj{"review_answer": obj{"selected_option": obj{"value": answer}}}}
	}
	rows := func(numbers string, who obj) obj {
		out := obj{"rows": obj{"rows": obj{"value": numbers}}}
		for _, o := range []obj{reason, who} {
			for k, v := range o {
				out[k] = v
			}
		}
		return out
	}
	list := obj{"from": obj{"from": obj{"selected_option": obj{"value": string(peopletest.ID("noor"))}}}}
	return []authorityAct{
		{"say review", openReview, say("review")},
		{"begin a review", noReview, inView("campaigns", "", obj{"action_id": "campaign_begin", "value": "quarter"})},
		{"press Start of a review", draftReview, campaignClick("campaign_start")},
		{"press Read again of a review", draftReview, campaignClick("campaign_read_again")},
		{"accept a review that isn't proven", unprovenReview, form("campaign_accept", "-RV", reason)},
		{"accept a review that isn't proven without a reason", unprovenReview, form("campaign_accept", "-RV", obj{})},
		{"cancel a review", openReview, form("campaign_cancel", "-RV", reason)},
		{"cancel a review that is closed", goneRow, form("campaign_cancel", "-RV", reason)},
		{"press End it now of a review", openReview, campaignClick("campaign_close")},
		{"keep a row of a review", openReview, rowClick("keep")},
		{"revoke a row of a review", openReview, rowClick("revoke")},
		{"say that a row of a review isn't theirs", openReview, rowClick("not_mine")},
		{"say what is no answer of a row", openReview, rowClick("perhaps")},
		{"send the answers of a review", openReview, reviewForm(chosen("keep"))},
		{"keep a row of a review that is over", goneRow, rowClick("keep")},
		{"hand a reviewer's list on", openReview, form("review_hand_on", "-RV", rows("", merged(list, to)))},
		{"hand a row of a review on", openReview, form("review_hand_on", "-RV", rows("1", to))},
		{"hand a row of a review on to whose it is", openReview, form("review_hand_on", "-RV", rows("1", toBeneficiary))},
		{"give back what a review took away", goneRow, form("review_restore", "-RV/1", reason)},
		{"give back what a review took away without a reason", goneRow, form("review_restore", "-RV/1", obj{})},
	}
}

func merged(all ...map[string]any) map[string]any {
	out := map[string]any{}
	for _, o := range all {
		for k, v := range o {
			out[k] = v
		}
	}
	return out
}

// inView is a button of a view.
func inView(callback, metadata string, action map[string]any) func(string, string, int) socket.Envelope {
	return func(request, user string, n int) socket.Envelope {
		return envelope("interactive", map[string]any{
			"type": "block_actions", "user": map[string]any{"id": user}, "trigger_id": fmt.Sprint(n), "container": map[string]any{"type": "view"},
			"view":    map[string]any{"id": fmt.Sprint("V", n), "type": "modal", "callback_id": callback, "private_metadata": metadata},
			"actions": []any{action},
		})
	}
}

// campaignClick is a button of the view of a review.
func campaignClick(action string) func(string, string, int) socket.Envelope {
	return func(request, user string, n int) socket.Envelope {
		return inView("campaign", "", map[string]any{"action_id": action, "value": request + "-RV"})(request, user, n)
	}
}

// rowClick is a choice that is made in the rows of a review.
func rowClick(answer string) func(string, string, int) socket.Envelope {
	return func(request, user string, n int) socket.Envelope {
		return inView("access_review", `{"c":"`+request+`-RV"}`, map[string]any{"action_id": "review_answer", "block_id": "row-1", "selected_option": map[string]any{"value": answer}})(request, user, n)
	}
}

func reviewForm(values map[string]any) func(string, string, int) socket.Envelope {
	return func(request, user string, n int) socket.Envelope {
		return rawForm("access_review", `{"c":"`+request+`-RV"}`, values)(request, user, n)
	}
}

// noReview is access while no review is going on.
func noReview(id string) situation { return active(id) }

// reviewAt is access that is under review.
func reviewAt(id string, state access.CampaignState) situation {
	s := active(id)
	now := s.request.Created
	s.review = &reviewed{campaign: access.Campaign{
		ID: id + "-RV", Review: authorityReview(), Run: 1, State: state, Created: now, Snapshot: authoritySnapshot, Read: now, Issue: access.Issue{ID: "9", Key: "IT-9"},
		Counts: access.RowCounts{Rows: 1, People: 1, Groups: 1, Reviewers: 1},
	}}
	return s
}

func draftReview(id string) situation { return reviewAt(id, access.CampaignDraft) }

func unprovenReview(id string) situation {
	s := reviewAt(id, access.CampaignUnproven)
	s.review.campaign.Unproven = []string{"okta:kit-plain: 3 of 4"}
	return s
}

// openReview is one that Noor answers.
func openReview(id string) situation {
	s := reviewAt(id, access.CampaignOpen)
	c := &s.review.campaign
	c.Started, c.Due = c.Created, c.Created.Add(catalog.Week)
	return s
}

// goneRow is a review that is over, and took Maya's access away by the word of Noor.
func goneRow(id string) situation {
	s := reviewAt(id, access.CampaignClosed)
	s.grant.State, s.grant.Finished, s.grant.End = access.GrantEnded, s.request.Created, access.EndReviewed
	s.grant.Entitlements[0].State = access.EntitlementRemoved
	c, at := &s.review.campaign, s.request.Created
	c.Started, c.Closed, c.DecidedAt = at, at, at
	s.review.row = &access.ReviewItem{
		Campaign: c.ID, Row: 1, Person: peopletest.ID("maya"), App: "kit", Role: "plain", Group: plainGroup(), GroupID: "g1", Account: "00u-maya", Grant: s.grant.ID, Rule: access.RuleOf(c.Review),
		State: access.ItemSettled, Reviewers: []access.PersonID{peopletest.ID("noor")}, Decision: access.DecisionRevoke, Grounds: access.ByAnswers, Decided: at, Enforce: at, Ends: []string{s.grant.ID},
		Answers: []access.ReviewAnswer{{By: access.Actor{Person: peopletest.ID("noor"), Via: access.ViaSlack}, Decision: access.DecisionRevoke, Reason: "Not on the team", At: at}},
		Issue:   access.Issue{ID: "10", Key: "IT-10"}, Outcome: access.OutcomeGone, ReadBack: at, Rechecked: at,
	}
	return s
}

// put stores the review, with what waits for Noor.
func (r *reviewed) put(tx store.Tx) error {
	c := r.campaign
	if err := store.PutCampaign(tx, &c); err != nil {
		return err
	}
	if r.row != nil {
		i := *r.row
		return store.PutReviewItem(tx, &i)
	}
	if c.State != access.CampaignOpen {
		return nil
	}
	w := access.Worklist{Campaign: c.ID, Reviewer: peopletest.ID("noor"), Rows: 1}
	return store.PutWorklist(tx, &w)
}

// reviewState is everything stored about a review.
func reviewState(tx store.Tx, campaign string) (out []any, err error) {
	all, err := store.Campaigns(tx, "", 100)
	if err != nil {
		return nil, err
	}
	items, err := store.ReviewItems(tx, campaign, "", 100)
	if err != nil {
		return nil, err
	}
	lists, err := store.Worklists(tx, campaign, "", 100)
	return []any{all, items, lists}, err
}
