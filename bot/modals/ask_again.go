package modals

import (
	"context"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/bot/route"
	"latchkey/catalog"
	"latchkey/workflow/query"
)

// roleGone is said where a role was asked for that the app has no more.
const roleGone = "The role you asked for isn't offered any more. Please choose another one."

// Reopener finds what somebody may ask for once more.
type Reopener interface {
	Again(ctx context.Context, request string, by access.Actor) (query.Again, error)
}

// again leads from what was denied, lapsed or ended back to the form, filled in with what was
// asked for. Who may read that is established before anything is shown; whether it may be asked
// for is found out as of any other request, when the form is sent.
type again struct {
	form     *RequestForm
	unlisted unlisted
	more     extension
	known    Reopener
}

func (m again) routes() route.Table {
	return route.Table{Clicks: map[route.Key]route.Click{route.Anywhere(cards.ActionAskAgain): m.open}}
}

func (m again) open(ctx context.Context, in payload.Interaction, a payload.Action) error {
	const what = "ask again"
	id := cards.TargetOf(a.Value).Request
	by, err := m.form.respond.Actor(ctx, in, id, what)
	if err != nil {
		return m.form.respond.Explain(in, err)
	}
	found, err := m.known.Again(ctx, id, by)
	switch {
	case err != nil:
		return m.form.respond.Explain(in, m.form.respond.LogRefusal(ctx, id, by, what, err))
	case found.Running != "":
		return m.more.open(ctx, in, payload.Action{Value: cards.Target{Request: found.Running}.String()})
	case found.Request.Unlisted != "":
		m.unlisted.push(in, found.Request.Unlisted, reasonOf(found.Request, by.Person))
		return nil
	}
	m.form.openWith(in.User.ID, in.Trigger, formAgain(m.form.catalog(), found, by.Person))
	return nil
}

// reasonOf is the reason that was given, for whoever gave it: nobody sends another's words as
// their own.
func reasonOf(r access.Request, reader access.PersonID) string {
	if r.Requester != reader {
		return ""
	}
	return r.Reason
}

// formAgain is the form with what was asked for, as far as it is offered still.
func formAgain(c *catalog.Catalog, a query.Again, reader access.PersonID) form {
	r := a.Request
	f := form{App: r.App, Role: r.Role, Wanted: r.Wanted, Reason: blocks.Clip(reasonOf(r, reader), access.MaxReason)}
	if f.Other = r.Beneficiary != reader; f.Other && a.For.Standing == access.Active {
		f.Whom = a.For.Account(access.SystemSlack)
	}
	app, known := c.App(r.App)
	if !known || !app.Offered() {
		f.App, f.Role, f.Hint = "", "", appGone
		return f
	}
	if _, offered := app.Role(r.Role); !offered {
		f.Role, f.Hint = onlyRole(app), roleGone
	}
	return f
}
