package modals

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/catalog"
	"latchkey/workflow/requests"
)

// bundlePrefix tells a bundle from an app in the app menu. Ids hold no colon.
const bundlePrefix = "bundle:"

func bundleOf(c *catalog.Catalog, choice string) (catalog.Bundle, bool) {
	id, ok := strings.CutPrefix(choice, bundlePrefix)
	if !ok {
		return catalog.Bundle{}, false
	}
	return c.Bundle(id)
}

func bundleOption(b catalog.Bundle) *slack.OptionBlockObject {
	return blocks.Option(bundlePrefix+b.ID, blocks.Or(b.Name, b.ID), blocks.Or(b.Description, blocks.Count(len(b.Roles), "role")))
}

// item is one role that a form asks for.
type item struct {
	catalog.RoleRef
	Wanted  time.Duration
	Bundled bool // comes out of a bundle: left out where it is held already
	Current bool // the one being chosen, whose fields are on the form
}

// items are all roles the form asks for. wanted is the duration of the one being
// chosen.
func (f form) items(c *catalog.Catalog, wanted time.Duration) []item {
	var out []item
	for _, p := range f.Cart {
		out = append(out, p.items(c)...)
	}
	if f.App != "" {
		now := cartEntry{f.App, f.Role, wanted}.items(c)
		for i := range now {
			now[i].Current = true
		}
		out = append(out, now...)
	}
	return out
}

// items are the roles a cart entry stands for. Roles of a bundle are asked for with
// their default duration.
func (p cartEntry) items(c *catalog.Catalog) []item {
	b, ok := bundleOf(c, p.App)
	if !ok {
		return []item{{RoleRef: catalog.RoleRef{App: p.App, Role: p.Role}, Wanted: p.Wanted}}
	}
	var out []item
	for _, ref := range b.Roles {
		_, role, _ := c.Role(ref.App, ref.Role)
		out = append(out, item{RoleRef: ref, Wanted: role.Durations.Default, Bundled: true})
	}
	return out
}

func choices(items []item) []requests.Choice {
	out := make([]requests.Choice, len(items))
	for i, it := range items {
		out[i] = requests.Choice{RoleRef: it.RoleRef, Wanted: it.Wanted}
	}
	return out
}

// cartBlocks show what was chosen before, each with a way to take it out again.
func (f form) cartBlocks(c *catalog.Catalog) []slack.Block {
	var body []slack.Block
	for i, p := range f.Cart {
		text := f.entryText(c, p)
		remove := slack.NewButtonBlockElement(actionLess, strconv.Itoa(i), blocks.Plain("Remove", blocks.MaxButton))
		body = append(body, slack.NewSectionBlock(blocks.Markup(text), nil, slack.NewAccessory(remove)))
	}
	return body
}

func (f form) entryText(c *catalog.Catalog, p cartEntry) string {
	if b, ok := bundleOf(c, p.App); ok {
		return f.aboutBundle(c, b)
	}
	ref := catalog.RoleRef{App: p.App, Role: p.Role}
	text := "*" + blocks.Escape(cards.RoleName(c, ref), 2*blocks.MaxName) + "* " + blocks.ForHow(p.Wanted)
	if o := f.Objections[ref.String()]; o != "" {
		text += "\n:warning: " + blocks.Escape(o, 1000)
	}
	return text
}

// aboutBundle lists what a bundle holds and what stands against it.
func (f form) aboutBundle(c *catalog.Catalog, b catalog.Bundle) string {
	lines := []string{"*" + blocks.Escape(blocks.Or(b.Name, b.ID), blocks.MaxName) + "* holds:"}
	for _, ref := range b.Roles[:min(len(b.Roles), catalog.MaxBundle)] {
		_, role, _ := c.Role(ref.App, ref.Role)
		line := "• " + blocks.Escape(cards.RoleName(c, ref), 60) + " " + blocks.ForHow(role.Durations.Default)
		if o := f.Objections[ref.String()]; o != "" {
			line += "\n   :warning: " + blocks.Escape(o, 90)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// add moves what is chosen into the list and begins a new choice.
func (f form) add(wanted time.Duration) form {
	next := f
	next.Cart = append(slices.Clone(f.Cart), cartEntry{f.App, f.Role, wanted})
	next.App, next.Role, next.Most, next.Wanted, next.Turn = "", "", 0, 0, f.Turn+1
	return next
}

// remove takes something out of the list again.
func (f form) remove(index string) form {
	i, err := strconv.Atoi(index)
	if err != nil || i < 0 || i >= len(f.Cart) {
		return f
	}
	f.Cart = slices.Delete(slices.Clone(f.Cart), i, i+1)
	return f
}

// length is the time that is chosen for the role being chosen, where it can be had for so long; else 0.
func (f form) length(c *catalog.Catalog) time.Duration {
	if _, role, _ := c.Role(f.App, f.Role); !slices.Contains(role.Durations.Choices, f.Wanted) {
		return 0
	}
	return f.Wanted
}

// wantedOf is the duration chosen for the role being chosen.
func wantedOf(f form, v payload.Values) (time.Duration, error) {
	if f.Role == "" {
		return 0, nil
	}
	wanted, err := catalog.ParseDuration(v.Choice(f.blockTime(), actionDuration))
	if err != nil {
		return 0, access.Refuse(access.Invalid, "duration", "Please choose for how long.")
	}
	return wanted, nil
}
