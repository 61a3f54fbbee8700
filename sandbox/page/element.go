package page

import (
	"cmp"
	"strconv"

	"latchkey/sandbox/slack/kit"
)

// elements draws elements side by side.
func (d *drawing) elements(block string, list []kit.Object) {
	for _, e := range list {
		d.element(block, e, "")
	}
}

// element draws something to press, to choose from or to fill in. label is what a screen
// reader says of it, unless it says that itself.
func (d *drawing) element(block string, e kit.Object, label string) {
	switch kind := kit.Str(e, "type"); kind {
	case "button", "workflow_button", "icon_button":
		d.button(block, e)
	case "feedback_buttons":
		for _, key := range []string{"positive_button", "negative_button"} {
			d.button(block, kit.Sub(e, key))
		}
	case "overflow":
		d.overflow(block, e)
	case "image":
		d.image(e)
	case "checkboxes", "radio_buttons":
		d.choices(block, e, label)
	case "datepicker", "timepicker", "datetimepicker":
		d.picker(block, e, label)
	case "plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input":
		d.typed(block, e, label)
	case "file_input":
		d.say("button", "button", "Upload file", "type", "button", "aria-label", label, "data-block", block, "data-action", kit.Str(e, "action_id"))
	default:
		if _, initial, _ := kit.StateKey(kind); initial != "" {
			d.menu(block, e, label)
			return
		}
		d.unknown(e)
	}
}

// button draws a button, or the link that it is; in a dialog beside it what it asks first.
func (d *drawing) button(block string, e kit.Object) {
	class := "button"
	if style := kit.Str(e, "style"); style == "primary" || style == "danger" {
		class += " " + style
	}
	words := func() { d.words(kit.Sub(e, "text")) }
	tell := []string{"aria-label", kit.Str(e, "accessibility_label"), "data-block", block, "data-action", kit.Str(e, "action_id"), "data-value", kit.Str(e, "value")}
	if address := kit.Str(e, "url"); leads(address) {
		d.in("a", class, words, append(tell, "href", address, "target", "_blank", "rel", "noopener noreferrer")...)
	} else {
		d.in("button", class, words, append(tell, "type", "button")...)
	}
	if c := kit.Sub(e, "confirm"); c != nil {
		d.confirm(c)
	}
}

// confirm draws the dialog that asks before something happens. It is closed.
func (d *drawing) confirm(c kit.Object) {
	d.in("dialog", "", func() {
		d.in("h3", "", func() { d.words(kit.Sub(c, "title")) })
		d.in("p", "", func() { d.words(kit.Sub(c, "text")) })
		yes := "button primary"
		if kit.Str(c, "style") == "danger" {
			yes = "button danger"
		}
		d.in("button", "button", func() { d.words(kit.Sub(c, "deny")) }, "type", "button")
		d.in("button", yes, func() { d.words(kit.Sub(c, "confirm")) }, "type", "button")
	})
}

// overflow draws a menu behind three dots. It is closed.
func (d *drawing) overflow(block string, e kit.Object) {
	d.in("details", "overflow", func() {
		d.say("summary", "button", "⋯", "aria-label", "More actions")
		d.in("ul", "", func() {
			for _, o := range kit.OptionsOf(e) {
				d.in("li", "", func() { d.pick(func() { d.option(o) }, kit.Str(o, "value")) }, "data-value", kit.Str(o, "value"))
			}
		})
	}, "data-block", block, "data-action", kit.Str(e, "action_id"))
}

// pick draws something in a list that can be pressed where the page is worked.
func (d *drawing) pick(words func(), value string) {
	if !d.Live {
		words()
		return
	}
	d.in("button", "pick", words, "type", "button", "data-value", value)
}

func (d *drawing) option(o kit.Object) {
	d.words(kit.Sub(o, "text"))
	if more := kit.Sub(o, "description"); more != nil {
		d.in("span", "description", func() { d.words(more) })
	}
}

// choices draws boxes or buttons of which one can be chosen.
func (d *drawing) choices(block string, e kit.Object, label string) {
	kind := "checkbox"
	if kit.Str(e, "type") == "radio_buttons" {
		kind = "radio"
	}
	chosen, together := d.answers(block, e), ""
	if d.Live {
		together = block + " " + kit.Str(e, "action_id") // one of them is chosen at a time
	}
	d.in("div", "choices", func() {
		for _, o := range kit.OptionsOf(e) {
			d.in("label", "", func() {
				d.void("input", "", "type", kind, "name", together, "checked", on(chosen.has(o), "checked"), "value", kit.Str(o, "value"))
				d.in("span", "", func() { d.option(o) })
			})
		}
	}, "role", "group", "aria-label", label, "data-block", block, "data-action", kit.Str(e, "action_id"))
}

// number is a JSON number as it was written, more or less.
func number(v any) string {
	n, ok := kit.Number(v)
	if !ok {
		return ""
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

// placeholderOf is what stands in a field in which there is nothing.
func placeholderOf(e kit.Object, otherwise string) string {
	return cmp.Or(kit.TextOf(e, "placeholder"), otherwise)
}
