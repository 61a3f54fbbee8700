package bot

import (
	"context"

	"latchkey/access"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/bot/respond"
	"latchkey/bot/route"
	"latchkey/workflow/requests"
)

// presses commits clicks on cards that need nothing but who and which request.
type presses struct {
	respond  *respond.Responder
	requests *requests.Service
}

func (p presses) routes() route.Table {
	return route.Table{Clicks: map[route.Key]route.Click{
		route.Anywhere(cards.ActionClaim):     p.press("claim", p.requests.Claim),
		route.Anywhere(cards.ActionWithdraw):  p.press("withdraw", p.requests.Cancel),
		route.Anywhere(cards.ActionReturn):    p.press("give back", p.requests.Return),
		route.Anywhere(cards.ActionDone):      p.press("confirm a change by hand", p.requests.Fulfil),
		route.Anywhere(cards.ActionRetry):     p.press("retry", p.requests.Retry),
		route.Anywhere(cards.ActionRetryTask): p.retryTask,
	}}
}

// press is a click that does one thing to a request; what names it in the log of
// refusals.
func (p presses) press(what string, do func(context.Context, string, access.Actor) error) route.Click {
	return func(ctx context.Context, in payload.Interaction, a payload.Action) error {
		t := cards.TargetOf(a.Value)
		by, err := p.respond.Actor(ctx, in, t.Request, what)
		if err == nil {
			err = do(ctx, t.Request, by)
		}
		return p.respond.Explain(in, err)
	}
}

// retryTask has a stuck task that belongs to no request tried again.
func (p presses) retryTask(ctx context.Context, in payload.Interaction, a payload.Action) error {
	by, err := p.respond.Actor(ctx, in, "", "retry")
	if err == nil {
		_, err = p.requests.Unstick(ctx, a.Value, by)
	}
	return p.respond.Explain(in, err)
}
