package payload

import (
	"fmt"
	"strconv"
	"time"

	"latchkey/rawjson"
)

// Values are the inputs of a view, by block and action.
type Values map[string]map[string]Input

// Input is what was typed or chosen in one input.
type Input struct {
	Value  string // typed, or chosen with a radio button
	Option string // of what was chosen in a menu
	User   string // Slack's id of who was chosen in a menu of people
	Date   string // chosen in a calendar, like 2026-12-24
	Moment int64  // chosen with date and time, in seconds since 1970; 0: none was
}

// User is the Slack id of who was chosen in a menu of people.
func (v Values) User(block, action string) string { return v[block][action].User }

// Date is the day that was chosen in a calendar, like 2026-12-24.
func (v Values) Date(block, action string) string { return v[block][action].Date }

// Moment is what was chosen with date and time; zero if nothing was.
func (v Values) Moment(block, action string) time.Time {
	if at := v[block][action].Moment; at != 0 {
		return time.Unix(at, 0).UTC()
	}
	return time.Time{}
}

// Text is what was typed into an input.
func (v Values) Text(block, action string) string { return v[block][action].Value }

// Choice is the value of what was chosen in a menu.
func (v Values) Choice(block, action string) string { return v[block][action].Option }

// DecodeInteraction reads what a click, a choice, a submission or a shortcut sends.
// What the view or the message looks like that it was made in is left out, and the
// inputs are picked out: together they are nearly all of what Slack sends, and to
// decode them whole took longer than anything else that is done about a click.
func DecodeInteraction(payload []byte) (Interaction, error) {
	rest := lean{out: make([]byte, 0, 1<<10)}
	if err := rest.object(payload, true); err != nil {
		return Interaction{}, unread(err)
	}
	in, err := Decode[Interaction](rest.out, "interaction")
	if err != nil {
		return in, err
	}
	if in.View.State.Values, err = inputs(rest.state); err != nil {
		return in, unread(err)
	}
	return in, nil
}

func unread(err error) error { return fmt.Errorf("read Slack's interaction payload: %w", err) }

// lean is an interaction without its blocks, and the state of its view apart.
type lean struct {
	out   []byte
	state []byte
}

// object adds an object, and drops what is left out of it; outer is the payload itself.
func (l *lean) object(raw []byte, outer bool) error {
	begin := len(l.out)
	l.out = append(l.out, '{')
	var inner error
	err := rawjson.Members(raw, func(key, value []byte) {
		switch name := string(key); {
		case name == `"blocks"`:
			return
		case name == `"state"`:
			if !outer {
				l.state = value
			}
			return
		}
		if len(l.out) > begin+1 {
			l.out = append(l.out, ',')
		}
		l.out = append(append(l.out, key...), ':')
		if name := string(key); outer && (name == `"view"` || name == `"message"`) && value[0] == '{' {
			inner = l.object(value, false)
			return
		}
		l.out = append(l.out, value...)
	})
	l.out = append(l.out, '}')
	if err == nil {
		err = inner
	}
	return err
}

// inputs reads a view's state. Instead of no values Slack may send an empty list.
func inputs(state []byte) (out Values, err error) {
	err = members(state, func(key string, values []byte) error {
		if key != "values" || values[0] == '[' {
			return nil
		}
		out = Values{}
		return members(values, func(block string, actions []byte) error {
			out[block] = map[string]Input{}
			return members(actions, func(action string, raw []byte) (err error) {
				out[block][action], err = input(raw)
				return err
			})
		})
	})
	return out, err
}

func input(raw []byte) (in Input, err error) {
	err = members(raw, func(key string, value []byte) error {
		switch key {
		case "value":
			in.Value = rawjson.Text(value)
		case "selected_user":
			in.User = rawjson.Text(value)
		case "selected_date":
			in.Date = rawjson.Text(value)
		case "selected_date_time":
			in.Moment, _ = strconv.ParseInt(string(value), 10, 64) // null: nothing was chosen
		case "selected_option":
			return members(value, func(key string, value []byte) error {
				if key == "value" {
					in.Option = rawjson.Text(value)
				}
				return nil
			})
		}
		return nil
	})
	return in, err
}

// members visits the members of an object until one fails; null has none.
func members(raw []byte, visit func(key string, value []byte) error) (err error) {
	if len(raw) == 0 || raw[0] == 'n' {
		return nil
	}
	broken := rawjson.Members(raw, func(key, value []byte) {
		if err == nil {
			err = visit(rawjson.Text(key), value)
		}
	})
	if broken != nil {
		return broken
	}
	return err
}
