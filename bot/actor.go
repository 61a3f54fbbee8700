package bot

import (
	"context"

	"latchkey/access"
	"latchkey/bot/payload"
)

// forwarded is how Slack marks a click on a message that was passed on inside
// another one (docs.slack.dev/reference/interaction-payloads/block_actions-payload).
const forwarded = "message_attachment"

// actor is the person behind a click, as somebody who does something. Whoever
// may not act is refused, and the log says so.
func (b *Bot) actor(ctx context.Context, in payload.Interaction, request, what string) (access.Actor, error) {
	by := access.Actor{Via: access.ViaSlack, Account: in.User.ID}
	p, err := b.person(ctx, in, request, what)
	by.Person = p.ID
	return by, err
}

func (b *Bot) person(ctx context.Context, in payload.Interaction, request, what string) (access.Person, error) {
	p, err := b.cfg.People.Who(ctx, in.User.ID)
	if err == nil && in.Container.Type == forwarded {
		err = access.Refuse(access.TooLate, "", "This is only a copy of a card, so nothing can be decided on it. Please use the card I sent you.")
	}
	if err != nil {
		by := access.Actor{Person: p.ID, Via: access.ViaSlack, Account: in.User.ID}
		return access.Person{}, b.cfg.Refusals.LogRefusal(ctx, request, by, what, err)
	}
	return p, nil
}
