package bot

import (
	"context"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/manifest"
	"latchkey/bot/payload"
	"latchkey/bot/webapi"
)

// reshape redraws the form after a choice, in place, with what the person has
// typed kept. It happens after the ack: nothing is decided by it.
func (b *Bot) reshape(in payload.Interaction, a payload.Action) {
	if !b.forms.note(in.View.ID, a.TS) {
		return
	}
	f := formOf(b.cfg.Catalog(), in.View)
	switch a.ID {
	case actionMore:
		wanted, err := wantedOf(f, in.View.State.Values)
		if err != nil || f.App == "" || len(f.Picks) >= maxPicks {
			return
		}
		f = f.add(wanted)
	case actionLess:
		f = f.remove(a.Value)
	case actionOther:
		f.Other = true
	}
	b.later("redraw the request form", func(ctx context.Context) error {
		stranger, err := b.judge(ctx, in.User.ID, in.View.State.Values.User(blockPerson, actionPerson), &f)
		if err != nil {
			b.log.WarnContext(ctx, "Couldn't look for objections to a request", "error", err)
		}
		return b.showForm(ctx, in.View, a.TS, f, stranger)
	})
}

// objectToForm shows, on a form that was just opened, what stands against it.
func (b *Bot) objectToForm(ctx context.Context, user string, f form, shown payload.View) error {
	stranger, err := b.judge(ctx, user, "", &f)
	if err != nil || len(f.Objections) == 0 && stranger == "" {
		return err
	}
	return b.showForm(ctx, shown, "", f, stranger)
}

// judge finds what would be refused: some of the choices, the person asked for,
// or whoever asks altogether.
func (b *Bot) judge(ctx context.Context, user, other string, f *form) (stranger string, err error) {
	p, err := b.cfg.People.Who(ctx, user)
	if refusal, ok := access.AsRefusal(err); ok {
		return refusal.Sentence, nil
	}
	if err != nil {
		return "", err
	}
	receiver := p
	if f.Other && other != "" {
		receiver, err = b.cfg.People.Member(ctx, other)
		if refusal, ok := access.AsRefusal(err); ok {
			f.Person = refusal.Sentence
			return "", nil
		}
		if err != nil {
			return "", err
		}
	}
	return "", b.object(ctx, p, receiver, f)
}

// object notes what stands against each choice. What stands against the person
// it is for is said once.
func (b *Bot) object(ctx context.Context, by, receiver access.Person, f *form) error {
	items := f.items(b.cfg.Catalog(), 0)
	if len(items) == 0 {
		return nil
	}
	found, err := b.cfg.Requests.Objections(ctx, by, receiver, refs(items))
	if err != nil {
		return err
	}
	f.Objections = map[string]string{}
	for i, refusal := range found {
		switch {
		case refusal == nil || items[i].Role == "" && refusal.Field == "role":
		case refusal.Field == "person":
			f.Person = refusal.Sentence
		case items[i].Bundled && refusal.Reason == access.Duplicate:
			f.Objections[items[i].String()] = leftOut
		default:
			f.Objections[items[i].String()] = refusal.Sentence
		}
	}
	return nil
}

// showForm updates the open view. Slack refuses an update made for an older
// state of the view; then the newest choice is shown all the same.
func (b *Bot) showForm(ctx context.Context, v payload.View, ts string, f form, stranger string) error {
	next := f.view(b.cfg.Catalog())
	if stranger != "" {
		next = blocks.Notice(manifest.RequestTitle, stranger)
	} else if !b.forms.is(v.ID, ts) {
		return nil
	}
	err := b.updateView(ctx, next, v.Hash, v.ID)
	if webapi.Code(err) == "hash_conflict" && (stranger != "" || b.forms.is(v.ID, ts)) {
		err = b.updateView(ctx, next, "", v.ID)
	}
	switch webapi.Code(err) {
	case "not_found", "hash_conflict": // closed, or submitted, in the meantime
		return nil
	}
	return err
}

func (b *Bot) updateView(ctx context.Context, next slack.ModalViewRequest, hash, id string) error {
	_, err := b.cfg.API.UpdateViewContext(ctx, next, "", hash, id)
	return webapi.ViewShown(err)
}

// choose puts an app into a form that lies under another view, with what was
// typed into it kept.
func (b *Bot) choose(root, metadata, app string) {
	c := b.cfg.Catalog()
	f := formOf(c, payload.View{Metadata: metadata})
	f.App, f.Turn = app, f.Turn+1
	if a, ok := c.App(app); ok {
		f.Role = onlyRole(a)
	}
	b.later("put an app into the form", func(ctx context.Context) error {
		err := b.updateView(ctx, f.view(c), "", root)
		if webapi.Code(err) == "not_found" {
			return nil
		}
		return err
	})
}
