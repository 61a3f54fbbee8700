package bot

import (
	"encoding/json"
	"fmt"

	"github.com/slack-go/slack"

	"latchkey/catalog"
)

// Slack drops acks of 20,480 bytes and more without a word (found by slack-go's
// authors, the constant in its socketmode/socketmode.go). The envelope around
// the answer and the headings in it need room too.
const (
	suggestLimit  = 20_000 // bytes of the whole answer
	suggestBudget = 17_000 // bytes of its options
)

// menu is an answer to block_suggestion. It names its options even if there are
// none: an empty answer would be no answer at all.
type menu struct {
	Options []*slack.OptionBlockObject `json:"options"`
}

type groupedMenu struct {
	Groups []*slack.OptionGroupBlockObject `json:"option_groups"`
}

// opening is the menu while nothing is typed. It is the same for everybody and
// asked for with every form, so it is made once for each catalogue.
type opening struct {
	of     *catalog.Catalog
	answer []byte
}

// suggest fills the app menu: the best matches for what was typed, or the first
// apps of the catalogue by category while nothing is typed.
func (b *Bot) suggest(in interaction) ([]byte, error) {
	c := b.cfg.Desk.Catalog()
	if in.ActionID != actionApp {
		return reply(menu{Options: []*slack.OptionBlockObject{}})
	}
	if in.Value != "" {
		options, err := affordable(c.Search(in.Value, maxOptions))
		if err != nil {
			return nil, err
		}
		return reply(menu{Options: options})
	}
	if o := b.opening.Load(); o != nil && o.of == c {
		return o.answer, nil
	}
	answer, err := openingMenu(c.Search("", maxOptions))
	if err == nil {
		b.opening.Store(&opening{of: c, answer: answer})
	}
	return answer, err
}

// openingMenu groups apps by category where they have any, and where the
// headings leave room for the apps.
func openingMenu(apps []catalog.App) ([]byte, error) {
	options, err := affordable(apps)
	if err != nil {
		return nil, err
	}
	if categorised(apps) {
		grouped, err := reply(groupedMenu{Groups: byCategory(apps[:len(options)], options)})
		if err != nil || len(grouped) <= suggestLimit {
			return grouped, err
		}
	}
	return reply(menu{Options: options})
}

// affordable makes options of as many apps as fit into the answer.
func affordable(apps []catalog.App) ([]*slack.OptionBlockObject, error) {
	options := make([]*slack.OptionBlockObject, 0, len(apps))
	room := suggestBudget
	for _, app := range apps {
		o := appOption(app)
		size, err := json.Marshal(o)
		if err != nil {
			return nil, fmt.Errorf("encode the app %q for the menu: %w", app.ID, err)
		}
		if room -= len(size) + 1; room < 0 {
			break
		}
		options = append(options, o)
	}
	return options, nil
}

func categorised(apps []catalog.App) bool {
	for _, a := range apps {
		if a.Category != "" {
			return true
		}
	}
	return false
}

// byCategory groups options, the group of the best match first.
func byCategory(apps []catalog.App, options []*slack.OptionBlockObject) []*slack.OptionGroupBlockObject {
	var groups []*slack.OptionGroupBlockObject
	at := map[string]int{}
	for i, app := range apps {
		name := clip(or(app.Category, "Other"), 40)
		n, ok := at[name]
		if !ok {
			n, at[name] = len(groups), len(groups)
			groups = append(groups, slack.NewOptionGroupBlockElement(plain(name, maxOption)))
		}
		groups[n].Options = append(groups[n].Options, options[i])
	}
	return groups
}
