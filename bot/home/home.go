// Package home keeps the Home tab: what waits for a person, what they have, what they
// asked for, and for IT what is stuck and how the week went.
package home

import (
	"context"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/lists"
	"latchkey/bot/payload"
	"latchkey/bot/respond"
	"latchkey/bot/route"
	"latchkey/bot/webapi"
	"latchkey/evidence"
	"latchkey/workflow/people"
)

// callback names the view. Never changed.
const callback = "home"

// API publishes Home tabs.
type API interface {
	PublishViewContext(ctx context.Context, v slack.PublishViewContextRequest) (*slack.ViewResponse, error)
}

// People knows who somebody is and what they may do.
type People interface {
	Who(ctx context.Context, slackID string) (access.Person, error)
	Caller(ctx context.Context, by access.Actor) (people.Caller, error)
	May(by people.Caller, act people.Act, about people.Matter) error
	Names(ctx context.Context, who []access.PersonID) map[access.PersonID]access.Person
}

// Weeks counts a week.
type Weeks interface {
	Week(ctx context.Context, by access.Actor) (evidence.Report, error)
}

// Pauses knows whether new access is paused; the zero pause if it isn't.
type Pauses interface {
	Paused(ctx context.Context) (access.Pause, error)
}

// Notices knows how much people want to be told.
type Notices interface {
	Notices(ctx context.Context, who access.PersonID) (access.Notices, error)
	Prefer(ctx context.Context, who access.PersonID, n access.Notices) error
}

// Deciders know whether somebody is asked to decide.
type Deciders interface {
	Decides(ctx context.Context, who access.Person) (bool, error)
}

// Delegations know who decides for whom: those by which somebody decides for others, or
// others for them.
type Delegations interface {
	Of(ctx context.Context, who access.PersonID) ([]access.Delegation, error)
}

// Config is what the Home tab needs; all of it.
type Config struct {
	API     API
	Respond *respond.Responder
	Lists   *lists.Lists
	People  People
	Weeks   Weeks
	Pauses  Pauses
	Notices Notices
	Decides Deciders

	Delegations Delegations
}

// Home keeps everybody's Home tab.
type Home struct {
	api     API
	respond *respond.Responder
	lists   *lists.Lists
	people  People
	weeks   Weeks
	pauses  Pauses
	notices Notices
	decides Deciders
	tabs    tabs

	delegations Delegations
}

// New makes a Home.
func New(cfg Config) *Home {
	return &Home{api: cfg.API, respond: cfg.Respond, lists: cfg.Lists, people: cfg.People, weeks: cfg.Weeks, pauses: cfg.Pauses, notices: cfg.Notices, decides: cfg.Decides, delegations: cfg.Delegations}
}

// Routes are what the Home tab answers to besides the buttons that other rooms know.
func (h *Home) Routes() route.Table {
	clicks := map[route.Key]route.Click{
		route.In(callback, blocks.ActionBefore): h.turnPage,
		route.In(callback, blocks.ActionAfter):  h.turnPage,
	}
	for _, c := range choices() {
		clicks[route.In(callback, c.action())] = h.prefer
	}
	return route.Table{Clicks: clicks}
}

// Opened publishes the Home tab of somebody who looks at it.
func (h *Home) Opened(user string, shown payload.View) {
	h.tabs.note(user, pagesOf(shown))
	h.refresh(user)
}

// turnPage shows another page of a list on the Home tab.
func (h *Home) turnPage(_ context.Context, in payload.Interaction, a payload.Action) error {
	m := pagesOf(in.View)
	if shown, ok := m.of(a.Block); ok {
		*shown = payload.Number(a.Value, 0)
	}
	h.tabs.note(in.User.ID, m)
	h.refresh(in.User.ID)
	return nil
}

// Changed takes note that something about a person changed: their Home tab is
// brought up to date if they have opened it. Nobody in particular stands for
// IT.
func (h *Home) Changed(p access.Person) {
	if p.ID == "" {
		for _, user := range h.tabs.staff() {
			h.refresh(user)
		}
		return
	}
	if id := p.Account("slack"); id != "" {
		h.refresh(id)
	}
}

// refresh publishes a Home tab unless it would say the same again.
func (h *Home) refresh(user string) {
	m, mine := h.tabs.begin(user)
	if !mine {
		return
	}
	h.respond.Later("publish the Home tab", func(ctx context.Context) error {
		digest, it, err := h.publish(ctx, user, m)
		if h.tabs.done(user, digest, it) {
			h.refresh(user)
		}
		return err
	})
}

func (h *Home) publish(ctx context.Context, user string, m shownPages) (digest string, it bool, err error) {
	d, err := h.read(ctx, user, m)
	if err != nil {
		return "", false, err
	}
	body := d.blocks()
	if digest, err = (blocks.Message{Blocks: body}).Digest(); err != nil || digest == m.Digest {
		return digest, d.it, err
	}
	m.Digest = digest
	v := slack.HomeTabViewRequest{Type: slack.VTHomeTab, CallbackID: callback, PrivateMetadata: blocks.Metadata(m), Blocks: slack.Blocks{BlockSet: body}}
	_, err = h.api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: user, View: v})
	if err = webapi.ViewShown(err); err != nil {
		return "", d.it, err
	}
	return digest, d.it, nil
}
