package commands

import (
	"context"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/payload"
	"latchkey/catalog"
	"latchkey/workflow/people"
)

// help is what there is to say about the command, for one reader.
type help struct {
	command  string // escaped
	catalog  *catalog.Catalog
	may      func(act people.Act, app string) bool // what the reader may do about an app; "": about all
	decides  bool                                  // the reader may well be asked to decide
	signIns  []string                              // directories in which an account can be proved by signing in
	returned string                                // a day to come, for examples
}

// help answers with what the command does for whoever asks.
func (c *Commands) help(ctx context.Context, s invocation) ([]byte, error) {
	return payload.Ack(payload.Ephemeral(c.helpFor(ctx, s.person).text()))
}

// Help is what the command does for a member, or why they may not use it.
func (c *Commands) Help(ctx context.Context, slackID string) string {
	p, err := c.people.Who(ctx, slackID)
	if refusal, ok := access.AsRefusal(err); ok {
		return blocks.Told(refusal.Sentence, blocks.MaxSection)
	}
	return c.helpFor(ctx, p).text()
}

// helpFor finds out what help says to somebody. What can't be found out is left out: it says
// what everybody can do in any case.
func (c *Commands) helpFor(ctx context.Context, who access.Person) help {
	h := help{
		command: blocks.Escape(c.command, blocks.MaxName), catalog: c.catalog(), may: func(people.Act, string) bool { return false },
		signIns: c.people.SignInDirectories(), returned: c.now().AddDate(0, 0, 14).Format("2006-01-02"),
	}
	if who.ID == "" {
		return h
	}
	by, err := c.may.Caller(ctx, access.Actor{Person: who.ID, Via: access.ViaSlack})
	if err == nil {
		h.may = func(act people.Act, app string) bool { return c.may.May(by, act, people.Matter{App: app}) == nil }
		h.decides, err = c.query.Decides(ctx, who)
	}
	if err != nil {
		c.log.WarnContext(ctx, "Couldn't find out what somebody may see", "person", who.ID, "error", err)
	}
	h.decides = h.decides || h.oversees("")
	return h
}

// oversees tells whether the reader may look at others' access to an app.
func (h help) oversees(app string) bool { return h.may(people.ActOversee, app) }

// owns is an app that the reader oversees, if there is one: not as IT, who oversee all.
func (h help) owns() (catalog.App, bool) {
	apps := h.catalog.Apps()
	i := slices.IndexFunc(apps, func(a catalog.App) bool { return h.oversees(a.ID) })
	if i < 0 || h.oversees("") {
		return catalog.App{}, false
	}
	return apps[i], true
}

// emergencies tells whether there is a role that can be taken in one.
func (h help) emergencies() bool {
	return slices.ContainsFunc(h.catalog.Offered(), func(a catalog.App) bool {
		return slices.ContainsFunc(a.Roles, func(r catalog.Role) bool { return r.BreakGlass })
	})
}

// text is everything, by who it is for.
func (h help) text() string {
	lines := []string{"*" + h.command + "* opens the form to ask for access."}
	example, offered := h.example()
	if offered {
		lines = append(lines, "*"+h.command+" "+blocks.Escape(example.ID, blocks.MaxName)+"* opens it with "+blocks.Escape(example.Name, blocks.MaxName)+" chosen already.")
	}
	lines = append(lines, h.lines(example, func(s subcommand) bool { return s.needs == "" && !s.decides })...)
	for _, id := range h.signIns {
		lines = append(lines, "*"+h.command+" connect "+blocks.Escape(id, blocks.MaxName)+"* proves, by signing in, which account there is yours.")
	}
	if h.decides {
		lines = append(lines, "When others ask you:")
		lines = append(lines, h.lines(example, func(s subcommand) bool { return s.decides })...)
	}
	own, owns := h.owns()
	switch {
	case h.oversees(""):
		lines = append(lines, "For IT:")
		lines = append(lines, h.lines(example, func(s subcommand) bool { return s.needs != "" && h.may(s.needs, "") })...)
	case owns:
		lines = append(lines, "For the owners of apps:")
		lines = append(lines, h.lines(own, func(s subcommand) bool { return s.needs != "" && !s.all && h.may(s.needs, own.ID) })...)
	}
	return strings.Join(append(lines, "I send you a direct message for every request and keep it up to date, from the question to the day the access ends. My Home tab shows where you stand."), "\n")
}

// lines are those of some subcommands, with an app that there is.
func (h help) lines(app catalog.App, which func(subcommand) bool) (out []string) {
	for _, s := range subcommands() {
		named := strings.Contains(s.usage, exampleApp)
		if !which(s) || s.name == "request" || s.there != nil && !s.there(h) || named && app.ID == "" {
			continue
		}
		usage, does, of := h.fitting(s, app)
		usage = strings.NewReplacer(exampleApp, blocks.Escape(of.ID, blocks.MaxName), exampleDay, h.returned).Replace(usage)
		out = append(out, "*"+h.command+" "+usage+"* "+does+".")
	}
	return out
}

// fitting is how a subcommand is used by the reader, what it does for them, and the app to name:
// about others an owner may ask as far as it is their own app, and most people not at all.
func (h help) fitting(s subcommand, app catalog.App) (usage, does string, of catalog.App) {
	own, owns := h.owns()
	switch {
	case s.own == "" || h.oversees(""):
		return s.usage, s.help, app
	case owns:
		return s.usage, s.help, own
	}
	return strings.ReplaceAll(s.usage, "@user", "@you"), s.own, app
}

// What examples of use name in the table.
const (
	exampleApp = "figma"
	exampleDay = "2026-12-24"
)

// example is an app to name in examples, if there is one to ask for.
func (h help) example() (catalog.App, bool) {
	if all := h.catalog.Offered(); len(all) > 0 {
		return all[0], true
	}
	return catalog.App{}, false
}
