package respond

import (
	"context"
	"errors"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/payload"
	"latchkey/bot/webapi"
)

var errNowhere = errors.New("the click wasn't made in a channel")

// Tell says something to the person who clicked: where they clicked, else in a
// small modal, else in a direct message. Who clicks faster than anybody reads is told
// no more than others are.
func (r *Responder) Tell(in payload.Interaction, sentence string) {
	r.Later("answer a click", func(ctx context.Context) error { return r.say(ctx, in, said(sentence)) })
}

// saying is a sentence for somebody, and as Slack shows it to them.
type saying struct{ plain, shown string }

func said(sentence string) saying {
	return saying{sentence, blocks.Told(sentence, blocks.MaxSection)}
}

// say is Tell for what goes on after an ack already.
func (r *Responder) say(ctx context.Context, in payload.Interaction, s saying) error {
	if !r.told.again(in.User.ID) {
		return nil
	}
	var failed []error
	for _, way := range []func(context.Context, payload.Interaction, saying) error{r.tellInChannel, r.tellInModal, r.tellDirectly} {
		err := way(ctx, in, s)
		if err == nil {
			return nil
		}
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}

// tellInChannel says it so that only the person sees it.
func (r *Responder) tellInChannel(ctx context.Context, in payload.Interaction, s saying) error {
	channel := blocks.Or(in.Channel.ID, in.Container.Channel)
	if channel == "" {
		return errNowhere
	}
	_, err := r.api.PostEphemeralContext(ctx, channel, in.User.ID, slack.MsgOptionText(s.shown, false))
	return err
}

func (r *Responder) tellInModal(ctx context.Context, in payload.Interaction, s saying) error {
	_, err := r.api.OpenViewContext(ctx, in.Trigger, blocks.Modal("Latchkey", "", "Close", blocks.Section(s.shown)))
	return webapi.ViewShown(err)
}

func (r *Responder) tellDirectly(ctx context.Context, in payload.Interaction, s saying) error {
	return r.Write(ctx, in.User.ID, s.plain, s.shown)
}

// Write posts a text, escaped already, to a channel; a person's id stands for the
// direct message with them. news is what an alert shows of it.
func (r *Responder) Write(ctx context.Context, channel, news, text string) error {
	var b blocks.MessageBuilder
	b.News(news)
	b.Say(text)
	m := b.Message()
	_, _, err := r.api.PostMessageContext(ctx, channel, slack.MsgOptionText(m.Text, false), slack.MsgOptionBlocks(m.Blocks...))
	return err
}

// Explain makes sure that a click is never met with silence. A refusal is told and
// done with; any other error is returned, because what wasn't committed isn't
// acknowledged either.
func (r *Responder) Explain(in payload.Interaction, err error) error {
	if err == nil {
		return nil
	}
	if refusal, ok := access.AsRefusal(err); ok {
		r.Tell(in, refusal.Sentence)
		return nil
	}
	switch {
	case late(err):
		r.Tell(in, Unsure)
	case access.Classify(err).Class == access.Rejected:
		r.Tell(in, NeedsIT)
	default:
		r.Tell(in, Unsaved)
	}
	return err
}

// late tells that nobody waited for the end: what was begun may be committed after all.
func late(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

// Committed closes a modal whose answer was committed, or says what is wrong: under
// the field what can be put right there, in the modal's place all else.
func (r *Responder) Committed(ctx context.Context, request, field string, err error) ([]byte, error) {
	if err == nil {
		return nil, nil
	}
	refusal, ok := access.AsRefusal(err)
	switch {
	case !ok:
		r.log.ErrorContext(ctx, "An answer couldn't be committed", "request", request, "error", err)
		return payload.FieldError(field, NotSaved(err))
	case refusal.Reason == access.Invalid:
		return payload.FieldError(field, refusal.Sentence)
	}
	return payload.ReplaceView(blocks.Notice("Latchkey", refusal.Sentence))
}
