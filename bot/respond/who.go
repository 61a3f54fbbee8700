package respond

import (
	"context"

	"latchkey/access"
	"latchkey/bot/payload"
)

// forwarded is how Slack marks a click on a message that was passed on inside
// another one (docs.slack.dev/reference/interaction-payloads/block_actions-payload).
const forwarded = "message_attachment"

// Actor is the person behind a click, as somebody who does something to a request.
// Whoever may not act is refused, and the log says so; what names it there.
func (r *Responder) Actor(ctx context.Context, in payload.Interaction, request, what string) (access.Actor, error) {
	by := Clicker(in)
	p, err := r.Person(ctx, in, request, what)
	by.Person = p.ID
	return by, err
}

// Clicker is whoever clicked, before it is known who that is.
func Clicker(in payload.Interaction) access.Actor {
	return access.Actor{Via: access.ViaSlack, Account: in.User.ID, On: surfaceOf(in)}
}

// surfaceOf is where a button stands that was clicked. A modal doesn't say where it was
// opened from: what opens one lets it carry that.
func surfaceOf(in payload.Interaction) access.Surface {
	switch {
	case in.View.Type == "modal":
		return ""
	case in.Container.Type == "view":
		return access.OnHome
	case in.Container.Ephemeral:
		return access.OnList
	case in.Container.Type == "message":
		return access.OnCard
	}
	return ""
}

// Person is the person behind a click. Whoever may not act is refused, and the log
// says so.
func (r *Responder) Person(ctx context.Context, in payload.Interaction, request, what string) (access.Person, error) {
	p, err := r.people.Who(ctx, in.User.ID)
	if err == nil && in.Container.Type == forwarded {
		err = access.Refuse(access.TooLate, "", "This is only a copy of a card, so nothing can be decided on it. Please use the card I sent you.")
	}
	if err != nil {
		by := Clicker(in)
		by.Person = p.ID
		return access.Person{}, r.LogRefusal(ctx, request, by, what, err)
	}
	return p, nil
}

// LogRefusal notes that somebody was refused, if that is what the error says, and
// returns it as it is.
func (r *Responder) LogRefusal(ctx context.Context, request string, by access.Actor, what string, err error) error {
	return r.refusals.LogRefusal(ctx, request, by, what, err)
}
