package harness

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"latchkey/sandbox/slack"
)

// seeDM expects a message in the person's conversation with Latchkey.
func (h *Harness) seeDM(_ context.Context, args []string) (string, error) {
	if len(args) < 2 {
		return "", errors.New("dm: write for example: dm noor 'Maya … Figma'")
	}
	who, err := h.member(args[0])
	if err != nil {
		return "", err
	}
	return h.find(h.World.Slack.DM(who.ID), strings.Join(args[1:], " "))
}

func (h *Harness) seeChannel(_ context.Context, args []string) (string, error) {
	if len(args) < 2 {
		return "", errors.New("channel: write for example: channel #it-access 'stuck'")
	}
	id, err := h.channelID(args[0])
	if err != nil {
		return "", err
	}
	return h.find(id, strings.Join(args[1:], " "))
}

// seePinned expects a message to stand pinned in a channel; "none" expects that none does.
func (h *Harness) seePinned(_ context.Context, args []string) (string, error) {
	if len(args) < 2 {
		return "", errors.New("pinned: write for example: pinned #it-access 'Access review'")
	}
	id, err := h.channelID(args[0])
	if err != nil {
		return "", err
	}
	pattern, pinned := strings.Join(args[1:], " "), 0
	for _, m := range h.World.Slack.Messages(id) {
		if text := h.World.Slack.Read(m); m.Pinned && (pattern == "none" || contains(text, pattern)) {
			return text, errIf(pattern == "none", "it is pinned: "+text)
		} else if m.Pinned {
			pinned++
		}
	}
	return "none", errIf(pattern != "none", fmt.Sprintf("%d others are pinned; there is:\n%s", pinned, h.conversation(id)))
}

// find looks for a message; "3×text" wants exactly three of them.
func (h *Harness) find(channel, pattern string) (string, error) {
	times, rest, counted := strings.Cut(pattern, "×")
	want, err := strconv.Atoi(times)
	if counted = counted && err == nil; counted {
		pattern = rest
	}
	var hits []string
	for _, m := range h.World.Slack.Messages(channel) {
		if text := h.World.Slack.Read(m); contains(text, pattern) {
			hits = append(hits, text)
		}
	}
	if counted && len(hits) != want || len(hits) == 0 {
		return "", fmt.Errorf("found %d of it; there is:\n%s", len(hits), h.conversation(channel))
	}
	return hits[len(hits)-1], nil
}

// seeView expects text in the modal a person looks at; "view maya none" expects
// no modal.
func (h *Harness) seeView(_ context.Context, args []string) (string, error) {
	if len(args) < 2 {
		return "", errors.New("view: write for example: view maya 'Request access'")
	}
	who, err := h.member(args[0])
	if err != nil {
		return "", err
	}
	v, err := h.top(who)
	if args[1] == "none" {
		return "no modal", errIf(err == nil, "a modal is open: "+v.Title)
	}
	if err != nil {
		return "", err
	}
	return see(slack.Render(v), strings.Join(args[1:], " "))
}

// seeOffer expects a choice in a menu of the modal a person looks at: offers tom for=1h.
func (h *Harness) seeOffer(_ context.Context, args []string) (string, error) {
	if len(args) != 2 {
		return "", errors.New("offers: write for example: offers tom for=1h")
	}
	who, err := h.member(args[0])
	if err != nil {
		return "", err
	}
	v, err := h.top(who)
	if err != nil {
		return "", err
	}
	name, option, _ := strings.Cut(args[1], "=")
	if !slack.Offers(v, inputName(name), option) {
		return "", fmt.Errorf("there is no %q for %s in:\n%s", option, name, slack.Render(v))
	}
	return v.Title + " offers " + args[1], nil
}

func (h *Harness) seeHome(_ context.Context, args []string) (string, error) {
	if len(args) < 2 {
		return "", errors.New("home: write for example: home maya 'Figma'")
	}
	who, err := h.member(args[0])
	if err != nil {
		return "", err
	}
	v, ok := h.World.Slack.Home(who.ID)
	if !ok {
		return "", fmt.Errorf("%s has no Home tab yet", who.Name)
	}
	return see(slack.Render(v), strings.Join(args[1:], " "))
}

func see(text, pattern string) (string, error) {
	if !contains(text, pattern) {
		return "", fmt.Errorf("it reads:\n%s", text)
	}
	return text, nil
}
