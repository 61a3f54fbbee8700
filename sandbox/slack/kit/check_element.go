package kit

import (
	"fmt"
	"slices"
	"strings"
)

// container is where an interactive element sits; not every type fits everywhere.
type container int

const (
	inActions container = iota
	inAccessory
	inInput
)

func (p container) allows(kind string) bool {
	choice := strings.HasSuffix(kind, "_select") ||
		slices.Contains([]string{"datepicker", "timepicker", "checkboxes", "radio_buttons"}, kind)
	switch p {
	case inActions:
		return choice || slices.Contains([]string{"button", "overflow", "datetimepicker", "rich_text_input"}, kind)
	case inAccessory:
		return choice || kind == "button" || kind == "overflow"
	}
	return choice || slices.Contains([]string{"plain_text_input", "email_text_input", "url_text_input",
		"number_input", "datetimepicker", "rich_text_input", "file_input"}, kind)
}

func (c *Checker) element(at string, e Object, where container) {
	kind := Str(e, "type")
	if kind == "workflow_button" || kind == "feedback_buttons" || kind == "icon_button" {
		c.Unmodelled = "element type " + kind
		return
	}
	if !where.allows(kind) {
		c.fail(at+"/type", "unsupported type: %s", kind)
		return
	}
	c.max(at, e, "action_id", 255)
	if e["placeholder"] != nil {
		c.text(at, e, "placeholder", 150, "plain_text", true)
	}
	c.confirm(at, e)
	switch kind {
	case "button":
		c.button(at, e)
	case "overflow":
		c.elementKeys(at, e, "options")
		c.options(at, e, 1, 5)
	case "checkboxes", "radio_buttons":
		c.elementKeys(at, e, "options", "initial_option", "initial_options")
		c.options(at, e, 1, 10)
		c.initial(at, e)
	default:
		c.field(at, e, kind)
	}
}

// field checks menus, pickers and text inputs.
func (c *Checker) field(at string, e Object, kind string) {
	switch kind {
	case "static_select", "multi_static_select":
		c.elementKeys(at, e, "options", "option_groups", "initial_option", "initial_options", "max_selected_items")
		c.Menu(at, e)
		c.initial(at, e)
	case "external_select", "multi_external_select":
		c.elementKeys(at, e, "min_query_length", "initial_option", "initial_options", "max_selected_items")
		c.wholeNumber(at, e, "min_query_length", 0, 3000)
	case "plain_text_input":
		c.elementKeys(at, e, "initial_value", "multiline", "min_length", "max_length", "dispatch_action_config")
		c.wholeNumber(at, e, "min_length", 0, 3000)
		c.wholeNumber(at, e, "max_length", 1, 3000)
		c.max(at, e, "initial_value", 3000)
	case "number_input":
		c.elementKeys(at, e, "is_decimal_allowed", "initial_value", "min_value", "max_value", "dispatch_action_config")
		if e["is_decimal_allowed"] == nil {
			c.fail(at, "missing required field: is_decimal_allowed")
		}
	case "file_input":
		c.elementKeys(at, e, "filetypes", "max_files")
		c.wholeNumber(at, e, "max_files", 1, 10)
	case "datetimepicker":
		c.elementKeys(at, e, "initial_date_time")
		c.wholeNumber(at, e, "initial_date_time", 1000000000, 9999999999)
	default: // people, channel and simple pickers
		_, initial, _ := StateKey(kind)
		c.elementKeys(at, e, initial, "max_selected_items", "response_url_enabled", "filter",
			"default_to_current_conversation", "timezone", "dispatch_action_config")
	}
	c.wholeNumber(at, e, "max_selected_items", 1, 1000)
}

func (c *Checker) elementKeys(at string, e Object, extra ...string) {
	allowed := []string{"type", "action_id", "confirm", "focus_on_load"}
	if k := Str(e, "type"); k != "button" && k != "overflow" && k != "checkboxes" && k != "radio_buttons" {
		allowed = append(allowed, "placeholder")
	}
	c.keys(at, e, append(allowed, extra...)...)
}

func (c *Checker) button(at string, e Object) {
	c.elementKeys(at, e, "text", "url", "value", "style", "accessibility_label")
	c.text(at, e, "text", 75, "plain_text", true)
	c.max(at, e, "value", 2000)
	c.max(at, e, "url", 3000)
	c.max(at, e, "accessibility_label", 75)
	if style, ok := e["style"]; ok && style != "primary" && style != "danger" {
		c.fail(at+"/style", "must be one of the following: primary, danger")
	}
}

func (c *Checker) confirm(at string, e Object) {
	d := Sub(e, "confirm")
	if d == nil {
		return
	}
	at += "/confirm"
	c.keys(at, d, "title", "text", "confirm", "deny", "style")
	c.text(at, d, "title", 100, "plain_text", true)
	c.text(at, d, "text", 300, "", true)
	c.text(at, d, "confirm", 30, "plain_text", true)
	c.text(at, d, "deny", 30, "plain_text", true)
}

// Menu checks options xor option_groups.
func (c *Checker) Menu(at string, e Object) {
	if e["options"] != nil && e["option_groups"] != nil {
		c.fail(at, "only one of options and option_groups is allowed")
		return
	}
	if e["option_groups"] == nil {
		c.options(at, e, 1, 100)
		return
	}
	for i, g := range c.list(at, e, "option_groups", 1, 100) {
		here := fmt.Sprintf("%s/option_groups/%d", at, i)
		c.keys(here, g, "label", "options")
		c.text(here, g, "label", 75, "plain_text", true)
		c.options(here, g, 1, 100)
	}
}

func (c *Checker) options(at string, o Object, least, most int) {
	for i, opt := range c.list(at, o, "options", least, most) {
		c.option(fmt.Sprintf("%s/options/%d", at, i), opt)
	}
}

// option accepts values up to 150 characters, as Slack's Python SDK does; the
// type declarations of its JavaScript SDK say 75.
func (c *Checker) option(at string, o Object) {
	c.keys(at, o, "text", "value", "description", "url")
	c.text(at, o, "text", 75, "", true)
	c.text(at, o, "description", 75, "", false)
	c.max(at, o, "url", 3000)
	if o["value"] == nil {
		c.fail(at, "missing required field: value")
		return
	}
	c.length(at+"/value", o["value"], 0, 150)
}

// initial checks that preselected options are on offer, exactly as offered.
func (c *Checker) initial(at string, e Object) {
	offered := OptionsOf(e)
	check := func(at string, o Object) {
		if !slices.ContainsFunc(offered, func(x Object) bool {
			return Str(x, "value") == Str(o, "value") && TextOf(x, "text") == TextOf(o, "text")
		}) {
			c.fail(at, "initial option not found in options")
		}
	}
	if o := Sub(e, "initial_option"); o != nil {
		check(at+"/initial_option", o)
	}
	for i, o := range Objects(e["initial_options"]) {
		check(fmt.Sprintf("%s/initial_options/%d", at, i), o)
	}
}

// OptionsOf lists the options of an element, groups flattened.
func OptionsOf(e Object) []Object {
	out := slices.Clone(Objects(e["options"]))
	for _, g := range Objects(e["option_groups"]) {
		out = append(out, Objects(g["options"])...)
	}
	return out
}
