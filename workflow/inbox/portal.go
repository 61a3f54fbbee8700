package inbox

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"latchkey/access"
)

// portalRequest takes what somebody asked for in the portal, unless they closed it
// before it became a request.
func (s Situation) portalRequest() []Action {
	closed := func(p access.Phase) bool {
		return p == access.PhaseDenied || p == access.PhaseCancelled || p == access.PhaseEnded
	}
	if slices.ContainsFunc(s.Seen.Phases, closed) {
		return nil
	}
	ask, lack := readForm(s.Catalog, s.Seen.Form)
	if lack.Why != "" {
		return []Action{lack}
	}
	return []Action{ask}
}

// portalOrigin keys the submission: an issue makes one request, however often it
// is seen.
func portalOrigin(is access.Issue) string { return "jira:" + is.ID }

// mark tells one question from another: the same is not asked twice.
func (a AskClarification) mark() string {
	sum := sha256.Sum256([]byte(a.Why + strings.Join(a.Choose, "\n")))
	return hex.EncodeToString(sum[:8])
}

// lines are what follows the question.
func (a AskClarification) lines() []string {
	var out []string
	if len(a.Choose) > 0 {
		out = append(out, "You can choose: "+strings.Join(a.Choose, ", "))
	}
	if a.Who == "" {
		return append(out, "Please ask in Slack instead.")
	}
	return append(out, "Correct it here, or ask for it in Slack: it then goes on in this request.")
}
