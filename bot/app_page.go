package bot

import (
	"context"
	"strings"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/query"
)

// pageRoles is how many roles an app's page tells about.
const pageRoles = 40

// appPage tells all there is to know about an app before asking for it.
func (b *Bot) appPage(ctx context.Context, s shelf, app catalog.App) slack.ModalViewRequest {
	pace, err := b.cfg.Query.Pace(ctx, app.ID)
	if err != nil {
		b.log.WarnContext(ctx, "Couldn't tell how long an app usually takes", "app", app.ID, "error", err)
	}
	owners := b.cfg.People.Display(ctx, app.Owners[:min(len(app.Owners), 5)])
	for i, name := range owners {
		owners[i] = esc(name, longest)
	}
	return s.page(b.cfg.Catalog(), app, listed(owners, 5), pace)
}

// called lists people by name where it is known, escaped.
func called(who []access.PersonID, names map[access.PersonID]access.Person) string {
	var out []string
	for _, e := range who {
		out = append(out, esc(nameIn(names, e), longest))
	}
	return listed(out, 5)
}

func nameIn(names map[access.PersonID]access.Person, e access.PersonID) string {
	return names[e].Display()
}

func (s shelf) page(c *catalog.Catalog, app catalog.App, owners string, pace query.Pace) slack.ModalViewRequest {
	var b sheet
	b.title(or(app.Name, app.ID))
	b.say(esc(app.Description, 2000))
	b.facts(fact{"Category", esc(app.Category, longest)}, fact{"Owner", owners}, fact{"Usually takes", paceText(pace)})
	for _, r := range app.Roles[:min(len(app.Roles), pageRoles)] {
		b.say(pageRole(c, app, r))
	}
	if more := len(app.Roles) - pageRoles; more > 0 {
		b.note("and " + plural(more, "more role"))
	}
	if !s.Direct {
		b.buttons(button(actionList, app.ID, "All apps", ""))
	}
	submit := "Choose"
	if s.Direct || !app.Offered() {
		submit = ""
	}
	v := modal("About this app", submit, "Back", b.blocks...)
	v.CallbackID, v.PrivateMetadata = callbackBrowse, metadata(s)
	return v
}

func pageRole(c *catalog.Catalog, app catalog.App, r catalog.Role) string {
	lines := []string{"*" + esc(or(r.Name, r.ID), longest) + "*", aboutRole(c, app, r)}
	if r.Durations.Max != catalog.Forever {
		lines = append(lines, capital(catalog.FormatDuration(r.Durations.Max))+" at most.")
	}
	return strings.Join(lines, "\n")
}

// paceText says how long it usually takes.
func paceText(p query.Pace) string {
	if p.Of == 0 {
		return ""
	}
	return capital(roughly(p.There)) + " (from " + plural(p.Of, "request") + ")"
}
