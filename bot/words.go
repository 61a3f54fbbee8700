package bot

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/payload"
	"latchkey/catalog"
	"latchkey/workflow/people"
)

// saying is a command with a word in it: who said it, and what came after it.
type saying struct {
	person  access.Person
	user    string // Slack id
	trigger string
	rest    string
}

func (s saying) actor() access.Actor {
	return access.Actor{Person: s.person.ID, Via: access.ViaSlack, Account: s.user}
}

// word is something the command can be told to do. What it answers goes into the
// ack; nil answers nothing.
type word struct {
	name, usage, help string
	oversight         bool // for IT and owners of apps
	do                func(*Bot, context.Context, saying) ([]byte, error)
}

// vocabulary is all of them, in the order in which help tells them.
func vocabulary() []word {
	return []word{
		{"request", "request figma", "opens the form with Figma chosen already", false, (*Bot).sayRequest},
		{"mine", "mine", "shows what you have, and what you asked for", false, (*Bot).sayMine},
		{"approvals", "approvals", "shows what waits for your decision", false, (*Bot).sayApprovals},
		{"extend", "extend figma", "keeps access for longer", false, (*Bot).sayHeld},
		{"return", "return figma", "gives access back before its end", false, (*Bot).sayHeld},
		{"review", "review", "shows the access reviews that wait for you", false, (*Bot).sayReview},
		{"why", "why @user figma", "tells why somebody has access", false, (*Bot).sayWhy},
		{"trace", "trace @user figma", "tells everything that happened between a person and an app", false, (*Bot).sayTrace},
		{"who", "who figma", "shows who has access", true, (*Bot).sayWho},
		{"revoke", "revoke @user figma", "takes access away now", true, (*Bot).sayRevoke},
		{"stuck", "stuck", "shows what waits for IT", true, (*Bot).sayStuck},
		{"report", "report", "sums the last seven days up", true, (*Bot).sayReport},
		{"emergency", "emergency", "takes a role at once, without an approval; it is reviewed", false, (*Bot).sayEmergency},
		{"help", "help", "shows this", false, (*Bot).sayHelp},
	}
}

// otherwise maps what people also say, and how they misspell the short words, to
// the words.
func otherwise() map[string]string {
	return map[string]string{
		"ask": "request", "get": "request", "new": "request", "my": "mine", "me": "mine", "list": "mine", "status": "mine", "mien": "mine", "min": "mine",
		"approve": "approvals", "approval": "approvals", "pending": "approvals", "decide": "approvals", "done": "return", "back": "return", "giveback": "return",
		"break-glass": "emergency", "breakglass": "emergency", "urgent": "emergency",
		"longer": "extend", "renew": "extend", "reviews": "review", "hwo": "who", "whos": "who", "wyh": "why", "remove": "revoke",
		"history": "trace", "log": "trace", "problems": "stuck", "broken": "stuck", "week": "report", "numbers": "report", "?": "help", "halp": "help", "hlep": "help", "hepl": "help", "-h": "help", "--help": "help",
	}
}

// wordIn finds the word a text begins with, and the rest. A name in the catalogue
// goes before everything that isn't exactly a word.
func wordIn(c *catalog.Catalog, text string) (w word, rest string, ok bool) {
	first, rest, _ := strings.Cut(text, " ")
	first = strings.ToLower(first)
	named := func(name string) (word, bool) {
		i := slices.IndexFunc(vocabulary(), func(w word) bool { return w.name == name })
		if i < 0 {
			return word{}, false
		}
		return vocabulary()[i], true
	}
	if w, ok = named(first); ok {
		return w, rest, true
	}
	if text == "" || len(c.Search(text, 1))+len(c.SearchBundles(text, 1)) > 0 {
		return word{}, text, false
	}
	if w, ok = named(otherwise()[first]); ok {
		return w, rest, true
	}
	if w, ok = named(misspelt(first)); ok {
		return w, rest, true
	}
	return word{}, text, false
}

// misspelt finds the word that is probably meant. Short ones are too near to
// each other to guess.
func misspelt(first string) string {
	if len(first) < 5 {
		return ""
	}
	var long []string
	for _, w := range vocabulary() {
		if len(w.name) > 4 {
			long = append(long, w.name)
		}
	}
	return catalog.Nearest(first, long)
}

func (b *Bot) sayRequest(_ context.Context, s saying) ([]byte, error) {
	b.openForm(s.user, s.trigger, s.rest)
	return nil, nil
}

// listedRows is how many rows a list in an answer has at most.
const listedRows = 12

func (b *Bot) sayMine(ctx context.Context, s saying) ([]byte, error) {
	asked, many, err := b.askedRows(ctx, s.person.ID, 0, listedRows/2)
	if err != nil {
		return nil, err
	}
	held, more, err := b.heldRows(ctx, s.person.ID, 0, listedRows)
	if err != nil {
		return nil, err
	}
	if many+more == 0 {
		return payload.Ack(payload.Ephemeral("You have nothing here yet, and nothing is asked for. *" + blocks.Escape(b.cfg.Command, blocks.MaxName) + "* opens the form."))
	}
	return answer("Your access: "+strconv.Itoa(more)+". Open requests: "+strconv.Itoa(many)+".", append(asked, held...), many+more)
}

func (b *Bot) sayApprovals(ctx context.Context, s saying) ([]byte, error) {
	rows, total, err := b.decisionRows(ctx, s.person.ID, 0, listedRows)
	if err != nil {
		return nil, err
	}
	if total == 0 {
		return payload.Ack(payload.Ephemeral("Nothing waits for your decision."))
	}
	return answer(blocks.Capital(blocks.Count(total, "decision"))+" "+blocks.Agree(total, "waits", "wait")+" for you.", rows, total)
}

// sayHeld lists what a person has, or what of an app they have.
func (b *Bot) sayHeld(ctx context.Context, s saying) ([]byte, error) {
	list, err := b.cfg.Query.Held(ctx, s.person.ID, 0, 1000)
	if err != nil {
		return nil, err
	}
	items := list.Items
	if s.rest != "" {
		app, ok := anyApp(b.cfg.Catalog(), s.rest)
		if !ok {
			return payload.Ack(payload.Ephemeral(blocks.Escape(noApp(s.rest), blocks.MaxSection)))
		}
		items = slices.DeleteFunc(items, func(h holding) bool { return h.Grant.App != app.ID })
	}
	var rows []row
	for _, h := range items[:min(len(items), listedRows)] {
		rows = append(rows, b.heldRow(h))
	}
	if len(rows) == 0 {
		return payload.Ack(payload.Ephemeral("You have nothing there."))
	}
	return answer("What you have:", rows, len(items))
}

func (b *Bot) sayReview(context.Context, saying) ([]byte, error) {
	return payload.Ack(payload.Ephemeral("No access review waits for you."))
}

func (b *Bot) sayHelp(_ context.Context, s saying) ([]byte, error) {
	return payload.Ack(payload.Ephemeral(helpText(b.cfg.Command, b.overseesAny(s.person.ID))))
}

// overseesAny tells whether words for IT and owners are any use to somebody.
func (b *Bot) overseesAny(who access.PersonID) bool {
	if who == "" {
		return false
	}
	if b.oversees(inSlack(who), "") {
		return true
	}
	return slices.ContainsFunc(b.cfg.Catalog().Apps(), func(a catalog.App) bool { return b.oversees(inSlack(who), a.ID) })
}

// oversees tells whether somebody may look at others' access to an app; to all
// apps, if it is empty.
func (b *Bot) oversees(by access.Actor, app string) bool {
	return b.cfg.People.May(by, people.ActOversee, people.Matter{App: app}) == nil
}

// inSlack is somebody who asks by Slack, whatever their account.
func inSlack(who access.PersonID) access.Actor {
	return access.Actor{Person: who, Via: access.ViaSlack}
}
