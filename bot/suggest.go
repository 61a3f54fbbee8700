package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"latchkey/bot/blocks"
	"latchkey/bot/payload"
	"latchkey/catalog"
)

// Slack drops acks of 20,480 bytes and more without a word (found by slack-go's
// authors, the constant in its socketmode/socketmode.go). The envelope around
// the answer and the headings in it need room too.
const (
	suggestLimit  = 20_000 // bytes of the whole answer
	suggestBudget = 17_000 // bytes of its options
)

// suggestPatience is how long the menu waits for who the person is.
const suggestPatience = 500 * time.Millisecond

// menu is an answer to block_suggestion. It names its options even if there are
// none: an empty answer would be no answer at all.
type menu struct {
	Options []*slack.OptionBlockObject `json:"options"`
}

type groupedMenu struct {
	Groups []*slack.OptionGroupBlockObject `json:"option_groups"`
}

// opening is what the menu shows of the catalogue while nothing is typed. It is
// asked for with every form, so it is found once for each catalogue.
type opening struct {
	of   *catalog.Catalog
	apps []catalog.App
}

// offer is one line of the menu and the heading it stands under.
type offer struct {
	group  string
	option *slack.OptionBlockObject
}

// suggest fills the app menu: the best matches for what was typed; while nothing
// is typed the bundles, what the person's department uses, and the first apps of
// the catalogue by category.
func (b *Bot) suggest(ctx context.Context, in payload.Interaction) ([]byte, error) {
	if in.ActionID != actionApp {
		return payload.Ack(menu{Options: []*slack.OptionBlockObject{}})
	}
	c := b.cfg.Catalog()
	var offers []offer
	for _, bundle := range c.SearchBundles(in.Value, 10) {
		offers = append(offers, offer{"Bundles", bundleOption(bundle)})
	}
	if in.Value != "" {
		for _, app := range c.Search(in.Value, blocks.MaxOptions) {
			offers = append(offers, offer{"", appOption(app)})
		}
		return answerMenu(offers, len(offers) > 0 && offers[0].group != "")
	}
	return answerMenu(append(offers, b.openingOffers(ctx, in.User.ID, c)...), true)
}

// openingOffers are the apps a person most likely looks for, then the rest by
// category.
func (b *Bot) openingOffers(ctx context.Context, user string, c *catalog.Catalog) []offer {
	ctx, cancel := context.WithTimeout(ctx, suggestPatience)
	defer cancel()
	department, used := b.usedAround(ctx, user)
	var out []offer
	for _, app := range offered(c, used) {
		out = append(out, offer{"Used in " + department, appOption(app)})
	}
	for _, app := range b.firstApps(c) {
		if !slices.Contains(used, app.ID) {
			out = append(out, offer{app.Category, appOption(app)})
		}
	}
	return out
}

func (b *Bot) firstApps(c *catalog.Catalog) []catalog.App {
	if o := b.opening.Load(); o != nil && o.of == c {
		return o.apps
	}
	o := &opening{c, c.Search("", blocks.MaxOptions)}
	b.opening.Store(o)
	return o.apps
}

// answerMenu groups the offers where that is wanted, where there is anything to
// group by, and where the headings leave room for the apps.
func answerMenu(offers []offer, grouped bool) ([]byte, error) {
	offers, err := affordable(offers[:min(len(offers), blocks.MaxOptions)])
	if err != nil {
		return nil, err
	}
	if grouped && slices.ContainsFunc(offers, func(o offer) bool { return o.group != "" }) {
		answer, err := payload.Ack(groupedMenu{Groups: byGroup(offers)})
		if err != nil || len(answer) <= suggestLimit {
			return answer, err
		}
	}
	options := []*slack.OptionBlockObject{}
	for _, o := range offers {
		options = append(options, o.option)
	}
	return payload.Ack(menu{Options: options})
}

// affordable keeps as many offers as fit into the answer.
func affordable(offers []offer) ([]offer, error) {
	room := suggestBudget
	for i, o := range offers {
		size, err := json.Marshal(o.option)
		if err != nil {
			return nil, fmt.Errorf("encode %q for the menu: %w", o.option.Value, err)
		}
		if room -= len(size) + 1; room < 0 {
			return offers[:i], nil
		}
	}
	return offers, nil
}

// byGroup puts offers under their headings, the heading of the first one first.
func byGroup(offers []offer) []*slack.OptionGroupBlockObject {
	var groups []*slack.OptionGroupBlockObject
	at := map[string]int{}
	for _, o := range offers {
		name := blocks.Clip(blocks.Or(o.group, "Other"), 40)
		n, ok := at[name]
		if !ok {
			n, at[name] = len(groups), len(groups)
			groups = append(groups, slack.NewOptionGroupBlockElement(blocks.Plain(name, blocks.MaxOption)))
		}
		groups[n].Options = append(groups[n].Options, o.option)
	}
	return groups
}
