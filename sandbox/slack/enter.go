package slack

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// enter turns what a person types or picks into the state of an element.
// Offered are the options last suggested for an external menu.
func (s *Server) enter(t slot, offered []object, value any) (object, error) {
	key, _, list := field(t.kind())
	if key == "" {
		return nil, fmt.Errorf("%s %q takes no input", t.kind(), t.actionID())
	}
	out := object{"type": t.kind(), key: nil}
	texts, err := asTexts(value)
	if err != nil {
		return nil, err
	}
	picked := []any{}
	for _, text := range texts {
		v, err := s.one(t, offered, text)
		if err != nil {
			return nil, err
		}
		picked = append(picked, v)
	}
	if list {
		out[key] = picked
		if most, ok := number(t.element["max_selected_items"]); ok && len(picked) > int(most) {
			return nil, fmt.Errorf("%q takes at most %d choices", t.label(), int(most))
		}
		return out, nil
	}
	switch len(picked) {
	case 0:
		return out, nil
	case 1:
		out[key] = picked[0]
		return out, nil
	}
	return nil, fmt.Errorf("%q takes one answer, not %d", t.label(), len(picked))
}

// asTexts accepts nil, text, numbers and lists of them; "" clears a field.
func asTexts(value any) ([]string, error) {
	switch v := value.(type) {
	case nil:
		return nil, nil
	case string:
		if v == "" {
			return nil, nil
		}
		return []string{v}, nil
	case []string:
		return v, nil
	case int:
		return []string{strconv.Itoa(v)}, nil
	case int64:
		return []string{strconv.FormatInt(v, 10)}, nil
	case float64:
		return []string{strconv.FormatFloat(v, 'f', -1, 64)}, nil
	case []any:
		var out []string
		for _, item := range v {
			texts, err := asTexts(item)
			if err != nil {
				return nil, err
			}
			out = append(out, texts...)
		}
		return out, nil
	}
	return nil, fmt.Errorf("a %T cannot be entered", value)
}

// one converts a single answer for the element's type.
func (s *Server) one(t slot, offered []object, text string) (any, error) {
	switch kind := strings.TrimPrefix(t.kind(), "multi_"); kind {
	case "static_select", "radio_buttons", "checkboxes":
		return s.pickOption(t, optionsOf(t.element), text)
	case "external_select":
		return s.pickOption(t, offered, text)
	case "users_select":
		if u := s.world.userNamed(text); u != nil && !u.Deleted {
			return u.ID, nil
		}
		return nil, fmt.Errorf("%q: no person %q to pick", t.label(), text)
	case "conversations_select", "channels_select":
		if c := s.world.channelNamed(text); c != nil {
			return c.ID, nil
		}
		return nil, fmt.Errorf("%q: no channel %q to pick", t.label(), text)
	case "datepicker":
		return shaped(t, text, time.DateOnly)
	case "timepicker":
		return shaped(t, text, "15:04")
	case "datetimepicker":
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%q wants epoch seconds, not %q", t.label(), text)
		}
		return n, nil
	case "rich_text_input":
		return richText(text), nil
	case "file_input":
		return nil, fmt.Errorf("%q: the emulator does not model files picked by people", t.label())
	}
	return text, nil
}

func (s *Server) pickOption(t slot, options []object, text string) (any, error) {
	o := choose(options, text)
	if o == nil {
		return nil, fmt.Errorf("%q offers no %q", t.label(), text)
	}
	return clone(o), nil
}

// choose finds an option by its value, else by what it says.
func choose(options []object, wanted string) object {
	for _, o := range options {
		if str(o, "value") == wanted {
			return o
		}
	}
	for _, o := range options {
		if textOf(o, "text") == wanted {
			return o
		}
	}
	return nil
}

func shaped(t slot, text, layout string) (any, error) {
	if _, err := time.Parse(layout, text); err != nil {
		return nil, fmt.Errorf("%q wants %s, not %q", t.label(), layout, text)
	}
	return text, nil
}

func richText(text string) object {
	return object{"type": "rich_text", "elements": []any{object{"type": "rich_text_section",
		"elements": []any{object{"type": "text", "text": text}}}}}
}

var (
	emailShape = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
	urlShape   = regexp.MustCompile(`^https?://\S+$`)
)

// refuse is what the client says under a field before it sends anything; ""
// if it is content.
func refuse(t slot, state object) string {
	if !filled(state) {
		if flag(t.block, "optional") {
			return ""
		}
		return "Please complete this required field."
	}
	text, _ := state["value"].(string)
	switch t.kind() {
	case "plain_text_input":
		return refuseLength(t, len([]rune(text)))
	case "email_text_input":
		if !emailShape.MatchString(text) {
			return "Enter an email address."
		}
	case "url_text_input":
		if !urlShape.MatchString(text) {
			return "Enter a URL."
		}
	case "number_input":
		return refuseNumber(t, text)
	}
	return ""
}

func refuseLength(t slot, n int) string {
	if least, ok := number(t.element["min_length"]); ok && n < int(least) {
		return fmt.Sprintf("Must be at least %d characters.", int(least))
	}
	most, ok := number(t.element["max_length"])
	if !ok {
		most = 3000
	}
	if n > int(most) {
		return fmt.Sprintf("Must be less than %d characters.", int(most)+1)
	}
	return ""
}

func refuseNumber(t slot, text string) string {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || (!flag(t.element, "is_decimal_allowed") && strings.Contains(text, ".")) {
		return "Enter a number."
	}
	if least, err := strconv.ParseFloat(str(t.element, "min_value"), 64); err == nil && n < least {
		return "Must be at least " + str(t.element, "min_value") + "."
	}
	if most, err := strconv.ParseFloat(str(t.element, "max_value"), 64); err == nil && n > most {
		return "Must be at most " + str(t.element, "max_value") + "."
	}
	return ""
}
