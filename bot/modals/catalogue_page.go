package modals

import (
	"context"
	"strings"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/catalog"
	"latchkey/workflow/query"
)

// pageRoles is how many roles an app's page tells about.
const pageRoles = 40

// Names knows what people are called who are named by address.
type Names interface {
	Display(ctx context.Context, addresses []string) []string
	// ByAddress looks somebody up by an address.
	ByAddress(ctx context.Context, a access.Email) (access.Person, error)
}

// appPages find what the page of an app tells about it.
type appPages struct {
	usual usual
	names Names
}

// view tells all there is to know about an app before asking for it.
func (p appPages) view(ctx context.Context, c *catalog.Catalog, s catalogueState, app catalog.App) slack.ModalViewRequest {
	owners := p.names.Display(ctx, app.Owners[:min(len(app.Owners), 5)])
	for i, name := range owners {
		if name == app.Owners[i] { // nobody who is known yet
			if p, err := p.names.ByAddress(ctx, access.NewEmail(name)); err == nil && p.MeantBy(access.NewEmail(name)) {
				name = p.Display()
			}
		}
		owners[i] = blocks.Escape(name, blocks.MaxName)
	}
	return s.page(c, app, blocks.List(owners, 5), p.usual.of(ctx, app.ID))
}

func (s catalogueState) page(c *catalog.Catalog, app catalog.App, owners string, paces query.Paces) slack.ModalViewRequest {
	var b blocks.MessageBuilder
	b.Title(blocks.Or(app.Name, app.ID))
	b.Say(blocks.Escape(app.Description, 2000))
	b.Facts(blocks.Labelled("Category", blocks.Escape(app.Category, blocks.MaxName)), blocks.Labelled("Owner", owners))
	for _, r := range app.Roles[:min(len(app.Roles), pageRoles)] {
		b.Say(pageRole(c, app, r, usualSentence(paces.Roles[r.ID])))
	}
	if more := len(app.Roles) - pageRoles; more > 0 {
		b.Note("and " + blocks.Count(more, "more role"))
	}
	if !s.Direct {
		b.Buttons(blocks.Button(actionList, app.ID, "All apps", ""))
	}
	submit := "Choose"
	if s.Direct || !app.Offered() {
		submit = ""
	}
	v := blocks.Modal("About this app", submit, "Back", b.Blocks()...)
	v.CallbackID, v.PrivateMetadata = callbackBrowse, blocks.Metadata(s)
	return v
}

func pageRole(c *catalog.Catalog, app catalog.App, r catalog.Role, usual string) string {
	lines := []string{"*" + blocks.Escape(blocks.Or(r.Name, r.ID), blocks.MaxName) + "*", aboutRole(c, app, r, ownRoute(c, r))}
	if r.Durations.Max != catalog.Forever {
		lines = append(lines, blocks.Capital(catalog.FormatDuration(r.Durations.Max))+" at most.")
	}
	return strings.Join(append(lines, blocks.NonBlank(usual)...), "\n")
}
