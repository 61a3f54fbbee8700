package payload

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// The types below are the parts of Slack's payloads the bot reads
// (docs.slack.dev/reference/interaction-payloads). They are the bot's own because
// Slack sends shapes the client library refuses: an empty state as a list, no
// team, no view, no channel.

// Command is a slash command's payload.
type Command struct {
	Text    string `json:"text"`
	User    string `json:"user_id"`
	Trigger string `json:"trigger_id"`
}

// Interaction is what a click, a choice, a submission or a shortcut sends.
type Interaction struct {
	Type       string    `json:"type"`
	Team       Team      `json:"team"`
	Message    Message   `json:"message"` // message shortcuts
	Trigger    string    `json:"trigger_id"`
	CallbackID string    `json:"callback_id"`
	User       Ref       `json:"user"`
	Channel    Ref       `json:"channel"`
	Container  Container `json:"container"`
	View       View      `json:"view"`
	Actions    []Action  `json:"actions"`
	ActionID   string    `json:"action_id"` // block_suggestion
	Value      string    `json:"value"`     // block_suggestion: what was typed so far
}

// Ref is something that is named by its id only.
type Ref struct {
	ID string `json:"id"`
}

// Team is the workspace something was done in.
type Team struct {
	Domain string `json:"domain"`
}

// Message is the message a shortcut was chosen on.
type Message struct {
	TS string `json:"ts"`
}

// Container is where a button stands: in a message or a view.
type Container struct {
	Type      string `json:"type"`
	Channel   string `json:"channel_id"`
	Message   string `json:"message_ts"`
	View      string `json:"view_id"`
	Ephemeral bool   `json:"is_ephemeral"` // only whoever clicked sees it
}

// View is an open view. Metadata is what it carries along; Hash changes with its state.
type View struct {
	ID         string `json:"id"`
	Type       string `json:"type"`
	CallbackID string `json:"callback_id"`
	Hash       string `json:"hash"`
	Metadata   string `json:"private_metadata"`
	State      struct {
		Values Values
	} `json:"-"` // see [DecodeInteraction]
}

// Action is one thing that was clicked or chosen. TS orders the actions of a view.
type Action struct {
	ID    string `json:"action_id"`
	Block string `json:"block_id"`
	Value string `json:"value"`
	TS    string `json:"action_ts"`

	Selected struct {
		Value string `json:"value"`
	} `json:"selected_option"`
}

// Event is an Events API delivery.
type Event struct {
	ID    string `json:"event_id"`
	Event struct {
		Type    string          `json:"type"`
		Subtype string          `json:"subtype"`
		BotID   string          `json:"bot_id"`
		Channel string          `json:"channel"`
		TS      string          `json:"ts"`
		Thread  string          `json:"thread_ts"`
		Text    string          `json:"text"`
		Files   []File          `json:"files"`
		Kind    string          `json:"channel_type"`
		Tab     string          `json:"tab"`  // app_home_opened
		View    View            `json:"view"` // app_home_opened: what is published, if anything
		User    json.RawMessage `json:"user"` // an id in messages, an object in user_change
	} `json:"event"`
}

// File is what somebody dropped into a message.
type File struct {
	Name string `json:"name"`
}

// Person is the id of the person the event is about, in either shape.
func (c Event) Person() string {
	var id string
	if json.Unmarshal(c.Event.User, &id) == nil {
		return id
	}
	var whole Ref
	if json.Unmarshal(c.Event.User, &whole) == nil {
		return whole.ID
	}
	return ""
}

// Decode reads a payload; what names it in the error.
func Decode[T any](payload []byte, what string) (T, error) {
	var v T
	if err := json.Unmarshal(payload, &v); err != nil {
		return v, fmt.Errorf("read Slack's %s payload: %w", what, err)
	}
	return v, nil
}

// Number is what a value says as a number, or else otherwise.
func Number(s string, otherwise int) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return otherwise
	}
	return n
}

// Unescape undoes what Slack does to the three characters of its markup; mentions
// stay as they are.
func Unescape(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}
