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
	"latchkey/workflow/query"
)

const moreTitle = "About this request"

// Backgrounds finds what helps to decide on a request.
type Backgrounds interface {
	Background(ctx context.Context, c access.Case) (query.Background, error)
}

// more shows what a card has no room for, to those whom the request concerns, and what
// else they can do about it.
type more struct {
	opener opener
	people Authority
	known  Backgrounds
	cards  cards.Config
}

func (m more) routes() route.Table {
	return route.Table{Clicks: map[route.Key]route.Click{route.Anywhere(cards.ActionMore): m.open}}
}

func (m more) open(_ context.Context, in payload.Interaction, a payload.Action) error {
	t := targetOf(in, a)
	m.opener.respond.Fill(in, "show the details of a request", moreTitle, func(ctx context.Context) (slack.ModalViewRequest, error) {
		return m.view(ctx, in, t)
	})
	return nil
}

func (m more) view(ctx context.Context, in payload.Interaction, t cards.Target) (v slack.ModalViewRequest, err error) {
	reader, err := m.opener.respond.Person(ctx, in, t.Request, "see the details")
	if err != nil {
		return v, err
	}
	c, err := m.opener.cases.Remembered(ctx, t.Request)
	if err != nil {
		return v, err
	}
	by := access.Actor{Person: reader.ID, Via: access.ViaSlack, Account: in.User.ID}
	if err := m.allowed(ctx, by, c.Request); err != nil {
		return v, m.opener.respond.LogRefusal(ctx, t.Request, by, "see the details", err)
	}
	known, err := m.known.Background(ctx, c)
	if err != nil {
		return v, err
	}
	body := cards.Details(c, known, reader, m.cards)
	if c.Request.State == access.RequestPending && m.people.Allow(ctx, by, people.ActReassign, people.Matter{App: c.Request.App, Request: c.Request}) == nil {
		body = append(body, slack.NewActionBlock("", cards.ReassignButton(c.Request)))
	}
	v = blocks.Modal(moreTitle, "", "Close", body...)
	v.PrivateMetadata = t.String()
	return v, nil
}

// allowed tells whether somebody may see the details. Who takes part may, and no directory has
// to be asked for that.
func (m more) allowed(ctx context.Context, by access.Actor, r access.Request) error {
	if people.TakesPart(r, by.Person) {
		return nil
	}
	return m.people.Allow(ctx, by, people.ActDetail, people.Matter{App: r.App, Request: r})
}
