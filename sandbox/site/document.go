package site

import (
	"net/http"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"latchkey/sandbox/page"
)

// serveBlockStyle is how what the app sends is drawn, as in the pictures.
func serveBlockStyle(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = w.Write([]byte(page.Style())) // the browser has gone if this fails
}

// serveDocument is the whole page as it stands, to be seen before any script runs.
func (s *Site) serveDocument(w http.ResponseWriter, r *http.Request) {
	v := s.looked(r.URL.Query())
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = s.document(v).Render(w) // the browser has gone if this fails
}

func (s *Site) document(v look) g.Node {
	pieces := map[string]g.Node{}
	for _, r := range s.frame(v) {
		var all g.Group
		for _, p := range r.Pieces {
			all = append(all, g.Raw(p.HTML))
		}
		pieces[r.ID] = all
	}
	in := func(id string) g.Node { return g.Group{h.ID(id), pieces[id]} }
	return h.Doctype(h.HTML(h.Lang("en"),
		h.Head(
			h.Meta(h.Charset("utf-8")), h.Meta(h.Name("viewport"), h.Content("width=device-width, initial-scale=1")), h.Meta(h.Name("color-scheme"), h.Content("light dark")),
			h.TitleEl(g.Text(s.heading(v))),
			h.Link(h.Rel("icon"), h.Href("/assets/mark.svg")), h.Link(h.Rel("stylesheet"), h.Href("/assets/blocks.css")), h.Link(h.Rel("stylesheet"), h.Href("/assets/site.css")),
			h.Script(h.Type("module"), h.Src("/assets/site.js")),
		),
		h.Body(h.Data("show", "slack"), s.bar(in), h.Main(s.peopleColumn(in), s.slackColumn(v, in), s.recordColumn(in)), s.bottom(),
			h.Div(h.ID("banners"), g.Attr("role", "log"), g.Attr("aria-label", "Notifications")), h.Div(h.ID("notices"), g.Attr("role", "alert")), s.shareDialog()),
	))
}

// bar is what stands above everything: the clock, what can go wrong, the tour.
func (s *Site) bar(in func(string) g.Node) g.Node {
	return h.Header(h.Class("bar"),
		h.A(h.Class("brand"), h.Href("/"), h.Img(h.Src("/assets/mark.svg"), h.Alt(""), h.Width("24"), h.Height("24")), h.H1(g.Text(s.App)), h.Span(h.Class("pill"), g.Text("sandbox"))),
		h.Div(h.Class("time"),
			h.Div(h.Class("clock"), g.Attr("role", "group"), g.Attr("aria-label", "Clock"), in("clock")),
			h.Details(h.Class("menu-box"), h.Summary(h.Class("button"), g.Attr("aria-label", "What is ahead"), h.Title("What "+s.App+" will do by itself, and when"), g.Text("▾")),
				h.Div(h.Class("sheet"), h.P(g.Text("What "+s.App+" will do by itself. Press one to move the clock there, day by day.")), h.Ul(in("calendar"), h.Class("calendar"))))),
		h.Div(h.Class("tools"),
			h.Div(h.Class("bot"), in("bot")),
			h.Details(h.Class("menu-box"), h.Summary(h.Class("button"), g.Text("What if…")), h.Div(h.Class("sheet"), h.P(g.Text("Break something and see what becomes of a request.")), h.Div(in("faults")))),
			h.Button(h.Type("button"), h.Class("button"), h.Data("share", "open"), g.Text("Share")),
			g.If(len(s.Tour) > 0, h.Button(h.Type("button"), h.Class("button primary"), h.Data("tour", "begin"), g.Text("Take the tour"))),
		))
}

func (s *Site) peopleColumn(in func(string) g.Node) g.Node {
	return h.Nav(h.Class("people"), g.Attr("aria-label", "People"),
		h.Div(h.Class("head"), h.H2(g.Text("Who are you?")), h.Input(h.Type("search"), h.ID("find"), h.Placeholder("Find a person"), g.Attr("aria-label", "Find a person"))),
		h.Ul(in("people")))
}

func (s *Site) slackColumn(v look, in func(string) g.Node) g.Node {
	return h.Section(h.Class("slack"), g.Attr("aria-label", "Slack"),
		h.Div(in("tour"), h.Class("tour")),
		h.Div(h.Class("window"),
			h.Nav(h.Class("side"), g.Attr("aria-label", "Channels"), h.P(h.Class("workspace"), g.Text("Acme")), h.Ul(in("places"))),
			h.Div(h.Class("talk"),
				h.Div(h.Class("headline"), in("title")),
				h.Div(h.Class("said-all"), h.TabIndex("0"), g.Attr("role", "region"), g.Attr("aria-label", "Conversation"), in("messages")),
				h.Div(h.Class("below"), in("composer"))),
			h.Aside(h.Class("thread"), g.Attr("aria-label", "Thread"), in("thread")),
			h.Dialog(h.ID("modal"), g.Attr("aria-labelledby", "modal-title"), h.Div(in("modal-head")), h.Div(in("modal-blocks"), h.TabIndex("0"), g.Attr("role", "group"), g.Attr("aria-label", "Form")), h.Div(in("modal-foot"))),
		))
}

func (s *Site) recordColumn(in func(string) g.Node) g.Node {
	return h.Section(h.Class("record"), g.Attr("aria-label", "Record"),
		h.Section(h.Class("panel jira"), g.Attr("aria-label", "Jira"), h.Div(h.Class("head"), h.H2(g.Text("Jira"))), h.Ul(in("issues"), h.Class("issues")), h.Div(in("issue"), h.Class("issue"), h.TabIndex("0"), g.Attr("role", "region"), g.Attr("aria-label", "Issue"))),
		h.Section(h.Class("panel"), g.Attr("aria-label", "Groups"), h.Div(h.Class("head"), h.H2(g.Text("Groups"))), h.Ul(in("uses"), h.Class("uses")), h.Div(in("groups"), h.Class("groups"), h.TabIndex("0"), g.Attr("role", "region"), g.Attr("aria-label", "Groups of the directories"))))
}

// bottom is how a phone goes from one column to another.
func (s *Site) bottom() g.Node {
	tab := func(show, label string) g.Node {
		return h.Button(h.Type("button"), h.Data("tab", show), g.Text(label))
	}
	return h.Nav(h.Class("bottom"), g.Attr("aria-label", "Columns"), tab("people", "People"), tab("slack", "Slack"), tab("record", "Jira and groups"))
}

func (s *Site) shareDialog() g.Node {
	return h.Dialog(h.ID("share"), g.Attr("aria-labelledby", "share-title"),
		h.H2(h.ID("share-title"), g.Text("Share this story")),
		h.P(g.Text("The link holds everything that was done here. Whoever opens it in a demo of their own can play it again.")),
		h.Label(g.Text("Link"), h.Input(h.Type("text"), h.ReadOnly(), h.ID("share-link"))),
		h.Div(h.Class("actions"), h.Button(h.Type("button"), h.Class("button"), h.Data("share", "close"), g.Text("Close")), h.Button(h.Type("button"), h.Class("button primary"), h.Data("share", "copy"), g.Text("Copy"))))
}
