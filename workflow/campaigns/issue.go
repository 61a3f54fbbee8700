package campaigns

import (
	"encoding/json"
	"fmt"

	"latchkey/access"
	"latchkey/workflow/campaigns/enforcing"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
	"latchkey/workflow/people"
)

// Then names what follows when the issue of a campaign exists.
const Then = "campaign"

// report arranges for the one issue of a campaign.
func (s *Service) report(u *engine.Unit, c access.Campaign) error {
	r := access.IssueReport{ID: c.ID, At: u.At, Title: fmt.Sprintf("Access review: %s, run %d", c.Review.Name, c.Run)}
	if c.Small() {
		name, err := people.ContactIn(u.Tx, c.About)
		if err != nil {
			return err
		}
		r.Title = "Access review of " + name
		r.Lines = append(r.Lines, "It began by itself: "+why(c.Occasion)+".")
	}
	r.Lines = append(r.Lines,
		"Whose access is looked at, by whom, and what becomes of it is written here, and in its evidence: latchkey review export.",
		s.how())
	return ledger.Report(u, r, Then, c.ID)
}

// how says where a review is decided.
func (s *Service) how() string {
	if !s.written {
		return "It is decided in Slack. Nothing that is written here decides anything."
	}
	return "Reviewers answer in Slack, or with a comment here: “rows” shows which rows wait for whoever writes it; “keep 3”, “keep 3: why”, “revoke 4: why” and “not mine 5” answer them, each in a line of its own."
}

// why says what an occasion is.
func why(o access.Occasion) string {
	switch o {
	case access.OnMoved:
		return "they have moved to another department"
	case access.OnNewManager:
		return "they report to somebody else now"
	case access.OnAdopted:
		return "access was found that nobody had asked for"
	case access.OnExceptionLapsed:
		return "what was allowed as an exception isn't any more"
	}
	return "something about them has changed"
}

// Reported is the room's line in the table of what follows when the issue of a report exists.
func Reported() map[string]ledger.Reported {
	all := enforcing.Reported()
	all[Then] = func(u *engine.Unit, r access.IssueReport, _ json.RawMessage, issue access.Issue) error {
		c, err := engine.Load(u, rows.Campaigns(), r.ID)
		if err != nil {
			return err
		}
		e := c.Event(access.EventCampaignIssue, access.System(), u.At)
		e.Issue = &issue
		if c, err = engine.Move(u, rows.Campaigns(), c, e); err != nil || c.State != access.CampaignCancelled {
			return err
		}
		return ledger.Close(u, c.Issue)
	}
	return all
}
