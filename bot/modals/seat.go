package modals

import (
	"context"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/bot/respond"
	"latchkey/bot/route"
	"latchkey/catalog"
	"latchkey/workflow/people"
)

const (
	callbackSeat = "seat_needed" // never changed
	seatTitle    = "Still need it"
)

// Seats take what somebody says of a seat about which they are asked.
type Seats interface {
	// Get is the question about a seat.
	Get(ctx context.Context, id string) (access.Reclaim, error)
	// Needed keeps it, for a reason.
	Needed(ctx context.Context, by access.Actor, id, why string) (access.Reclaim, error)
	// GiveBack ends the access now.
	GiveBack(ctx context.Context, by access.Actor, id string) (access.Reclaim, error)
	// RemindLater has them asked again later.
	RemindLater(ctx context.Context, by access.Actor, id string) (access.Reclaim, error)
	// Restore gives back what was taken away, by the approval that it had.
	Restore(ctx context.Context, by access.Actor, id, why string) ([]access.Grant, error)
}

// seatAnswers take the answers to whether a seat is still needed: from its card, or a list.
type seatAnswers struct {
	respond *respond.Responder
	catalog func() *catalog.Catalog
	seats   Seats
}

func (m seatAnswers) routes() route.Table {
	return route.Table{
		Clicks: map[route.Key]route.Click{
			route.Anywhere(cards.ActionSeatNeeded):  m.opened,
			route.Anywhere(cards.ActionSeatReturn):  m.press("give back a seat", m.giveBack),
			route.Anywhere(cards.ActionSeatLater):   m.press("be asked later about a seat", m.remindLater),
			route.Anywhere(cards.ActionSeatRestore): m.restored,
		},
		Submissions: map[string]route.Submission{callbackSeat: m.submitted},
	}
}

// press is a click that needs no words.
func (m seatAnswers) press(what string, do func(context.Context, access.Actor, string) error) route.Click {
	return func(ctx context.Context, in payload.Interaction, a payload.Action) error {
		by, err := m.respond.Actor(people.Alone(ctx), in, "", what)
		if err == nil {
			err = do(ctx, by, a.Value)
		}
		return m.respond.Explain(in, err)
	}
}

func (m seatAnswers) giveBack(ctx context.Context, by access.Actor, id string) error {
	_, err := m.seats.GiveBack(ctx, by, id)
	return err
}

func (m seatAnswers) remindLater(ctx context.Context, by access.Actor, id string) error {
	_, err := m.seats.RemindLater(ctx, by, id)
	return err
}

// restored gives it back. That it is needed again says the click. Whoever does so for somebody else reads that it worked.
func (m seatAnswers) restored(ctx context.Context, in payload.Interaction, a payload.Action) error {
	by, err := m.respond.Actor(people.Alone(ctx), in, "", "have a seat back")
	if err != nil {
		return m.respond.Explain(in, err)
	}
	given, err := m.seats.Restore(ctx, by, a.Value, "")
	if err == nil && len(given) > 0 && given[0].Person != by.Person {
		m.respond.Tell(in, "They get it back, by the approval that it had. They are told when it is there.")
	}
	return m.respond.Explain(in, err)
}

// opened asks what it is still needed for.
func (m seatAnswers) opened(_ context.Context, in payload.Interaction, a payload.Action) error {
	t := cards.Target{Request: a.Value, On: respond.Clicker(in).On}
	m.respond.Fill(in, "ask what a seat is needed for", seatTitle, func(ctx context.Context) (slack.ModalViewRequest, error) {
		r, err := m.seats.Get(ctx, a.Value)
		if err != nil {
			return slack.ModalViewRequest{}, err
		}
		if !r.Answers() {
			return blocks.Notice(seatTitle, r.State.Unmoved()), nil
		}
		return seatView(m.catalog(), r, t), nil
	})
	return nil
}

func seatView(c *catalog.Catalog, r access.Reclaim, t cards.Target) slack.ModalViewRequest {
	what := blocks.Escape(cards.RoleName(c, catalog.RoleRef{App: r.App, Role: r.Role}), 2*blocks.MaxName)
	v := blocks.Modal(seatTitle, "Keep it", "Cancel", blocks.Section("You keep *"+what+"*. "+blocks.Escape(r.Seen.Sentence(), 400)),
		focusedReasonInput("What do you need it for?", "It stands on the ticket, where those who look after the app read it.", "What will you use it for, and when?"))
	v.CallbackID, v.PrivateMetadata = callbackSeat, t.String()
	return v
}

func (m seatAnswers) submitted(ctx context.Context, in payload.Interaction) ([]byte, error) {
	t := cards.TargetOf(in.View.Metadata)
	by, err := actor(ctx, m.respond, in, t, "keep a seat")
	if err == nil {
		_, err = m.seats.Needed(ctx, by, t.Request, reasonIn(in))
	}
	return m.respond.Committed(ctx, t.Request, blockReason, err)
}
