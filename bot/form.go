package bot

import (
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/catalog"
)

// maxRoles is how many roles the form offers; a view may have 250 KB. Beyond
// one page of them, the menu does without descriptions.
const maxRoles = 300

// form is the state of the request form. Its view is drawn from nothing else.
type form struct {
	App, Role string // ids; empty: not chosen
	Notice    string // a sentence at the top, plain
	Objection string // why asking for the chosen role would be refused, plain
}

// Blocks keep their id as long as what was put into them stays valid, and get
// another one when their choices change: Slack keeps input by block and action.
const (
	blockApp    = "app"
	blockReason = "reason"
)

func blockRole(app string) string           { return "role." + app }
func blockDuration(app, role string) string { return "duration." + app + "." + role }

// formOf reads what is chosen in a submitted or clicked form. A role counts
// only as a role of the chosen app.
func formOf(c *catalog.Catalog, v values) form {
	f := form{App: v.choice(blockApp, actionApp)}
	f.Role = v.choice(blockRole(f.App), actionRole)
	app, _ := c.App(f.App)
	if _, known := app.Role(f.Role); !known {
		f.Role = onlyRole(app)
	}
	return f
}

// view draws the form.
func (f form) view(c *catalog.Catalog) slack.ModalViewRequest {
	app, known := c.App(f.App)
	role, chosen := app.Role(f.Role)
	var blocks []slack.Block
	if f.Notice != "" {
		blocks = append(blocks, section(esc(f.Notice, maxSection)))
	}
	blocks = append(blocks, appInput(app, known))
	switch {
	case !known:
		blocks = append(blocks, small("Choose an app first; its roles appear here."))
	case len(app.Roles) == 0:
		blocks = append(blocks, small("This app has no roles at the moment. Please choose another one."))
	default:
		blocks = append(blocks, roleInput(app, role, chosen))
	}
	if chosen {
		blocks = append(blocks, section(aboutRole(c, app, role)))
		if f.Objection != "" {
			blocks = append(blocks, section(":warning: "+esc(f.Objection, 1000)))
		}
		blocks = append(blocks, durationInput(app, role))
	}
	blocks = append(blocks, reasonInput())
	v := modal(requestTitle, "Ask", "Cancel", blocks...)
	v.CallbackID, v.NotifyOnClose = callbackRequest, true
	return v
}

func appInput(app catalog.App, known bool) slack.Block {
	anything := 0
	sel := &slack.SelectBlockElement{
		Type: slack.OptTypeExternal, ActionID: actionApp, MinQueryLength: &anything,
		Placeholder: plain("Type to search", maxPlaceholder),
	}
	if known {
		sel.InitialOption = appOption(app)
	}
	return slack.NewInputBlock(blockApp, plain("App", maxHint), nil, sel).WithDispatchAction(true)
}

func appOption(app catalog.App) *slack.OptionBlockObject {
	return option(app.ID, or(app.Name, app.ID), app.Description)
}

func roleInput(app catalog.App, role catalog.Role, chosen bool) slack.Block {
	var options []*slack.OptionBlockObject
	described := len(app.Roles) <= maxOptions
	for _, r := range app.Roles[:min(len(app.Roles), maxRoles)] {
		options = append(options, roleOption(r, described))
	}
	sel := &slack.SelectBlockElement{Type: slack.OptTypeStatic, ActionID: actionRole, Placeholder: plain("Choose a role", maxPlaceholder)}
	if len(options) <= maxOptions {
		sel.Options = options
	} else {
		sel.OptionGroups = pages(options)
	}
	if chosen {
		sel.InitialOption = roleOption(role, described)
	}
	return slack.NewInputBlock(blockRole(app.ID), plain("Role", maxHint), nil, sel).WithDispatchAction(true)
}

func roleOption(r catalog.Role, described bool) *slack.OptionBlockObject {
	if !described {
		return option(r.ID, or(r.Name, r.ID), "")
	}
	return option(r.ID, or(r.Name, r.ID), r.Description)
}

// pages splits a long list into the groups Slack asks for.
func pages(options []*slack.OptionBlockObject) []*slack.OptionGroupBlockObject {
	var groups []*slack.OptionGroupBlockObject
	for i := 0; i < len(options); i += maxOptions {
		end := min(i+maxOptions, len(options))
		label := strconv.Itoa(i+1) + "–" + strconv.Itoa(end)
		groups = append(groups, slack.NewOptionGroupBlockElement(plain(label, maxOption), options[i:end]...))
	}
	return groups
}

// aboutRole says what the role is, what it opens and who has to agree.
func aboutRole(c *catalog.Catalog, app catalog.App, role catalog.Role) string {
	lines := []string{stop(esc(role.Description, 800)), "Set up by hand."}
	if app.Provisioning != catalog.ByHand {
		lines[1] = "Opens " + plural(len(role.Groups), "group") + ": " + groupsText(role.Groups)
	}
	if route, ok := c.Route(role.Route); ok {
		lines = append(lines, esc(routeText(route), 600))
	}
	if role.Risk == catalog.High {
		lines = append(lines, "This role has a high risk, so the reason should say exactly what it is for.")
	}
	return strings.Join(nonEmpty(lines...), "\n")
}

func durationInput(app catalog.App, role catalog.Role) slack.Block {
	var options []*slack.OptionBlockObject
	sel := &slack.SelectBlockElement{Type: slack.OptTypeStatic, ActionID: actionDuration, Placeholder: plain("Choose", maxPlaceholder)}
	choices := role.Durations.Choices
	if len(choices) == 0 {
		choices = append(choices, role.Durations.Default)
	}
	for _, d := range choices[:min(len(choices), maxOptions)] {
		o := option(catalog.ShortDuration(d), length(d), "")
		options = append(options, o)
		if d == role.Durations.Default {
			sel.InitialOption = o
		}
	}
	sel.Options = options
	return slack.NewInputBlock(blockDuration(app.ID, role.ID), plain("For how long", maxHint), nil, sel)
}

func reasonInput() slack.Block {
	in := slack.NewPlainTextInputBlockElement(plain("What do you need it for?", maxPlaceholder), actionReason)
	in.Multiline, in.MaxLength = true, access.MaxReason
	return slack.NewInputBlock(blockReason, plain("Reason", maxHint), plain("Those who decide read this.", maxHint), in)
}
