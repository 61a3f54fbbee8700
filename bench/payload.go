package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// idPrefix begins every envelope id; the number of the envelope follows, so that
// the whole looks like a UUID.
const idPrefix = "11111111-2222-4333-8444-"

// Places in a payload that differ from envelope to envelope, as they stand in
// the template. Each is replaced by text of the same length.
const (
	placeID      = "JJJJJJJJJJJJ" // twelve digits: the number of the envelope
	placeUser    = "UQQQQQQQQ"
	placeApp     = "appKKKK"
	placeRequest = "AR-QQQQQQQQ"
)

// Who and what the payloads are about.
const (
	crowd    = 20_000 // people who ask
	appCount = 50     // apps they ask for
	approver = "U00000000"
)

func userID(n int) string    { return fmt.Sprintf("U%08d", n) }
func appID(n int) string     { return fmt.Sprintf("app%04d", n) }
func requestID(n int) string { return fmt.Sprintf("AR-%08d", n) }

// template is a finished frame with places to fill in.
type template struct {
	name   string
	frame  []byte
	places map[string][]int
}

func newTemplate(name, kind string, payload map[string]any) (*template, error) {
	raw, err := json.Marshal(map[string]any{
		"envelope_id": idPrefix + placeID, "type": kind, "accepts_response_payload": true, "payload": payload,
	})
	if err != nil {
		return nil, err
	}
	t := &template{name: name, frame: textFrame(raw), places: map[string][]int{}}
	for _, p := range []string{placeID, placeUser, placeApp, placeRequest} {
		for from := 0; ; {
			i := bytes.Index(t.frame[from:], []byte(p))
			if i < 0 {
				break
			}
			t.places[p] = append(t.places[p], from+i)
			from += i + len(p)
		}
	}
	return t, nil
}

// fill writes the frame of envelope n into dst and returns it.
func (t *template) fill(dst []byte, n int) []byte {
	dst = append(dst[:0], t.frame...)
	put := func(place, text string) {
		for _, at := range t.places[place] {
			copy(dst[at:], text)
		}
	}
	put(placeID, fmt.Sprintf("%012d", n))
	if len(t.places[placeUser]) > 0 {
		put(placeUser, userID(1+n%crowd))
		put(placeApp, appID(n/crowd%appCount))
	}
	put(placeRequest, requestID(n))
	return dst
}

// slash is a slash command of three kilobytes.
func slash() (*template, error) {
	return newTemplate("3 KB slash command", "slash_commands", map[string]any{
		"token": "bench", "team_id": "T0ACME", "team_domain": "acme", "channel_id": "C0GENERAL", "channel_name": "general",
		"user_id": "U00000001", "user_name": "maya", "command": "/access", "text": strings.Repeat("please let me in ", 140),
		"api_app_id": "A0BENCH", "is_enterprise_install": "false", "response_url": "https://hooks.slack.com/commands/T0ACME/1/abc", "trigger_id": "1.2.abc",
	})
}

// viewSubmission is a submitted request form of twelve inputs, eight kilobytes.
func viewSubmission() (*template, error) {
	role, duration := "role."+placeApp, "duration."+placeApp+".editor"
	state := map[string]any{
		"app":    map[string]any{"app": chosen(placeApp, "Some Application")},
		role:     map[string]any{"role": chosen("editor", "Editor")},
		duration: map[string]any{"duration": chosen("6h", "6 hours")},
		"reason": map[string]any{"reason": map[string]any{"type": "plain_text_input", "value": "Launch assets for the spring campaign"}},
	}
	blocks := []any{selectInput("app", "app", "App"), selectInput(role, "role", "Role"), selectInput(duration, "duration", "For how long?"), textInput("reason", "reason", "Reason")}
	for n := range 8 {
		id := fmt.Sprintf("more%d", n)
		blocks = append(blocks, selectInput(id, id, "A further question of the form"))
		state[id] = map[string]any{id: chosen("yes", "Yes, as far as I can tell")}
	}
	return newTemplate("8.3 KB view submission", "interactive", map[string]any{
		"type": "view_submission", "team": map[string]any{"id": "T0ACME", "domain": "acme"},
		"user": map[string]any{"id": placeUser, "username": "maya", "name": "maya", "team_id": "T0ACME"}, "api_app_id": "A0BENCH", "token": "bench", "trigger_id": "1.2.abc",
		"view": map[string]any{
			"id": "V" + placeID, "team_id": "T0ACME", "type": "modal", "blocks": blocks, "private_metadata": "", "callback_id": "request",
			"state": map[string]any{"values": state}, "hash": "1.abc", "title": plainText("Request access"), "close": plainText("Cancel"), "submit": plainText("Ask"),
			"clear_on_close": false, "notify_on_close": true, "previous_view_id": nil, "root_view_id": "V" + placeID, "app_id": "A0BENCH", "external_id": "", "app_installed_team_id": "T0ACME", "bot_id": "B0BOT",
		},
		"response_urls": []any{}, "is_enterprise_install": false, "enterprise": nil,
	})
}

// approval is a click on a card's Approve.
func approval() (*template, error) {
	message := []any{
		map[string]any{"type": "section", "block_id": "what", "text": map[string]any{"type": "mrkdwn", "text": strings.Repeat("*Maya* asks for *Figma · Editor* for 6 hours. ", 30)}},
		map[string]any{"type": "actions", "block_id": "answer", "elements": []any{button("approve", "Approve"), button("deny", "Deny")}},
	}
	return newTemplate("4 KB approval click", "interactive", map[string]any{
		"type": "block_actions", "user": map[string]any{"id": approver, "username": "noor", "name": "noor", "team_id": "T0ACME"}, "api_app_id": "A0BENCH", "token": "bench",
		"container": map[string]any{"type": "message", "message_ts": "1.2", "channel_id": "D0NOOR", "is_ephemeral": false}, "trigger_id": "1.2.abc",
		"team": map[string]any{"id": "T0ACME", "domain": "acme"}, "enterprise": nil, "is_enterprise_install": false, "channel": map[string]any{"id": "D0NOOR", "name": "directmessage"},
		"message":      map[string]any{"user": "U0BOT", "type": "message", "ts": "1.2", "bot_id": "B0BOT", "text": "Maya asks for Figma", "blocks": message},
		"state":        map[string]any{"values": map[string]any{}},
		"response_url": "https://hooks.slack.com/actions/T0ACME/1/abc",
		"actions":      []any{map[string]any{"action_id": "approve", "block_id": "answer", "text": plainText("Approve"), "value": placeRequest, "type": "button", "action_ts": "1.2"}},
	})
}

func plainText(s string) map[string]any {
	return map[string]any{"type": "plain_text", "text": s, "emoji": true}
}

func chosen(value, text string) map[string]any {
	return map[string]any{"type": "static_select", "selected_option": map[string]any{"text": plainText(text), "value": value}}
}

func button(id, text string) map[string]any {
	return map[string]any{"type": "button", "action_id": id, "text": plainText(text), "value": placeRequest}
}

func selectInput(block, action, label string) map[string]any {
	return map[string]any{
		"type": "input", "block_id": block, "label": plainText(label), "optional": false, "dispatch_action": false,
		"element": map[string]any{"type": "static_select", "action_id": action, "options": []any{map[string]any{"text": plainText("Yes, as far as I can tell"), "value": "yes"}}},
	}
}

func textInput(block, action, label string) map[string]any {
	return map[string]any{
		"type": "input", "block_id": block, "label": plainText(label), "optional": false, "dispatch_action": false,
		"element": map[string]any{"type": "plain_text_input", "action_id": action, "multiline": true, "dispatch_action_config": map[string]any{"trigger_actions_on": []string{"on_enter_pressed"}}},
	}
}
