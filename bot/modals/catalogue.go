package modals

import (
	"context"

	"github.com/slack-go/slack"

	"latchkey/bot/blocks"
	"latchkey/bot/payload"
	"latchkey/bot/respond"
	"latchkey/bot/route"
	"latchkey/bot/webapi"
	"latchkey/catalog"
	"latchkey/workflow/query"
)

// catalogue shows what there is to ask for, by category, and a page about each app.
type catalogue struct {
	respond *respond.Responder
	catalog func() *catalog.Catalog
	usage   departments
	pages   appPages
	latest  *latestActions
	form    *RequestForm
}

func (m *catalogue) routes() route.Table {
	return route.Table{
		Clicks: map[route.Key]route.Click{
			route.Anywhere(ActionBrowse):                  m.open,
			route.In(callbackRequest, actionAbout):        m.openPage,
			route.In(callbackBrowse, actionAbout):         m.turnPage,
			route.In(callbackBrowse, actionList):          m.turnPage,
			route.In(callbackBrowse, actionAskFor):        m.askFor,
			route.In(callbackBrowse, actionCategory):      m.turnPage,
			route.In(callbackBrowse, blocks.ActionBefore): m.turnPage,
			route.In(callbackBrowse, blocks.ActionAfter):  m.turnPage,
		},
		Submissions: map[string]route.Submission{callbackBrowse: m.submitted},
	}
}

// open puts the catalogue on top of the request form, or opens it by itself.
func (m *catalogue) open(_ context.Context, in payload.Interaction, _ payload.Action) error {
	s := catalogueState{Category: allApps}
	if in.View.CallbackID == callbackRequest {
		s.Root, s.Form = in.View.ID, formOf(m.catalog(), in.View).metadata()
	}
	m.show(in, "open the catalogue", s)
	return nil
}

// show opens what the catalogue itself says, and adds to it what has to be looked up.
func (m *catalogue) show(in payload.Interaction, what string, s catalogueState) {
	c := m.catalog()
	if c.Policy().Hides() { // what somebody isn't shown isn't shown for a moment either
		c = c.Shown(catalog.Attributes{})
	}
	first := s.view(c, surroundings{})
	if app, ok := c.App(s.App); ok {
		first = s.page(c, app, "", query.Paces{})
	}
	m.respond.OpenThen(in, what, first, func(ctx context.Context) (slack.ModalViewRequest, error) {
		return m.view(ctx, in.User.ID, s), nil
	})
}

// turnPage shows another part of the catalogue in the same view.
func (m *catalogue) turnPage(_ context.Context, in payload.Interaction, a payload.Action) error {
	if !m.latest.note(in.View.ID, a.TS) {
		return nil
	}
	s := catalogueStateOf(in.View)
	switch a.ID {
	case actionCategory:
		s.Category, s.From = payload.Number(a.Selected.Value, allApps), 0
	case blocks.ActionBefore, blocks.ActionAfter:
		s.From = payload.Number(a.Value, 0)
	case actionAbout:
		s.App = a.Value
	case actionList:
		s.App = ""
	}
	m.respond.Later("turn a page of the catalogue", func(ctx context.Context) error {
		v := m.view(ctx, in.User.ID, s)
		if !m.latest.is(in.View.ID, a.TS) {
			return nil
		}
		err := m.respond.Update(ctx, v, "", in.View.ID)
		if webapi.Code(err) == "not_found" {
			return nil
		}
		return err
	})
	return nil
}

// view draws the part of the catalogue that is shown.
func (m *catalogue) view(ctx context.Context, user string, s catalogueState) slack.ModalViewRequest {
	c := m.form.shownTo(ctx, user)
	if app, ok := c.App(s.App); ok {
		return m.pages.view(ctx, c, s, app)
	}
	around := m.usage.surroundings(ctx, user)
	around.usual = map[string]string{}
	apps, _ := s.shown(c, around.used)
	for _, app := range apps {
		around.usual[app.ID] = usually(m.pages.usual.of(ctx, app.ID).App)
	}
	return s.view(c, around)
}

// askFor turns the catalogue into the form with an app chosen: beside what was chosen before,
// where there is a form already.
func (m *catalogue) askFor(_ context.Context, in payload.Interaction, a payload.Action) error {
	if !m.latest.note(in.View.ID, a.TS) {
		return nil
	}
	c, s := m.catalog(), catalogueStateOf(in.View)
	f := formOf(c, payload.View{Metadata: s.Form})
	f.App, f.Most, f.Turn = a.Value, 0, f.Turn+1
	if app, ok := c.App(a.Value); ok {
		f.Role = onlyRole(app)
	} else {
		f.App, f.Hint = "", appGone
	}
	m.form.become(in, f)
	return nil
}

// openPage puts an app's page on top of the request form.
func (m *catalogue) openPage(_ context.Context, in payload.Interaction, a payload.Action) error {
	c := m.catalog()
	s := catalogueState{Root: in.View.ID, Form: formOf(c, in.View).metadata(), Category: allApps, App: a.Value, Direct: true}
	m.show(in, "open an app's page", s)
	return nil
}

// submitted takes the app that is shown into the form.
func (m *catalogue) submitted(_ context.Context, in payload.Interaction) ([]byte, error) {
	s := catalogueStateOf(in.View)
	if s.Root == "" {
		return formWith(m.catalog(), s.App)
	}
	if !s.Direct {
		m.form.choose(s.Root, s.Form, s.App)
	}
	return nil, nil
}

// formWith turns a view into the form with an app chosen, unless that is too long
// for an ack: then the app is chosen on the form.
func formWith(c *catalog.Catalog, id string) ([]byte, error) {
	f := form{App: id}
	app, ok := c.App(id)
	if ok {
		f.Role = onlyRole(app)
	}
	out, err := payload.ReplaceView(f.view(c))
	if err != nil || len(out) <= payload.MaxAck {
		return out, err
	}
	return payload.ReplaceView(form{Hint: "Please choose " + blocks.Clip(blocks.Or(app.Name, app.ID), blocks.MaxName) + " here once more; it has many roles."}.view(c))
}
