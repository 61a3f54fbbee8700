package modals

import (
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/bot/manifest"
	"latchkey/catalog"
)

// maxRoles is how many roles the form offers; a view may have 250 KB. Beyond
// one page of them, the menu does without descriptions. What doesn't fit is said.
const maxRoles = 300

// unshown says that there are more roles than fit, and how to name another one; nil if
// there aren't.
func unshown(more int, how string) *slack.TextBlockObject {
	if more <= 0 {
		return nil
	}
	return blocks.Plain(blocks.Capital(blocks.Count(more, "more role"))+" "+blocks.Agree(more, "doesn't", "don't")+" fit in here. "+how, blocks.MaxHint)
}

// view draws the form.
func (f form) view(c *catalog.Catalog) slack.ModalViewRequest {
	app, known := c.App(f.App)
	bundle, bundled := bundleOf(c, f.App)
	role, chosen := app.Role(f.Role)
	f.Leads = f.unfinished(c)
	body := pauseBlocks(f.Paused)
	if f.Hint != "" {
		body = append(body, blocks.Section(blocks.Escape(f.Hint, blocks.MaxSection)))
	}
	body = append(body, f.cartBlocks(c)...)
	body = append(body, f.appInput(app, known, bundle, bundled).WithDispatchAction(known || !f.Leads))
	switch {
	case bundled:
		body = append(body, blocks.Section(f.aboutBundle(c, bundle)))
	case !known && len(f.Cart) > 0:
	case !known:
		body = append(body, blocks.SmallPrint("Its roles come next, with who decides."))
	case len(app.Roles) == 0:
		body = append(body, blocks.SmallPrint("This app has no roles at the moment. Please choose another one."))
	default:
		body = append(body, f.roleInput(app, role, chosen).WithDispatchAction(!f.Leads))
	}
	if !chosen && f.Role != "" {
		body = append(body, f.warning(catalog.RoleRef{App: f.App, Role: f.Role})...)
	}
	if chosen {
		about := blocks.Section(blocks.Lines(aboutRole(c, app, role, f.route(c, role)), f.conflictText(c), f.policyText(), f.Usual))
		about.Expand = true // who has to agree isn't to be unfolded first
		body = append(body, about)
		body = append(body, f.warning(catalog.RoleRef{App: app.ID, Role: role.ID})...)
		role.Durations = role.Durations.Within(f.Most)
		body = append(body, f.durationInput(role).WithDispatchAction(c.ByLength(catalog.RoleRef{App: app.ID, Role: role.ID})))
	}
	body = append(body, f.personBlocks()...)
	body = append(body, f.startBlocks()...)
	if f.Explained = f.Explained || !f.Leads || f.Reason != ""; f.Explained {
		body = append(body, whatForInput(f.Reason))
	}
	submit := "Ask"
	if f.Leads {
		submit = "Next"
	}
	v := blocks.Modal(manifest.RequestTitle, submit, "Cancel", append(body, f.buttons(known, chosen || bundled))...)
	v.CallbackID, v.NotifyOnClose, v.PrivateMetadata = callbackRequest, true, f.metadata()
	return v
}

func (f form) warning(ref catalog.RoleRef) []slack.Block {
	if f.Objections[ref.String()] == "" {
		return nil
	}
	return []slack.Block{blocks.Section(":warning: " + blocks.Told(f.Objections[ref.String()], 1000))}
}

// personBlocks ask who it is for, once somebody else is meant.
func (f form) personBlocks() []slack.Block {
	var body []slack.Block
	if f.Other {
		sel := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, blocks.Plain("Choose a person", blocks.MaxPlaceholder), actionPerson)
		sel.InitialUser = f.Whom
		in := slack.NewInputBlock(blockPerson, blocks.Plain("For whom", blocks.MaxHint), blocks.Plain("They get the access, and the ticket is theirs.", blocks.MaxHint), sel)
		body = append(body, in.WithDispatchAction(true))
	}
	if f.Person != "" {
		body = append(body, blocks.Section(":warning: "+blocks.Told(f.Person, 1000)))
	}
	return body
}

// startBlocks ask when it is to begin, once that is to be later.
func (f form) startBlocks() []slack.Block {
	if !f.Later {
		return nil
	}
	in := slack.NewInputBlock(blockStarts, blocks.Plain("Begins", blocks.MaxHint),
		blocks.Plain("In your own time, "+catalog.FormatDuration(access.StartsAhead)+" from now at most. How long you have it counts from then on.", blocks.MaxHint), slack.NewDateTimePickerBlockElement(actionStarts))
	in.Optional = true
	return []slack.Block{in}
}

// buttons lead on from the form.
func (f form) buttons(known, complete bool) slack.Block {
	var list []slack.BlockElement
	add := func(action, label string) {
		list = append(list, blocks.Button(action, blocks.Or(f.App, "-"), label, ""))
	}
	if complete && len(f.Cart) < maxCart {
		add(actionMore, "Add another app")
	}
	if known {
		add(actionAbout, "About this app")
	}
	add(ActionBrowse, "Browse apps")
	if !f.Other {
		add(actionOther, "For somebody else")
	}
	if complete && !f.Later {
		add(actionLater, "Start later")
	}
	add(ActionUnlisted, "It isn't listed")
	return slack.NewActionBlock("next", list...)
}

func (f form) appInput(app catalog.App, known bool, bundle catalog.Bundle, bundled bool) *slack.InputBlock {
	anything := 0
	sel := &slack.SelectBlockElement{
		Type: slack.OptTypeExternal, ActionID: actionApp, MinQueryLength: &anything,
		Placeholder: blocks.Plain("Type to search", blocks.MaxPlaceholder),
	}
	switch {
	case known:
		sel.InitialOption = appOption(app)
	case bundled:
		sel.InitialOption = bundleOption(bundle)
	}
	in := slack.NewInputBlock(f.blockApp(), blocks.Plain("App", blocks.MaxHint), nil, sel)
	in.Optional = len(f.Cart) > 0
	return in
}

func appOption(app catalog.App) *slack.OptionBlockObject {
	return blocks.Option(app.ID, blocks.Or(app.Name, app.ID), app.Description)
}

func (f form) roleInput(app catalog.App, role catalog.Role, chosen bool) *slack.InputBlock {
	var options []*slack.OptionBlockObject
	described := len(app.Roles) <= blocks.MaxOptions
	for _, r := range app.Roles {
		if room := len(options) < maxRoles-1 || len(app.Roles) <= maxRoles; room || chosen && r.ID == role.ID {
			options = append(options, roleOption(r, described))
		}
	}
	sel := &slack.SelectBlockElement{Type: slack.OptTypeStatic, ActionID: actionRole, Placeholder: blocks.Plain("Choose a role", blocks.MaxPlaceholder)}
	blocks.Offer(sel, options)
	if chosen {
		sel.InitialOption = roleOption(role, described)
	}
	hint := unshown(len(app.Roles)-len(options), "For one of them, close this, and type the app's and the role's name after the command.")
	return slack.NewInputBlock(f.blockRole(), blocks.Plain("Role", blocks.MaxHint), hint, sel)
}

func roleOption(r catalog.Role, described bool) *slack.OptionBlockObject {
	if !described {
		return blocks.Option(r.ID, blocks.Or(r.Name, r.ID), "")
	}
	return blocks.Option(r.ID, blocks.Or(r.Name, r.ID), r.Description)
}

// aboutRole says what the role is, how it is set up and who has to agree.
func aboutRole(c *catalog.Catalog, app catalog.App, role catalog.Role, route *catalog.Route) string {
	lines := []string{blocks.Sentence(blocks.Escape(role.Description, 800))}
	if app.Provisioning == catalog.Manual {
		lines = append(lines, "Set up manually.")
	}
	if route != nil {
		lines = append(lines, blocks.Escape(routeText(*route), 600))
	}
	if !role.For.Everybody() {
		lines = append(lines, "Only for "+blocks.Escape(role.For.String(), 300)+".")
	}
	for _, need := range role.Needs[:min(len(role.Needs), 3)] {
		lines = append(lines, "Needs "+blocks.Escape(c.PlainName(need), 2*blocks.MaxName)+" first.")
	}
	if role.Risk == catalog.High {
		lines = append(lines, "This role has a high risk, so the reason should say exactly what it is for.")
	}
	return strings.Join(blocks.NonBlank(lines...), "\n")
}

// route is how a yes to the role that is chosen is reached; nil where it can't be.
func (f form) route(c *catalog.Catalog, role catalog.Role) *catalog.Route {
	if f.Judged != nil {
		if f.Judged.Refused() {
			return nil
		}
		return &f.Judged.Route
	}
	return ownRoute(c, role)
}

func ownRoute(c *catalog.Catalog, role catalog.Role) *catalog.Route {
	if r, ok := c.Route(role.Route); ok {
		return &r
	}
	return nil
}

// conflictText says what the role that is chosen can't go with, where it can be asked for as an exception.
func (f form) conflictText(c *catalog.Catalog) string {
	if f.Judged == nil || f.Judged.Refused() {
		return ""
	}
	whose := "you have"
	if f.Other {
		whose = "they have"
	}
	return cards.ConflictLines(catalog.Exceptions(c, f.Judged.Violations, catalog.RoleRef{App: f.App, Role: f.Role}), whose)
}

// policyText says what rules of the policy had their part in the role that is chosen. Why one refuses is said
// as an objection.
func (f form) policyText() string {
	if f.Judged == nil || f.Judged.Refused() {
		return ""
	}
	var lines []string
	for _, one := range f.Judged.Clauses[:min(len(f.Judged.Clauses), 5)] {
		lines = append(lines, "_"+blocks.Escape(blocks.Capital(one.Plainly()), 300)+"_")
	}
	return strings.Join(lines, "\n")
}

// durationInput asks for how long; wanted is chosen where the role can be had for so long, else
// what is usual. Where what has to be said depends on it, the form is drawn anew after a choice.
func (f form) durationInput(role catalog.Role) *slack.InputBlock {
	wanted := f.Wanted
	var options []*slack.OptionBlockObject
	sel := &slack.SelectBlockElement{Type: slack.OptTypeStatic, ActionID: actionDuration, Placeholder: blocks.Plain("Choose", blocks.MaxPlaceholder)}
	choices := role.Durations.Choices
	if len(choices) == 0 {
		choices = append(choices, role.Durations.Default)
	}
	if wanted == 0 || !slices.Contains(choices, wanted) {
		wanted = role.Durations.Default
	}
	for _, d := range choices {
		o := blocks.Option(catalog.ShortDuration(d), blocks.Length(d), "")
		options = append(options, o)
		if d == wanted {
			sel.InitialOption = o
		}
	}
	blocks.Offer(sel, options)
	return slack.NewInputBlock(f.blockTime(), blocks.Plain("For how long", blocks.MaxHint), nil, sel)
}

// whatForInput asks what something is needed for; reason is filled in.
func whatForInput(reason string) slack.Block {
	in := reasonInput("Reason", "Those who decide read this.", "What do you need it for?")
	if text, ok := in.Element.(*slack.PlainTextInputBlockElement); ok {
		text.InitialValue = reason
	}
	return in
}

// routeText says who will have to agree, for the form.
func routeText(r catalog.Route) string {
	if r.Automatic() {
		return "Approved at once: nobody has to be asked."
	}
	var stages []string
	for _, s := range r.Stages {
		var who []string
		for _, a := range s.Approvers {
			who = append(who, approverText(a))
		}
		word := " or "
		if s.Need.All {
			word = " and "
		}
		stage := strings.Join(who, word)
		if s.Need.Several() {
			stage = blocks.Count(s.Need.Count(), "person", "people") + " (" + stage + ")"
		}
		stages = append(stages, stage)
	}
	return "Needs a yes from " + strings.Join(stages, ", then ") + "."
}

func approverText(a catalog.Approver) string {
	switch a.Kind {
	case catalog.Manager:
		return "your manager"
	case catalog.SecondManager:
		return "your manager's manager"
	case catalog.Owner:
		return "an owner of the app"
	case catalog.RoleApprover:
		return "somebody who is named for the role"
	case catalog.SlackUserGroup: // an id says nothing to anybody
		return "somebody in a user group that is named for it"
	case catalog.OnCall:
		return "whoever is on call (" + a.Name + ")"
	case catalog.Security:
		return "an admin"
	case catalog.GroupOf:
		if a.Group.ByID { // an id says nothing to anybody
			return "somebody in a group that is named for it"
		}
		return "somebody in " + a.Group.Group
	}
	return a.Person
}
