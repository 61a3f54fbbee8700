package respond

import (
	"context"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/payload"
	"latchkey/bot/webapi"
)

// What people read when something of ours failed.
const (
	NeedsIT     = "I couldn't save this, and trying again won't help: IT has to put something right first. Please tell them. Nothing has changed."
	Unsaved     = "I couldn't save that just now, and nothing has changed. Please try again in a moment."
	UnsavedForm = "I couldn't save this just now. Please press the button again; you won't ask twice."
	Unsure      = "That took too long, so I don't know whether it was saved. Please look at the card in a moment: it shows what counts. If nothing has changed there, try again; nothing is done twice."
	Unopened    = "I couldn't open the form just now. Please try again."
	Unread      = "I couldn't look that up just now. Please try again in a moment."
)

// NotSaved is what somebody reads whose form couldn't be saved.
func NotSaved(err error) string {
	if access.Classify(err).Class == access.Rejected {
		return NeedsIT
	}
	return UnsavedForm
}

// Open opens a view for a click. The second delivery of a click finds its
// trigger used up, and the view open.
func (r *Responder) Open(ctx context.Context, in payload.Interaction, v slack.ModalViewRequest) error {
	in.View = payload.View{} // also where there is one below: the view closes it
	return r.Push(ctx, in, v)
}

// Push puts a view on top of the one that was clicked, or opens it where there is none.
func (r *Responder) Push(ctx context.Context, in payload.Interaction, v slack.ModalViewRequest) error {
	_, err := r.push(ctx, in, v)
	return r.shown(in, err)
}

// push says which view it became, as far as Slack's answer can be read.
func (r *Responder) push(ctx context.Context, in payload.Interaction, v slack.ModalViewRequest) (payload.View, error) {
	var shown *slack.ViewResponse
	var err error
	if in.View.ID == "" || in.View.Type == "home" {
		shown, err = r.api.OpenViewContext(ctx, in.Trigger, v)
	} else {
		shown, err = r.api.PushViewContext(ctx, in.Trigger, v)
	}
	if err = webapi.ViewShown(err); err != nil || shown == nil {
		return payload.View{}, err
	}
	return payload.View{ID: shown.ID, Hash: shown.Hash}, nil
}

// shown tells the person that a view didn't open, unless it is open.
func (r *Responder) shown(in payload.Interaction, err error) error {
	if err == nil || already(err) {
		return nil
	}
	r.Tell(in, Unopened)
	return err
}

// already tells that a view was opened by the first delivery of the same click.
func already(err error) bool {
	code := webapi.Code(err)
	return code == "exchanged_trigger_id" || code == "duplicate_external_id"
}

// Update shows something else in an open view. With a hash, Slack refuses it if the
// view changed since.
func (r *Responder) Update(ctx context.Context, next slack.ModalViewRequest, hash, id string) error {
	_, err := r.api.UpdateViewContext(ctx, next, "", hash, id)
	return webapi.ViewShown(err)
}
