package slack

// values is the state of the input elements of a surface: block_id, then
// action_id, then {"type": …, "value"|"selected_option"|…: …}.
type values map[string]map[string]object

// slot is one interactive element and where it sits.
type slot struct {
	block   object
	element object
	input   bool // sits in an input block
}

func (t slot) blockID() string  { return str(t.block, "block_id") }
func (t slot) actionID() string { return str(t.element, "action_id") }
func (t slot) kind() string     { return str(t.element, "type") }

// label is what a person calls the element.
func (t slot) label() string {
	switch {
	case t.input:
		return textOf(t.block, "label")
	case t.kind() == "button":
		return textOf(t.element, "text")
	case str(t.block, "type") == "section":
		return textOf(t.block, "text")
	}
	return textOf(t.element, "placeholder")
}

func (t slot) dispatches() bool { return !t.input || flag(t.block, "dispatch_action") }

// slots lists the interactive elements of some blocks in reading order.
func slots(blocks []object) []slot {
	var out []slot
	for _, b := range blocks {
		switch str(b, "type") {
		case "input":
			out = append(out, slot{block: b, element: sub(b, "element"), input: true})
		case "section":
			if e := sub(b, "accessory"); e != nil && str(e, "type") != "image" {
				out = append(out, slot{block: b, element: e})
			}
		case "actions", "context_actions":
			for _, e := range objects(b["elements"]) {
				out = append(out, slot{block: b, element: e})
			}
		}
	}
	return out
}

// field names the state key of an element type, the key its initial value is
// given under, and whether it holds a list. Elements without state have none.
func field(kind string) (key, initial string, list bool) {
	switch kind {
	case "plain_text_input", "email_text_input", "url_text_input", "number_input":
		return "value", "initial_value", false
	case "static_select", "external_select", "radio_buttons":
		return "selected_option", "initial_option", false
	case "multi_static_select", "multi_external_select", "checkboxes":
		return "selected_options", "initial_options", true
	case "users_select":
		return "selected_user", "initial_user", false
	case "multi_users_select":
		return "selected_users", "initial_users", true
	case "conversations_select":
		return "selected_conversation", "initial_conversation", false
	case "multi_conversations_select":
		return "selected_conversations", "initial_conversations", true
	case "channels_select":
		return "selected_channel", "initial_channel", false
	case "multi_channels_select":
		return "selected_channels", "initial_channels", true
	case "datepicker":
		return "selected_date", "initial_date", false
	case "timepicker":
		return "selected_time", "initial_time", false
	case "datetimepicker":
		return "selected_date_time", "initial_date_time", false
	case "rich_text_input":
		return "rich_text_value", "initial_value", false
	case "file_input":
		return "files", "", true
	}
	return "", "", false
}

// blank is the state of an element nobody has touched.
func (t slot) blank() object {
	key, initial, list := field(t.kind())
	if key == "" {
		return nil
	}
	o := object{"type": t.kind(), key: nil}
	if list {
		o[key] = []any{}
	}
	if v, ok := t.element[initial]; ok && v != nil {
		o[key] = cloneAny(v)
	}
	return o
}

func initialState(blocks []object) values { return carryState(nil, blocks) }

// carryState builds the state for new blocks and keeps what was entered where
// block_id, action_id and type are unchanged.
func carryState(old values, blocks []object) values {
	out := values{}
	for _, t := range slots(blocks) {
		v := t.blank()
		if v == nil {
			continue
		}
		if kept := old[t.blockID()][t.actionID()]; str(kept, "type") == t.kind() {
			v = kept
		}
		if out[t.blockID()] == nil {
			out[t.blockID()] = map[string]object{}
		}
		out[t.blockID()][t.actionID()] = v
	}
	return out
}

func (v values) copy() values {
	out := values{}
	for b, actions := range v {
		out[b] = map[string]object{}
		for a, o := range actions {
			out[b][a] = clone(o)
		}
	}
	return out
}

// wire is the JSON "state". Slack has been seen to send an empty map as [].
func (v values) wire(emptyAsList bool) object {
	if len(v) == 0 && emptyAsList {
		return object{"values": []any{}}
	}
	return object{"values": v.copy()}
}

// filled says whether a person has given an answer.
func filled(state object) bool {
	key, _, list := field(str(state, "type"))
	switch v := state[key].(type) {
	case nil:
		return false
	case string:
		return v != ""
	case []any:
		return !list || len(v) > 0
	}
	return true
}
