package bot

import (
	"context"
	"encoding/json"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/payload"
	"latchkey/evidence"
	"latchkey/workflow/people"
)

func (b *Bot) sayStuck(ctx context.Context, s saying) ([]byte, error) {
	rows, total, err := b.stuckRows(ctx, s.person.ID, 0, listedRows)
	if err != nil {
		return nil, err
	}
	if total == 0 {
		return payload.Ack(payload.Ephemeral("Nothing is stuck."))
	}
	return answer(blocks.Capital(blocks.Count(total, "thing"))+" "+blocks.Agree(total, "waits", "wait")+" for IT.", rows, total)
}

func (b *Bot) sayReport(ctx context.Context, s saying) ([]byte, error) {
	w, err := b.cfg.Query.Week(ctx, s.actor())
	if err != nil {
		return nil, err
	}
	return answerLines("The last seven days", weekLines(w), 0)
}

// weekLines are a week's numbers.
func weekLines(w evidence.Report) []string {
	lines := []string{
		blocks.Capital(blocks.Count(w.Submitted, "request")) + ": " + blocks.Count(w.Requests[access.RequestApproved], "approval") + ", " +
			blocks.Count(w.Requests[access.RequestDenied], "denial") + ", " + blocks.Count(w.ByHand, "change") + " made by hand.",
		"Nobody was asked who answered in this time.",
		"No access was removed.",
	}
	if w.Approval.Count > 0 {
		lines[1] = "In the middle, an answer took " + blocks.Roughly(w.Approval.Median) + "."
	}
	if w.Removed > 0 {
		lines[2] = blocks.Capital(blocks.Count(w.Removed, "access", "accesses")) + " ended. Removal was seen after " + blocks.Exactly(w.RevokeLag.Median) + " in the middle, " + blocks.Exactly(w.RevokeLag.Worst) + " at worst."
	}
	return lines
}

// revoking is what the revoke form carries along.
type revoking struct {
	Who access.PersonID `json:"w"`
	App string          `json:"a"`
}

// sayRevoke shows what would end and asks for the reason.
func (b *Bot) sayRevoke(ctx context.Context, s saying) ([]byte, error) {
	who, app, err := b.about(ctx, s.rest)
	if err != nil {
		return nil, err
	}
	live, err := b.live(ctx, s.actor(), who, app.ID)
	if err != nil {
		return nil, err
	}
	if len(live) == 0 {
		return payload.Ack(payload.Ephemeral("*" + blocks.Escape(who.Display(), blocks.MaxName) + "* has no access to " + blocks.Escape(app.Name, blocks.MaxName) + " that could be taken away."))
	}
	text := "*" + blocks.Escape(who.Display(), blocks.MaxName) + "* loses this now:"
	for _, h := range live[:min(len(live), 15)] {
		text += "\n• " + blocks.Escape(h.Label(b.cfg.Catalog()), blocks.MaxName) + ". " + heldText(h.Grant, b.cfg.Now())
	}
	in := slack.NewPlainTextInputBlockElement(blocks.Plain("What has changed?", blocks.MaxPlaceholder), actionReason)
	in.Multiline, in.MaxLength = true, access.MaxReason
	v := blocks.Modal("Revoke access", "Revoke", "Cancel", blocks.Section(text),
		slack.NewInputBlock(blockReason, blocks.Plain("Why?", blocks.MaxHint), blocks.Plain("The person reads this, and it goes into the ticket.", blocks.MaxHint), in))
	v.CallbackID, v.PrivateMetadata = callbackRevoke, blocks.Metadata(revoking{who.ID, app.ID})
	b.later("open the revoke form", func(ctx context.Context) error {
		return b.open(ctx, payload.Interaction{Trigger: s.trigger, User: payload.Ref{ID: s.user}}, v)
	})
	return nil, nil
}

// live are the grants of an app that can be taken away, for those who may.
func (b *Bot) live(ctx context.Context, by access.Actor, who access.Person, app string) ([]holding, error) {
	if err := b.cfg.People.May(by, people.ActRevoke, people.Matter{App: app}); err != nil {
		return nil, err
	}
	list, err := b.cfg.Query.Why(ctx, by, who, app)
	var out []holding
	for _, h := range list {
		if h.Grant.App == app && h.Grant.Live() {
			out = append(out, h)
		}
	}
	return out, err
}

// submitRevoke takes the access away.
func (b *Bot) submitRevoke(ctx context.Context, in payload.Interaction) ([]byte, error) {
	var what revoking
	by, err := b.actor(ctx, in, "", "revoke access")
	if err == nil {
		err = json.Unmarshal([]byte(in.View.Metadata), &what)
	}
	var live []holding
	if err == nil {
		live, err = b.live(ctx, by, access.Person{ID: what.Who}, what.App)
	}
	if err == nil && len(live) > 0 {
		var ids []string
		for _, h := range live {
			ids = append(ids, h.Grant.ID)
		}
		err = b.cfg.Requests.RevokeAll(ctx, ids, in.View.State.Values.Text(blockReason, actionReason), by)
	}
	if by.Person != "" {
		err = b.cfg.Refusals.LogRefusal(ctx, "", by, "revoke access", err)
	}
	if refusal, ok := access.AsRefusal(err); ok {
		return payload.ReplaceView(blocks.Notice("Revoke access", refusal.Sentence))
	}
	if err != nil {
		b.log.ErrorContext(ctx, "Access couldn't be revoked", "error", err)
		return payload.FieldError(blockReason, unsavedForm)
	}
	if len(live) == 0 {
		return payload.ReplaceView(blocks.Notice("Revoke access", "There was nothing left to take away."))
	}
	return payload.ReplaceView(blocks.Notice("Revoke access", "It ends now. The removal is read back from the directory; the ticket says when it was seen to be gone."))
}
