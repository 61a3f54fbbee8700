package bot

import (
	"context"
	"errors"

	"latchkey/bot/blocks"
	"latchkey/bot/payload"
	"latchkey/bot/webapi"

	"github.com/slack-go/slack"
)

var errNowhere = errors.New("the click wasn't made in a channel")

// tell says something to the person who clicked: where they clicked, else in a
// small modal, else in a direct message.
func (b *Bot) tell(in payload.Interaction, sentence string) {
	b.later("answer a click", func(ctx context.Context) error {
		var failed []error
		for _, way := range []func(context.Context, payload.Interaction, string) error{b.whisper, b.popUp, b.write} {
			err := way(ctx, in, sentence)
			if err == nil {
				return nil
			}
			failed = append(failed, err)
		}
		return errors.Join(failed...)
	})
}

func (b *Bot) whisper(ctx context.Context, in payload.Interaction, sentence string) error {
	channel := blocks.Or(in.Channel.ID, in.Container.Channel)
	if channel == "" {
		return errNowhere
	}
	_, err := b.cfg.API.PostEphemeralContext(ctx, channel, in.User.ID, slack.MsgOptionText(blocks.Escape(sentence, blocks.MaxSection), false))
	return err
}

func (b *Bot) popUp(ctx context.Context, in payload.Interaction, sentence string) error {
	_, err := b.cfg.API.OpenViewContext(ctx, in.Trigger, blocks.Notice("Latchkey", sentence))
	return webapi.ViewShown(err)
}

func (b *Bot) write(ctx context.Context, in payload.Interaction, sentence string) error {
	_, _, err := b.cfg.API.PostMessageContext(ctx, in.User.ID, slack.MsgOptionText(blocks.Escape(sentence, blocks.MaxSection), false))
	return err
}
