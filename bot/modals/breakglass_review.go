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
)

const callbackUnjustified = "unjustified" // never changed

// Reviewer commits what is said of a role that was taken with break-glass.
type Reviewer interface {
	Review(ctx context.Context, request string, by access.Actor, justified bool, reason string) (access.Request, error)
}

// breakGlassReview takes the answers of those who would have been asked: justified
// with one click, not justified with a reason from a modal.
type breakGlassReview struct {
	respond *respond.Responder
	review  Reviewer
}

func (m breakGlassReview) routes() route.Table {
	return route.Table{
		Clicks: map[route.Key]route.Click{
			route.Anywhere(cards.ActionJustified):   m.justify,
			route.Anywhere(cards.ActionUnjustified): m.open,
		},
		Submissions: map[string]route.Submission{callbackUnjustified: m.submitted},
	}
}

// justify commits that an emergency was one.
func (m breakGlassReview) justify(ctx context.Context, in payload.Interaction, a payload.Action) error {
	t := cards.TargetOf(a.Value)
	by, err := m.respond.Actor(ctx, in, t.Request, "review")
	if err != nil {
		return m.respond.Explain(in, err)
	}
	r, err := m.review.Review(ctx, t.Request, by, true, "")
	if said := cards.Kept(r, by.Person); err == nil && said != "" {
		m.respond.Tell(in, said)
	}
	return m.respond.Explain(in, err)
}

// open asks what was wrong.
func (m breakGlassReview) open(_ context.Context, in payload.Interaction, a payload.Action) error {
	m.respond.Later("open the review form", func(ctx context.Context) error {
		return m.respond.Open(ctx, in, unjustifiedView(cards.TargetOf(a.Value)))
	})
	return nil
}

func unjustifiedView(t cards.Target) slack.ModalViewRequest {
	v := blocks.Modal("Not justified", "Send", "Cancel", focusedReasonInput("What was wrong about it?", "It is kept on the ticket. What is left of the access ends now.", "Why was this no emergency?"))
	v.CallbackID, v.PrivateMetadata = callbackUnjustified, t.String()
	return v
}

func (m breakGlassReview) submitted(ctx context.Context, in payload.Interaction) ([]byte, error) {
	t := cards.TargetOf(in.View.Metadata)
	by, err := m.respond.Actor(ctx, in, t.Request, "review")
	if err != nil {
		return m.respond.Committed(ctx, t.Request, blockReason, err)
	}
	r, err := m.review.Review(ctx, t.Request, by, false, reasonIn(in))
	if said := cards.Kept(r, by.Person); err == nil && said != "" {
		return payload.ReplaceView(blocks.Notice("Latchkey", said))
	}
	return m.respond.Committed(ctx, t.Request, blockReason, err)
}
