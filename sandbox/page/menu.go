package page

import (
	"cmp"
	"strings"

	"latchkey/sandbox/slack/kit"
)

// menu draws a list to choose from: one thing or several, from what is offered, from what
// the app suggests while one types, from people or from channels.
func (d *drawing) menu(block string, e kit.Object, label string) {
	chosen := d.answers(block, e)
	kind := kit.Str(e, "type")
	if d.Live && kind != "static_select" {
		d.search(block, e, label, chosen)
		return
	}
	if strings.HasPrefix(kind, "multi_") {
		d.several(block, e, label, chosen)
		return
	}
	class := "field menu"
	if len(chosen.words) == 0 {
		class += " empty"
	}
	d.in("select", class, func() {
		d.offered(e, chosen)
	}, "aria-label", cmp.Or(label, kit.TextOf(e, "placeholder")), "data-block", block, "data-action", kit.Str(e, "action_id"))
}

// offered draws what a menu holds: first what it says while nothing is chosen.
func (d *drawing) offered(e kit.Object, chosen answers) {
	if len(chosen.words) == 0 {
		d.say("option", "", placeholderOf(e, "Select an item"), "value", "", "selected", "selected")
	}
	if kit.Len(e["options"]) < 0 && kit.Len(e["option_groups"]) < 0 {
		for _, word := range chosen.words {
			d.say("option", "", word, "selected", "selected")
		}
		return
	}
	d.options(kit.Objects(e["options"]), chosen)
	for _, g := range kit.Objects(e["option_groups"]) {
		d.in("optgroup", "", func() { d.options(kit.Objects(g["options"]), chosen) }, "label", kit.TextOf(g, "label"))
	}
}

func (d *drawing) options(list []kit.Object, chosen answers) {
	for _, o := range list {
		d.say("option", "", readableOption(o), "value", kit.Str(o, "value"), "selected", on(chosen.has(o), "selected"))
	}
}

// several draws a menu of which several things can be chosen, by what was.
func (d *drawing) several(block string, e kit.Object, label string, chosen answers) {
	d.in("div", "field menu several", func() {
		for _, word := range chosen.words {
			d.say("span", "chosen", word)
		}
		if len(chosen.words) == 0 {
			d.say("span", "empty", placeholderOf(e, "Select options"))
		}
	}, "role", "group", "aria-label", label, "data-block", block, "data-action", kit.Str(e, "action_id"))
}

// search draws a menu to be worked that one types into. What is chosen of several things stands before it; what there is
// to choose from is for whoever draws the page to ask.
func (d *drawing) search(block string, e kit.Object, label string, chosen answers) {
	kind, words := kit.Str(e, "type"), strings.Join(chosen.words, ", ")
	least := "0"
	if strings.HasSuffix(kind, "external_select") {
		least = cmp.Or(number(e["min_query_length"]), "3")
	}
	d.in("div", "search", func() {
		if strings.HasPrefix(kind, "multi_") {
			d.chips(chosen)
			words = ""
		}
		d.void("input", "field", "type", "text", "role", "combobox", "autocomplete", "off", "aria-autocomplete", "list", "aria-expanded", "false",
			"aria-label", cmp.Or(label, kit.TextOf(e, "placeholder")), "placeholder", placeholderOf(e, "Type to search"), "value", words)
	}, "data-block", block, "data-action", kit.Str(e, "action_id"), "data-kind", kind, "data-least", least)
}

// chips draws what was chosen, each with a button that takes it away.
func (d *drawing) chips(chosen answers) {
	for i, word := range chosen.words {
		if i == len(chosen.values) {
			return // what was chosen has no value: it can't be taken away by one
		}
		d.in("span", "chosen", func() {
			d.text(word)
			d.say("button", "remove", "✕", "type", "button", "aria-label", "Remove "+word)
		}, "data-value", chosen.values[i])
	}
}
