package harness

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"latchkey/sandbox/jira"
)

// property lets somebody change what an issue carries for machines, as whoever may edit
// the issue can:
//
//	keeps IT-1                   remembers all of it as it is now
//	puts IT-1 back               writes it as it was kept; "puts IT-1 on IT-2": onto another issue
//	forges IT-1 latchkey a=b     replaces text in a property
func (h *Harness) property(account, what, issue, rest string) (string, error) {
	j := h.World.Jira
	is, ok := j.Issue(issue)
	if !ok {
		return "", fmt.Errorf("there is no issue %s", issue)
	}
	switch what {
	case "keeps":
		if h.kept == nil {
			h.kept = map[string]map[string]json.RawMessage{}
		}
		h.kept[issue] = is.Properties
		return fmt.Sprintf("%d properties kept", len(is.Properties)), nil
	case "puts":
		on := issue
		if other, found := strings.CutPrefix(rest, "on "); found {
			on = other
		} else if rest != "back" {
			return "", errors.New(`puts: say "back", or "on IT-2"`)
		}
		for key, value := range h.kept[issue] {
			if err := j.SetProperty(account, on, key, string(value)); err != nil {
				return "", err
			}
		}
		return "properties written", nil
	}
	return h.forge(account, is, rest)
}

// forge replaces text in a property. The text is looked for as it stands there, with
// quotes as JSON writes them in a string.
func (h *Harness) forge(account string, is jira.Issue, rest string) (string, error) {
	key, change, ok := strings.Cut(rest, " ")
	from, to, also := strings.Cut(change, "=")
	if !ok || !also {
		return "", fmt.Errorf("forges: %q is not a property and text=text", rest)
	}
	was := string(is.Properties[key])
	if !strings.Contains(was, from) {
		return "", fmt.Errorf("the property %s of %s has no %q: %s", key, is.Key, from, was)
	}
	return "property changed", h.World.Jira.SetProperty(account, is.Key, key, strings.Replace(was, from, to, 1))
}
