package bot

import (
	"context"
	"fmt"

	"github.com/slack-go/slack"

	"latchkey/bot/payload"
	"latchkey/bot/socket"
	"latchkey/bot/webapi"
)

var _ socket.Handler = (*Bot)(nil)

// Names of what comes back from Slack. They stand in messages that outlive a
// release, so they are never changed.
const (
	callbackUnlisted = "unlisted"
	callbackBrowse   = "browse"
	callbackRevoke   = "revoke"
	callbackLink     = "link"
	callbackHome     = "home"
	callbackRequest  = "request"

	actionApp          = "app"
	actionRole         = "role"
	actionDuration     = "duration"
	actionReason       = "reason"
	actionPerson       = "person"
	actionMore         = "more"
	actionLess         = "less"
	actionOther        = "other"
	actionAbout        = "about"
	actionBrowse       = "browse"
	actionCategory     = "category"
	actionList         = "list"
	actionUnlisted     = "unlisted"
	actionUnlistedName = "unlisted_name"
	actionRequest      = "request"
	actionWhich        = "which"
)

// Handle answers one envelope. Whatever it asks for is committed on return;
// the result is the payload of the ack. An error leaves the envelope
// unacknowledged, so that the person is told by Slack that it didn't work.
func (b *Bot) Handle(ctx context.Context, e socket.Envelope) ([]byte, error) {
	ctx, cancel := context.WithTimeout(webapi.Interactive(ctx), patience)
	defer cancel()
	switch e.Type {
	case "slash_commands":
		return b.onCommand(ctx, e.Payload)
	case "interactive":
		return b.onInteraction(ctx, e.Payload)
	case "events_api":
		return nil, b.onEvent(ctx, e.Payload)
	}
	b.log.WarnContext(ctx, "Slack sent an envelope of an unknown type", "type", e.Type)
	return nil, nil
}

func (b *Bot) onInteraction(ctx context.Context, raw []byte) ([]byte, error) {
	in, err := payload.Decode[payload.Interaction](raw, "interaction")
	if err != nil {
		return nil, err
	}
	switch in.Type {
	case "block_suggestion":
		return b.suggest(ctx, in)
	case "block_actions":
		return nil, b.onActions(ctx, in)
	case "view_submission":
		return b.onSubmission(ctx, in)
	case "view_closed":
		b.forms.forget(in.View.ID)
		return nil, nil
	case "shortcut", "message_action":
		b.onShortcut(in)
		return nil, nil
	}
	b.log.WarnContext(ctx, "Slack sent an interaction the bot doesn't know", "type", in.Type)
	return nil, nil
}

func (b *Bot) onSubmission(ctx context.Context, in payload.Interaction) ([]byte, error) {
	switch in.View.CallbackID {
	case callbackRequest:
		return b.submitRequest(ctx, in)
	case callbackDeny:
		return b.submitDenial(ctx, in)
	case callbackConfirm:
		return b.submitConfirmed(ctx, in)
	case callbackShorter:
		return b.submitShorter(ctx, in)
	case callbackAsk:
		return b.submitAsk(ctx, in)
	case callbackAnswer:
		return b.submitReply(ctx, in)
	case callbackExtend:
		return b.submitExtension(ctx, in)
	case callbackBreakGlass:
		return b.submitBreakGlass(ctx, in)
	case callbackBreakGlassConfirm:
		return b.submitBreakGlassConfirm(ctx, in)
	case callbackUnjustified:
		return b.submitUnjustified(ctx, in)
	case callbackUnlisted:
		return b.submitUnlisted(ctx, in)
	case callbackBrowse:
		return b.submitBrowse(in)
	case callbackRevoke:
		return b.submitRevoke(ctx, in)
	case callbackLink:
		return b.submitLink(ctx, in)
	}
	return nil, fmt.Errorf("a view %q was submitted that the bot never opened", in.View.CallbackID)
}

// onEvent takes news from Slack. Events that can't be read are let go: Slack
// would only send them again.
func (b *Bot) onEvent(ctx context.Context, raw []byte) error {
	c, err := payload.Decode[payload.Event](raw, "event")
	if err != nil {
		b.log.WarnContext(ctx, "An event can't be read", "error", err)
		return nil
	}
	switch {
	case c.Event.Type == "user_change":
		return b.changed(ctx, c)
	case c.Event.Type == "app_home_opened":
		if c.Event.Tab == "home" {
			b.opened(c.Person(), c.Event.View)
		}
	case c.Event.Type == "message" && c.Event.BotID == "" && c.Event.Subtype == "" && b.seen.first(c.ID):
		return b.onMessage(ctx, c)
	}
	return nil
}

// onMessage takes what people say: in the thread of a card it is part of the
// conversation, in a direct message it asks what I am for.
func (b *Bot) onMessage(ctx context.Context, c payload.Event) error {
	ours, err := b.onThread(ctx, c)
	if err != nil {
		b.seen.again(c.ID)
		return err
	}
	if !ours && c.Event.Kind == "im" {
		b.later("answer a direct message", func(ctx context.Context) error {
			_, _, err := b.cfg.API.PostMessageContext(ctx, c.Event.Channel, slack.MsgOptionText(helpText(b.cfg.Command, false), false))
			return err
		})
	}
	return nil
}

// forget drops what is cached of a member, because it changed.
func (b *Bot) forget(user string) {
	if b.cfg.Roster != nil {
		b.cfg.Roster.Forget(user)
	}
	b.cfg.People.ForgetAccount("slack", user)
}
