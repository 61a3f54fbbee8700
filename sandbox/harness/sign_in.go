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

// signsInTo has somebody sign in to a directory with a code that somebody, the same or another, has; or say that they
// didn't ask for it.
func (h *Harness) signsInTo(ctx context.Context, d sandbox.Directory, what string, words []string) (string, error) {
	if len(words) == 0 || d.SignIns == nil {
		return "", fmt.Errorf("directory %s %s: whose code? Or nobody signs in there", d.ID, what)
	}
	shown := map[string]func(context.Context, string, string) (string, error){"signs-in": h.codeAskedFor, "uses-code": h.codeShown}[what]
	code, err := shown(ctx, d.ID, words[0])
	if err != nil {
		return "", err
	}
	if signs := words[len(words)-1]; signs != "declines" {
		return signs + " signed in", d.SignIns.SignInWith(code, sandbox.Email(signs))
	}
	return "declined", d.SignIns.SignInWith(code, "")
}

// codeAskedFor is the code that somebody is given who asks for one in Slack.
func (h *Harness) codeAskedFor(ctx context.Context, directory, asks string) (string, error) {
	who, err := h.member(asks)
	if err != nil {
		return "", err
	}
	said, err := h.command(ctx, who, "/access connect "+directory)
	if err != nil {
		return "", err
	}
	code := regexp.MustCompile(`\*([A-Z0-9]{8,9})\*`).FindStringSubmatch(said)
	if code == nil {
		return "", fmt.Errorf("%s is given no code: %s", asks, said)
	}
	return code[1], nil
}

// codeShown is the code that somebody is shown in a modal.
func (h *Harness) codeShown(ctx context.Context, _, shown string) (string, error) {
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
		code = regexp.MustCompile(`type \*([A-Z0-9]{8,9})\* there`).FindStringSubmatch(slack.Render(v))
		return errIf(code == nil, shown+" is shown no code")
	})
	if err != nil {
		return "", err
	}
	return code[1], nil
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
