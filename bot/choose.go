package bot

import (
	"context"

	"github.com/slack-go/slack"

	"latchkey/access"
)

// reshape redraws the form after a choice, in place, with what the person has
// typed kept. It happens after the ack: nothing is decided by it.
func (b *Bot) reshape(in interaction, a action) {
	if !b.forms.note(in.View.ID, a.TS) {
		return
	}
	f := formOf(b.cfg.Desk.Catalog(), in.View.State.Values)
	b.later("redraw the request form", func(ctx context.Context) error {
		objection, stranger, err := b.judge(ctx, in.User.ID, f)
		if err != nil {
			b.log.WarnContext(ctx, "Couldn't look for objections to a request", "error", err)
		}
		f.Objection = objection
		return b.showForm(ctx, in.View, a.TS, f, stranger)
	})
}

// objectToForm shows, on a form that was just opened, what stands against it.
func (b *Bot) objectToForm(ctx context.Context, user string, f form, shown view) error {
	objection, stranger, err := b.judge(ctx, user, f)
	if err != nil || objection == "" && stranger == "" {
		return err
	}
	f.Objection = objection
	return b.showForm(ctx, shown, "", f, stranger)
}

// judge finds what would be refused: the choice, or the person altogether.
func (b *Bot) judge(ctx context.Context, user string, f form) (objection, stranger string, err error) {
	p, err := b.cfg.Desk.Who(ctx, user)
	if refusal, ok := access.AsRefusal(err); ok {
		return "", refusal.Sentence, nil
	}
	if err != nil || f.Role == "" {
		return "", "", err
	}
	err = b.cfg.Desk.Objection(ctx, p.Email, f.App, f.Role)
	if refusal, ok := access.AsRefusal(err); ok {
		return refusal.Sentence, "", nil
	}
	return "", "", err
}

// showForm updates the open view. Slack refuses an update made for an older
// state of the view; then the newest choice is shown all the same.
func (b *Bot) showForm(ctx context.Context, v view, ts string, f form, stranger string) error {
	next := f.view(b.cfg.Desk.Catalog())
	if stranger != "" {
		next = notice(requestTitle, stranger)
	} else if !b.forms.is(v.ID, ts) {
		return nil
	}
	err := b.updateView(ctx, next, v.Hash, v.ID)
	if code(err) == "hash_conflict" && (stranger != "" || b.forms.is(v.ID, ts)) {
		err = b.updateView(ctx, next, "", v.ID)
	}
	if code(err) == "not_found" { // closed in the meantime
		return nil
	}
	return err
}

func (b *Bot) updateView(ctx context.Context, next slack.ModalViewRequest, hash, id string) error {
	_, err := b.cfg.API.UpdateViewContext(ctx, next, "", hash, id)
	return viewShown(err)
}
