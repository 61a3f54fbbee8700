package cards

import (
	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/workflow/notify"
)

// Draw makes the message of a card. There is a way for each kind of content.
func Draw(u notify.CardUpdate, cfg Config) (blocks.Message, error) {
	switch content := u.Content.(type) {
	case notify.RequestContent:
		return drawRequest(content, builder{naming{content.Case, u.Reader, content.Background.People}, cfg, content.Pause, content.Nudge}, u.Audience), nil
	case notify.CampaignContent:
		return drawCampaign(content), nil
	case notify.SeatContent:
		return drawSeat(content, cfg, u), nil
	default:
		return blocks.Message{}, &access.Failure{Class: access.Rejected,
			Sentence: "This version of Latchkey can't draw a card of " + u.Subject.String() + ": update it, then try again"}
	}
}

// drawRequest draws the card of a request for an audience.
func drawRequest(content notify.RequestContent, b builder, a notify.Audience) blocks.Message {
	audience, revision := a.Parts()
	if content.Outdated {
		return outdatedCard{b}.message()
	}
	switch audience {
	case notify.ToApprover:
		return approverCard{b, content.Background}.message()
	case notify.ToChannel:
		return channelCard{approverCard{b, content.Background}}.message()
	case notify.ToReminder:
		return reminderCard{b, revision}.message()
	case notify.ToReview:
		return reviewCard{b}.message()
	case notify.ToFulfillers:
		return fulfillersCard{b}.message()
	case notify.ToIT:
		return itCard{b}.message()
	default:
		return requesterCard{b}.message()
	}
}
