package harness

import (
	"context"
	"fmt"
	"regexp"

	"latchkey/sandbox"
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
