package bot

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/bot/manifest"
	"latchkey/bot/payload"
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
	return blocks.Metadata(memo{f.Picks, f.Turn, f.Other, f.Conversation})
}

// formOf reads what is chosen in a submitted or clicked form. A role counts
// only as a role of the chosen app.
func formOf(c *catalog.Catalog, v payload.View) form {
	var m memo
	if json.Unmarshal([]byte(v.Metadata), &m) != nil {
		m = memo{}
	}
	f := form{Picks: m.Picks[:min(len(m.Picks), maxPicks)], Turn: m.Turn, Other: m.Other, Conversation: m.Conversation}
	f.App = v.State.Values.Choice(f.blockApp(), actionApp)
	f.Role = v.State.Values.Choice(blockRole(f.App), actionRole)
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
	var body []slack.Block
	if f.Notice != "" {
		body = append(body, blocks.Section(blocks.Escape(f.Notice, blocks.MaxSection)))
	}
	body = append(body, f.pickBlocks(c)...)
	body = append(body, f.appInput(app, known, bundle, bundled))
	switch {
	case bundled:
		body = append(body, blocks.Section(f.aboutBundle(c, bundle)))
	case !known && len(f.Picks) > 0:
	case !known:
		body = append(body, blocks.SmallPrint("Choose an app first; its roles appear here."))
	case len(app.Roles) == 0:
		body = append(body, blocks.SmallPrint("This app has no roles at the moment. Please choose another one."))
	default:
		body = append(body, roleInput(app, role, chosen))
	}
	if chosen {
		body = append(body, blocks.Section(aboutRole(c, app, role)))
		body = append(body, f.warning(catalog.RoleRef{App: app.ID, Role: role.ID})...)
		body = append(body, durationInput(app, role))
	}
	body = append(body, f.personBlocks()...)
	body = append(body, reasonInput(), f.buttons(known, chosen || bundled))
	v := blocks.Modal(manifest.RequestTitle, "Ask", "Cancel", body...)
	v.CallbackID, v.NotifyOnClose, v.PrivateMetadata = callbackRequest, true, f.memo()
	return v
}

func (f form) warning(ref catalog.RoleRef) []slack.Block {
	if f.Objections[ref.String()] == "" {
		return nil
	}
	return []slack.Block{blocks.Section(":warning: " + blocks.Escape(f.Objections[ref.String()], 1000))}
}

// personBlocks ask who it is for, once somebody else is meant.
func (f form) personBlocks() []slack.Block {
	var body []slack.Block
	if f.Other {
		sel := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, blocks.Plain("Choose a person", blocks.MaxPlaceholder), actionPerson)
		in := slack.NewInputBlock(blockPerson, blocks.Plain("For whom", blocks.MaxHint), blocks.Plain("They get the access, and the ticket is theirs.", blocks.MaxHint), sel)
		body = append(body, in.WithDispatchAction(true))
	}
	if f.Person != "" {
		body = append(body, blocks.Section(":warning: "+blocks.Escape(f.Person, 1000)))
	}
	return body
}

// buttons lead on from the form.
func (f form) buttons(known, complete bool) slack.Block {
	var list []slack.BlockElement
	add := func(action, label string) {
		list = append(list, blocks.Button(action, blocks.Or(f.App, "-"), label, ""))
	}
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
		Placeholder: blocks.Plain("Type to search", blocks.MaxPlaceholder),
	}
	switch {
	case known:
		sel.InitialOption = appOption(app)
	case bundled:
		sel.InitialOption = bundleOption(bundle)
	}
	in := slack.NewInputBlock(f.blockApp(), blocks.Plain("App", blocks.MaxHint), nil, sel).WithDispatchAction(true)
	in.Optional = len(f.Picks) > 0
	return in
}

func appOption(app catalog.App) *slack.OptionBlockObject {
	return blocks.Option(app.ID, blocks.Or(app.Name, app.ID), app.Description)
}

func roleInput(app catalog.App, role catalog.Role, chosen bool) slack.Block {
	var options []*slack.OptionBlockObject
	described := len(app.Roles) <= blocks.MaxOptions
	for _, r := range app.Roles[:min(len(app.Roles), maxRoles)] {
		options = append(options, roleOption(r, described))
	}
	sel := &slack.SelectBlockElement{Type: slack.OptTypeStatic, ActionID: actionRole, Placeholder: blocks.Plain("Choose a role", blocks.MaxPlaceholder)}
	if len(options) <= blocks.MaxOptions {
		sel.Options = options
	} else {
		sel.OptionGroups = blocks.OptionPages(options)
	}
	if chosen {
		sel.InitialOption = roleOption(role, described)
	}
	return slack.NewInputBlock(blockRole(app.ID), blocks.Plain("Role", blocks.MaxHint), nil, sel).WithDispatchAction(true)
}

func roleOption(r catalog.Role, described bool) *slack.OptionBlockObject {
	if !described {
		return blocks.Option(r.ID, blocks.Or(r.Name, r.ID), "")
	}
	return blocks.Option(r.ID, blocks.Or(r.Name, r.ID), r.Description)
}

// aboutRole says what the role is, what it opens and who has to agree.
func aboutRole(c *catalog.Catalog, app catalog.App, role catalog.Role) string {
	lines := []string{blocks.Sentence(blocks.Escape(role.Description, 800)), "Set up by hand."}
	if app.Provisioning != catalog.Manual {
		lines[1] = "Opens " + blocks.Count(len(role.Groups), "group") + ": " + cards.GroupNames(role.Groups)
	}
	if route, ok := c.Route(role.Route); ok {
		lines = append(lines, blocks.Escape(routeText(route), 600))
	}
	if !role.For.Everybody() {
		lines = append(lines, "Only for "+blocks.Escape(role.For.String(), 300)+".")
	}
	for _, need := range role.Needs[:min(len(role.Needs), 3)] {
		lines = append(lines, "Needs "+blocks.Escape(cards.RoleName(c, need), 2*blocks.MaxName)+" first.")
	}
	if role.Risk == catalog.High {
		lines = append(lines, "This role has a high risk, so the reason should say exactly what it is for.")
	}
	return strings.Join(blocks.NonBlank(lines...), "\n")
}

func durationInput(app catalog.App, role catalog.Role) slack.Block {
	var options []*slack.OptionBlockObject
	sel := &slack.SelectBlockElement{Type: slack.OptTypeStatic, ActionID: actionDuration, Placeholder: blocks.Plain("Choose", blocks.MaxPlaceholder)}
	choices := role.Durations.Choices
	if len(choices) == 0 {
		choices = append(choices, role.Durations.Default)
	}
	for _, d := range choices[:min(len(choices), blocks.MaxOptions)] {
		o := blocks.Option(catalog.ShortDuration(d), blocks.Length(d), "")
		options = append(options, o)
		if d == role.Durations.Default {
			sel.InitialOption = o
		}
	}
	sel.Options = options
	return slack.NewInputBlock(blockDuration(app.ID, role.ID), blocks.Plain("For how long", blocks.MaxHint), nil, sel)
}

func reasonInput() slack.Block {
	in := slack.NewPlainTextInputBlockElement(blocks.Plain("What do you need it for?", blocks.MaxPlaceholder), actionReason)
	in.Multiline, in.MaxLength = true, access.MaxReason
	return slack.NewInputBlock(blockReason, blocks.Plain("Reason", blocks.MaxHint), blocks.Plain("Those who decide read this.", blocks.MaxHint), in)
}
