package bot

import (
	"context"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/payload"
	"latchkey/bot/webapi"
	"latchkey/catalog"
)

// onCommand answers the slash command: what it asks to know goes into the ack,
// and the form is opened beside the ack because its trigger soon runs out.
func (b *Bot) onCommand(ctx context.Context, raw []byte) ([]byte, error) {
	c, err := payload.Decode[payload.Command](raw, "command")
	if err != nil {
		return nil, err
	}
	text := blocks.OneLine(blocks.Clean(unescaped(c.Text)))
	w, rest, ok := wordIn(b.cfg.Catalog(), text)
	if ok && w.name != "request" {
		return b.say(ctx, w, saying{user: c.User, trigger: c.Trigger, rest: rest})
	}
	if !slices.ContainsFunc(b.cfg.Catalog().Apps(), catalog.App.Offered) {
		return payload.Ack(payload.Ephemeral(catalogEmpty))
	}
	b.openForm(c.User, c.Trigger, rest)
	return nil, nil
}

// unescaped undoes what Slack escapes in a command's text, but leaves mentions
// as they are.
func unescaped(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}

// say carries a word out for whoever said it. A refusal is an answer, too.
func (b *Bot) say(ctx context.Context, w word, s saying) ([]byte, error) {
	var err error
	s.person, err = b.cfg.People.Who(ctx, s.user)
	if w.name == "help" {
		return b.sayHelp(ctx, s)
	}
	var out []byte
	if err == nil {
		out, err = w.do(b, ctx, s)
	}
	if refusal, ok := access.AsRefusal(b.cfg.Refusals.LogRefusal(ctx, "", s.actor(), "say "+w.name, err)); ok {
		return payload.Ack(payload.Ephemeral(blocks.Escape(refusal.Sentence, blocks.MaxSection)))
	}
	if err != nil {
		b.log.WarnContext(ctx, "A question couldn't be answered", "word", w.name, "error", err)
		return payload.Ack(payload.Ephemeral(unread))
	}
	return out, nil
}

// openForm opens the request form with what the text names chosen already.
func (b *Bot) openForm(user, trigger, text string) {
	f := match(b.cfg.Catalog(), text)
	if text != "" && f.App == "" {
		f.Notice = noMatch(text)
	}
	b.openWith(user, trigger, f)
}

// openWith opens the request form. The first view needs no look-up; who the
// person is and whether they have the role already is found out while they look
// at it.
func (b *Bot) openWith(user, trigger string, f form) {
	c := b.cfg.Catalog()
	b.later("open the request form", func(ctx context.Context) error {
		shown, err := b.cfg.API.OpenViewContext(ctx, trigger, f.view(c))
		if err = webapi.ViewShown(err); err != nil {
			return b.formFailed(ctx, err, user)
		}
		if shown == nil {
			return nil
		}
		return b.objectToForm(ctx, user, f, payload.View{ID: shown.ID, Hash: shown.Hash})
	})
}

// formFailed tells the person in a direct message, because the bot may not be
// where the command was typed. A second delivery of the same command finds its
// trigger used up: then the form is open.
func (b *Bot) formFailed(ctx context.Context, err error, user string) error {
	if webapi.Code(err) == "exchanged_trigger_id" {
		return nil
	}
	if _, _, told := b.cfg.API.PostMessageContext(ctx, user, slack.MsgOptionText(unopened, false)); told != nil {
		b.log.WarnContext(ctx, "Couldn't tell somebody that the form didn't open", "error", told)
	}
	return err
}

// match finds the app, and perhaps the role, that a text names: by id, by name,
// or else the best match of a search, then of the nearest spelling.
func match(c *catalog.Catalog, text string) form {
	if text == "" {
		return form{}
	}
	if found := c.SearchBundles(text, 1); len(found) > 0 && (strings.EqualFold(found[0].ID, text) || strings.EqualFold(found[0].Name, text)) {
		return form{App: bundlePrefix + found[0].ID}
	}
	if app, ok := bestApp(c, text); ok {
		return form{App: app.ID, Role: onlyRole(app)}
	}
	if cut := strings.LastIndexByte(text, ' '); cut > 0 {
		if app, ok := bestApp(c, text[:cut]); ok {
			return form{App: app.ID, Role: namedRole(app, text[cut+1:])}
		}
	}
	return form{}
}

func bestApp(c *catalog.Catalog, text string) (catalog.App, bool) {
	if app, ok := c.App(strings.ToLower(text)); ok && app.Offered() {
		return app, true
	}
	if found := c.Search(text, 1); len(found) > 0 {
		return found[0], true
	}
	var names []string
	byName := map[string]catalog.App{}
	for _, app := range c.Apps() {
		if app.Offered() {
			names = append(names, app.Name)
			byName[app.Name] = app
		}
	}
	app, ok := byName[catalog.Nearest(text, names)]
	return app, ok
}

// onlyRole spares a choice where there is none.
func onlyRole(app catalog.App) string {
	if len(app.Roles) == 1 {
		return app.Roles[0].ID
	}
	return ""
}

func namedRole(app catalog.App, word string) string {
	for _, r := range app.Roles {
		if strings.EqualFold(r.ID, word) || strings.EqualFold(r.Name, word) {
			return r.ID
		}
	}
	return onlyRole(app)
}
