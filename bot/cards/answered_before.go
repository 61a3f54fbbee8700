package cards

import (
	"context"

	"latchkey/access"
	"latchkey/bot/blocks"
)

// Rememberer reads how a request stood last, and asks nobody outside.
type Rememberer interface {
	Remembered(ctx context.Context, request string) (access.Case, error)
}

// Overtaken adds to a refusal that came too late who was first, and when: whoever pressed on
// a copy that says nothing of it reads it at once.
func Overtaken(ctx context.Context, cases Rememberer, request string, by access.PersonID, err error) error {
	refusal, refused := access.AsRefusal(err)
	if !refused || refusal.Reason != access.TooLate || by == "" {
		return err
	}
	c, unread := cases.Remembered(ctx, request)
	if unread != nil {
		return err
	}
	said := builder{naming: naming{Case: c, reader: c.Person(by)}}.whoWasFirst()
	if said == "" {
		return err
	}
	return access.Refuse(refusal.Reason, refusal.Field, refusal.Sentence+" "+said)
}

// whoWasFirst is who settled a request and when, in plain text; "" while it waits.
func (b builder) whoWasFirst() string {
	when := blocks.Moment(b.Request.Decided, b.reader.TimeZone)
	decider, decided := b.Request.Decider()
	switch s := b.Request.State; {
	case b.Request.Decided.IsZero(), s == access.RequestPending:
		return ""
	case s == access.RequestCancelled:
		e, _ := b.Last(access.EventCancelled)
		return blocks.Capital(b.actor(e.Actor)) + " did that on " + when + "."
	case (s == access.RequestApproved || s == access.RequestDenied) && decided:
		return blocks.Capital(b.answerer(decider)) + " decided on " + when + "."
	}
	return "That was on " + when + "."
}
