package modals

import (
	"context"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/bot/route"
)

const (
	callbackUnjustified = "unjustified" // never changed
	unjustifiedTitle    = "Not justified"
)

// Reviewer commits what is said of a role that was taken with break-glass.
type Reviewer interface {
	Review(ctx context.Context, request string, by access.Actor, justified bool, reason string) (access.Request, error)
}

// breakGlassReview takes the answers of those who would have been asked: justified
// with one click, not justified with a reason from a modal.
type breakGlassReview struct {
	opener opener
	review Reviewer
}

func (m breakGlassReview) routes() route.Table {
	return route.Table{
		Clicks: map[route.Key]route.Click{
			route.Anywhere(cards.ActionJustified):   m.justify,
			route.Anywhere(cards.ActionUnjustified): m.opener.click(unjustifiedTitle, unjustifiedView),
		},
		Submissions: map[string]route.Submission{callbackUnjustified: m.submitted},
	}
}

// justify commits that an emergency was one.
func (m breakGlassReview) justify(ctx context.Context, in payload.Interaction, a payload.Action) error {
	t := targetOf(in, a)
	by, err := actor(ctx, m.opener.respond, in, t, "review")
	if err != nil {
		return m.opener.respond.Explain(in, err)
	}
	r, err := m.review.Review(ctx, t.Request, by, true, "")
	if said := cards.Kept(r, by.Person); err == nil && said != "" {
		m.opener.respond.Tell(in, said)
	}
	return m.opener.respond.Explain(in, err)
}

func unjustifiedView(c access.Case, t cards.Target) slack.ModalViewRequest {
	v := blocks.Modal(unjustifiedTitle, "Send", "Cancel", subject(c), focusedReasonInput("What was wrong about it?", "It is kept on the ticket. What is left of the access ends now.", "Why was this no emergency?"))
	v.CallbackID, v.PrivateMetadata = callbackUnjustified, t.String()
	return v
}

func (m breakGlassReview) submitted(ctx context.Context, in payload.Interaction) ([]byte, error) {
	t := cards.TargetOf(in.View.Metadata)
	by, err := actor(ctx, m.opener.respond, in, t, "review")
	if err != nil {
		return m.opener.respond.Committed(ctx, t.Request, blockReason, err)
	}
	r, err := m.review.Review(ctx, t.Request, by, false, reasonIn(in))
	if said := cards.Kept(r, by.Person); err == nil && said != "" {
		return payload.ReplaceView(blocks.Notice("Latchkey", said))
	}
	return m.opener.respond.Committed(ctx, t.Request, blockReason, err)
}
