package app

import (
	"context"
	"net/http"
	"net/url"

	"latchkey/access"
	"latchkey/workflow/campaigns"
	"latchkey/workflow/campaigns/draft"
)

// What is said of access reviews.
type (
	// Review is one run of an access review.
	Review = access.Campaign
	// ReviewStatus is how one stands.
	ReviewStatus struct {
		Review    access.Campaign
		Draft     draft.Draft      // what is to be known before it starts; once it has started, how it was
		Status    campaigns.Status // once it has started
		Reviewers []ReviewerLeft   // of the stage, those with the most rows left first
	}
	// ReviewerLeft is how far one reviewer is.
	ReviewerLeft struct {
		Name                          string
		Asked                         []string `json:",omitempty"` // who answers now, where that isn't only the reviewer
		Rows, Answered, Revoked, Left int
	}
)

func (s adminServer) reviews(r *http.Request) (any, error) {
	all, err := s.workflow.Campaigns.List(r.Context())
	return append([]access.Campaign{}, all...), err
}

func (s adminServer) review(r *http.Request) (any, error) {
	ctx, id := r.Context(), r.FormValue("id")
	d, err := s.workflow.Campaigns.Draft(ctx, id)
	out := ReviewStatus{Review: d.Campaign, Draft: d}
	if err != nil || d.Campaign.Started.IsZero() {
		return out, err
	}
	out.Status, err = s.workflow.Campaigns.Status(ctx, id)
	for _, w := range out.Status.Worklists {
		var asked []string
		for _, who := range w.Asked {
			asked = append(asked, out.Status.Names[who])
		}
		out.Reviewers = append(out.Reviewers, ReviewerLeft{Asked: asked, Name: out.Status.Names[w.Reviewer], Rows: w.Rows, Answered: w.Answered, Revoked: w.Revoked, Left: w.Left()})
	}
	return out, err
}

// beginReview begins what is configured under an id, or starts the campaign of that id, which was read.
func (s adminServer) beginReview(r *http.Request) (any, error) {
	ctx, id, by := r.Context(), r.FormValue("id"), operator(r)
	c, err := s.workflow.Campaigns.Campaign(ctx, id)
	if err != nil {
		return s.workflow.Campaigns.BeginConfigured(ctx, by, id)
	}
	if c.State == access.CampaignUnproven {
		return c, access.Refuse(access.TooLate, "", "It isn't certain that everybody was read. Accept it in Slack, by name, or have it read again: latchkey review status "+id)
	}
	c, _, err = s.workflow.Campaigns.Start(ctx, by, id)
	return c, err
}

func (s adminServer) readReview(r *http.Request) (any, error) {
	return s.workflow.Campaigns.ReadAgain(r.Context(), operator(r), r.FormValue("id"))
}

func (s adminServer) closeReview(r *http.Request) (any, error) {
	if why := r.FormValue("cancel"); why != "" {
		return s.workflow.Campaigns.Cancel(r.Context(), operator(r), r.FormValue("id"), why)
	}
	return s.workflow.Campaigns.CloseNow(r.Context(), operator(r), r.FormValue("id"))
}

// handOn has somebody else answer: in another one's place, or some rows.
func (s adminServer) handOn(r *http.Request) (any, error) {
	ctx, by, id, why := r.Context(), operator(r), r.FormValue("id"), r.FormValue("why")
	if s.checks == nil { // whoever is to answer is looked up in Slack
		return nil, access.Refuse(access.TooLate, "", "Somebody can be asked only while the bot runs. Please start it, and do this again.")
	}
	to, err := s.workflow.People.Had(ctx, access.NewEmail(r.FormValue("to")))
	if err != nil {
		return nil, err
	}
	numbers, err := rowNumbers(r)
	if err != nil {
		return nil, err
	}
	if len(numbers) > 0 {
		return struct{}{}, s.workflow.Campaigns.Deciding.Reassign(ctx, by, id, numbers, to.ID, why)
	}
	from, err := s.workflow.People.Had(ctx, access.NewEmail(r.FormValue("from")))
	if err != nil {
		return nil, err
	}
	return struct{}{}, s.workflow.Campaigns.Deciding.MoveReviewer(ctx, by, id, from.ID, to.ID, why)
}

// HandOn is who answers at a run of an access review from now on.
type HandOn struct {
	Review string
	From   string   // in whose place, by address; "" where rows are named
	Rows   []string // by number; none: all that waits for whoever it is
	To     string   // by address
	Why    string
}

// HandOnReview has somebody else answer at a review.
func (c *AdminClient) HandOnReview(ctx context.Context, h HandOn, by string) error {
	return c.ask(ctx, http.MethodPost, "/review/hand-on", url.Values{"id": {h.Review}, "from": {h.From}, "row": h.Rows, "to": {h.To}, "why": {h.Why}, "by": {by}}, &struct{}{})
}

// Reviews are all runs of access reviews, the latest first.
func (c *AdminClient) Reviews(ctx context.Context) (all []Review, err error) {
	err = c.ask(ctx, http.MethodGet, "/reviews", nil, &all)
	return all, err
}

// Review is how a run of an access review stands.
func (c *AdminClient) Review(ctx context.Context, id string) (s ReviewStatus, err error) {
	err = c.ask(ctx, http.MethodGet, "/review", url.Values{"id": {id}}, &s)
	return s, err
}

// StartReview begins a review by the id of its configuration, or starts a run that was read, by the run's own.
func (c *AdminClient) StartReview(ctx context.Context, id, by string) (r Review, err error) {
	err = c.ask(ctx, http.MethodPost, "/review/start", url.Values{"id": {id}, "by": {by}}, &r)
	return r, err
}

// ReadReview has the groups of a run read again that hasn't started yet.
func (c *AdminClient) ReadReview(ctx context.Context, id, by string) (r Review, err error) {
	err = c.ask(ctx, http.MethodPost, "/review/read", url.Values{"id": {id}, "by": {by}}, &r)
	return r, err
}

// CloseReview ends a run early, or cancels it for a reason.
func (c *AdminClient) CloseReview(ctx context.Context, id, cancel, by string) (r Review, err error) {
	err = c.ask(ctx, http.MethodPost, "/review/close", url.Values{"id": {id}, "cancel": {cancel}, "by": {by}}, &r)
	return r, err
}
