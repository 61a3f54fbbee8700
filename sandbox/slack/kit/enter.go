package kit

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// AsTexts accepts nil, text, numbers and lists of them; "" clears a field.
func AsTexts(value any) ([]string, error) {
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
			texts, err := AsTexts(item)
			if err != nil {
				return nil, err
			}
			out = append(out, texts...)
		}
		return out, nil
	}
	return nil, fmt.Errorf("a %T cannot be entered", value)
}

// mostSaid is how many options an error lists.
const mostSaid = 12

// PickOption is the option that is meant by its value or by what it says.
func PickOption(t Slot, options []Object, text string) (any, error) {
	o := Choose(options, text)
	if o == nil {
		return nil, fmt.Errorf("%q offers no %q: choose one of %s", t.Label(), text, said(options))
	}
	return Clone(o), nil
}

// said is what options say, as far as somebody reads on, and how many there are besides.
func said(options []Object) string {
	var texts []string
	for _, o := range options[:min(len(options), mostSaid)] {
		texts = append(texts, TextOf(o, "text"))
	}
	listed := fmt.Sprintf("%q", texts)
	if more := len(options) - len(texts); more > 0 {
		listed += fmt.Sprintf(" and %d more", more)
	}
	return listed
}

// Choose finds an option by its value, else by what it says.
func Choose(options []Object, wanted string) Object {
	for _, o := range options {
		if Str(o, "value") == wanted {
			return o
		}
	}
	for _, o := range options {
		if TextOf(o, "text") == wanted {
			return o
		}
	}
	return nil
}

// Shaped accepts a time or date in the layout that the element takes.
func Shaped(t Slot, text, layout string) (any, error) {
	if _, err := time.Parse(layout, text); err != nil {
		return nil, fmt.Errorf("%q wants %s, not %q", t.Label(), layout, text)
	}
	return text, nil
}

// RichText is plain text in the shape of rich text.
func RichText(text string) Object {
	return Object{"type": "rich_text", "elements": []any{Object{"type": "rich_text_section",
		"elements": []any{Object{"type": "text", "text": text}}}}}
}

var (
	emailShape = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
	urlShape   = regexp.MustCompile(`^https?://\S+$`)
)

// Refuse is what the client says under a field before it sends anything; ""
// if it is content.
func Refuse(t Slot, state Object) string {
	if !filled(state) {
		if Flag(t.block, "optional") {
			return ""
		}
		return "Please complete this required field."
	}
	text, _ := state["value"].(string)
	switch t.Kind() {
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

func refuseLength(t Slot, n int) string {
	if least, ok := Number(t.Element["min_length"]); ok && n < int(least) {
		return fmt.Sprintf("Must be at least %d characters.", int(least))
	}
	most, ok := Number(t.Element["max_length"])
	if !ok {
		most = 3000
	}
	if n > int(most) {
		return fmt.Sprintf("Must be less than %d characters.", int(most)+1)
	}
	return ""
}

func refuseNumber(t Slot, text string) string {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || (!Flag(t.Element, "is_decimal_allowed") && strings.Contains(text, ".")) {
		return "Enter a number."
	}
	if least, err := strconv.ParseFloat(Str(t.Element, "min_value"), 64); err == nil && n < least {
		return "Must be at least " + Str(t.Element, "min_value") + "."
	}
	if most, err := strconv.ParseFloat(Str(t.Element, "max_value"), 64); err == nil && n > most {
		return "Must be at most " + Str(t.Element, "max_value") + "."
	}
	return ""
}
