package cli

import (
	"context"
	"net/http"

	"latchkey/app"
	"latchkey/config"
	"latchkey/sandbox/harness"
	"latchkey/sandbox/site"
)

// page serves the page on which people play, and beside it what scripts act by.
func (d demo) page(ctx context.Context, h *harness.Harness, bot *demoBot) http.Handler {
	played := &site.Site{Harness: h, Bot: bot, Store: bot, Command: d.config.Slack.Command, Tour: d.steps, Apps: usable(d.config)}
	for _, w := range app.CommandUsages() {
		played.Words = append(played.Words, site.Word{Usage: w[0], Does: w[1]})
	}
	played.Begin(ctx)
	mux, lines := http.NewServeMux(), harness.Handler(h)
	for _, path := range []string{"/do", "/violations", "/help"} {
		mux.Handle(path, lines)
	}
	mux.Handle("/", played.Handler())
	return mux
}

// usable are the applications that people sign in to, each by the directories that have groups for it.
func usable(c *config.Config) (all []site.App) {
	for _, d := range c.IDP {
		for _, a := range c.Catalog.Apps() {
			one := site.App{Name: a.Name, Directory: d.ID}
			for _, r := range a.Roles {
				for _, g := range r.Groups {
					if g.Directory == d.ID {
						one.Groups = append(one.Groups, g.Group)
					}
				}
			}
			if len(one.Groups) > 0 {
				all = append(all, one)
			}
		}
	}
	return all
}

// guided is the tour of the page: README's story, and what happens where it goes another way. It is about the company
// and the catalogue that are built in.
func guided() []site.Step {
	return []site.Step{
		{
			Title: "Maya asks for access", As: "maya", Until: "dm noor 'Maya Lind … Figma … Editor'",
			Text:  "Type /access below. Choose Figma, then Editor, each with Next; 6 hours, what for, and ask. An issue opens under Jira.",
			Lines: []string{"slack maya '/access'", "slack maya submit app=figma role=editor for=6h reason='Launch assets for Monday'"},
		},
		{
			Title: "Noor, her manager, approves", As: "noor", Until: "okta has figma-editors maya",
			Text:  "Her card says who asks for what, and why it is she who is asked. Press Approve and watch the group.",
			Lines: []string{"slack noor click Approve"},
		},
		{
			Title: "Time passes", As: "maya", Until: "! okta has figma-editors maya",
			Text:  "Access ends by itself. Press “+1 d” above: Maya leaves the group, and the issue is closed. The arrow beside “Next” shows what else is ahead.",
			Lines: []string{"clock +6h"},
		},
		{
			Title: "Sam asks, and is told why not", As: "sam", Until: "dm lena 'Sam Osei … NetSuite'",
			Text:  "Type /access and ask for NetSuite, Viewer.",
			Lines: []string{"slack sam '/access'", "slack sam submit app=netsuite role=viewer reason='Quarter-end close'"},
		},
		{
			Title: "Lena denies, with a reason", As: "lena", Until: "dm sam 'monthly report'",
			Text:  "Press Deny, and write: please use the monthly report. Sam reads it, and so does the issue.",
			Lines: []string{"slack lena click Deny", "slack lena submit reason='Please use the monthly report instead'"},
		},
		{
			Title: "An emergency", As: "tom", Until: "okta has proddb-readonly tom",
			Text: "Type /access emergency. Take Production database, Read only, for an hour. Nobody is asked before; everybody is told, and it is judged after.",
			Lines: []string{
				"slack tom '/access emergency'", "slack tom submit break_glass_role='Production database · Read only' break_glass_time=1h reason='Payments are down'",
				"slack tom submit typed='Production database'",
			},
			Mend: site.Mend{Label: "Have Priya judge the last one", Lines: []string{"slack priya click Justified"}},
		},
	}
}
