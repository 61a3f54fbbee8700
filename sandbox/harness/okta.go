package harness

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"latchkey/sandbox"
	"latchkey/sandbox/okta"
)

// okta looks at or changes the Okta org:
//
//	okta has figma-editors maya           expect a membership
//	okta add figma-editors maya           an admin adds her by hand
//	okta remove figma-editors maya
//	okta status tom DEPROVISIONED
//	okta sticky figma-editors on          removals don't stick
//	okta rule figma-editors department HR a rule feeds the group
//	okta fault PUT /api/v1/groups/*/users/* status=403 times=all
//	okta becomes 00oother                 another org stands behind the same address
//	okta mislead maya noor                who asks for Maya's account or group is answered with Noor's
//	okta blank 2                          the next two searches find nothing; stray: everything
//	okta signs-in maya                    types in the code that "/access connect okta" gives her; "… tom": Tom does; "… declines"
//	okta session maya                     she signs in to Okta in a browser
//	okta sessions maya 0                  expect how many of these she has
//	okta uses-code noor                   types in the code that she is shown in a modal; "… tom": Tom does; "… declines"
//	okta sign-ins age=20m methods=pwd     sessions that old are good enough, whatever an app asks for; by what people sign in
//	okta clear
//
// More words for administrators are with [Harness.oktaAdmin].
func (h *Harness) okta(ctx context.Context, args []string) (string, error) {
	if len(args) == 0 {
		return "", errors.New("okta: what?")
	}
	o := h.World.Okta
	switch {
	case args[0] == "has" && len(args) == 3:
		if !o.IsMember(args[1], address(args[2])) {
			return "", fmt.Errorf("%s holds %v", args[1], o.Members(args[1]))
		}
		return fmt.Sprintf("%s is in the Okta group %s", args[2], args[1]), nil
	case (args[0] == "add" || args[0] == "remove") && len(args) == 3:
		if !o.SetMember(args[1], sandbox.Email(args[2]), args[0] == "add") {
			return "", fmt.Errorf("okta: no group %q or person %q", args[1], args[2])
		}
		return "changed by hand", nil
	case args[0] == "status" && len(args) == 3:
		o.SetStatus(sandbox.Email(args[1]), args[2])
		return args[1] + " is now " + args[2], nil
	case args[0] == "sticky" && len(args) == 3:
		o.SetSticky(args[1], args[2] == "on")
		return args[1] + " sticky " + args[2], nil
	case args[0] == "rule" && len(args) == 4:
		o.AddRule(okta.Rule{Name: args[1] + " by " + args[2], Attribute: args[2], Value: args[3], Groups: []string{args[1]}})
		return "a rule feeds " + args[1], nil
	case args[0] == "fault" && len(args) >= 3:
		return h.oktaFault(args[1:])
	case args[0] == "becomes" && len(args) == 2:
		o.Become(args[1])
		return "it is another org", nil
	case args[0] == "mislead" && len(args) == 3:
		return h.mislead(args[1], args[2])
	case (args[0] == "blank" || args[0] == "stray") && len(args) == 2:
		n, err := strconv.Atoi(args[1])
		map[string]func(int){"blank": o.Blank, "stray": o.Stray}[args[0]](n)
		return "the next searches go wrong", err
	case args[0] == "clear":
		o.ClearFaults()
		return "Okta works again", nil
	}
	return h.oktaSignIn(ctx, args)
}

// oktaSignIn is about sessions in Okta and codes that are typed in there.
func (h *Harness) oktaSignIn(ctx context.Context, args []string) (string, error) {
	o := h.World.Okta
	switch {
	case args[0] == "session" && len(args) == 2:
		return args[1] + " has a session", o.OpenSession(sandbox.Email(args[1]))
	case args[0] == "sessions" && len(args) == 3:
		if n := strconv.Itoa(o.Sessions(address(args[1]))); n != args[2] {
			return "", fmt.Errorf("okta: %s has %s sessions", args[1], n)
		}
		return args[1] + " has " + args[2] + " sessions", nil
	case args[0] == "uses-code" || args[0] == "signs-in":
		d, err := h.World.Directory("okta")
		if err != nil {
			return "", err
		}
		return h.signsInTo(ctx, d, args[0], args[1:])
	case args[0] == "sign-ins":
		return h.signInPolicy(args[1:])
	}
	return h.oktaAdmin(args)
}

// mislead confuses two accounts, by id and address, or two groups, by id and name.
func (h *Harness) mislead(asked, answered string) (string, error) {
	o := h.World.Okta
	keys := func(of string) []string {
		for _, u := range o.Users() {
			if u.Login == address(of) {
				return []string{u.ID, u.Login}
			}
		}
		for _, g := range o.Groups() {
			if g.Name == of {
				return []string{g.ID, g.Name}
			}
		}
		return nil
	}
	from, to := keys(asked), keys(answered)
	if len(from) == 0 || len(to) == 0 {
		return "", fmt.Errorf("okta mislead: there is no %s or no %s", asked, answered)
	}
	for i := range from {
		o.Mislead(from[i], to[i])
	}
	return asked + " is taken for " + answered, nil
}

func (h *Harness) oktaFault(args []string) (string, error) {
	f, err := readFault(args[2:])
	if err != nil {
		return "", err
	}
	method := strings.TrimPrefix(args[0], "*")
	h.World.Okta.AddFault(okta.Fault{
		Method: method, Path: args[1], Times: f.times, Status: f.status, RetryAfter: f.retryAfter,
		NoReset: f.status == 429 && f.retryAfter == 0, After: f.after, Delay: f.delay, Drop: f.drop, Page: f.page, Empty: f.empty, Frozen: f.frozen, Short: f.short, Later: f.later, Until: h.until(f),
	})
	return "Okta fails " + strings.Join(args, " "), nil
}

// until is when a fault that lasts is over, in the world's time.
func (h *Harness) until(f fault) time.Time {
	if f.lasts == 0 {
		return time.Time{}
	}
	return h.World.Clock.Now().Add(f.lasts)
}
