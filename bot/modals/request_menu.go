package modals

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/catalog"
)

// menuBudget is how many bytes the options of a menu may have: the headings among
// them need room too.
const menuBudget = 17_000

// fewApps is how many apps the menu may have found to name the roles of each: whoever typed so much means one of them.
const fewApps = 5

// fewBundles are shown of the bundles: apps are what most people look for.
const fewBundles = 10

// menuWait is how long the menu waits for who the person is.
const menuWait = 500 * time.Millisecond

// options is an answer to block_suggestion. It names its options even if there are
// none: an empty answer would be no answer at all.
type options struct {
	Options []*slack.OptionBlockObject `json:"options"`
}

type groupedOptions struct {
	Groups []*slack.OptionGroupBlockObject `json:"option_groups"`
}

// firstApps are what the menu shows of the catalogue while nothing is typed. It is
// asked for with every form, so it is found once for each catalogue.
type firstApps struct {
	of   *catalog.Catalog
	apps []catalog.App
}

// offer is one line of the menu and the heading it stands under.
type offer struct {
	group  string
	option *slack.OptionBlockObject
}

// menu fills the app menu: the best matches for what was typed, and of a few their roles; while nothing
// is typed the bundles, what the person's department uses, and the first apps of
// the catalogue by category.
func (m *RequestForm) menu(ctx context.Context, in payload.Interaction) ([]byte, error) {
	looking, cancel := context.WithTimeout(ctx, menuWait)
	defer cancel()
	c := m.shownTo(looking, in.User.ID)
	bundles := c.SearchBundles(in.Value, fewBundles+1)
	var offers []offer
	for _, bundle := range bundles[:min(len(bundles), fewBundles)] {
		offers = append(offers, offer{"Bundles", bundleOption(bundle)})
	}
	grouped := in.Value == "" || len(offers) > 0
	if in.Value != "" {
		offers = append(offers, typedOffers(c, in.Value)...)
	} else {
		offers = append(offers, m.likelyOffers(ctx, in.User.ID, c)...)
	}
	return answerMenu(offers, grouped, len(bundles) > fewBundles)
}

// typedOffers are the best matches for what was typed: apps, and the roles of a few, so that one choice
// is enough. Who names app and role is shown that role first.
func typedOffers(c *catalog.Catalog, typed string) (out []offer) {
	offered := map[catalog.RoleRef]bool{}
	pick := func(ref catalog.RoleRef) {
		if !offered[ref] && len(ref.String()) <= blocks.MaxOption { // what is longer is chosen as an app, and then as its role
			out = append(out, offer{"", pickOption(c, ref)})
		}
		offered[ref] = true
	}
	for _, ref := range c.SearchRoles(typed, blocks.MaxOptions) {
		pick(ref)
	}
	apps := c.Search(typed, blocks.MaxOptions+1) // one more than is shown, so that it is seen that there are more
	for _, app := range apps {
		out = append(out, offer{"", appOption(app)})
		if len(apps) > fewApps || len(app.Roles) < 2 {
			continue
		}
		for _, r := range app.Roles {
			pick(catalog.RoleRef{App: app.ID, Role: r.ID})
		}
	}
	return out
}

// pickOption is a role in the menu of apps.
func pickOption(c *catalog.Catalog, ref catalog.RoleRef) *slack.OptionBlockObject {
	_, role, _ := c.Role(ref.App, ref.Role)
	return blocks.Option(ref.String(), cards.RoleName(c, ref), role.Description)
}

// likelyOffers are the apps a person most likely looks for, then the rest by
// category.
func (m *RequestForm) likelyOffers(ctx context.Context, user string, c *catalog.Catalog) []offer {
	ctx, cancel := context.WithTimeout(ctx, menuWait)
	defer cancel()
	department, used := m.usage.around(ctx, user)
	var out []offer
	for _, app := range offered(c, used) {
		out = append(out, offer{"Used in " + department, appOption(app)})
	}
	for _, app := range m.firstApps(c) {
		if !slices.Contains(used, app.ID) {
			out = append(out, offer{app.Category, appOption(app)})
		}
	}
	return out
}

func (m *RequestForm) firstApps(c *catalog.Catalog) []catalog.App {
	if o := m.first.Load(); o != nil && o.of == c {
		return o.apps
	}
	o := &firstApps{c, c.Search("", blocks.MaxOptions+1)}
	m.first.Store(o)
	return o.apps
}

// answerMenu groups the offers where that is wanted, where there is anything to
// group by, and where the headings leave room for the apps. Where there are more than are shown, the first heading says so.
func answerMenu(offers []offer, grouped, more bool) ([]byte, error) {
	shown, err := affordable(offers[:min(len(offers), blocks.MaxOptions)])
	if err != nil {
		return nil, err
	}
	more = more || len(shown) < len(offers)
	if grouped && slices.ContainsFunc(shown, func(o offer) bool { return o.group != "" }) {
		answer, err := payload.Ack(groupedOptions{Groups: byGroup(shown, more)})
		if err != nil || len(answer) <= payload.MaxAck {
			return answer, err
		}
	}
	list := []*slack.OptionBlockObject{}
	for _, o := range shown {
		list = append(list, o.option)
	}
	if more && len(list) > 0 {
		return payload.Ack(groupedOptions{Groups: []*slack.OptionGroupBlockObject{slack.NewOptionGroupBlockElement(blocks.Plain(blocks.Capital(firstOf(len(list))), blocks.MaxOption), list...)}})
	}
	return payload.Ack(options{Options: list})
}

// firstOf says that there are more than are shown, and how to see them.
func firstOf(n int) string { return "the first " + strconv.Itoa(n) + ", type for more" }

// affordable keeps as many offers as fit into the answer.
func affordable(offers []offer) ([]offer, error) {
	room := menuBudget
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

// byGroup puts offers under their headings, the heading of the first one first, which says whether there are more.
func byGroup(offers []offer, more bool) []*slack.OptionGroupBlockObject {
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
	if more {
		groups[0].Label.Text += " · " + firstOf(len(offers))
	}
	return groups
}
