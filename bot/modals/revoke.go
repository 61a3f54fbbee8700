package modals

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/lists"
	"latchkey/bot/payload"
	"latchkey/bot/respond"
	"latchkey/bot/route"
	"latchkey/catalog"
	"latchkey/workflow/people"
	"latchkey/workflow/query"
)

const (
	callbackRevoke = "revoke" // never changed
	revokeTitle    = "Revoke access"
)

// Revoker takes access away.
type Revoker interface {
	RevokeAll(ctx context.Context, grants []string, reason string, by access.Actor) error
}

// Explainer tells why somebody has access, to those who may know.
type Explainer interface {
	Why(ctx context.Context, by access.Actor, who access.Person, app string) ([]query.Holding, error)
}

// Authority says what somebody may do.
type Authority interface {
	Allow(ctx context.Context, by access.Actor, act people.Act, about people.Matter) error
}

// Revocation takes a person's access to an app away.
type Revocation struct {
	respond *respond.Responder
	catalog func() *catalog.Catalog
	people  Authority
	query   Explainer
	revoke  Revoker
	log     *slog.Logger
	now     func() time.Time
}

func (m *Revocation) routes() route.Table {
	return route.Table{Submissions: map[string]route.Submission{callbackRevoke: m.submitted}}
}

// revoking is what the revoke form carries along.
type revoking struct {
	Who access.PersonID `json:"w"`
	App string          `json:"a"`
}

// Open shows what a person would lose of an app and asks for the reason; whose finds
// out who the person is.
func (m *Revocation) Open(user, trigger string, app catalog.App, whose func(context.Context) (access.Person, error)) {
	in := payload.Interaction{Trigger: trigger, User: payload.Ref{ID: user}}
	m.respond.Fill(in, "open the revoke form", revokeTitle, func(ctx context.Context) (v slack.ModalViewRequest, err error) {
		by, err := m.respond.Actor(ctx, in, "", "revoke access")
		if err != nil {
			return v, err
		}
		who, err := whose(ctx)
		var live []query.Holding
		if err == nil {
			live, err = m.Live(ctx, by, who, app.ID)
		}
		if err != nil {
			return v, m.respond.LogRefusal(ctx, "", by, "revoke access", err)
		}
		if len(live) == 0 {
			return blocks.Notice(revokeTitle, who.Display()+" has no access to "+app.Name+" through Latchkey that could be taken away."), nil
		}
		return m.view(who, app.ID, live), nil
	})
}

func (m *Revocation) view(who access.Person, app string, live []query.Holding) slack.ModalViewRequest {
	var lines []string
	for _, h := range live {
		lines = append(lines, blocks.Escape(h.Label(m.catalog()), blocks.MaxName)+". "+lists.HeldText(h.Grant, m.now()))
	}
	text := blocks.Bullets("*"+blocks.Escape(who.Display(), blocks.MaxName)+"* loses this now:", lines)
	v := blocks.Modal(revokeTitle, "Revoke", "Cancel", blocks.Section(text),
		reasonInput("Why?", "The person reads this, and it goes into the ticket.", "What has changed?"))
	v.CallbackID, v.PrivateMetadata = callbackRevoke, blocks.Metadata(revoking{who.ID, app})
	return v
}

// Live are the grants of an app that can be taken away, for those who may.
func (m *Revocation) Live(ctx context.Context, by access.Actor, who access.Person, app string) ([]query.Holding, error) {
	if err := m.people.Allow(ctx, by, people.ActRevoke, people.Matter{App: app}); err != nil {
		return nil, err
	}
	list, err := m.query.Why(ctx, by, who, app)
	var out []query.Holding
	for _, h := range list {
		if h.Grant.App == app && h.Grant.Live() {
			out = append(out, h)
		}
	}
	return out, err
}

// submitted takes the access away.
func (m *Revocation) submitted(ctx context.Context, in payload.Interaction) ([]byte, error) {
	var what revoking
	by, err := m.respond.Actor(ctx, in, "", "revoke access")
	if err == nil {
		err = json.Unmarshal([]byte(in.View.Metadata), &what)
	}
	var live []query.Holding
	if err == nil {
		live, err = m.Live(ctx, by, access.Person{ID: what.Who}, what.App)
		err = m.respond.LogRefusal(ctx, "", by, "revoke access", err)
	}
	if err == nil && len(live) > 0 {
		var ids []string
		for _, h := range live {
			ids = append(ids, h.Grant.ID)
		}
		err = m.revoke.RevokeAll(ctx, ids, reasonIn(in), by)
	}
	if refusal, ok := access.AsRefusal(err); ok {
		return payload.ReplaceView(blocks.Notice(revokeTitle, refusal.Sentence))
	}
	if err != nil {
		m.log.ErrorContext(ctx, "Access couldn't be revoked", "error", err)
		return payload.FieldError(blockReason, respond.NotSaved(err))
	}
	if len(live) == 0 {
		return payload.ReplaceView(blocks.Notice(revokeTitle, "There was nothing left to take away."))
	}
	return payload.ReplaceView(blocks.Notice(revokeTitle, "It ends now. The removal is read back from the directory; the ticket says when it was seen to be gone."))
}
