package bot

import (
	"context"

	"latchkey/bot/payload"
)

// hear takes what Slack tells of its own accord. Events that can't be read are let
// go: Slack would only send them again.
func (b *Bot) hear(ctx context.Context, raw []byte) error {
	e, err := payload.Decode[payload.Event](raw, "event")
	if err != nil {
		b.log.WarnContext(ctx, "An event can't be read", "error", err)
		return nil
	}
	switch {
	case e.Event.Type == "user_change":
		return b.members.changed(ctx, e)
	case e.Event.Type == "app_home_opened":
		if e.Event.Tab == "home" {
			b.home.Opened(e.Person(), e.Event.View)
		}
	case e.Event.Type == "message" && e.Event.BotID == "" && said(e.Event.Subtype):
		return b.message(ctx, e)
	}
	return nil
}

// said tells whether a message of a subtype is words of a person: with a file in it,
// or an answer that was also sent to the channel. The others tell that something
// happened (docs.slack.dev/reference/events/message).
func said(subtype string) bool {
	return subtype == "" || subtype == "file_share" || subtype == "thread_broadcast"
}

// message takes what people say: in the thread of a card it is part of the
// conversation, in a direct message it asks what I am for.
func (b *Bot) message(ctx context.Context, e payload.Event) error {
	ours, err := b.threads.message(ctx, e)
	if err != nil {
		return err
	}
	if !ours && e.Event.Kind == "im" && b.seen.first(e.ID) {
		b.respond.Later("answer a direct message", func(ctx context.Context) error {
			return b.respond.Write(ctx, e.Event.Channel, "What I can do for you, and how you ask for it", b.command.Help(ctx, e.Person()))
		})
	}
	return nil
}
