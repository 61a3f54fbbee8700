package bot

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/payload"
	"latchkey/bot/webapi"
	"latchkey/catalog"
)

// shelfPage is how many apps a page of the catalogue shows.
const shelfPage = 15

// shelf is the state of the view that shows the catalogue by category. Its view
// is drawn from this and what shelfFacts knows.
type shelf struct {
	Root     string `json:"v,omitempty"` // the form below, if there is one
	Memo     string `json:"m,omitempty"` // what that form carries
	Category int    `json:"c"`           // place in the catalogue's categories; allApps for all
	From     int    `json:"f,omitempty"`
	App      string `json:"a,omitempty"` // the app whose page is shown
	Direct   bool   `json:"d,omitempty"` // the page was opened without the list
}

const allApps = -1

func shelfOf(v payload.View) shelf {
	s := shelf{Category: allApps}
	if json.Unmarshal([]byte(v.Metadata), &s) != nil {
		return shelf{Category: allApps}
	}
	return s
}

// apps are the apps of the chosen category, by name; of all apps, those used
// in the person's department come first.
func (s shelf) apps(c *catalog.Catalog, used []string) []catalog.App {
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

// view draws the list.
func (s shelf) view(c *catalog.Catalog, used []string, department string) slack.ModalViewRequest {
	apps := s.apps(c, used)
	s.From = max(0, min(s.From, (len(apps)-1)/shelfPage*shelfPage))
	body := []slack.Block{slack.NewActionBlock("category", s.categoryMenu(c))}
	for i, app := range apps[s.From:min(len(apps), s.From+shelfPage)] {
		text := "*" + blocks.Escape(blocks.Or(app.Name, app.ID), blocks.MaxName) + "*"
		if s.Category == allApps && s.From+i < len(offered(c, used)) {
			text += "  ·  used in " + blocks.Escape(department, blocks.MaxName)
		}
		about := slack.NewButtonBlockElement(actionAbout, blocks.Clip(app.ID, blocks.MaxButton), blocks.Plain("About", blocks.MaxButton))
		body = append(body, slack.NewSectionBlock(blocks.Markup(text+"\n"+blocks.Escape(blocks.Or(app.Description, app.Category), 300)), nil, slack.NewAccessory(about)))
	}
	if len(apps) == 0 {
		body = append(body, blocks.SmallPrint("There is nothing here to ask for."))
	}
	body = append(body, blocks.PageButtons(s.From, shelfPage, len(apps))...)
	v := blocks.Modal("Browse apps", "", "Back", body...)
	v.CallbackID, v.PrivateMetadata = callbackBrowse, blocks.Metadata(s)
	return v
}

func (s shelf) categoryMenu(c *catalog.Catalog) *slack.SelectBlockElement {
	options := []*slack.OptionBlockObject{blocks.Option(strconv.Itoa(allApps), "All apps", "")}
	for i, name := range c.Categories() {
		if len(options) < maxRoles {
			options = append(options, blocks.Option(strconv.Itoa(i), name, ""))
		}
	}
	sel := &slack.SelectBlockElement{Type: slack.OptTypeStatic, ActionID: actionCategory, Placeholder: blocks.Plain("Category", blocks.MaxPlaceholder), InitialOption: options[0]}
	if s.Category+1 > 0 && s.Category+1 < len(options) {
		sel.InitialOption = options[s.Category+1]
	}
	if len(options) <= blocks.MaxOptions {
		sel.Options = options
	} else {
		sel.OptionGroups = blocks.OptionPages(options)
	}
	return sel
}

// browse lays the catalogue over the form, or opens it by itself.
func (b *Bot) browse(in payload.Interaction) {
	s := shelf{Category: allApps}
	if in.View.CallbackID == callbackRequest {
		s.Root, s.Memo = in.View.ID, formOf(b.cfg.Catalog(), in.View).memo()
	}
	b.later("open the catalogue", func(ctx context.Context) error {
		department, used := b.usedAround(ctx, in.User.ID)
		return b.lay(ctx, in, s.view(b.cfg.Catalog(), used, department))
	})
}

// wander follows a button that leads to another view and decides nothing.
func (b *Bot) wander(in payload.Interaction, a payload.Action) {
	switch {
	case a.ID == actionRequest:
		b.openForm(in.User.ID, in.Trigger, "")
	case a.ID == actionUnlisted:
		b.later("open the form for what isn't listed", func(ctx context.Context) error { return b.lay(ctx, in, unlistedView()) })
	case a.ID == actionBrowse:
		b.browse(in)
	case in.View.CallbackID == callbackHome:
		b.turnHome(in, a)
	case in.View.CallbackID == callbackRequest:
		b.openPage(in, a.Value)
	default:
		b.leaf(in, a)
	}
}

// lay puts a view on top of the one that was clicked, or opens it where there is none.
func (b *Bot) lay(ctx context.Context, in payload.Interaction, v slack.ModalViewRequest) error {
	if in.View.ID == "" || in.View.Type == "home" {
		return b.open(ctx, in, v)
	}
	_, err := b.cfg.API.PushViewContext(ctx, in.Trigger, v)
	if err = webapi.ViewShown(err); err == nil || webapi.Code(err) == "exchanged_trigger_id" {
		return nil
	}
	b.tell(in, unopened)
	return err
}

// leaf shows another part of the catalogue in the same view.
func (b *Bot) leaf(in payload.Interaction, a payload.Action) {
	if !b.forms.note(in.View.ID, a.TS) {
		return
	}
	s := shelfOf(in.View)
	switch a.ID {
	case actionCategory:
		s.Category, s.From = number(a.Selected.Value, allApps), 0
	case blocks.ActionBefore, blocks.ActionAfter:
		s.From = number(a.Value, 0)
	case actionAbout:
		s.App = a.Value
	case actionList:
		s.App = ""
	}
	b.later("turn a page of the catalogue", func(ctx context.Context) error {
		v := b.shelfView(ctx, in.User.ID, s)
		if !b.forms.is(in.View.ID, a.TS) {
			return nil
		}
		err := b.updateView(ctx, v, "", in.View.ID)
		if webapi.Code(err) == "not_found" {
			return nil
		}
		return err
	})
}

func (b *Bot) shelfView(ctx context.Context, user string, s shelf) slack.ModalViewRequest {
	c := b.cfg.Catalog()
	if app, ok := c.App(s.App); ok {
		return b.appPage(ctx, s, app)
	}
	department, used := b.usedAround(ctx, user)
	return s.view(c, used, department)
}

// usedAround is what a person's department uses. The catalogue does without it
// when it can't be told soon.
func (b *Bot) usedAround(ctx context.Context, user string) (department string, used []string) {
	p, err := b.cfg.People.Who(ctx, user)
	if _, refused := access.AsRefusal(err); refused || p.Department == "" {
		return "", nil
	}
	if err == nil {
		used, err = b.cfg.Query.UsedBy(ctx, p.Department)
	}
	if err != nil {
		b.log.WarnContext(ctx, "Couldn't tell what a department uses", "error", err)
	}
	return p.Department, used[:min(len(used), 20)]
}

// openPage lays an app's page over the form.
func (b *Bot) openPage(in payload.Interaction, app string) {
	c := b.cfg.Catalog()
	s := shelf{Root: in.View.ID, Memo: formOf(c, in.View).memo(), Category: allApps, App: app, Direct: true}
	b.later("open an app's page", func(ctx context.Context) error {
		return b.lay(ctx, in, b.shelfView(ctx, in.User.ID, s))
	})
}

// submitBrowse takes the app that is shown into the form.
func (b *Bot) submitBrowse(in payload.Interaction) ([]byte, error) {
	s := shelfOf(in.View)
	if s.Root == "" {
		c := b.cfg.Catalog()
		f := form{App: s.App}
		if app, ok := c.App(s.App); ok {
			f.Role = onlyRole(app)
		}
		return payload.ReplaceView(f.view(c))
	}
	if !s.Direct {
		b.choose(s.Root, s.Memo, s.App)
	}
	return nil, nil
}
