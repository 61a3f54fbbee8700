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

// OpenThen opens a view at once, on top of the one that was clicked if there is one,
// and then shows in its place what comes of then; a view without a type leaves it as it
// is. what names it all in the log.
//
// A trigger lives for three seconds from when Slack sent it, and a directory may take
// longer than that for one answer. So nothing is looked up before there is a view.
func (r *Responder) OpenThen(in payload.Interaction, what string, first slack.ModalViewRequest, then func(context.Context) (slack.ModalViewRequest, error)) {
	first.ExternalID = in.Trigger // the answer that tells the view's own id may be unreadable
	r.Later(what, func(ctx context.Context) error {
		opened, err := r.push(ctx, in, first)
		switch {
		case already(err):
			return nil // the first delivery of the click goes on
		case err != nil:
			return errors.Join(err, r.say(ctx, in, said(Unopened)))
		}
		next, err := then(ctx)
		if next.Type == "" {
			return err
		}
		next.ExternalID = first.ExternalID
		return errors.Join(err, r.replace(ctx, next, opened.Hash))
	})
}

// Fill opens a view that asks for a moment, and puts in its place what find draws, or
// why there is nothing to draw.
func (r *Responder) Fill(in payload.Interaction, what, title string, find func(context.Context) (slack.ModalViewRequest, error)) {
	r.OpenThen(in, what, blocks.Notice(title, "One moment…"), func(ctx context.Context) (slack.ModalViewRequest, error) {
		v, err := find(ctx)
		if refusal, ok := access.AsRefusal(err); ok {
			return blocks.Notice(title, refusal.Sentence), nil
		}
		if err != nil {
			return blocks.Notice(title, Unread), err
		}
		return v, nil
	})
}

// replace shows something else in a view, unless it was closed or went on meanwhile.
func (r *Responder) replace(ctx context.Context, next slack.ModalViewRequest, hash string) error {
	_, err := r.api.UpdateViewContext(ctx, next, next.ExternalID, hash, "")
	return unlessGone(webapi.ViewShown(err))
}

// unlessGone is an error, unless it only says that the view was closed or went on meanwhile.
func unlessGone(err error) error {
	switch webapi.Code(err) {
	case "not_found", "hash_conflict":
		return nil
	}
	return err
}

// Redraw shows what find draws in the place of the view that was clicked, unless that was closed or went on meanwhile.
// A refusal is told.
func (r *Responder) Redraw(in payload.Interaction, what string, find func(context.Context) (slack.ModalViewRequest, error)) {
	r.Later(what, func(ctx context.Context) error {
		v, err := find(ctx)
		if refusal, ok := access.AsRefusal(err); ok {
			return r.say(ctx, in, said(refusal.Sentence))
		}
		if err != nil {
			return errors.Join(err, r.say(ctx, in, said(Unread)))
		}
		return unlessGone(r.Update(ctx, v, in.View.Hash, in.View.ID))
	})
}
