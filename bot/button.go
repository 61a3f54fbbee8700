package bot

import (
	"cmp"
	"context"

	"latchkey/access"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/bot/respond"
	"latchkey/bot/route"
	"latchkey/workflow/people"
	"latchkey/workflow/requests"
)

// buttons commit clicks on cards that need nothing but who and which request.
type buttons struct {
	respond  *respond.Responder
	requests *requests.Service
	cases    cards.Rememberer
}

func (b buttons) routes() route.Table {
	return route.Table{Clicks: map[route.Key]route.Click{
		route.Anywhere(cards.ActionClaim):     b.press("claim", b.requests.Claim),
		route.Anywhere(cards.ActionNudge):     b.press("nudge", b.requests.Nudge),
		route.Anywhere(cards.ActionCancel):    b.press("cancel", b.requests.Cancel),
		route.Anywhere(cards.ActionReturn):    b.press("give back", b.requests.Return),
		route.Anywhere(cards.ActionDone):      b.byHand("confirm a change by hand", b.requests.Fulfil),
		route.Anywhere(cards.ActionTake):      b.byHand("take on a change by hand", b.requests.Take),
		route.Anywhere(cards.ActionRetry):     b.press("retry", b.requests.Retry),
		route.Anywhere(cards.ActionRetryTask): b.retryTask,
		route.Anywhere(cards.ActionOpenApp):   opened,
	}}
}

// press is a click that does one thing to a request; what names it in the log of
// refusals.
func (b buttons) press(what string, do func(context.Context, string, access.Actor) error) route.Click {
	return func(ctx context.Context, in payload.Interaction, a payload.Action) error {
		t := cards.TargetOf(a.Value)
		by, err := b.respond.Actor(people.Alone(ctx), in, t.Request, what)
		if err == nil {
			err = do(ctx, t.Request, by)
		}
		return b.respond.Explain(in, cards.Overtaken(ctx, b.cases, t.Request, by.Person, err))
	}
}

// byHand takes what somebody says of a change by hand, with one click. Buttons from before
// directions were told apart were made for giving.
func (b buttons) byHand(what string, do func(context.Context, string, access.Direction, access.Actor) error) route.Click {
	return func(ctx context.Context, in payload.Interaction, a payload.Action) error {
		t := cards.TargetOf(a.Value)
		by, err := b.respond.Actor(people.Alone(ctx), in, t.Request, what)
		if err == nil {
			err = do(ctx, t.Request, cmp.Or(t.Direction, access.Granting), by)
		}
		return b.respond.Explain(in, err)
	}
}

// retryTask has a stuck task that belongs to no request tried again. What the list
// showed may be over by now.
func (b buttons) retryTask(ctx context.Context, in payload.Interaction, a payload.Action) error {
	by, err := b.respond.Actor(ctx, in, "", "retry")
	if err == nil {
		_, err = b.requests.Unstick(ctx, a.Value, by)
		if r, refused := access.AsRefusal(err); refused && r.Reason == access.Unknown {
			err = access.Refuse(access.TooLate, "", "Nothing is stuck here any more.")
		}
	}
	return b.respond.Explain(in, err)
}

// opened takes note that somebody opened an app from its button: Slack has opened it and waits
// for the acknowledgement all the same.
func opened(context.Context, payload.Interaction, payload.Action) error { return nil }
