package page

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"latchkey/sandbox/slack/kit"
)

// answers are what was entered or chosen in an element: values, and how they read.
type answers struct{ values, words []string }

// has tells whether an option was chosen.
func (a answers) has(o kit.Object) bool { return slices.Contains(a.values, kit.Str(o, "value")) }

// answers reads the state of an element; where there is none, what it begins with.
func (d *drawing) answers(block string, e kit.Object) (found answers) {
	state := d.state[block][kit.Str(e, "action_id")]
	if state == nil {
		state = kit.Slot{Element: e}.Blank()
	}
	key, _, _ := kit.StateKey(kit.Str(e, "type"))
	list, several := state[key].([]any)
	if !several {
		list = []any{state[key]}
	}
	for _, v := range list {
		found.add(d, v)
	}
	return found
}

func (a *answers) add(d *drawing, v any) {
	switch v := v.(type) {
	case nil:
	case kit.Object:
		if kit.Str(v, "type") == "rich_text" {
			a.words = append(a.words, wordsIn(v)...)
			return
		}
		a.values, a.words = append(a.values, kit.Str(v, "value")), append(a.words, readableOption(v))
	case string:
		a.values, a.words = append(a.values, v), append(a.words, d.called(v))
	default:
		a.values, a.words = append(a.values, number(v)), append(a.words, number(v))
	}
}

func readableOption(o kit.Object) string {
	text := kit.Sub(o, "text")
	if kit.Str(text, "type") == "mrkdwn" {
		return readable(kit.Str(text, "text"))
	}
	return kit.Str(text, "text")
}

// called is who or what an id stands for; anything else as it is.
func (d *drawing) called(id string) string {
	if name, ok := d.Names.Users[id]; ok {
		return "@" + name
	}
	if name, ok := d.Names.Channels[id]; ok {
		return "#" + name
	}
	return id
}

// input draws a field with its label, what helps with it and what is wrong with it.
func (d *drawing) input(b kit.Object) {
	label, e, block := kit.TextOf(b, "label"), kit.Sub(b, "element"), kit.Str(b, "block_id")
	wrong := d.errors[block]
	d.in("div", "label", func() {
		d.words(kit.Sub(b, "label"))
		if kit.Flag(b, "optional") {
			d.say("span", "optional", " (optional)")
		}
	})
	class := ""
	if wrong != "" {
		class = "wrong"
	}
	d.in("div", class, func() { d.element(block, e, label) })
	if wrong != "" {
		d.say("div", "problem", wrong, "role", "alert")
	}
	if hint := kit.Sub(b, "hint"); hint != nil {
		d.in("div", "hint", func() { d.words(hint) })
	}
}

// typed draws a field to type in.
func (d *drawing) typed(block string, e kit.Object, label string) {
	value := ""
	if a := d.answers(block, e); len(a.words) > 0 {
		value = a.words[0]
	}
	tell := []string{"placeholder", placeholderOf(e, ""), "aria-label", label, "data-block", block, "data-action", kit.Str(e, "action_id")}
	if d.Live {
		tell = append(tell, "maxlength", number(e["max_length"]), "autofocus", on(kit.Flag(e, "focus_on_load"), "autofocus"))
	}
	if kit.Flag(e, "multiline") || kit.Str(e, "type") == "rich_text_input" {
		d.say("textarea", "field", value, append(tell, "rows", "3")...)
		return
	}
	d.void("input", "field", append(tell, "type", "text", "value", value)...)
}

// picker draws a day, a time, or both.
func (d *drawing) picker(block string, e kit.Object, label string) {
	otherwise := map[string]string{"datepicker": "Select a date", "timepicker": "Select a time"}[kit.Str(e, "type")]
	value, kind := "", "text"
	a := d.answers(block, e)
	switch {
	case d.Live:
		value, kind = d.native(kit.Str(e, "type"), a.values)
	case len(a.values) > 0:
		value = d.moment(kit.Str(e, "type"), a.values[0])
	}
	d.void("input", "field "+kit.Str(e, "type"), "type", kind, "value", value, "placeholder", placeholderOf(e, otherwise),
		"aria-label", cmp.Or(label, placeholderOf(e, otherwise)), "data-block", block, "data-action", kit.Str(e, "action_id"))
}

// moment is a day, a time or both as they read.
func (d *drawing) moment(kind, value string) string {
	layout, reads := "2006-01-02", "January 2, 2006"
	switch kind {
	case "timepicker":
		layout, reads = "15:04", "3:04 PM"
	case "datetimepicker":
		at, err := time.ParseDuration(value + "s")
		if err != nil {
			return value
		}
		return time.Unix(int64(at/time.Second), 0).In(d.zone()).Format("January 2, 2006 at 3:04 PM")
	}
	at, err := time.Parse(layout, value)
	if err != nil {
		return value
	}
	return at.Format(reads)
}

// native is what a browser's own field for a day, a time or both holds, and which field that is.
func (d *drawing) native(kind string, values []string) (value, field string) {
	if len(values) > 0 {
		value = values[0]
	}
	switch kind {
	case "datepicker":
		return value, "date"
	case "timepicker":
		return value, "time"
	}
	if unix, err := strconv.ParseInt(value, 10, 64); err == nil {
		value = time.Unix(unix, 0).In(d.zone()).Format(NativeMoment)
	}
	return value, "datetime-local"
}

// NativeMoment is how a browser's field for a day and a time writes what is in it, in the reader's zone.
const NativeMoment = "2006-01-02T15:04"
