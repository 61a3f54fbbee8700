package modals

import (
	"context"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/bot/route"
	"latchkey/workflow/people"
	"latchkey/workflow/requests"
)

// Names of what comes back from Slack. Never changed.
const (
	callbackReassign = "reassign"
	blockTo          = "to"
	blockInstead     = "from"
	actionTo         = "to"
	actionInstead    = "from"

	ofAll = "-" // in the place of all who are asked
)

const reassignTitle = "Who decides"

// Reassigner has somebody else decide a request.
type Reassigner interface {
	Reassign(ctx context.Context, a requests.Reassignment) error
}

// Deciders may have somebody else decide, and know who is who.
type Deciders interface {
	Authority
	Member(ctx context.Context, slackID string) (access.Person, error)
}

// Waiting finds a request that waits by the key of its issue, or by its id.
type Waiting interface {
	WaitingAs(ctx context.Context, label string) (request string, err error)
}

// Reassigning asks who is to decide a request instead of those who are asked, and why.
type Reassigning struct {
	opener   opener
	people   Deciders
	reassign Reassigner
	find     Waiting
}

func (m *Reassigning) routes() route.Table {
	return route.Table{
		Clicks: map[route.Key]route.Click{route.Anywhere(cards.ActionReassign): func(_ context.Context, in payload.Interaction, a payload.Action) error {
			t := targetOf(in, a)
			m.open(in, func(context.Context) (cards.Target, error) { return t, nil })
			return nil
		}},
		Submissions: map[string]route.Submission{callbackReassign: m.submitted},
	}
}

// OpenFor opens the form about a request that is named by its issue.
func (m *Reassigning) OpenFor(user, trigger, label string) {
	in := payload.Interaction{User: payload.Ref{ID: user}, Trigger: trigger}
	m.open(in, func(ctx context.Context) (t cards.Target, err error) {
		t.Request, err = m.find.WaitingAs(ctx, label)
		return t, err
	})
}

func (m *Reassigning) open(in payload.Interaction, which func(context.Context) (cards.Target, error)) {
	m.opener.respond.Fill(in, "open the form that has somebody else decide", reassignTitle, func(ctx context.Context) (v slack.ModalViewRequest, err error) {
		by, err := m.opener.respond.Actor(ctx, in, "", "have somebody else decide")
		if err != nil {
			return v, err
		}
		t, err := which(ctx)
		if err != nil {
			return v, err
		}
		c, err := m.opener.cases.Remembered(ctx, t.Request)
		if err != nil {
			return v, err
		}
		if err := m.people.Allow(ctx, by, people.ActReassign, people.Matter{App: c.Request.App, Request: c.Request}); err != nil {
			return v, m.opener.respond.LogRefusal(ctx, t.Request, by, "have somebody else decide", err)
		}
		return reassignView(c, t), nil
	})
}

func reassignView(c access.Case, t cards.Target) slack.ModalViewRequest {
	r := c.Request
	if r.State != access.RequestPending || r.Stage >= len(r.Stages) {
		return blocks.Notice(reassignTitle, "Nobody is asked to decide on this any more.")
	}
	who := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, blocks.Plain("Choose a person", blocks.MaxPlaceholder), actionTo)
	body := []slack.Block{subject(c), slack.NewInputBlock(blockTo, blocks.Plain("Who is to decide", blocks.MaxHint),
		blocks.Plain("Somebody else than you, and not whom it is about. They are asked at once, and those who were asked read it.", blocks.MaxHint), who)}
	if menu := insteadMenu(c); menu != nil {
		body = append(body, slack.NewInputBlock(blockInstead, blocks.Plain("In whose place", blocks.MaxHint), nil, menu))
	}
	body = append(body, reasonInput("Why?", "Everybody concerned reads this, and it goes into the ticket.", "Noor is ill and can't be reached"))
	v := blocks.Modal(reassignTitle, "Ask them", "Cancel", body...)
	v.CallbackID, v.PrivateMetadata = callbackReassign, t.String()
	return v
}

// insteadMenu offers those who are waited for; nil where there is nothing to choose.
func insteadMenu(c access.Case) *slack.SelectBlockElement {
	stage := c.Request.Stages[c.Request.Stage]
	several := stage.Need.All || stage.Need.Several()
	menu := &slack.SelectBlockElement{Type: slack.OptTypeStatic, ActionID: actionInstead, Placeholder: blocks.Plain("Choose", blocks.MaxPlaceholder)}
	var options []*slack.OptionBlockObject
	if !several {
		options = append(options, blocks.Option(ofAll, "Everybody who is asked", ""))
		menu.InitialOption = options[0]
	}
	for _, one := range access.Principals(c.Request.Awaited(), stage.Delegates) {
		options = append(options, blocks.Option(string(one), c.Person(one).Display(), ""))
	}
	if len(options) == 0 || !several && len(options) <= 2 {
		return nil
	}
	blocks.Offer(menu, options)
	return menu
}

// submitted has them asked.
func (m *Reassigning) submitted(ctx context.Context, in payload.Interaction) ([]byte, error) {
	t := cards.TargetOf(in.View.Metadata)
	by, err := actor(ctx, m.opener.respond, in, t, "have somebody else decide")
	field := blockReason
	if err == nil {
		a := requests.Reassignment{Request: t.Request, By: by, Reason: reasonIn(in)}
		if from := in.View.State.Values.Choice(blockInstead, actionInstead); from != ofAll {
			a.From = access.PersonID(from)
		}
		var to access.Person
		if to, err = m.people.Member(ctx, in.View.State.Values.User(blockTo, actionTo)); err == nil {
			a.To, err = to.ID, m.mayAct(to)
		}
		if err == nil {
			err = m.reassign.Reassign(ctx, a)
		}
	}
	if refusal, ok := access.AsRefusal(err); ok && (refusal.Field == blockTo || refusal.Field == blockInstead && in.View.State.Values[blockInstead] != nil) {
		field = refusal.Field
	}
	return m.opener.respond.Committed(ctx, t.Request, field, err)
}

// mayAct refuses somebody who can't decide, whoever asks them.
func (m *Reassigning) mayAct(p access.Person) error {
	if p.MayAct() == nil {
		return nil
	}
	return access.Refuse(access.Invalid, blockTo, p.Display()+" can't decide on access: it takes an account of this company that is in use. Please choose somebody else.")
}
