package modals

import (
	"context"
	"log/slog"
	"sync/atomic"

	"github.com/slack-go/slack"

	"latchkey/bot/blocks"
	"latchkey/bot/manifest"
	"latchkey/bot/payload"
	"latchkey/bot/respond"
	"latchkey/bot/route"
	"latchkey/catalog"
)

// ActionRequest opens the request form, wherever its button stands. Never changed.
const ActionRequest = "request"

// RequestForm asks for access: to one role or several, for oneself or somebody else.
type RequestForm struct {
	respond *respond.Responder
	catalog func() *catalog.Catalog
	people  People
	submit  Submitter
	usage   departments
	latest  *latestActions
	pauses  Pauses
	usual   usual
	log     *slog.Logger
	first   atomic.Pointer[firstApps]
}

func (m *RequestForm) routes() route.Table {
	return route.Table{
		Clicks: map[route.Key]route.Click{
			route.Anywhere(ActionRequest):             m.opened,
			route.In(callbackRequest, actionApp):      m.changed,
			route.In(callbackRequest, actionRole):     m.changed,
			route.In(callbackRequest, actionPerson):   m.changed,
			route.In(callbackRequest, actionDuration): m.changed,
			route.In(callbackRequest, actionMore):     m.changed,
			route.In(callbackRequest, actionLess):     m.changed,
			route.In(callbackRequest, actionOther):    m.changed,
			route.In(callbackRequest, actionLater):    m.changed,
		},
		Submissions: map[string]route.Submission{callbackRequest: m.submitted},
		Closings:    map[string]route.Signal{callbackRequest: func(in payload.Interaction) { m.latest.forget(in.View.ID) }},
		Menus:       map[string]route.Submission{actionApp: m.menu},
		Shortcuts: map[string]route.Signal{
			manifest.ShortcutRequest: func(in payload.Interaction) { m.Open(in.User.ID, in.Trigger, "") },
			manifest.ShortcutOnMessage: func(in payload.Interaction) {
				m.openWith(in.User.ID, in.Trigger, form{Conversation: permalink(in)})
			},
		},
	}
}

func (m *RequestForm) opened(_ context.Context, in payload.Interaction, _ payload.Action) error {
	m.Open(in.User.ID, in.Trigger, "")
	return nil
}

// Open opens the form with what the text names chosen already.
func (m *RequestForm) Open(user, trigger, text string) {
	f := match(m.catalog(), text)
	if text != "" && f.App == "" {
		f.Hint = noMatch(text)
	}
	m.openWith(user, trigger, f)
}

// openWith opens the form. The first view needs no look-up; who the person is and
// whether they have the role already is found out while they look at it.
func (m *RequestForm) openWith(user, trigger string, f form) {
	in := payload.Interaction{User: payload.Ref{ID: user}, Trigger: trigger}
	m.respond.OpenThen(in, "open the request form", f.view(m.catalog()), func(ctx context.Context) (slack.ModalViewRequest, error) {
		m.inform(ctx, &f)
		refusal, err := m.findObjections(ctx, user, f.Whom, &f)
		switch {
		case refusal != "":
			return blocks.Notice(manifest.RequestTitle, refusal), err
		case len(f.Objections) == 0 && f.Person == "" && f.Paused == "" && f.Usual == "" && f.Judged == nil && !m.catalog().Policy().Hides():
			return slack.ModalViewRequest{}, err
		}
		return f.view(m.shownTo(ctx, user)), err
	})
}

// shownTo is the catalogue as somebody sees it. Where it can't be found out who they are, what a rule hides
// from anybody is hidden.
func (m *RequestForm) shownTo(ctx context.Context, user string) *catalog.Catalog {
	c := m.catalog()
	if !c.Policy().Hides() {
		return c
	}
	p, err := m.people.Who(ctx, user)
	if err != nil {
		return c.Shown(catalog.Attributes{})
	}
	return m.submit.Shown(ctx, p)
}

// inform adds to the form what is known at this moment.
func (m *RequestForm) inform(ctx context.Context, f *form) {
	f.Paused, f.Usual = pauseText(ctx, m.pauses, m.log), m.usual.role(ctx, f.App, f.Role)
}
