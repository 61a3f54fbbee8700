package harness

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"latchkey/sandbox"
	"latchkey/sandbox/okta"
	"latchkey/sandbox/slack"
)

// signsIn has somebody ask in Slack for a code to sign in to Okta with, and somebody, the same or another, sign in
// with it, or say that they didn't ask for it.
func (h *Harness) signsIn(ctx context.Context, asks, signs string) (string, error) {
	who, err := h.member(asks)
	if err != nil {
		return "", err
	}
	said, err := h.command(ctx, who, "/access connect okta")
	if err != nil {
		return "", err
	}
	code := regexp.MustCompile(`\*([A-Z]{8})\*`).FindStringSubmatch(said)
	if code == nil {
		return "", fmt.Errorf("%s is given no code: %s", asks, said)
	}
	if signs == "declines" {
		return "declined", h.World.Okta.Activate(code[1], "", false)
	}
	for _, u := range h.World.Okta.Users() {
		if u.Login == sandbox.Email(signs) {
			return signs + " signed in", h.World.Okta.Activate(code[1], u.ID, true)
		}
	}
	return "", fmt.Errorf("okta: there is no %s", signs)
}

// usesCode has somebody type in at Okta the code that somebody, the same or another, is shown in a modal.
func (h *Harness) usesCode(ctx context.Context, shown, signs string) (string, error) {
	who, err := h.member(shown)
	if err != nil {
		return "", err
	}
	var code []string
	waiting, cancel := h.waiting(ctx)
	defer cancel()
	err = h.World.Eventually(waiting, func() error {
		v, err := h.top(who)
		if err != nil {
			return err
		}
		code = regexp.MustCompile(`type \*([A-Z]{8})\* there`).FindStringSubmatch(slack.Render(v))
		return errIf(code == nil, shown+" is shown no code")
	})
	if err != nil {
		return "", err
	}
	if signs == "declines" {
		return "declined", h.World.Okta.Activate(code[1], "", false)
	}
	for _, u := range h.World.Okta.Users() {
		if u.Login == sandbox.Email(signs) {
			return signs + " signed in", h.World.Okta.Activate(code[1], u.ID, true)
		}
	}
	return "", fmt.Errorf("okta: there is no %s", signs)
}

// signInPolicy changes how people sign in to Okta: age=20m methods=pwd.
func (h *Harness) signInPolicy(words []string) (string, error) {
	var p okta.SignInPolicy
	for key, value := range options(words) {
		switch key {
		case "age":
			age, err := time.ParseDuration(value)
			if err != nil {
				return "", err
			}
			p.Age = age
		case "methods":
			p.Methods = strings.Split(value, ",")
		}
	}
	h.World.Okta.SetSignInPolicy(p)
	return "people sign in to Okta otherwise", nil
}
