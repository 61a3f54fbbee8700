package messenger

import (
	"context"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/webapi"
	"latchkey/workflow/notify"
)

// pin has a card stand pinned in its channel, or not any more. That Slack refuses it is said, and keeps the card from
// nothing.
func (m *Messenger) pin(ctx context.Context, u notify.CardUpdate, posted notify.CardPosted) notify.CardPosted {
	if posted.Pinned = u.Pinned && posted.At == u.At; posted.Pinned == u.Pin || posted.At.TS == "" {
		return posted
	}
	at := slack.NewRefToMessage(posted.At.Channel, posted.At.TS)
	var err error
	if u.Pin {
		err = m.api.AddPinContext(ctx, posted.At.Channel, at)
	} else {
		err = m.api.RemovePinContext(ctx, posted.At.Channel, at)
	}
	switch webapi.Code(err) {
	case "already_pinned", "no_pin", "message_not_found": // it is as it is to be
		err = nil
	}
	if err != nil {
		posted.Unpinned = access.Classify(webapi.Failure(err, webapi.Call{What: "pin the card in Slack", Scope: "pins:write"})).Sentence
		return posted
	}
	posted.Pinned = u.Pin
	return posted
}
