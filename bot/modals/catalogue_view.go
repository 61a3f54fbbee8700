package modals

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/slack-go/slack"

	"latchkey/bot/blocks"
	"latchkey/bot/payload"
	"latchkey/catalog"
)

// Names of what comes back from Slack. Never changed.
const (
	// ActionBrowse opens the catalogue, ActionUnlisted asks for what isn't in it, wherever their buttons stand.
	ActionBrowse   = "browse"
	ActionUnlisted = "unlisted"

	callbackBrowse = "browse"
	actionAbout    = "about"
	actionCategory = "category"
	actionList     = "list"
	actionAskFor   = "ask_for"
)

// appsPerPage is how many apps a page of the catalogue shows.
const appsPerPage = 15

// catalogueState is the state of the view that shows the catalogue by category. Its view
// is drawn from this and what the catalogue says.
type catalogueState struct {
	Root     string `json:"v,omitempty"` // the id of the request form below, if there is one
	Form     string `json:"m,omitempty"` // what that form carries
	Category int    `json:"c"`           // place in the catalogue's categories; allApps for all
	From     int    `json:"f,omitempty"`
	App      string `json:"a,omitempty"` // the app whose page is shown
	Direct   bool   `json:"d,omitempty"` // the page was opened without the list
}

const allApps = -1

func catalogueStateOf(v payload.View) catalogueState {
	s := catalogueState{Category: allApps}
	if json.Unmarshal([]byte(v.Metadata), &s) != nil {
		return catalogueState{Category: allApps}
	}
	return s
}

// apps are the apps of the chosen category, by name; of all apps, those used
// in the person's department come first.
func (s catalogueState) apps(c *catalog.Catalog, used []string) []catalog.App {
	categories := c.Categories()
	if s.Category >= 0 && s.Category < len(categories) {
		return slices.DeleteFunc(c.Offered(), func(a catalog.App) bool { return a.Category != categories[s.Category] })
	}
	first := offered(c, used)
	rest := slices.DeleteFunc(c.Offered(), func(a catalog.App) bool { return slices.Contains(used, a.ID) })
	return append(first, rest...)
}

// offered finds those of the apps that can be asked for.
func offered(c *catalog.Catalog, ids []string) []catalog.App {
	var out []catalog.App
	for _, id := range ids {
		if app, ok := c.App(id); ok && app.Offered() {
			out = append(out, app)
		}
	}
	return out
}

// shown are the apps of the page that is looked at, and how many there are.
func (s catalogueState) shown(c *catalog.Catalog, used []string) (page []catalog.App, all int) {
	apps := s.apps(c, used)
	from := s.begins(len(apps))
	return apps[from:min(len(apps), from+appsPerPage)], len(apps)
}

// begins is where the page begins, of so many apps.
func (s catalogueState) begins(all int) int {
	return max(0, min(s.From, (all-1)/appsPerPage*appsPerPage))
}

// view draws the list.
func (s catalogueState) view(c *catalog.Catalog, around surroundings) slack.ModalViewRequest {
	apps, all := s.shown(c, around.used)
	s.From = s.begins(all)
	body := []slack.Block{slack.NewActionBlock("category", s.categoryMenu(c))}
	near := 0
	if s.Category == allApps {
		near = len(offered(c, around.used)) - s.From
	}
	for i, app := range apps {
		body = append(body, around.entry(app, i < near)...)
	}
	if len(apps) == 0 {
		body = append(body, blocks.SmallPrint("There is nothing here to ask for."))
	}
	body = append(body, blocks.PageButtons(s.From, appsPerPage, all)...)
	v := blocks.Modal("Browse apps", "", "Back", body...)
	v.CallbackID, v.PrivateMetadata = callbackBrowse, blocks.Metadata(s)
	return v
}

// entry is an app in the list: what it is, what the reader has of it, and how to ask for it.
func (a surroundings) entry(app catalog.App, near bool) []slack.Block {
	name := blocks.Or(app.Name, app.ID)
	title := "*" + blocks.Escape(name, blocks.MaxName) + "*"
	if app.Icon.Kind() == catalog.EmojiIcon {
		title += " " + string(app.Icon)
	}
	used := ""
	if near {
		used = "used in " + blocks.Escape(a.department, blocks.MaxName)
	}
	have := ""
	if roles := a.held[app.ID]; len(roles) > 0 {
		have = "you have " + blocks.Escape(blocks.List(roles, 3), 2*blocks.MaxName)
	}
	text := blocks.Section(blocks.Dotted(title, have, used, a.usual[app.ID]) + "\n" + blocks.Escape(blocks.Or(app.Description, app.Category), 300))
	text.Accessory = icon(app, name)
	value := blocks.Clip(app.ID, blocks.MaxButton)
	return []slack.Block{text, slack.NewActionBlock("", blocks.Spoken(blocks.Clip(name, blocks.MaxButton),
		blocks.Button(actionAskFor, value, "Request", ""), blocks.Button(actionAbout, value, "About", ""))...)}
}

// icon is the picture of an app, if it has one.
func icon(app catalog.App, name string) *slack.Accessory {
	alt := blocks.Clip(name, blocks.MaxName)
	switch app.Icon.Kind() {
	case catalog.ImageIcon:
		return slack.NewAccessory(slack.NewImageBlockElement(string(app.Icon), alt))
	case catalog.FileIcon:
		return slack.NewAccessory(slack.NewImageBlockElementSlackFile(&slack.SlackFileObject{ID: string(app.Icon)}, alt))
	}
	return nil
}

func (s catalogueState) categoryMenu(c *catalog.Catalog) *slack.SelectBlockElement {
	options := []*slack.OptionBlockObject{blocks.Option(strconv.Itoa(allApps), "All apps", "")}
	for i, name := range c.Categories() {
		options = append(options, blocks.Option(strconv.Itoa(i), name, ""))
	}
	sel := &slack.SelectBlockElement{Type: slack.OptTypeStatic, ActionID: actionCategory, Placeholder: blocks.Plain("Category", blocks.MaxPlaceholder), InitialOption: options[0]}
	if s.Category+1 > 0 && s.Category+1 < len(options) {
		sel.InitialOption = options[s.Category+1]
	}
	blocks.Offer(sel, options)
	return sel
}
