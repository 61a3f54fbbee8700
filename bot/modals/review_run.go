package modals

import (
	"context"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/bot/respond"
	"latchkey/bot/route"
	"latchkey/catalog"

	"latchkey/workflow/campaigns"
	"latchkey/workflow/campaigns/draft"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/people"
	"latchkey/workflow/query"
)

// CampaignViews tell how access reviews stand.
type CampaignViews interface {
	List(ctx context.Context) ([]access.Campaign, error)
	// Draft is what is to be known before a campaign starts.
	Draft(ctx context.Context, id string) (draft.Draft, error)
	// Status is how far everybody is who is asked.
	Status(ctx context.Context, id string) (campaigns.Status, error)
}

// CampaignStarts begin access reviews, up to where reviewers are asked.
type CampaignStarts interface {
	BeginConfigured(ctx context.Context, by access.Actor, review string) (access.Campaign, error)
	Start(ctx context.Context, by access.Actor, id string) (c access.Campaign, reading bool, err error)
	ReadAgain(ctx context.Context, by access.Actor, id string) (access.Campaign, error)
	Accept(ctx context.Context, by access.Actor, id, why string) (access.Campaign, error)
}

// CampaignEnds end access reviews.
type CampaignEnds interface {
	CloseNow(ctx context.Context, by access.Actor, id string) (access.Campaign, error)
	Cancel(ctx context.Context, by access.Actor, id, why string) (access.Campaign, error)
}

// Removals are what access reviews took away.
type Removals interface {
	// Removed are rows that were taken away and can still be given back.
	Removed(ctx context.Context, id string, most int) ([]rows.Row, error)
	// Restore gives back what a row took away, by the approval that it had.
	Restore(ctx context.Context, by access.Actor, id string, row int, why string) (access.Grant, error)
}

// Names of what comes back from Slack. Never changed.
const (
	callbackCampaigns = "campaigns"
	callbackCampaign  = "campaign"
	callbackAccept    = "campaign_accept"
	callbackCancel    = "campaign_cancel"

	actionCampaignBegin  = "campaign_begin"
	actionCampaignShow   = "campaign_show"
	actionCampaignStart  = "campaign_start"
	actionCampaignRead   = "campaign_read_again"
	actionCampaignAccept = "campaign_accept"
	actionCampaignCancel = "campaign_cancel"
	actionCampaignClose  = "campaign_close"
	actionRestore        = "review_restore"
	callbackRestore      = "review_restore"
	restoreTitle         = "Give back"

	campaignsTitle = "Access reviews"
	acceptTitle    = "Accept as it is"
	cancelTitle    = "Cancel the review"

	// campaignsShown is how many campaigns the list names.
	campaignsShown = 12
)

// Waits tells what waits for somebody.
type Waits interface {
	Waiting(ctx context.Context, who access.PersonID, from, size int) (query.List[query.Waiting], error)
}

// CampaignRuns shows IT the access reviews, begins and starts them; whoever isn't IT sees what waits for them.
type CampaignRuns struct {
	respond  *respond.Responder
	catalog  func() *catalog.Catalog
	views    CampaignViews
	starts   CampaignStarts
	ends     CampaignEnds
	removals Removals
	waits    Waits

	authority Authority
}

func (m *CampaignRuns) routes() route.Table {
	return route.Table{
		Clicks: map[route.Key]route.Click{
			route.In(callbackCampaigns, actionCampaignBegin): m.begin,
			route.Anywhere(actionCampaignShow):               m.show,
			route.In(callbackCampaign, actionCampaignStart): m.changing("start a review", func(ctx context.Context, by access.Actor, id string) (string, error) {
				_, reading, err := m.starts.Start(ctx, by, id)
				if reading {
					return "What was read is more than a day old, so it is read again first. The review starts once that is done.", err
				}
				return "The review has started. Everybody who is asked is told.", err
			}),
			route.In(callbackCampaign, actionCampaignRead): m.changing("read again for a review", func(ctx context.Context, by access.Actor, id string) (string, error) {
				_, err := m.starts.ReadAgain(ctx, by, id)
				return "The groups are read again. IT is told when that is done.", err
			}),
			route.In(callbackCampaign, actionCampaignClose): m.changing("end a review early", func(ctx context.Context, by access.Actor, id string) (string, error) {
				c, err := m.ends.CloseNow(ctx, by, id)
				if c.State == access.CampaignClosed {
					return "The review is closed. What wasn't removed by hand stands in its evidence.", err
				}
				return "Nobody answers any more. What was revoked is removed and looked at again; then the review closes.", err
			}),
			route.In(callbackCampaign, actionRestore):        m.asking(restoreTitle, callbackRestore, "Why is it given back?", "It comes back by the approval it had, for what was left of its time, once that is written down."),
			route.In(callbackCampaign, actionCampaignAccept): m.asking(acceptTitle, callbackAccept, "Why can it be taken as it is?", "The evidence prints your name and these words."),
			route.In(callbackCampaign, actionCampaignCancel): m.asking(cancelTitle, callbackCancel, "Why is it cancelled?", "What was revoked by now stays revoked."),
		},
		Submissions: map[string]route.Submission{
			callbackRestore: m.explained("give back what a review took away", m.restore),
			callbackAccept: m.explained("accept what was read", func(ctx context.Context, by access.Actor, id, why string) error {
				_, err := m.starts.Accept(ctx, by, id, why)
				return err
			}),
			callbackCancel: m.explained("cancel a review", func(ctx context.Context, by access.Actor, id, why string) error {
				_, err := m.ends.Cancel(ctx, by, id, why)
				return err
			}),
		},
	}
}

// Open shows the access reviews, for whoever did something.
func (m *CampaignRuns) Open(user, trigger string) {
	in := payload.Interaction{User: payload.Ref{ID: user}, Trigger: trigger}
	m.respond.Fill(in, "show the access reviews", campaignsTitle, func(ctx context.Context) (slack.ModalViewRequest, error) {
		return m.list(ctx, in)
	})
}

// runs tells whether somebody may run reviews.
func (m *CampaignRuns) runs(ctx context.Context, by access.Actor) (bool, error) {
	err := m.authority.Allow(ctx, by, people.ActReview, people.Matter{})
	if _, refused := access.AsRefusal(err); refused {
		return false, nil
	}
	return err == nil, err
}

func (m *CampaignRuns) list(ctx context.Context, in payload.Interaction) (slack.ModalViewRequest, error) {
	by, err := m.respond.Actor(ctx, in, "", "see access reviews")
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	list, err := m.waiting(ctx, by.Person)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	runs, err := m.runs(ctx, by)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	if runs {
		all, err := m.views.List(ctx)
		if err != nil {
			return slack.ModalViewRequest{}, err
		}
		list = append(list, configuredReviews(m.catalog().Reviews(), all)...)
		list = append(list, campaignLines(all)...)
	}
	if len(list) == 0 {
		list = append(list, blocks.Section("No access review waits for you."))
	}
	v := blocks.Modal(campaignsTitle, "", "Close", list...)
	v.CallbackID = callbackCampaigns
	return v, nil
}

// waiting are the reviews of which rows wait for somebody.
func (m *CampaignRuns) waiting(ctx context.Context, who access.PersonID) (out []slack.Block, err error) {
	const most = 500
	all, err := m.waits.Waiting(ctx, who, 0, most)
	for _, w := range all.Items {
		if w.For == query.WaitsForRows {
			text := "*" + blocks.Escape(w.Campaign.Review.Name, blocks.MaxName) + "*: " + blocks.Count(w.Rows, "row") + " " + blocks.Agree(w.Rows, "waits", "wait") + " for you" + reviewUntil(w.Campaign)
			b := cards.ReviewRowsButton(w.Campaign.ID, w.Campaign.Review.Name)
			if len(out) > 0 {
				b.Style = ""
			}
			out = append(out, slack.NewSectionBlock(blocks.Markup(text), nil, slack.NewAccessory(b)))
		}
	}
	return out, err
}

// configuredReviews are what can be begun: a review of which no run goes on, and which no occasion begins.
func configuredReviews(reviews []catalog.Review, all []access.Campaign) (out []slack.Block) {
	running := map[string]bool{}
	for _, c := range all {
		running[c.Review.ID] = running[c.Review.ID] || c.Running() && !c.Small()
	}
	for _, r := range reviews {
		if running[r.ID] || len(r.Occasions) > 0 || len(out) > campaignsShown {
			continue
		}
		b := blocks.Confirmed(blocks.Button(actionCampaignBegin, r.ID, "Begin", ""), "Begin "+blocks.Clip(r.Name, 60)+"?", "Who is in which group is read first. Nobody is asked before you have seen what was read and start it, unless the review starts by itself.", "Begin")
		text := "*" + blocks.Escape(r.Name, blocks.MaxName) + "* isn't running."
		out = append(out, slack.NewSectionBlock(blocks.Markup(text), nil, slack.NewAccessory(blocks.Spoken(r.Name, b)[0])))
	}
	return out
}

func campaignLines(all []access.Campaign) (out []slack.Block) {
	for _, c := range all[:min(len(all), campaignsShown)] {
		b := blocks.Spoken(c.Review.Name+" "+c.ID, blocks.Button(actionCampaignShow, c.ID, "Show", ""))[0]
		out = append(out, slack.NewSectionBlock(blocks.Markup(campaignLine(c)), nil, slack.NewAccessory(b)))
	}
	if more := len(all) - campaignsShown; more > 0 {
		out = append(out, blocks.SmallPrint("… and "+blocks.Count(more, "earlier one")+": latchkey review status lists all."))
	}
	return out
}

// campaignLine says in two lines how a campaign stands.
func campaignLine(c access.Campaign) string {
	text := "*" + blocks.Escape(c.Review.Name, blocks.MaxName) + "*, " + blocks.Escape(c.ID, 40) + ": " + campaignStands(c)
	return text + "\n" + blocks.Dotted(blocks.Count(c.Counts.Rows, "row")+" of "+blocks.Count(c.Counts.People, "person", "people"), "begun "+blocks.When(c.Created), blocks.Link(c.Issue.URL, c.Issue.Key))
}

func campaignStands(c access.Campaign) string {
	switch c.State {
	case access.CampaignReading:
		return "the groups are being read"
	case access.CampaignUnproven:
		return "it isn't certain that everybody was read; IT has to look"
	case access.CampaignDraft:
		return "read; it waits to be started"
	case access.CampaignOpen:
		if c.Due.IsZero() {
			return "what nobody answered is left to IT"
		}
		return "reviewers answer until " + blocks.When(c.Due)
	case access.CampaignEnforcing:
		if until := c.OnlyHands(); !until.IsZero() {
			return "answered; it stays open until " + blocks.When(until) + " at the latest for what is removed by hand"
		}
		return "answered; what was revoked is being removed"
	case access.CampaignCancelled:
		return "cancelled " + blocks.When(c.Closed)
	}
	return "closed " + blocks.When(c.Closed)
}

func (m *CampaignRuns) begin(ctx context.Context, in payload.Interaction, a payload.Action) error {
	by, err := m.respond.Actor(ctx, in, "", "begin a review")
	if err == nil {
		_, err = m.starts.BeginConfigured(ctx, by, a.Value)
	}
	if err == nil {
		m.respond.Redraw(in, "show the access reviews", func(ctx context.Context) (slack.ModalViewRequest, error) { return m.list(ctx, in) })
	}
	return m.respond.Explain(in, err)
}

// show shows one campaign, with what can be done about it.
func (m *CampaignRuns) show(_ context.Context, in payload.Interaction, a payload.Action) error {
	m.respond.Fill(in, "show an access review", campaignsTitle, func(ctx context.Context) (slack.ModalViewRequest, error) {
		return m.campaign(ctx, in, a.Value, "")
	})
	return nil
}

// campaign is one campaign, for those who may run it.
func (m *CampaignRuns) campaign(ctx context.Context, in payload.Interaction, id, said string) (slack.ModalViewRequest, error) {
	by, err := m.respond.Actor(ctx, in, "", "see an access review")
	if err == nil {
		err = m.authority.Allow(ctx, by, people.ActReview, people.Matter{})
	}
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	d, err := m.views.Draft(ctx, id)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	removed, err := m.removed(ctx, d.Campaign)
	return campaignView(d, removed, said), err
}

// removedShown is how many rows can be given back from one view.
const removedShown = 10

func (m *CampaignRuns) removed(ctx context.Context, c access.Campaign) ([]rows.Row, error) {
	if c.Started.IsZero() {
		return nil, nil
	}
	return m.removals.Removed(ctx, c.ID, removedShown)
}

// restore gives back the row that a form names.
func (m *CampaignRuns) restore(ctx context.Context, by access.Actor, what, why string) error {
	campaign, row, _ := strings.Cut(what, "/")
	n, err := strconv.Atoi(row)
	if err != nil {
		return access.Refuse(access.Invalid, "", "This form is too old. Please open the review again.")
	}
	_, err = m.removals.Restore(ctx, by, campaign, n, why)
	return err
}

// changing does something to the campaign that a button in its view names, and says what came of it.
func (m *CampaignRuns) changing(what string, do func(context.Context, access.Actor, string) (string, error)) route.Click {
	return func(ctx context.Context, in payload.Interaction, a payload.Action) error {
		by, err := m.respond.Actor(ctx, in, "", what)
		said := ""
		if err == nil {
			said, err = do(ctx, by, a.Value)
		}
		if err == nil {
			m.respond.Redraw(in, what, func(ctx context.Context) (slack.ModalViewRequest, error) { return m.campaign(ctx, in, a.Value, said) })
		}
		return m.respond.Explain(in, err)
	}
}

// asking opens a form for the reason of something that is done to a campaign.
func (m *CampaignRuns) asking(title, callback, question, hint string) route.Click {
	return func(ctx context.Context, in payload.Interaction, a payload.Action) error {
		v := blocks.Modal(title, "Send", "Back", focusedReasonInput(question, hint, ""))
		v.CallbackID, v.PrivateMetadata = callback, a.Value
		return m.respond.Push(ctx, in, v)
	}
}

func (m *CampaignRuns) explained(what string, do func(ctx context.Context, by access.Actor, id, why string) error) route.Submission {
	return func(ctx context.Context, in payload.Interaction) ([]byte, error) {
		by, err := m.respond.Actor(ctx, in, "", what)
		if err == nil {
			err = do(ctx, by, in.View.Metadata, strings.TrimSpace(reasonIn(in)))
		}
		return payload.Finished(m.respond.Committed(ctx, "", blockReason, err))
	}
}
