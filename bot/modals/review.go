package modals

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/bot/respond"
	"latchkey/bot/route"

	"latchkey/workflow/campaigns/deciding"
	"latchkey/workflow/campaigns/rows"
)

// Reviews have the rows of access reviews, and take what reviewers say of them.
type Reviews interface {
	// Page are rows that wait for somebody, or that they have answered, beginning after one.
	Page(ctx context.Context, who access.PersonID, campaign string, f deciding.Filter, after, limit int) (deciding.Page, error)
	// Rows are some of them, by number.
	Rows(ctx context.Context, who access.PersonID, campaign string, numbers []int) (deciding.Page, error)
	// Answer commits answers. One that says what was said before changes nothing.
	Answer(ctx context.Context, by access.Actor, campaign string, answers []deciding.Answer) (deciding.Answered, error)
}

// Reviewing shows a reviewer the rows of a campaign, some at a time, and takes their answers.
type Reviewing struct {
	respond *respond.Responder
	reviews Reviews
	now     func() time.Time
}

func (m *Reviewing) routes() route.Table {
	return route.Table{
		Clicks: map[route.Key]route.Click{
			route.Anywhere(cards.ActionReview):             m.opened,
			route.In(callbackReview, actionReviewAnswer):   m.answered,
			route.In(callbackReview, actionReviewMore):     m.menu,
			route.In(callbackReview, actionReviewGroup):    m.keepGroup,
			route.In(callbackReview, actionReviewAll):      m.showMany,
			route.In(callbackReviewDone, actionReviewGoOn): m.goOn,
		},
		Submissions: map[string]route.Submission{callbackReview: m.submitted, callbackReviewReasons: m.explained},
	}
}

// opened opens the rows of the campaign that a button names.
func (m *Reviewing) opened(_ context.Context, in payload.Interaction, a payload.Action) error {
	m.Open(in, a.Value)
	return nil
}

// Open opens the rows of a campaign that wait for whoever did something.
func (m *Reviewing) Open(in payload.Interaction, campaign string) {
	s := reviewing{Campaign: campaign, On: respond.Clicker(in).On}
	m.respond.Fill(in, "open the rows of a review", reviewTitle, func(ctx context.Context) (slack.ModalViewRequest, error) {
		return m.draw(ctx, in, s)
	})
}

// draw draws a page for whoever did something.
func (m *Reviewing) draw(ctx context.Context, in payload.Interaction, s reviewing) (slack.ModalViewRequest, error) {
	by, err := m.respond.Actor(ctx, in, "", "review")
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	return m.page(ctx, by.Person, s)
}

func (m *Reviewing) page(ctx context.Context, who access.PersonID, s reviewing) (slack.ModalViewRequest, error) {
	p, err := m.reviews.Page(ctx, who, s.Campaign, deciding.Filter{OnlyOpen: true}, s.After, s.limit())
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	if s.Campaign == "" {
		s.Campaign = p.Campaign.ID
	}
	return reviewView(p, s, together(p.Groups), who, m.now()), nil
}

// groupsOf is how many rows are looked at to keep a group of them.
const groupsOf = 1000

// together are rows with one reason that can be kept at once, the largest group first: those whose suggestion is to keep,
// and of which not all are privileged.
func together(all []deciding.RowGroup) (out []reviewGroup) {
	for _, g := range all {
		if n := g.Rows - g.Privileged; n >= fromGroup && g.Recommended == access.RecommendKeep {
			out = append(out, reviewGroup{g.Because, n})
		}
	}
	slices.SortFunc(out, func(a, b reviewGroup) int {
		return cmp.Or(cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Because, b.Because))
	})
	return out
}

// keptTogether reports whether a row may be kept together with others.
func keptTogether(r rows.Row) bool {
	return !r.Privileged && r.Recommended == access.RecommendKeep && len(r.Conflicts) == 0 && r.Changed == ""
}

// answered keeps a choice as it is made. The view isn't drawn anew: what is chosen stands there.
func (m *Reviewing) answered(ctx context.Context, in payload.Interaction, a payload.Action) error {
	row, ok := rowOf(a.Block)
	if !ok {
		return nil
	}
	return m.commit(ctx, in, []deciding.Answer{{Row: row, Decision: access.ReviewDecision(a.Selected.Value), Took: m.took(in)}})
}

// took is how long the rows have been before the reviewer.
func (m *Reviewing) took(in payload.Interaction) time.Duration {
	s, err := reviewingOf(in.View.Metadata)
	if err != nil || s.Drawn == 0 {
		return 0
	}
	return max(0, m.now().Sub(time.Unix(s.Drawn, 0)))
}

// commit commits answers from the view, and tells those that are refused.
func (m *Reviewing) commit(ctx context.Context, in payload.Interaction, answers []deciding.Answer) error {
	_, err := m.take(ctx, in, answers)
	return m.respond.Explain(in, err)
}

func (m *Reviewing) take(ctx context.Context, in payload.Interaction, answers []deciding.Answer) (deciding.Answered, error) {
	s, err := reviewingOf(in.View.Metadata)
	if err != nil {
		return deciding.Answered{}, access.Refuse(access.Invalid, "", "This form is too old. Please open the review again.")
	}
	by, err := m.respond.Actor(ctx, in, "", "review")
	if err != nil {
		return deciding.Answered{}, err
	}
	by.On = s.On
	done, err := m.reviews.Answer(ctx, by, s.Campaign, answers)
	return done, errors.Join(err, firstRefused(done.Refused))
}

// firstRefused is the refusal of the first of some rows; nil if none was refused.
func firstRefused(refused map[int]error) error {
	first := 0
	for row := range refused {
		if first == 0 || row < first {
			first = row
		}
	}
	return refused[first]
}

// rowOf is the number of the row that a block is about.
func rowOf(block string) (int, bool) {
	text, ok := strings.CutPrefix(block, reviewRowBlock)
	n, err := strconv.Atoi(text)
	return n, ok && err == nil && n > 0
}

// menu shows all that is known of a row, or takes an answer back.
func (m *Reviewing) menu(ctx context.Context, in payload.Interaction, a payload.Action) error {
	what, text, _ := strings.Cut(a.Selected.Value, "/")
	row, err := strconv.Atoi(text)
	if err != nil {
		return nil
	}
	if what == reviewTakeBack {
		if err := m.commit(ctx, in, []deciding.Answer{{Row: row}}); err != nil {
			return err
		}
		m.redraw(in, nil)
		return nil
	}
	s, err := reviewingOf(in.View.Metadata)
	if err != nil {
		return m.respond.Explain(in, access.Refuse(access.Invalid, "", "This form is too old. Please open the review again."))
	}
	m.respond.Fill(in, "show a row of a review", reviewTitle, func(ctx context.Context) (slack.ModalViewRequest, error) {
		return m.details(ctx, in, s.Campaign, row)
	})
	return nil
}

func (m *Reviewing) details(ctx context.Context, in payload.Interaction, campaign string, row int) (slack.ModalViewRequest, error) {
	by, err := m.respond.Actor(ctx, in, "", "review")
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	p, err := m.reviews.Rows(ctx, by.Person, campaign, []int{row})
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	if len(p.Rows) == 0 {
		return blocks.Notice(reviewTitle, "This row isn't yours to answer any more."), nil
	}
	return reviewDetailsView(p.Rows[0]), nil
}

// keepGroup keeps all rows with one reason, as many as there are by now.
func (m *Reviewing) keepGroup(ctx context.Context, in payload.Interaction, a payload.Action) error {
	campaign, because, _ := strings.Cut(a.Value, "/")
	by, err := m.respond.Actor(ctx, in, "", "review")
	if err != nil {
		return m.respond.Explain(in, err)
	}
	p, err := m.reviews.Page(ctx, by.Person, campaign, deciding.Filter{OnlyOpen: true, Because: access.RecommendedBecause(because)}, 0, groupsOf)
	if err != nil {
		return m.respond.Explain(in, err)
	}
	var answers []deciding.Answer
	for _, r := range p.Rows {
		if keptTogether(r) && r.Because == access.RecommendedBecause(because) {
			answers = append(answers, deciding.Answer{Row: r.Number, Decision: access.DecisionKeep, Bulk: true, Took: m.took(in)})
		}
	}
	if err := m.commit(ctx, in, answers); err != nil {
		return err
	}
	m.redraw(in, nil)
	return nil
}

// showMany draws as many rows as a view holds.
func (m *Reviewing) showMany(_ context.Context, in payload.Interaction, _ payload.Action) error {
	m.redraw(in, func(s *reviewing) { s.Many = true })
	return nil
}

// goOn draws the next rows.
func (m *Reviewing) goOn(_ context.Context, in payload.Interaction, a payload.Action) error {
	m.respond.Redraw(in, "show the next rows of a review", func(ctx context.Context) (slack.ModalViewRequest, error) {
		s, err := reviewingOf(in.View.Metadata)
		if err != nil {
			s = reviewing{Campaign: a.Value}
		}
		return m.draw(ctx, in, s)
	})
	return nil
}

// redraw draws the view anew, once what was changed is committed.
func (m *Reviewing) redraw(in payload.Interaction, change func(*reviewing)) {
	m.respond.Redraw(in, "draw a review anew", func(ctx context.Context) (slack.ModalViewRequest, error) {
		s, err := reviewingOf(in.View.Metadata)
		if err != nil {
			return slack.ModalViewRequest{}, err
		}
		if change != nil {
			change(&s)
		}
		return m.draw(ctx, in, s)
	})
}
