package bot

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/catalog"
)

// maxRoles is how many roles the form offers; a view may have 250 KB. Beyond
// one page of them, the menu does without descriptions.
const maxRoles = 300

// maxPicks is how many things besides the one being chosen a form holds.
const maxPicks = 9

// form is the state of the request form. Its view is drawn from nothing else.
type form struct {
	App, Role    string // ids; empty: not chosen. A bundle's App is its id behind bundlePrefix
	Picks        []pick // chosen before
	Turn         int    // how often the choice of an app was begun anew
	Other        bool   // asks for somebody else
	Conversation string // link to the conversation it came up in

	Notice     string            // a sentence at the top, plain
	Objections map[string]string // by app/role: why asking for it would be refused, plain
	Person     string            // what stands against the person asked for, plain
}

// pick is one thing that was chosen.
type pick struct {
	App    string        `json:"a"`
	Role   string        `json:"r,omitempty"`
	Wanted time.Duration `json:"d,omitempty"`
}

// Blocks keep their id as long as what was put into them stays valid, and get
// another one when their choices change: Slack keeps input by block and action.
const (
	blockReason = "reason"
	blockPerson = "person"
)

func (f form) blockApp() string {
	if f.Turn == 0 {
		return "app"
	}
	return "app." + strconv.Itoa(f.Turn)
}

func blockRole(app string) string           { return "role." + app }
func blockDuration(app, role string) string { return "duration." + app + "." + role }

// memo is what a form carries from view to view.
type memo struct {
	Picks        []pick `json:"p,omitempty"`
	Turn         int    `json:"t,omitempty"`
	Other        bool   `json:"o,omitempty"`
	Conversation string `json:"l,omitempty"`
}

func (f form) memo() string {
	return metadata(memo{f.Picks, f.Turn, f.Other, f.Conversation})
}

// formOf reads what is chosen in a submitted or clicked form. A role counts
// only as a role of the chosen app.
func formOf(c *catalog.Catalog, v view) form {
	var m memo
	if json.Unmarshal([]byte(v.Metadata), &m) != nil {
		m = memo{}
	}
	f := form{Picks: m.Picks[:min(len(m.Picks), maxPicks)], Turn: m.Turn, Other: m.Other, Conversation: m.Conversation}
	f.App = v.State.Values.choice(f.blockApp(), actionApp)
	f.Role = v.State.Values.choice(blockRole(f.App), actionRole)
	app, _ := c.App(f.App)
	if _, known := app.Role(f.Role); !known {
		f.Role = onlyRole(app)
	}
	return f
}

// view draws the form.
func (f form) view(c *catalog.Catalog) slack.ModalViewRequest {
	app, known := c.App(f.App)
	bundle, bundled := bundleOf(c, f.App)
	role, chosen := app.Role(f.Role)
	var blocks []slack.Block
	if f.Notice != "" {
		blocks = append(blocks, section(esc(f.Notice, maxSection)))
	}
	blocks = append(blocks, f.pickBlocks(c)...)
	blocks = append(blocks, f.appInput(app, known, bundle, bundled))
	switch {
	case bundled:
		blocks = append(blocks, section(f.aboutBundle(c, bundle)))
	case !known && len(f.Picks) > 0:
	case !known:
		blocks = append(blocks, small("Choose an app first; its roles appear here."))
	case len(app.Roles) == 0:
		blocks = append(blocks, small("This app has no roles at the moment. Please choose another one."))
	default:
		blocks = append(blocks, roleInput(app, role, chosen))
	}
	if chosen {
		blocks = append(blocks, section(aboutRole(c, app, role)))
		blocks = append(blocks, f.warning(catalog.RoleRef{App: app.ID, Role: role.ID})...)
		blocks = append(blocks, durationInput(app, role))
	}
	blocks = append(blocks, f.personBlocks()...)
	blocks = append(blocks, reasonInput(), f.buttons(known, chosen || bundled))
	v := modal(requestTitle, "Ask", "Cancel", blocks...)
	v.CallbackID, v.NotifyOnClose, v.PrivateMetadata = callbackRequest, true, f.memo()
	return v
}

func (f form) warning(ref catalog.RoleRef) []slack.Block {
	if f.Objections[ref.String()] == "" {
		return nil
	}
	return []slack.Block{section(":warning: " + esc(f.Objections[ref.String()], 1000))}
}

// personBlocks ask who it is for, once somebody else is meant.
func (f form) personBlocks() []slack.Block {
	var blocks []slack.Block
	if f.Other {
		sel := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, plain("Choose a person", maxPlaceholder), actionPerson)
		in := slack.NewInputBlock(blockPerson, plain("For whom", maxHint), plain("They get the access, and the ticket is theirs.", maxHint), sel)
		blocks = append(blocks, in.WithDispatchAction(true))
	}
	if f.Person != "" {
		blocks = append(blocks, section(":warning: "+esc(f.Person, 1000)))
	}
	return blocks
}

// buttons lead on from the form.
func (f form) buttons(known, complete bool) slack.Block {
	var list []slack.BlockElement
	add := func(action, label string) { list = append(list, button(action, or(f.App, "-"), label, "")) }
	if complete && len(f.Picks) < maxPicks {
		add(actionMore, "Add another app")
	}
	if known {
		add(actionAbout, "About this app")
	}
	add(actionBrowse, "Browse apps")
	if !f.Other {
		add(actionOther, "For somebody else")
	}
	add(actionUnlisted, "It isn't listed")
	return slack.NewActionBlock("next", list...)
}

func (f form) appInput(app catalog.App, known bool, bundle catalog.Bundle, bundled bool) slack.Block {
	anything := 0
	sel := &slack.SelectBlockElement{
		Type: slack.OptTypeExternal, ActionID: actionApp, MinQueryLength: &anything,
		Placeholder: plain("Type to search", maxPlaceholder),
	}
	switch {
	case known:
		sel.InitialOption = appOption(app)
	case bundled:
		sel.InitialOption = bundleOption(bundle)
	}
	in := slack.NewInputBlock(f.blockApp(), plain("App", maxHint), nil, sel).WithDispatchAction(true)
	in.Optional = len(f.Picks) > 0
	return in
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
	if app.Provisioning != catalog.Manual {
		lines[1] = "Opens " + plural(len(role.Groups), "group") + ": " + groupsText(role.Groups)
	}
	if route, ok := c.Route(role.Route); ok {
		lines = append(lines, esc(routeText(route), 600))
	}
	if !role.For.Everybody() {
		lines = append(lines, "Only for "+esc(role.For.String(), 300)+".")
	}
	for _, need := range role.Needs[:min(len(role.Needs), 3)] {
		lines = append(lines, "Needs "+esc(roleName(c, need), 2*longest)+" first.")
	}
	if role.Risk == catalog.High {
		lines = append(lines, "This role has a high risk, so the reason should say exactly what it is for.")
	}
	return strings.Join(nonEmpty(lines...), "\n")
}

// roleName is app and role as people call them, not escaped.
func roleName(c *catalog.Catalog, ref catalog.RoleRef) string {
	app, role, _ := c.Role(ref.App, ref.Role)
	return clip(or(app.Name, ref.App), longest) + " · " + clip(or(role.Name, ref.Role), longest)
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
