package harness

import (
	"errors"
	"fmt"
	"time"

	"latchkey/sandbox/okta"
)

// oktaUse says who uses what, as sign-ins show it:
//
//	okta uses Figma maya              she signs in to the application of that name
//	okta uses Figma maya ago=70d      she did so long ago; nothing of it is told before the log keeps it
//	okta idle maya 70d                so long ago she signed in to Okta last
func (h *Harness) oktaUse(args []string) (string, error) {
	switch {
	case args[0] == "idle" && len(args) == 3:
		long, err := span(args[2])
		if err != nil {
			return "", err
		}
		return args[1] + " signed in " + args[2] + " ago", h.World.Okta.EditUser(address(args[1]), func(u *okta.User) { u.LastLogin = h.World.Clock.Now().Add(-long) })
	case args[0] == "uses" && len(args) >= 3:
		return h.uses(args[1], args[2], options(args[3:]))
	}
	return "", errors.New("okta: who uses what?")
}

func (h *Harness) uses(label, who string, given map[string]string) (string, error) {
	long, err := span(given["ago"])
	if err == nil {
		err = onlyKnown(given, "ago")
	}
	if err != nil {
		return "", err
	}
	for _, a := range h.World.Okta.Snapshot().Apps {
		if a.Label == label {
			if !h.World.Okta.RecordSSO(address(who), a.ID, h.World.Clock.Now().Add(-long), "SUCCESS") {
				return "", fmt.Errorf("okta: %s has no account", who)
			}
			return who + " signed in to " + label, nil
		}
	}
	return "", fmt.Errorf("okta: there is no application %s", label)
}

// span is a length of time, which may be given in days.
func span(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	var days int
	if n, err := fmt.Sscanf(text, "%dd", &days); n == 1 && err == nil {
		return time.Duration(days) * 24 * time.Hour, nil
	}
	return time.ParseDuration(text)
}
