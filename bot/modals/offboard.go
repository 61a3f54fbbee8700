package modals

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/payload"
	"latchkey/bot/respond"
	"latchkey/bot/route"
	"latchkey/workflow/requests"
)

const (
	callbackOffboard = "offboard" // never changed

	offboardTitle = "Offboard somebody"
)

// Offboarder ends everything somebody has.
type Offboarder interface {
	Holdings(ctx context.Context, who access.PersonID, by access.Actor) (requests.Holding, error)
	Offboard(ctx context.Context, who access.PersonID, reason string, by access.Actor) (requests.Holding, error)
}

// Offboarding ends everything that somebody has, once that was typed out.
type Offboarding struct {
	respond  *respond.Responder
	offboard Offboarder
	log      *slog.Logger
}

func (m *Offboarding) routes() route.Table {
	return route.Table{Submissions: map[string]route.Submission{callbackOffboard: m.submitted}}
}

// leaving is what the form carries along.
type leaving struct {
	Who     access.PersonID `json:"w"`
	Contact string          `json:"c"`
}

// Open opens the form. Who is meant, and what they have, is found out while it stands
// there.
func (m *Offboarding) Open(user, trigger string, find func(context.Context) (access.Person, error)) {
	in := payload.Interaction{User: payload.Ref{ID: user}, Trigger: trigger}
	m.respond.Fill(in, "open the offboarding form", offboardTitle, func(ctx context.Context) (slack.ModalViewRequest, error) {
		return m.read(ctx, in, find)
	})
}

func (m *Offboarding) read(ctx context.Context, in payload.Interaction, find func(context.Context) (access.Person, error)) (slack.ModalViewRequest, error) {
	by, err := m.respond.Actor(ctx, in, "", "offboard")
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	who, err := find(ctx)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	found, err := m.offboard.Holdings(ctx, who.ID, by)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	return offboardView(who, found), nil
}

func offboardView(who access.Person, found requests.Holding) slack.ModalViewRequest {
	text := "Everything *" + blocks.Escape(who.Display(), blocks.MaxName) + "* holds ends now:"
	if len(found.Access) == 0 {
		text = "*" + blocks.Escape(who.Display(), blocks.MaxName) + "* holds nothing through Latchkey."
	}
	text += listOf(found.Access)
	if len(found.Requests) > 0 {
		text += "\nCancelled: " + blocks.Escape(blocks.List(found.Requests, 10), 500) + "."
	}
	text += "\nThey can neither ask nor decide from then on."
	v := blocks.Modal(offboardTitle, "End it all", "Cancel", blocks.Section(text),
		reasonInput("Why?", "It goes into the record of everything that ends.", "Left on 30 November"),
		typedInput(found.Who, "end it all"))
	v.CallbackID, v.PrivateMetadata = callbackOffboard, blocks.Metadata(leaving{who.ID, found.Who})
	return v
}

func listOf(names []string) string {
	const most = 15
	text := ""
	for _, name := range names[:min(len(names), most)] {
		text += "\n• " + blocks.Escape(blocks.Clip(name, blocks.MaxName), 2*blocks.MaxName)
	}
	if more := len(names) - most; more > 0 {
		text += "\n… and " + blocks.Count(more, "other") + "."
	}
	return text
}

// submitted ends it all.
func (m *Offboarding) submitted(ctx context.Context, in payload.Interaction) ([]byte, error) {
	var what leaving
	by, err := m.respond.Actor(ctx, in, "", "offboard")
	if err == nil {
		err = json.Unmarshal([]byte(in.View.Metadata), &what)
	}
	if err == nil && !strings.EqualFold(strings.TrimSpace(typedIn(in)), what.Contact) {
		return payload.FieldError(blockTyped, "To end everything they have, please type: "+what.Contact)
	}
	if err == nil {
		_, err = m.offboard.Offboard(ctx, what.Who, reasonIn(in), by)
	}
	if refusal, ok := access.AsRefusal(err); ok {
		return payload.ReplaceView(blocks.Notice(offboardTitle, refusal.Sentence))
	}
	if err != nil {
		m.log.ErrorContext(ctx, "Somebody couldn't be offboarded", "error", err)
		return payload.FieldError(blockReason, respond.NotSaved(err))
	}
	return payload.ReplaceView(blocks.Notice(offboardTitle, "It all ends now. Each ticket says when it was seen to be gone; the ticket of the offboarding says when that is so of everything."))
}
