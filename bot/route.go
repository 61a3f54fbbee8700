package bot

import (
	"context"
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"latchkey/bot/payload"
	"latchkey/bot/socket"
	"latchkey/bot/webapi"
)

var _ socket.Handler = (*Bot)(nil)

// slackWaits is how long Slack waits for an acknowledgement.
const slackWaits = 3 * time.Second

// handlingTime is how long an envelope may take before it is left unacknowledged and
// the person told to try again.
func handlingTime(slackWaits time.Duration) time.Duration { return slackWaits * 5 / 6 }

// Handle answers one envelope. Whatever it asks for is committed on return;
// the result is the payload of the ack. An error leaves the envelope
// unacknowledged, so that the person is told by Slack that it didn't work.
func (b *Bot) Handle(ctx context.Context, e socket.Envelope) ([]byte, error) {
	ctx, cancel := context.WithTimeout(webapi.Interactive(ctx), handlingTime(b.slackWaits))
	defer cancel()
	defer b.answering()()
	switch e.Type {
	case "slash_commands":
		typed, err := payload.Decode[payload.Command](e.Payload, "command")
		if err != nil {
			return nil, err
		}
		return b.command.Handle(ctx, typed)
	case "interactive":
		in, err := payload.DecodeInteraction(e.Payload)
		if err != nil {
			return nil, err
		}
		return b.interact(b.people.Arrived(ctx), in)
	case "events_api":
		return nil, b.hear(ctx, e.Payload)
	}
	b.log.WarnContext(ctx, "Slack sent an envelope of an unknown type", "type", e.Type)
	return nil, nil
}

// interact takes what somebody clicked, chose, submitted or closed to who declared
// that it is theirs.
func (b *Bot) interact(ctx context.Context, in payload.Interaction) ([]byte, error) {
	switch in.Type {
	case "block_suggestion":
		if do, ok := b.routes.Menus[in.ActionID]; ok {
			return do(ctx, in)
		}
		return payload.Ack(map[string]any{"options": []*slack.OptionBlockObject{}})
	case "block_actions":
		return nil, b.click(ctx, in)
	case "view_submission":
		if do, ok := b.routes.Submissions[in.View.CallbackID]; ok {
			return do(ctx, in)
		}
		return nil, fmt.Errorf("a view %q was submitted that the bot never opened", in.View.CallbackID)
	case "view_closed":
		if do, ok := b.routes.Closings[in.View.CallbackID]; ok {
			do(in)
		}
		return nil, nil
	case "shortcut", "message_action":
		if do, ok := b.routes.Shortcuts[in.CallbackID]; ok {
			do(in)
		} else { // of an app that was installed with an older manifest
			b.request.Open(in.User.ID, in.Trigger, "")
		}
		return nil, nil
	}
	b.log.WarnContext(ctx, "Slack sent an interaction the bot doesn't know", "type", in.Type)
	return nil, nil
}

// click carries out what was clicked or chosen. Actions that nobody declared are of
// messages that are older than the bot.
func (b *Bot) click(ctx context.Context, in payload.Interaction) error {
	for _, a := range in.Actions {
		do := b.routes.Click(in.View.CallbackID, a.ID)
		if do == nil {
			continue
		}
		if err := do(ctx, in, a); err != nil {
			return err
		}
	}
	return nil
}
