package harness

import (
	"context"
	"errors"
	"fmt"
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
//	okta clear
//
// More words for administrators are with [Harness.oktaAdmin].
func (h *Harness) okta(_ context.Context, args []string) (string, error) {
	if len(args) == 0 {
		return "", errors.New("okta: what?")
	}
	o := h.World.Okta
	switch {
	case args[0] == "has" && len(args) == 3:
		if !o.IsMember(args[1], sandbox.Email(args[2])) {
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
	case args[0] == "clear":
		o.ClearFaults()
		return "Okta works again", nil
	}
	return h.oktaAdmin(args)
}

func (h *Harness) oktaFault(args []string) (string, error) {
	f, err := readFault(args[2:])
	if err != nil {
		return "", err
	}
	method := strings.TrimPrefix(args[0], "*")
	h.World.Okta.AddFault(okta.Fault{
		Method: method, Path: args[1], Times: f.times, Status: f.status, RetryAfter: f.retryAfter,
		NoReset: f.status == 429 && f.retryAfter == 0, After: f.after, Delay: f.delay, Drop: f.drop, Page: f.page, Empty: f.empty, Frozen: f.frozen, Until: h.until(f),
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
